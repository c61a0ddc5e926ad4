export { planHeader } from './planner.js';
export { createChunkProcessor, type ChunkProcessor, type ProcessSetup } from './process-chunk.js';
