export { compileTransform, type RowResult, type RowTransform } from './row.js';
export type * from './types.js';
