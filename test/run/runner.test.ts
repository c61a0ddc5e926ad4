import fc from 'fast-check';
import { expect, test } from 'vitest';

import type { Processed } from '../../src/run/messages.js';
import { processInOrder, type ChunkRunner } from '../../src/run/runner.js';
import type { Chunk } from '../../src/types.js';

const chunkOf = (seq: number): Chunk => ({ seq }) as Chunk;
const processedOf = (chunk: Chunk): Processed => ({ chunk, result: { seq: chunk.seq } }) as Processed;

type Watched = { readonly chunks: AsyncIterable<Chunk>; read: number; returned: boolean };

/** So many chunks, then the end or a failure. */
function watched(count: number, failure?: Error): Watched {
  const state = { read: 0, returned: false };
  async function* chunks(): AsyncGenerator<Chunk> {
    try {
      for (; state.read < count;) {
        await Promise.resolve();
        state.read += 1;
        yield chunkOf(state.read - 1);
      }
      if (failure !== undefined) throw failure;
    } finally {
      state.returned = true;
    }
  }
  return Object.assign(state, { chunks: chunks() });
}

/** Finishes after so many turns of the event loop each, on the spot where it is 0. */
function runnerOf(turns: readonly number[], ahead: number): ChunkRunner {
  return {
    ahead: () => ahead,
    process(chunk) {
      const wait = turns[chunk.seq % turns.length] ?? 0;
      return wait === 0 ? processedOf(chunk) : later(chunk, wait);
    },
    help: () => false,
    reuse: () => undefined,
    close: () => Promise.resolve(),
  };
}

async function later(chunk: Chunk, turns: number): Promise<Processed> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate);
  return processedOf(chunk);
}

test('results come in the order of the chunks, all of them, however long each takes', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(5), { minLength: 1, maxLength: 7 }),
      fc.nat(8),
      fc.nat(30),
      fc.boolean(),
      async (turns, ahead, count, fails) => {
        const failure = new Error('cut short');
        const input = watched(count, fails ? failure : undefined);
        const seqs: number[] = [];
        let thrown: unknown;
        try {
          for await (const { result } of processInOrder(input.chunks, runnerOf(turns, ahead))) {
            seqs.push(result.seq);
            expect(input.read - seqs.length).toBeLessThanOrEqual(ahead);
          }
        } catch (error) {
          thrown = error;
        }
        expect(seqs).toEqual(Array.from({ length: count }, (_, index) => index));
        expect(thrown).toBe(fails ? failure : undefined);
      },
    ),
    { numRuns: 60 },
  );
});

test('who waits for a thread helps out, turn by turn, until what it waits for is there', async () => {
  const doings: string[] = [];
  let turns = 0;
  const runner: ChunkRunner = {
    ...runnerOf([3], 2),
    help() {
      doings.push(`help in turn ${turns}`);
      return true;
    },
  };
  const tick = (): void => {
    turns += 1;
    if (turns < 20) setImmediate(tick);
  };
  setImmediate(tick);
  for await (const { result } of processInOrder(watched(3).chunks, runner)) doings.push(`got ${result.seq}`);
  const helps = doings.filter((doing) => doing.startsWith('help'));
  // One in each turn, none once the chunk is done: those behind it were done at the same time.
  expect(new Set(helps).size).toBe(helps.length);
  expect(helps.length).toBeGreaterThanOrEqual(2);
  expect(doings.slice(helps.length)).toEqual(['got 0', 'got 1', 'got 2']);
});

test('nobody is helped who has what is needed, or nothing that waits', async () => {
  let asked = 0;
  const help = (): boolean => {
    asked += 1;
    return false;
  };
  for await (const _ of processInOrder(watched(5).chunks, { ...runnerOf([0], 2), help }));
  expect(asked).toBe(0);
  for await (const _ of processInOrder(watched(5).chunks, { ...runnerOf([4], 0), help }));
  expect(asked).toBe(5);
});

test('leaving early ends the reading', async () => {
  const input = watched(50);
  for await (const { result } of processInOrder(input.chunks, runnerOf([2], 4))) if (result.seq === 3) break;
  expect(input.returned).toBe(true);
  expect(input.read).toBeLessThanOrEqual(8);
});

test('a chunk that cannot be processed ends everything, and nothing is left rejected behind', async () => {
  const unhandled: unknown[] = [];
  const listen = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', listen);
  const broken = new Error('thread gone');
  const runner: ChunkRunner = { ...runnerOf([1], 4), process: () => Promise.reject(broken) };
  const input = watched(50);
  const run = async (): Promise<void> => {
    for await (const _ of processInOrder(input.chunks, runner));
  };
  await expect(run()).rejects.toBe(broken);
  expect(input.returned).toBe(true);
  for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
  process.off('unhandledRejection', listen);
  expect(unhandled).toEqual([]);
});
