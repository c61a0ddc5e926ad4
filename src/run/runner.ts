import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import type { Chunk, EncodedEvents } from '../types.js';
import { createScratch, giveBack, takeRoom } from './collect.js';
import type { Processed, ThreadSetup } from './messages.js';
import { createChunkPool, type ChunkPool } from './pool.js';
import { createChunkProcessor } from './process-chunk.js';

/** Processes chunks, at first on the spot and then in threads: starting those costs more than a small input does. */
export type ChunkRunner = {
  /** How many chunks may be handed over before the first result is awaited; 0 as long as they are processed on the spot. */
  readonly ahead: () => number;
  readonly process: (chunk: Chunk) => Processed | Promise<Processed>;
  /** Processes a chunk that waits for a thread on the spot, where this thread has a core of its own. Gives whether it did. */
  readonly help: () => boolean;
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
  const helps = threads < availableParallelism();
  let seen = 0;
  let pool: ChunkPool | undefined;

  function process(chunk: Chunk): Processed | Promise<Processed> {
    seen += 1;
    if (threads > 0 && seen === START_AT) {
      pool = createChunkPool({ setups, threads, takeRoom: () => takeRoom(scratch) });
    }
    return pool !== undefined && seen > INLINE_CHUNKS ? pool.process(chunk) : processHere(chunk);
  }

  function processHere(chunk: Chunk): Processed {
    const processor = processors[chunk.input];
    if (processor === undefined) throw new TypeError('a chunk of an unknown input');
    return { chunk, result: processor(chunk) };
  }

  return {
    ahead: () => (pool === undefined || seen < INLINE_CHUNKS ? 0 : 2 * threads + SPARE_CHUNKS),
    process,
    help: () => helps && pool?.help(processHere) === true,
    reuse({ bytes: { buffer } }) {
      if (buffer instanceof ArrayBuffer) giveBack(scratch, buffer);
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
  const pending: Pending[] = [];
  let failure: { readonly reason: unknown } | undefined;
  const readable = untilFailure(chunks, (reason) => (failure = { reason }));
  for await (const chunk of readable) {
    pending.push(watch(runner.process(chunk)));
    if (pending.length > runner.ahead()) yield* settled(pending.splice(0, 1), runner);
  }
  yield* settled(pending, runner);
  if (failure !== undefined) throw failure.reason;
}

type Pending = { readonly processed: Processed | Promise<Processed>; isDone: boolean };

function watch(processed: Processed | Promise<Processed>): Pending {
  if (!(processed instanceof Promise)) return { processed, isDone: true };
  const pending: Pending = { processed, isDone: false };
  const finish = (): void => void (pending.isDone = true);
  // It is awaited later, or never when the consumer leaves early.
  processed.then(finish, finish);
  return pending;
}

async function* settled(pending: readonly Pending[], runner: ChunkRunner): AsyncGenerator<Processed> {
  for (const one of pending) {
    // In between, threads and the API get a hearing.
    while (!one.isDone && runner.help()) await setImmediate();
    yield await one.processed;
  }
}

async function* untilFailure<T>(items: AsyncIterable<T>, fail: (reason: unknown) => void): AsyncGenerator<T> {
  try {
    yield* items;
  } catch (reason) {
    fail(reason);
  }
}
