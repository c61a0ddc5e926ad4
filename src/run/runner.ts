import type { Chunk, EncodedEvents } from '../types.js';
import { createScratch, giveBack } from './collect.js';
import type { Processed, ThreadSetup } from './messages.js';
import { createChunkPool, type ChunkPool } from './pool.js';
import { createChunkProcessor } from './process-chunk.js';

/** Processes chunks, at first on the spot and then in threads: starting those costs more than a small input does. */
export type ChunkRunner = {
  /** How many chunks may be handed over before the first result is awaited; 0 as long as they are processed on the spot. */
  readonly ahead: () => number;
  readonly process: (chunk: Chunk) => Processed | Promise<Processed>;
  /** Takes back the bytes of events that nobody reads any more; they are written over. */
  readonly reuse: (events: EncodedEvents) => void;
  /** Ends the threads. Safe to call twice. */
  readonly close: () => Promise<void>;
};

export type RunnerOptions = ThreadSetup & {
  /** 0 processes everything on the spot. */
  readonly threads: number;
};

/** So many chunks (of 256 KiB) are processed on the spot; the threads start up during the last of them. */
const INLINE_CHUNKS = 12;
const START_AT = 8;
/** With these besides the two of each thread, several batches are ready when several answers come at once. */
const SPARE_CHUNKS = 12;

/** Compiles the processors of all inputs. Throws RunError `header_invalid` when a CSV header cannot be used. */
export function createChunkRunner({ setups, threads }: RunnerOptions): ChunkRunner {
  const scratch = createScratch();
  const processors = setups.map((setup) => createChunkProcessor(setup, scratch));
  let seen = 0;
  let pool: ChunkPool | undefined;

  function process(chunk: Chunk): Processed | Promise<Processed> {
    seen += 1;
    if (threads > 0 && seen === START_AT) pool = createChunkPool({ setups, threads });
    if (pool !== undefined && seen > INLINE_CHUNKS) return pool.process(chunk);
    const processor = processors[chunk.input];
    if (processor === undefined) throw new TypeError('a chunk of an unknown input');
    return { chunk, result: processor(chunk) };
  }

  return {
    ahead: () => (pool === undefined || seen < INLINE_CHUNKS ? 0 : 2 * threads + SPARE_CHUNKS),
    process,
    reuse({ bytes: { buffer } }) {
      if (!(buffer instanceof ArrayBuffer)) return;
      if (pool === undefined) giveBack(scratch, buffer);
      else pool.reuse(buffer);
    },
    close: async () => pool?.close(),
  };
}

/**
 * Processes chunks and gives the results in the order of the chunks, reading ahead as far as the runner has use for.
 * When reading fails, what was read before is given first. Throws RunError `internal` when a thread fails.
 */
export async function* processInOrder(
  chunks: AsyncIterable<Chunk>,
  runner: ChunkRunner,
): AsyncGenerator<Processed> {
  const pending: (Processed | Promise<Processed>)[] = [];
  let failure: { readonly reason: unknown } | undefined;
  const readable = untilFailure(chunks, (reason) => (failure = { reason }));
  for await (const chunk of readable) {
    const processed = runner.process(chunk);
    // It is awaited later, or never when the consumer leaves early.
    if (processed instanceof Promise) processed.catch(() => undefined);
    pending.push(processed);
    if (pending.length > runner.ahead()) yield* settled(pending.splice(0, 1));
  }
  yield* settled(pending);
  if (failure !== undefined) throw failure.reason;
}

async function* settled(processed: readonly (Processed | Promise<Processed>)[]): AsyncGenerator<Processed> {
  for (const one of processed) yield await one;
}

async function* untilFailure<T>(items: AsyncIterable<T>, fail: (reason: unknown) => void): AsyncGenerator<T> {
  try {
    yield* items;
  } catch (reason) {
    fail(reason);
  }
}
