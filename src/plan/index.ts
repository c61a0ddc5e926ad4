export { splitIndex } from './resolve.js';
export { buildPlan, type PlanOptions } from './plan.js';
export type * from './types.js';
