export { buildPlan } from './plan.js';
export type * from './types.js';
