import type { ErrorCode } from '../errors.js';
import type { ChunkResult } from '../transform/index.js';
import type { Chunk } from '../types.js';
import type { ProcessSetup } from './process-chunk.js';

/** What a thread is started with: how to process the chunks of each input. Plain data, and no secret in it. */
export type ThreadSetup = { readonly setups: readonly ProcessSetup[] };

/** What a thread is told: a chunk, and memory it may put events in, this chunk's or a later one's. */
export type ThreadTask = { readonly chunk: Chunk; readonly room?: ArrayBuffer };

/** A chunk with what was made of it. */
export type Processed = { readonly chunk: Chunk; readonly result: ChunkResult };

/** What a thread answers to a chunk; chunks go back, because rejected rows are quoted from them. */
export type ThreadAnswer =
  Processed | { readonly error: { readonly code: ErrorCode; readonly message: string } };

/** The buffers of a task, which change hands without being copied. */
export function buffersOfTask({ chunk, room }: ThreadTask): ArrayBuffer[] {
  return room === undefined ? buffersOfChunk(chunk) : [...buffersOfChunk(chunk), room];
}

/** As `buffersOfTask`, for a chunk alone. */
export function buffersOfChunk({ bytes, starts, ends, lines }: Chunk): ArrayBuffer[] {
  return [bytes.buffer, starts.buffer, ends.buffer, lines.buffer] as ArrayBuffer[];
}

/** As `buffersOfTask`, for a result. */
export function buffersOfResult({ events, facts }: ChunkResult): ArrayBuffer[] {
  const { bytes, ends, records } = events;
  const { identifiers, timesMs } = facts;
  return [bytes.buffer, ends.buffer, records.buffer, identifiers.buffer, timesMs.buffer] as ArrayBuffer[];
}
