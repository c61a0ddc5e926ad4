import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { DeliverOptions } from '../../src/deliver/deliver.js';
import { sliceBatch } from '../../src/deliver/batch.js';
import type { Batch, Settled } from '../../src/deliver/types.js';
import { RunError } from '../../src/errors.js';
import { batchOf, idsOf, outcomes, range } from './support.js';
import { answer, deliverVirtually, REFUSED, TAKEN, virtualTime, type Virtual } from './virtual.js';

const batches = range(1, 9).map((number) => batchOf(3, number));
const SENT = { outcome: 'sent', answers: [] } as const;

/** Hooks that write down what they are told. */
function notebook(known: (batch: Batch) => readonly Settled[] | undefined = () => undefined): {
  readonly lines: string[];
  readonly hooks: Pick<DeliverOptions, 'begin' | 'finish'>;
} {
  const lines: string[] = [];
  return {
    lines,
    hooks: {
      begin: async (batch) => {
        await Promise.resolve();
        lines.push(`begin ${batch.number}`);
        const parts = known(batch);
        return parts === undefined ? undefined : { parts };
      },
      finish: async (batch, parts, doubt) => {
        await Promise.resolve();
        const said = parts.map((part) => `${part.outcome} ${part.batch.events}`).join(', ');
        lines.push(`finish ${batch.number}: ${said}${doubt ? ', in doubt' : ''}`);
      },
    },
  };
}

describe('a journal', () => {
  test('is told of each batch before its first request and after its last event', async () => {
    const { lines, hooks } = notebook();
    await deliverVirtually(
      batches.slice(0, 2),
      () => {
        lines.push('request');
        return TAKEN;
      },
      { ...hooks, concurrency: 1 },
    );
    expect(lines).toEqual([
      'begin 1',
      'request',
      'finish 1: sent 3',
      'begin 2',
      'request',
      'finish 2: sent 3',
    ]);
  });

  test('is waited for', async () => {
    const time = virtualTime();
    let open = 0;
    let most = 0;
    const result = await deliverVirtually(batches, () => TAKEN, {
      time,
      concurrency: 3,
      begin: async () => {
        open += 1;
        most = Math.max(most, open);
        await time.sleep(5);
        return undefined;
      },
      finish: async () => {
        await time.sleep(5);
        open -= 1;
      },
    });
    expect([result.parts.length, most, open]).toEqual([8, 3, 0]);
  });

  test('hears of refusals, losses and doubts', async () => {
    const { lines, hooks } = notebook();
    const apis = [answer(503), ...range(0, 6).map(() => REFUSED), answer(401)];
    await deliverVirtually(batches, (n) => apis[n - 1] ?? TAKEN, {
      ...hooks,
      concurrency: 1,
      repeatable: false,
    });
    expect(lines).toEqual([
      'begin 1',
      'finish 1: in_doubt 3, in doubt',
      'begin 2',
      'finish 2: refused 1, refused 1, refused 1',
      'begin 3',
      'finish 3: not_attempted 3',
    ]);
  });

  test('that knows a batch settles it: nothing is sent', async () => {
    const parts: readonly Settled[] = [
      { ...SENT, batch: sliceBatch(batchOf(3, 2), 0, 2) },
      { outcome: 'refused', batch: sliceBatch(batchOf(3, 2), 2, 3), why: { reason: 'bad', codes: [] } },
    ];
    const { lines, hooks } = notebook(({ number }) => (number === 2 ? parts : undefined));
    const result = await deliverVirtually(batches.slice(0, 3), () => TAKEN, { ...hooks, concurrency: 1 });
    expect(result.parts.slice(1, 3)).toEqual(parts);
    expect(result.requests).toHaveLength(2);
    expect(lines).toEqual(['begin 1', 'finish 1: sent 3', 'begin 2', 'begin 3', 'finish 3: sent 3']);
  });

  test('that knows only a part of a batch is wrong', async () => {
    const { hooks } = notebook((batch) => [{ ...SENT, batch: sliceBatch(batch, 0, 2) }]);
    const result = await deliverVirtually(batches, () => TAKEN, hooks);
    expect(result.error).toMatchObject({ code: 'internal' });
    expect(result.requests).toEqual([]);
  });

  test('that knows a part of a batch and leaves the rest: only that is sent', async () => {
    const settled: number[] = [];
    const finished: (readonly [number, number, number])[] = [];
    const result = await deliverVirtually(batches.slice(0, 1), () => TAKEN, {
      begin: (batch) =>
        Promise.resolve({
          parts: [{ ...SENT, batch: sliceBatch(batch, 0, 1) }],
          rest: sliceBatch(batch, 1, 3),
        }),
      settle: ({ batch }) => void settled.push(...idsOf(batch)),
      finish: (batch, parts) => {
        finished.push([batch.events, parts.length, parts[0]?.batch.events ?? 0]);
        return Promise.resolve();
      },
    });
    expect(settled).toEqual([0, 1, 2]);
    expect(finished).toEqual([[3, 1, 2]]);
    expect(result.requests).toHaveLength(1);
  });

  test('keeps a run that was refused stopped', async () => {
    const known = (batch: Batch): readonly Settled[] => [
      { outcome: 'refused', batch, why: { reason: 'bad', codes: [] } },
    ];
    const { hooks } = notebook((batch) => (batch.number === 2 ? known(batch) : undefined));
    const result = await deliverVirtually(batches, () => TAKEN, { ...hooks, stopAtFirstRefusal: true });
    expect(result.error).toMatchObject({ code: 'refused_row_stop' });
    expect(result.requests).toHaveLength(1);
  });

  test('that fails after a fatal answer is what the run ends with', async () => {
    const failure = new RunError('output_io', 'disk full');
    const fatals: RunError[] = [];
    const result = await deliverVirtually(batches, () => answer(401), {
      finish: () => Promise.reject(failure),
      onFatal: (error) => fatals.push(error),
    });
    expect(result.error).toBe(failure);
    expect(fatals).toMatchObject([{ code: 'unauthorized' }]);
  });
});

describe('a journal that fails', () => {
  const failure = new RunError('output_io', 'disk full');

  /** Delivers with hooks of which one fails at its n-th call. */
  async function failing(
    hook: 'begin' | 'finish',
    at: number,
    api: (n: number) => ReturnType<typeof answer>,
    more: Virtual = {},
  ): Promise<{
    calls: number;
    afterFailure: number;
    pulled: number[];
    result: Awaited<ReturnType<typeof deliverVirtually>>;
  }> {
    let calls = 0;
    let broken = false;
    let requestsAfter = 0;
    let callsAfter = 0;
    const pulled: number[] = [];
    async function* source(): AsyncGenerator<Batch> {
      for (const batch of batches) {
        await Promise.resolve();
        pulled.push(batch.number);
        yield batch;
      }
    }
    function call(name: 'begin' | 'finish'): Promise<undefined> {
      if (broken) callsAfter += 1;
      if (name === hook) calls += 1;
      if (name !== hook || calls !== at) return Promise.resolve(undefined);
      // What is on its way in the same moment cannot know yet.
      void range(0, 5)
        .reduce((later) => later.then(() => undefined), Promise.resolve())
        .then(() => (broken = true));
      return Promise.reject(failure);
    }
    const result = await deliverVirtually(
      source(),
      (n) => {
        if (broken) requestsAfter += 1;
        return api(n);
      },
      { begin: () => call('begin'), finish: () => call('finish'), ...more },
    );
    return { calls, afterFailure: requestsAfter + callsAfter, pulled, result };
  }

  test('before a request: it is not sent, and all that was pulled is settled', async () => {
    const fatals: RunError[] = [];
    const { afterFailure, pulled, result } = await failing('begin', 2, () => TAKEN, {
      concurrency: 1,
      onFatal: (error) => fatals.push(error),
    });
    expect(result.error).toBe(failure);
    expect(fatals).toEqual([failure]);
    expect(result.parts).toMatchObject([
      { outcome: 'sent', batch: { number: 1 } },
      { outcome: 'not_attempted', batch: { number: 2 } },
    ]);
    expect(pulled).toEqual([1, 2]);
    expect(afterFailure).toBe(0);
  });

  test('at any call: no request and no call begins after it, every event pulled is settled once', async () => {
    const answers = fc.array(fc.constantFrom(TAKEN, TAKEN, REFUSED, answer(503), answer(429)), {
      minLength: 1,
    });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('begin' as const, 'finish' as const),
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 4 }),
        answers,
        async (hook, at, concurrency, script) => {
          const { calls, afterFailure, pulled, result } = await failing(
            hook,
            at,
            (n) => script[n % script.length] ?? TAKEN,
            { concurrency, latencyMs: (n) => 10 * (n % 7), retryForMs: 60_000 },
          );
          const settled = result.parts.flatMap(({ batch }) =>
            idsOf(batch).map((id) => `${batch.number}.${id}`),
          );
          expect(settled.sort()).toEqual(
            pulled.flatMap((number) => [0, 1, 2].map((id) => `${number}.${id}`)).sort(),
          );
          if (calls >= at) expect(result.error).toBe(failure);
          expect(afterFailure).toBe(0);
          if (calls < at && result.error === undefined)
            expect(outcomes(result.parts).not_attempted).toEqual([]);
        },
      ),
      { numRuns: 150 },
    );
  });
});
