export { createChunkRunner, processInOrder, type ChunkRunner } from './runner.js';
export type { ProcessSetup } from './process-chunk.js';
export { planHeader } from './planner.js';
