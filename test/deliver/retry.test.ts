import { describe, expect, test } from 'vitest';

import { backoffMs, createRetryBudget, parseRetryAfter } from '../../src/deliver/retry.js';
import { createRateLimiter } from '../../src/deliver/rate.js';
import { sleepFor } from '../../src/deliver/time.js';
import { fakeTime, sharedTime } from './support.js';

describe('backoff', () => {
  test('doubles from 500 ms to 30 s', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8, 50].map((failures) => backoffMs(failures, () => 1))).toEqual([
      500, 1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000,
    ]);
  });

  test('has full jitter', () => {
    expect(backoffMs(3, () => 0)).toBe(0);
    expect(backoffMs(3, () => 0.25)).toBe(500);
  });
});

describe('the retry budget', () => {
  test('ends before a wait that it does not cover', async () => {
    const { clock, sleep, slept } = fakeTime();
    const budget = createRetryBudget({ retryForMs: 4000, clock, random: () => 1 });
    for (let wait = budget.next(undefined); wait !== undefined; wait = budget.next(undefined))
      await sleep(wait);
    expect(slept).toEqual([500, 1000, 2000]);
  });

  test('covers a wait that ends with it, to the millisecond', () => {
    const { clock } = fakeTime();
    expect(createRetryBudget({ retryForMs: 7000, clock, random: () => 0 }).next(7000)).toBe(7000);
    expect(createRetryBudget({ retryForMs: 7000, clock, random: () => 0 }).next(7001)).toBeUndefined();
  });

  test('honors Retry-After in full, and never waits less than the backoff', () => {
    const { clock } = fakeTime();
    const budget = createRetryBudget({ retryForMs: 600_000, clock, random: () => 1 });
    expect(budget.next(120_000)).toBe(120_000);
    expect(budget.next(0)).toBe(1000);
  });

  test('starts with the first failure, not before', async () => {
    const { clock, sleep } = fakeTime();
    const budget = createRetryBudget({ retryForMs: 1000, clock, random: () => 1 });
    await sleep(10_000);
    expect(budget.next(undefined)).toBe(500);
  });
});

describe('Retry-After', () => {
  const now = Date.UTC(2026, 10, 23, 12, 0, 0);
  test.each([
    ['7', 7000],
    [' 0 ', 0],
    ['1.5', 1500],
    ['Mon, 23 Nov 2026 12:00:09 GMT', 9000],
    ['Mon, 23 Nov 2026 11:00:00 GMT', 0],
    ['soon', undefined],
    ['-5', undefined],
    ['2026', 2_026_000],
    ['2026-11-23', undefined],
    ['', undefined],
    [['5', '60'], 5000],
    [undefined, undefined],
  ])('%j is %j ms', (header, expected) => {
    expect(parseRetryAfter(header, now)).toBe(expected);
  });
});

describe('the rate limiter', () => {
  const never = new AbortController().signal;

  test('spaces requests evenly', async () => {
    const { clock, sleep } = fakeTime();
    const limiter = createRateLimiter({ maxRequestsPerSecond: 10, clock, sleep });
    const started = clock();
    const at: number[] = [];
    for (let i = 0; i < 4; i += 1) {
      await limiter.take(never);
      at.push(clock() - started);
    }
    expect(at).toEqual([0, 100, 200, 300]);
  });

  test('saves up no burst', async () => {
    const { clock, sleep, slept } = fakeTime();
    const limiter = createRateLimiter({ maxRequestsPerSecond: 10, clock, sleep });
    await limiter.take(never);
    await sleep(5000);
    await limiter.take(never);
    await limiter.take(never);
    expect(slept).toEqual([5000, 100]);
  });

  test('holds even those that already wait', async () => {
    const { clock, sleep, runUntil } = sharedTime();
    const limiter = createRateLimiter({ maxRequestsPerSecond: 10, clock, sleep });
    const at: number[] = [];
    await limiter.take(never);
    const taken = [1, 2].map(() => limiter.take(never).then(() => at.push(clock())));
    limiter.hold(1000);
    await runUntil(Promise.all(taken));
    expect(at).toEqual([1000, 1100]);
  });

  test('lets go when the signal aborts', async () => {
    const { clock } = fakeTime();
    const stop = new AbortController();
    const limiter = createRateLimiter({ maxRequestsPerSecond: 0.001, clock, sleep: sleepFor });
    await limiter.take(stop.signal);
    const taken = limiter.take(stop.signal);
    stop.abort();
    await taken;
    expect(stop.signal.aborted).toBe(true);
  });
});
