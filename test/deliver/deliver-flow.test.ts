import { describe, expect, test } from 'vitest';

import type { Batch } from '../../src/deliver/types.js';
import { RunError } from '../../src/errors.js';
import { answering, batchOf, ok, outcomes, range, type Behavior } from './support.js';
import { ALL, run } from './run.js';

describe('several in flight', () => {
  const many = range(1, 13).map((number) => batchOf(5, number));

  test('no more than wanted, pulled only when there is room', async () => {
    let inFlight = 0;
    let most = 0;
    let settled = 0;
    let ahead = 0;
    async function* source(): AsyncGenerator<Batch, void, undefined> {
      for (const [pulled, batch] of many.entries()) {
        ahead = Math.max(ahead, pulled + 1 - settled);
        await Promise.resolve();
        yield batch;
      }
    }
    const slow: Behavior = (response, body, request) => {
      inFlight += 1;
      most = Math.max(most, inFlight);
      setTimeout(() => {
        inFlight -= 1;
        ok(response, body, request);
      }, 10);
    };
    const settle = (): void => void (settled += 1);
    await run([slow], source(), { concurrency: 3, settle });
    expect(settled).toBe(12);
    expect(most).toBe(3);
    expect(ahead).toBeLessThanOrEqual(3);
  });

  test('what is in flight when the run stops is settled, and nothing more is pulled', async () => {
    const behaviors: Behavior[] = [
      ok,
      ok,
      answering(401),
      (response, body, request) =>
        setTimeout(() => {
          ok(response, body, request);
        }, 30),
    ];
    const result = await run(behaviors, many, { concurrency: 4 });
    const numbers = result.parts.map(({ batch }) => batch.number).sort((a, b) => a - b);
    expect(numbers).toEqual(range(1, numbers.length + 1));
    expect(numbers.length).toBeLessThan(12);
    expect(result.error).toMatchObject({ code: 'unauthorized' });
    expect(result.fatals).toHaveLength(1);
  });

  test('are spaced by the rate', async () => {
    const result = await run([ok], many, { concurrency: 1, maxRequestsPerSecond: 10 });
    expect(result.slept).toEqual(Array.from({ length: 11 }, () => 100));
  });
});

describe('stopping from outside', () => {
  test('settles what is in flight and pulls no more', async () => {
    const stop = new AbortController();
    const slowly: Behavior = (response, body, request) => {
      stop.abort();
      setTimeout(() => {
        ok(response, body, request);
      }, 10);
    };
    const result = await run([slowly], [batchOf(5, 1), batchOf(5, 2)], {
      signal: stop.signal,
    });
    expect(result.parts).toMatchObject([{ outcome: 'sent', batch: { number: 1 } }]);
    expect(result.error).toBeUndefined();
  });

  test('cuts a wait short, and keeps its doubt', async () => {
    const stop = new AbortController();
    const result = await run([answering(503)], [batchOf(5)], {
      signal: stop.signal,
      sleep: () => {
        stop.abort();
        return Promise.resolve();
      },
    });
    expect(outcomes(result.parts).in_doubt).toEqual(ALL);
    expect(result.bodies).toHaveLength(1);
    expect(result.error).toBeUndefined();
  });

  test('before the start sends nothing', async () => {
    const result = await run([ok], [batchOf(5)], { signal: AbortSignal.abort() });
    expect([result.parts, result.bodies, result.error]).toEqual([[], [], undefined]);
  });

  test('closes the source', async () => {
    let closed = false;
    async function* source(): AsyncGenerator<Batch, void, undefined> {
      try {
        for (;;) {
          await Promise.resolve();
          yield batchOf(5);
        }
      } finally {
        closed = true;
      }
    }
    await run([answering(401)], source());
    expect(closed).toBe(true);
  });

  test('a batch that was on its way is accounted for', async () => {
    const stop = new AbortController();
    async function* source(): AsyncGenerator<Batch, void, undefined> {
      await Promise.resolve();
      stop.abort();
      yield batchOf(5);
    }
    const result = await run([ok], source(), { signal: stop.signal });
    expect(outcomes(result.parts).not_attempted).toEqual(ALL);
    expect(result.bodies).toEqual([]);
  });
});

describe('a source', () => {
  test('is asked for one batch at a time', async () => {
    let asked = 0;
    let given = 0;
    let most = 0;
    const source: AsyncIterable<Batch> = {
      [Symbol.asyncIterator]: () => ({
        next: async () => {
          asked += 1;
          most = Math.max(most, asked - given);
          await new Promise(setImmediate);
          given += 1;
          return given > 6 ? { done: true, value: undefined } : { done: false, value: batchOf(1, given) };
        },
      }),
    };
    const result = await run([ok], source, { concurrency: 4 });
    expect(result.parts).toHaveLength(6);
    expect(most).toBe(1);
  });
});

describe('what throws', () => {
  test('a failing source: what came before it is delivered, then it is passed on', async () => {
    const failure = new RunError('broken_quote', 'a quote');
    async function* source(): AsyncGenerator<Batch, void, undefined> {
      yield batchOf(5, 1);
      yield batchOf(5, 2);
      await Promise.resolve();
      throw failure;
    }
    const result = await run([answering(503), ok], source(), { concurrency: 2 });
    expect(result.parts.map(({ outcome }) => outcome)).toEqual(['sent', 'sent']);
    expect(result.error).toBe(failure);
  });

  test('a failing callback stops the run and is passed on', async () => {
    const failure = new Error('disk full');
    const settle = (): void => {
      throw failure;
    };
    const result = await run([ok], [batchOf(5, 1), batchOf(5, 2)], { settle });
    expect(result.error).toBe(failure);
    expect(result.bodies).toHaveLength(1);
  });
});
