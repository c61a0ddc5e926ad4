export { suspicionOf } from './custom.js';
export { mapColumns } from './mapping.js';
export { buildPlan } from './plan.js';
export { pathOf } from './slots.js';
export { nameNeeds, type NameNeed } from './planned-names.js';
export type * from './types.js';
