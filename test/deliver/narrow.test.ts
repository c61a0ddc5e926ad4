import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { deliverBatch } from '../../src/deliver/narrow.js';
import { fakeApi, POLICIES, type FakeApi, type FakeOptions } from './fake-api.js';
import { batchOf, outcomes, range } from './support.js';

const policies = Object.entries(POLICIES);
const liars = [
  ['one too low', { keepsGood: false, names: 'shifted' }],
  ['the last', { keepsGood: false, names: 'last' }],
  ['at random', { keepsGood: false, names: 'random' }],
  ['at random, and keeps the good', { keepsGood: true, names: 'random' }],
] as const;

async function deliver(count: number, options: FakeOptions): Promise<FakeApi> {
  const api = fakeApi(options);
  await deliverBatch(batchOf(count), api.delivery);
  return api;
}

function without(count: number, bad: ReadonlySet<number>): number[] {
  return range(0, count).filter((id) => !bad.has(id));
}

function sorted(ids: Iterable<number>): number[] {
  return [...ids].sort((a, b) => a - b);
}

const sizes = fc.integer({ min: 1, max: 70 });
const badSets = sizes.chain((count) =>
  fc.record({
    count: fc.constant(count),
    bad: fc.oneof(
      fc.uniqueArray(fc.nat(count - 1), { maxLength: 3 }),
      fc.subarray(range(0, count)),
      fc.constant(range(0, count)),
    ),
  }),
);

describe.each([...policies, ...liars])('an API that refuses %s', (_, policy) => {
  test('gets every good event, and only the bad ones are refused', async () => {
    await fc.assert(
      fc.asyncProperty(
        badSets,
        fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
        async (input, stream) => {
          const bad = new Set(input.bad);
          const api = await deliver(input.count, { bad, policy, random: () => Number(stream.next().value) });
          const result = outcomes(api.parts);
          expect(result).toEqual({
            sent: without(input.count, bad),
            refused: sorted(bad),
            in_doubt: [],
            not_attempted: [],
          });
          expect(sorted(api.stored.keys())).toEqual(without(input.count, bad));
          if (!policy.keepsGood) expect([...api.stored.values()].every((times) => times === 1)).toBe(true);
          expect(api.requests()).toBeLessThanOrEqual(
            1 + bad.size * (2 + 2 * Math.ceil(Math.log2(input.count + 1))) + 12,
          );
        },
      ),
      { numRuns: 150 },
    );
  });

  test('takes at most 25 requests for one bad event among 2,000', async () => {
    const places = [0, 1, 2, 665, 666, 999, 1000, 1001, 1365, 1998, 1999];
    for (const place of places) {
      const api = await deliver(2000, { bad: new Set([place]), policy });
      expect(outcomes(api.parts).refused).toEqual([place]);
      expect(outcomes(api.parts).sent).toHaveLength(1999);
      expect(api.requests()).toBeLessThanOrEqual(policy.names === 'random' ? 20 : 17);
    }
  });
});

describe('one bad event among 2,000', () => {
  test.each([
    ['whole, named', 2],
    ['partial, all named', 2],
    ['whole, silent', 14],
    ['partial, 200 without names', 14],
  ] as const)('%s: at most %i requests', async (name, limit) => {
    const counts = await Promise.all(
      [0, 1, 3, 500, 1023, 1024, 1500, 1999].map(async (place) =>
        (await deliver(2000, { bad: new Set([place]), policy: POLICIES[name] })).requests(),
      ),
    );
    expect(Math.max(...counts)).toBe(limit);
  });

  test('is refused with the reason given for it', async () => {
    const api = await deliver(50, { bad: new Set([17]), policy: POLICIES['whole, named'] });
    expect(api.parts.find((part) => part.outcome === 'refused')).toMatchObject({
      why: { reason: 'named 17' },
    });
  });
});

describe('several bad events', () => {
  test('that are all named take three requests', async () => {
    const bad = new Set([3, 40, 41, 99]);
    const api = await deliver(100, { bad, policy: POLICIES['partial, all named'] });
    expect(outcomes(api.parts).refused).toEqual([...bad]);
    expect(api.requests()).toBe(3);
  });

  test('that are all there is, and named, take two', async () => {
    const api = await deliver(100, { bad: new Set(range(0, 100)), policy: POLICIES['partial, all named'] });
    expect(outcomes(api.parts).refused).toHaveLength(100);
    expect(api.requests()).toBe(2);
  });

  test('are each refused for their own reason', async () => {
    const api = await deliver(10, { bad: new Set([2, 7]), policy: POLICIES['partial, all named'] });
    const whys = api.parts.flatMap((part) => (part.outcome === 'refused' ? [part.why.reason] : []));
    expect(whys).toEqual(['named 2', 'named 7']);
  });

  test('do not take much more than two requests each, even when all 2,000 are bad and nobody is named', async () => {
    const api = await deliver(2000, { bad: new Set(range(0, 2000)), policy: POLICIES['whole, silent'] });
    expect(outcomes(api.parts).refused).toHaveLength(2000);
    expect(api.requests()).toBeLessThan(6000);
  });
});

describe('the price of a batch', () => {
  const spread = (count: number, share: number, random: () => number): Set<number> =>
    new Set(range(0, count).filter(() => random() < share));
  const clusters = (count: number, at: readonly number[], length: number): Set<number> =>
    new Set(at.flatMap((from) => range(from, Math.min(count, from + length))));

  const shapes = fc.oneof(
    fc
      .tuple(
        fc.constantFrom(0.0005, 0.002, 0.01, 0.05, 0.2, 0.5, 0.9, 1),
        fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
      )
      .map(([share, stream]) => spread(2000, share, () => Number(stream.next().value))),
    fc
      .tuple(fc.uniqueArray(fc.nat(1999), { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 700 }))
      .map(([at, length]) => clusters(2000, at, length)),
  );

  test.each(['whole, named', 'partial, all named'] as const)(
    'is at most two requests for each bad event and 25 more: %s',
    async (name) => {
      await fc.assert(
        fc.asyncProperty(shapes, async (bad) => {
          const api = await deliver(2000, { bad, policy: POLICIES[name] });
          expect(outcomes(api.parts).refused).toHaveLength(bad.size);
          expect(api.requests()).toBeLessThanOrEqual(2 * bad.size + 25);
        }),
        { numRuns: 40 },
      );
    },
  );

  test.each(['whole, silent', 'partial, 200 without names'] as const)(
    'is that and the halvings which are needed to find each, when nobody is named: %s',
    async (name) => {
      await fc.assert(
        fc.asyncProperty(shapes, async (bad) => {
          const api = await deliver(2000, { bad, policy: POLICIES[name] });
          expect(outcomes(api.parts).refused).toHaveLength(bad.size);
          const halvings = bad.size === 0 ? 0 : Math.log2(2000 / bad.size);
          expect(api.requests()).toBeLessThanOrEqual(bad.size * (2 + halvings) + 25);
        }),
        { numRuns: 40 },
      );
    },
  );

  test('is at most two requests for each bad event and 25 more when all are bad and nobody is named', async () => {
    for (const count of [1, 2, 3, 50, 999, 2000]) {
      const bad = new Set(range(0, count));
      const api = await deliver(count, { bad, policy: POLICIES['whole, silent'] });
      expect(api.requests()).toBeLessThanOrEqual(2 * count + 25);
    }
  });
});

describe('many bad events that are named one at a time', () => {
  test('do not upload the whole batch again for each', async () => {
    const bad = new Set(range(0, 200).map((id) => id * 10));
    const api = await deliver(2000, { bad, policy: POLICIES['whole, named'] });
    expect(outcomes(api.parts).refused).toEqual([...bad]);
    // Taking them out one by one would come to 380,000.
    expect(api.uploaded()).toBeLessThan(120_000);
  });
});

describe('a passing fault that looks like a refusal', () => {
  test('costs no event', async () => {
    const why = { reason: 'Request parsing failed.', codes: [] };
    const api = await deliver(100, {
      bad: new Set(),
      policy: POLICIES['whole, silent'],
      fault: (n) =>
        n === 1
          ? { stores: false, reply: { kind: 'narrow', named: [], why, mayHaveKept: false, doubt: false } }
          : undefined,
    });
    expect(outcomes(api.parts)).toEqual({
      sent: range(0, 100),
      refused: [],
      in_doubt: [],
      not_attempted: [],
    });
  });
});

describe('events that cannot be sent twice', () => {
  test.each(policies)('are stored at most once by an API that refuses %s', async (_, policy) => {
    await fc.assert(
      fc.asyncProperty(badSets, async ({ count, bad: list }) => {
        const bad = new Set(list);
        const api = await deliver(count, { bad, policy, repeatable: false });
        const result = outcomes(api.parts);
        const all = sorted([...result.sent, ...result.refused, ...result.in_doubt]);
        expect(all).toEqual(range(0, count));
        expect([...api.stored.values()].every((times) => times === 1)).toBe(true);
        expect(result.sent.every((id) => api.stored.has(id))).toBe(true);
        expect(result.refused.every((id) => bad.has(id))).toBe(true);
        if (!policy.keepsGood) expect(result.in_doubt).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  test('the unnamed ones are in doubt when they may have been kept, the named ones refused', async () => {
    const policy = POLICIES['partial, all named'];
    const api = await deliver(10, { bad: new Set([2, 5]), policy, repeatable: false });
    expect(outcomes(api.parts)).toEqual({
      sent: [],
      refused: [2, 5],
      in_doubt: [0, 1, 3, 4, 6, 7, 8, 9],
      not_attempted: [],
    });
    expect(api.requests()).toBe(1);
  });
});

describe('an API of changing habits', () => {
  test('is taken at its word once it may have kept what cannot be sent twice', async () => {
    const why = { reason: 'Bad.', codes: [] };
    const named = [{ index: 0, why }];
    const api = await deliver(10, {
      bad: new Set([2, 5, 7]),
      policy: { keepsGood: false, names: 'all' },
      repeatable: false,
      // The third request holds what the first answer named.
      fault: (n) =>
        n === 3
          ? { stores: true, reply: { kind: 'narrow', named, why, mayHaveKept: true, doubt: false } }
          : undefined,
    });
    expect(outcomes(api.parts)).toMatchObject({
      sent: [0, 1, 3, 4, 6, 8, 9],
      refused: [2],
      in_doubt: [5, 7],
    });
    expect(api.requests()).toBe(3);
  });
});

describe('too large', () => {
  test('is halved without blaming anybody', async () => {
    const api = await deliver(100, { bad: new Set([30]), policy: POLICIES['whole, silent'], maxEvents: 13 });
    expect(outcomes(api.parts)).toMatchObject({ refused: [30], sent: without(100, new Set([30])) });
  });

  test('is refused when it is a single event', async () => {
    const api = await deliver(4, { bad: new Set(), policy: POLICIES['whole, silent'], maxEvents: 0 });
    expect(outcomes(api.parts).refused).toEqual([0, 1, 2, 3]);
  });
});

describe('when requests fail for good midway', () => {
  test.each([...policies, ...liars])('every event is settled once, truthfully: %s', async (_, policy) => {
    const faults = fc.record({
      from: fc.integer({ min: 1, max: 15 }),
      doubt: fc.boolean(),
      stores: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(badSets, faults, async ({ count, bad: list }, { from, doubt, stores }) => {
        const bad = new Set(list);
        const api = await deliver(count, {
          bad,
          policy,
          fault: (n) =>
            n < from
              ? undefined
              : {
                  stores: doubt && stores,
                  reply: { kind: 'lost', reason: 'gone', doubt: doubt && n === from },
                },
        });
        const result = outcomes(api.parts);
        const all = [...result.sent, ...result.refused, ...result.in_doubt, ...result.not_attempted];
        expect(sorted(all)).toEqual(range(0, count));
        expect(result.sent.every((id) => api.stored.has(id))).toBe(true);
        expect(result.refused.every((id) => bad.has(id))).toBe(true);
        if (!stores) expect(result.not_attempted.some((id) => api.stored.has(id))).toBe(false);
      }),
      { numRuns: 100 },
    );
  });
});
