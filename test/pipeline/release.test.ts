import { expect, test } from 'vitest';
import { makeBatch } from '../../src/deliver/batch.js';
import { createRelease } from '../../src/release.js';
import type { EncodedEvents } from '../../src/types.js';

function eventsOf(count: number): EncodedEvents {
  return { bytes: new Uint8Array(count), ends: new Uint32Array(count), records: new Uint32Array(count) };
}

test('the events of a chunk are released once, when the last batch that has some of them is settled', () => {
  const released: EncodedEvents[] = [];
  const release = createRelease((events) => released.push(events));
  const [first, second] = [eventsOf(5), eventsOf(3)];
  release.expect(first);
  release.expect(second);
  const span = (events: EncodedEvents, from: number, to: number) => ({ events, origin: undefined, from, to });
  release.settled(makeBatch(2, [span(first, 4, 5), span(second, 0, 3)]));
  expect(released).toEqual([second]);
  release.settled(makeBatch(1, [span(first, 0, 3)]));
  expect(released).toEqual([second]);
  release.settled(makeBatch(3, [span(first, 3, 4)]));
  expect(released).toEqual([second, first]);
});

test('events that were never expected are not released', () => {
  const released: EncodedEvents[] = [];
  const release = createRelease((events) => released.push(events));
  release.settled(makeBatch(1, [{ events: eventsOf(2), origin: undefined, from: 0, to: 2 }]));
  expect(released).toEqual([]);
});
