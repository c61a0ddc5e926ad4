import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { deliverUntilRefused } from '../../src/deliver/in-order.js';
import { fakeApi, POLICIES, type FakeApi, type FakeOptions } from './fake-api.js';
import { batchOf, outcomes, range } from './support.js';

const policies = [
  ...Object.entries(POLICIES),
  ['one too low', { keepsGood: false, names: 'shifted' }],
  ['the last', { keepsGood: false, names: 'last' }],
  ['at random', { keepsGood: false, names: 'random' }],
] as const;

async function deliver(
  count: number,
  options: FakeOptions,
): Promise<FakeApi & { readonly refused: boolean }> {
  const api = fakeApi(options);
  const why = await deliverUntilRefused(batchOf(count), api.delivery);
  return { ...api, refused: why !== undefined };
}

const cases = fc
  .integer({ min: 1, max: 70 })
  .chain((count) =>
    fc.record({ count: fc.constant(count), bad: fc.uniqueArray(fc.nat(count - 1), { maxLength: 6 }) }),
  );

describe.each(policies)('stopping at the first refusal: %s', (_, policy) => {
  test('everything before it is sent, it is refused, nothing after it is called sent', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ count, bad }) => {
        const first = bad.length === 0 ? count : Math.min(...bad);
        const api = await deliver(count, { bad: new Set(bad), policy });
        const result = outcomes(api.parts);
        expect(result.sent).toEqual(range(0, first));
        expect(result.refused).toEqual(first === count ? [] : [first]);
        expect([...result.in_doubt, ...result.not_attempted]).toEqual(range(first + 1, count));
        expect(api.refused).toBe(first < count);
        // What is said not to have been sent must not be in the API's store, and the other way round.
        expect(result.not_attempted.some((id) => api.stored.has(id))).toBe(false);
        if (!policy.keepsGood) expect(result.in_doubt).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  test('takes at most 25 requests among 2,000', async () => {
    for (const place of [0, 1, 999, 1000, 1998, 1999]) {
      const api = await deliver(2000, { bad: new Set([place]), policy });
      expect(outcomes(api.parts).refused).toEqual([place]);
      expect(api.requests()).toBeLessThanOrEqual(25);
    }
  });
});

test('a named event takes three requests', async () => {
  const api = await deliver(2000, { bad: new Set([700]), policy: POLICIES['whole, named'] });
  expect(api.requests()).toBe(3);
});

test('what cannot be sent twice is not sent twice', async () => {
  const policy = POLICIES['partial, all named'];
  const api = await deliver(10, { bad: new Set([2, 5]), policy, repeatable: false });
  expect(outcomes(api.parts)).toMatchObject({
    sent: [],
    refused: [2, 5],
    in_doubt: [0, 1, 3, 4, 6, 7, 8, 9],
  });
  expect([api.requests(), api.refused]).toEqual([1, true]);
});

test('a request that is too large is cut without blame', async () => {
  const api = await deliver(50, { bad: new Set([30]), policy: POLICIES['whole, silent'], maxEvents: 8 });
  expect(outcomes(api.parts)).toMatchObject({
    sent: range(0, 30),
    refused: [30],
    not_attempted: range(31, 50),
  });
});

test('a request that is too large does not make its parts suspicious', async () => {
  const api = await deliver(100, { bad: new Set(), policy: POLICIES['whole, silent'], maxEvents: 50 });
  expect(outcomes(api.parts).sent).toEqual(range(0, 100));
  expect(api.requests()).toBe(3);
});

test('a passing fault that looks like a refusal costs nothing', async () => {
  const why = { reason: 'Request parsing failed.', codes: [] };
  const api = await deliver(40, {
    bad: new Set(),
    policy: POLICIES['whole, silent'],
    fault: (n) =>
      n === 1
        ? { stores: false, reply: { kind: 'narrow', named: [], why, mayHaveKept: false, doubt: false } }
        : undefined,
  });
  expect(outcomes(api.parts).sent).toEqual(range(0, 40));
  expect(api.refused).toBe(false);
});

test('every event is settled once when requests fail for good midway', async () => {
  await fc.assert(
    fc.asyncProperty(
      cases,
      fc.integer({ min: 1, max: 8 }),
      fc.boolean(),
      async ({ count, bad }, from, doubt) => {
        const api = await deliver(count, {
          bad: new Set(bad),
          policy: POLICIES['whole, silent'],
          fault: (n) =>
            n < from ? undefined : { stores: false, reply: { kind: 'lost', reason: 'gone', doubt } },
        });
        const all = Object.values(outcomes(api.parts)).flat();
        expect(all.sort((a, b) => a - b)).toEqual(range(0, count));
      },
    ),
  );
});
