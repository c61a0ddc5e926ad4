import type { Chunk } from '../types.js';
import { asBuffer } from './blocks.js';

/** The text of record `i` of a chunk, without its line end; empty for one that was left out as too large. */
export function recordText(chunk: Chunk, i: number): string {
  return asBuffer(chunk.bytes).toString('utf8', chunk.starts[i] ?? 0, chunk.ends[i] ?? 0);
}

/** The bytes of record `i` of a chunk, verbatim in UTF-8, without its line end: a view, not a copy. */
export function recordBytes(chunk: Chunk, i: number): Uint8Array {
  return chunk.bytes.subarray(chunk.starts[i] ?? 0, chunk.ends[i] ?? 0);
}
