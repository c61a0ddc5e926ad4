import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { createProgress } from '../../src/deliver/progress.js';
import { createRetryTokens } from '../../src/deliver/retry-tokens.js';
import { createRetryBudget } from '../../src/deliver/retry.js';
import { createSlots } from '../../src/deliver/slots.js';
import { batchOf, fakeTime, outcomes, range } from './support.js';
import { answer, deliverVirtually, REFUSED, TAKEN, virtualTime } from './virtual.js';

const never = new AbortController().signal;

describe('the tokens for retries', () => {
  test('are twenty at first, then two a second', async () => {
    const time = virtualTime();
    const tokens = createRetryTokens(time);
    const at: number[] = [];
    for (let n = 0; n < 24; n += 1) {
      await time.run(tokens.take(never));
      at.push(time.clock());
    }
    expect(at.slice(0, 20).every((ms) => ms === 0)).toBe(true);
    expect(at.slice(20)).toEqual([500, 1000, 1500, 2000]);
  });

  test('come sooner when requests get through, and are never more than twenty', async () => {
    const time = virtualTime();
    const tokens = createRetryTokens(time);
    for (let n = 0; n < 500; n += 1) tokens.earn();
    for (let n = 0; n < 20; n += 1) await tokens.take(never);
    for (let n = 0; n < 5; n += 1) tokens.earn();
    await tokens.take(never);
    expect(time.clock()).toBe(0);
    await time.run(tokens.take(never));
    expect(time.clock()).toBe(500);
  });

  test('go round in order, and to everybody when the run stops', async () => {
    const time = virtualTime();
    const stop = new AbortController();
    const tokens = createRetryTokens(time);
    const order: number[] = [];
    const all = range(0, 30).map((n) => tokens.take(stop.signal).then(() => order.push(n)));
    await time.run(Promise.all(all.slice(0, 22)));
    expect(order).toEqual(range(0, 22));
    stop.abort();
    await Promise.all(all);
    expect(order).toEqual(range(0, 30));
  });

  test('let through no more than they have, at any time, and everybody in the end', async () => {
    const steps = fc.array(fc.record({ laterMs: fc.nat(3000), earned: fc.nat(10) }), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(steps, async (list) => {
        const time = virtualTime();
        const tokens = createRetryTokens(time);
        let earned = 0;
        for (const [taken, step] of list.entries()) {
          for (let n = 0; n < step.earned; n += 1) tokens.earn();
          earned += step.earned;
          await time.run(tokens.take(never));
          expect(taken + 1).toBeLessThanOrEqual(20 + earned * 0.2 + (time.clock() / 1000) * 2 + 1e-6);
          await time.run(time.sleep(step.laterMs));
        }
      }),
      { numRuns: 50 },
    );
  });

  test('make a failing API see few retries beside the first tries', async () => {
    const batches = range(1, 600).map((number) => batchOf(1, number));
    // Every second request fails, so that no failure comes five times in a row.
    const result = await deliverVirtually(batches, (n) => (n % 2 === 0 ? answer(503) : TAKEN), {
      random: () => 0,
    });
    expect(outcomes(result.parts).sent).toHaveLength(599);
    const retries = result.requests.length - 599;
    expect(retries).toBeLessThanOrEqual(20 + 599 * 0.2 + (result.endedMs / 1000) * 2 + 1);
    expect(retries).toBeGreaterThan(590);
  });
});

describe('the time for retries', () => {
  const timing = { retryForMs: 10_000, random: (): number => 1 };

  test('starts again when others got through, up to five times', async () => {
    const { clock, sleep } = fakeTime();
    const progress = createProgress(clock);
    const budget = createRetryBudget({ ...timing, clock }, progress);
    const startedMs = clock();
    for (let wait = budget.next(0); wait !== undefined; wait = budget.next(0)) {
      await sleep(wait);
      progress.advance();
    }
    expect(budget.exceeded()).toBe('share');
    expect(clock() - startedMs).toBeGreaterThan(30_000);
    expect(clock() - startedMs).toBeLessThanOrEqual(50_000);
  });

  test('is that of the run when nothing gets through, even for those who failed late', async () => {
    const { clock, sleep } = fakeTime();
    const progress = createProgress(clock);
    const first = createRetryBudget({ ...timing, clock }, progress);
    expect(first.next(0)).toBe(500);
    await sleep(9_800);
    const late = createRetryBudget({ ...timing, clock }, progress);
    expect([late.next(0), late.exceeded()]).toEqual([undefined, 'run']);
  });

  test('always ends', () => {
    const steps = fc.array(
      fc.record({ tookMs: fc.nat(5000), progress: fc.boolean(), askedMs: fc.nat(20_000) }),
      {
        minLength: 1,
      },
    );
    fc.assert(
      fc.property(steps, fc.nat(20_000), (list, retryForMs) => {
        let nowMs = 0;
        const clock = (): number => nowMs;
        const progress = createProgress(clock);
        const budget = createRetryBudget({ retryForMs, clock, random: () => 0.5 }, progress);
        for (let n = 0; n < 100_000; n += 1) {
          const step = list[n % list.length];
          const wait = budget.next(step?.askedMs);
          if (wait === undefined) return;
          expect(nowMs + wait).toBeLessThanOrEqual(5 * retryForMs);
          nowMs += wait + (step?.tookMs ?? 0) + 1;
          if (step?.progress === true) progress.advance();
        }
        throw new Error('it did not end');
      }),
    );
  });

  test('a batch that never gets through is left behind, the others are delivered', async () => {
    const time = virtualTime();
    async function* source(): AsyncGenerator<ReturnType<typeof batchOf>> {
      for (let number = 1; time.clock() < 100_000; number += 1) {
        await Promise.resolve();
        yield batchOf(number === 3 ? 2 : 1, number);
      }
    }
    const result = await deliverVirtually(
      source(),
      (_, __, body) => (body.includes('"1"') ? answer(503) : TAKEN),
      {
        time,
        retryForMs: 10_000,
        latencyMs: () => 500,
      },
    );
    expect(result.error).toMatchObject({ code: 'service_unavailable' });
    expect(outcomes(result.parts).in_doubt).toEqual([0, 1]);
    const last = result.requests.findLastIndex((request) => request.answer !== TAKEN);
    expect(result.requests[last]?.atMs).toBeGreaterThan(30_000);
    expect(result.requests[last]?.atMs).toBeLessThan(52_000);
    expect(result.endedMs).toBeGreaterThan(100_000);
  });

  test('a refusal is progress', async () => {
    const batches = [batchOf(1, 1), ...range(2, 40).map((number) => batchOf(2, number))];
    const api = (n: number, _: number, body: string): ReturnType<typeof answer> =>
      n === 1 ? TAKEN : body.includes('"1"') ? REFUSED : n % 3 === 0 ? answer(503) : REFUSED;
    const result = await deliverVirtually(batches, api, {
      earlyStop: false,
      retryForMs: 3000,
      latencyMs: () => 1000,
    });
    expect(result.error).toBeUndefined();
    expect(outcomes(result.parts).refused).toHaveLength(76);
  });
});

describe('the places for requests', () => {
  test('are given in order, as many as there are', async () => {
    let size = 2;
    const slots = createSlots(() => size, never);
    const order: number[] = [];
    for (const n of range(0, 6)) void slots.take().then(() => order.push(n));
    await new Promise(setImmediate);
    expect(order).toEqual([0, 1]);
    size = 1;
    slots.free();
    await new Promise(setImmediate);
    expect(order).toEqual([0, 1]);
    size = 4;
    slots.free();
    await new Promise(setImmediate);
    expect(order).toEqual([0, 1, 2, 3, 4, 5]);
  });
});
