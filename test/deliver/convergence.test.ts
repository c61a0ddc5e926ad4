import { describe, expect, test } from 'vitest';

import type { Batch } from '../../src/deliver/types.js';
import { batchOf } from './support.js';
import { answer, deliverVirtually, TAKEN, virtualTime, type Outcome } from './virtual.js';

/** Says whether the API turns a request away that comes at this time, in ms. */
type Limit = (atMs: number) => boolean;

/** At most so many requests in any second, which may change with time. */
function slidingWindow(limitAt: (atMs: number) => number): Limit {
  const taken: number[] = [];
  return (atMs) => {
    while (taken[0] !== undefined && taken[0] <= atMs - 1000) taken.shift();
    if (taken.length >= limitAt(atMs)) return true;
    taken.push(atMs);
    return false;
  };
}

function tokenBucket(perSecond: number, burst: number): Limit {
  let tokens = burst;
  let lastMs = 0;
  return (atMs) => {
    tokens = Math.min(burst, tokens + ((atMs - lastMs) * perSecond) / 1000);
    lastMs = atMs;
    if (tokens < 1) return true;
    tokens -= 1;
    return false;
  };
}

function calendarSecond(limit: number): Limit {
  let second = -1;
  let count = 0;
  return (atMs) => {
    const now = Math.floor((atMs + 370) / 1000);
    count = now === second ? count + 1 : 1;
    second = now;
    return count > limit;
  };
}

/** Numbers in [0, 1) that look random and are the same each time. */
function pseudoRandom(): () => number {
  let seed = 7;
  return () => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
}

type Setting = { readonly concurrency?: number; readonly latencyMs?: number; readonly jitterMs?: number };

/** Delivers without end against a limit, for some seconds of virtual time. */
function against(limit: Limit, seconds: number, setting: Setting = {}): Promise<Outcome> {
  const { concurrency = 4, latencyMs = 50, jitterMs = 20 } = setting;
  const time = virtualTime();
  const random = pseudoRandom();
  async function* source(): AsyncGenerator<Batch> {
    for (let number = 1; time.clock() < seconds * 1000; number += 1) {
      await Promise.resolve();
      yield batchOf(1, number);
    }
  }
  return deliverVirtually(source(), (_, atMs) => (limit(atMs) ? answer(429) : TAKEN), {
    time,
    random,
    concurrency,
    latencyMs: () => latencyMs + random() * jitterMs,
  });
}

/** Requests accepted per second, and how many were throttled, from one second to another. */
function between({ requests }: Outcome, from: number, to: number): { accepted: number; throttled: number } {
  const some = requests.filter(({ atMs }) => atMs >= from * 1000 && atMs < to * 1000);
  const accepted = some.filter((request) => request.answer === TAKEN).length;
  return { accepted: accepted / (to - from), throttled: some.length - accepted };
}

describe('the rate meets what the API allows', () => {
  test.each<[string, () => Limit, Setting]>([
    ['a sliding second', () => slidingWindow(() => 20), {}],
    ['a sliding second, even latency', () => slidingWindow(() => 20), { jitterMs: 0 }],
    ['a sliding second, slow answers', () => slidingWindow(() => 20), { latencyMs: 150 }],
    ['a sliding second, one at a time', () => slidingWindow(() => 20), { concurrency: 1, latencyMs: 10 }],
    [
      'a sliding second, many at a time',
      () => slidingWindow(() => 20),
      { concurrency: 32, latencyMs: 500, jitterMs: 200 },
    ],
    [
      'a sliding second, uneven answers',
      () => slidingWindow(() => 20),
      { concurrency: 8, latencyMs: 200, jitterMs: 300 },
    ],
    ['a token bucket', () => tokenBucket(20, 20), {}],
    ['a calendar second', () => calendarSecond(20), {}],
  ])('within a fifth after 10 s, and is hardly throttled any more: %s', async (_, limit, setting) => {
    const result = await against(limit(), 40, setting);
    const { accepted, throttled } = between(result, 10, 40);
    expect(accepted).toBeGreaterThan(16);
    expect(accepted).toBeLessThan(24);
    expect(throttled).toBeLessThanOrEqual(5);
    expect(result.error).toBeUndefined();
  });

  test('when it falls, and when it rises again', async () => {
    const result = await against(
      slidingWindow((atMs) => (atMs < 20_000 || atMs > 50_000 ? 40 : 10)),
      120,
    );
    expect(between(result, 10, 20).accepted).toBeGreaterThan(32);
    expect(between(result, 25, 50).accepted).toBeGreaterThan(8);
    expect(between(result, 100, 120).accepted).toBeGreaterThan(32);
  });

  test('is the whole rate when nothing is throttled', async () => {
    const { accepted } = between(await against(() => false, 10, { latencyMs: 5, jitterMs: 0 }), 0, 10);
    expect(accepted).toBeGreaterThan(98);
    expect(accepted).toBeLessThanOrEqual(100);
  });
});
