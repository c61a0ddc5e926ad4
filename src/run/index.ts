export { createChunkProcessor, type ChunkProcessor } from './process-chunk.js';
