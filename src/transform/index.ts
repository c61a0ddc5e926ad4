export { compileTransform, type RowResult, type RowTransform } from './row.js';
export { createMemos } from './memo.js';
export type * from './types.js';
