import { describe, expect, test } from 'vitest';

import { createIdSet } from '../../src/simulator/id-set.js';
import { createEventStore, createIdStore } from '../../src/simulator/store.js';

const arrival = (
  eventId: string | undefined,
  asset = 'a',
  request = 1,
): Parameters<ReturnType<typeof createEventStore>['add']>[0] => ({
  asset,
  eventId,
  request,
  position: 1,
});

describe.each([
  ['events', createEventStore],
  ['IDs only', createIdStore],
])('store of %s', (_name, create) => {
  test('an asset and ID are new once', () => {
    const { add } = create();
    expect(add(arrival('x'), '{}')).toBe(true);
    expect(add(arrival('x'), '{}')).toBe(false);
    expect(add(arrival('y'), '{}')).toBe(true);
    expect(add(arrival('x', 'b'), '{}')).toBe(true);
  });

  test('events without an ID are always new', () => {
    const { add } = create();
    expect(add(arrival(undefined), '{}')).toBe(true);
    expect(add(arrival(undefined), '{}')).toBe(true);
  });
});

test('the first arrival stands', () => {
  const store = createEventStore();
  store.add(arrival('x', 'a', 1), '{ "n": 1 }');
  store.add(arrival('x', 'a', 2), '{ "n": 2 }');
  expect(store.events()).toEqual([
    { asset: 'a', eventId: 'x', request: 1, position: 1, arrivals: 2, text: '{ "n": 1 }', event: { n: 1 } },
  ]);
});

test('the ID set tells 200,000 texts apart', () => {
  const ids = createIdSet();
  for (let n = 0; n < 200_000; n++) if (!ids.add(`id-${n}`)) throw new Error(`${n} taken for another`);
  for (let n = 0; n < 200_000; n++) if (ids.add(`id-${n}`)) throw new Error(`${n} forgotten`);
  expect(ids.size()).toBe(200_000);
});
