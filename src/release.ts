import type { Batch } from './deliver/types.js';
import type { EncodedEvents } from './types.js';

/** Knows when all events of a chunk are settled, whatever batches they are in. */
export type Release = {
  /** Takes events that will be in batches. */
  readonly expect: (events: EncodedEvents) => void;
  /** Takes a batch that is settled. Events that were left out of all batches keep those of their chunk from being released. */
  readonly settled: (batch: Batch) => void;
};

/** Counts the events of chunks down; `release` is given those of a chunk when none of them is needed any more. */
export function createRelease(release: (events: EncodedEvents) => void): Release {
  const left = new WeakMap<EncodedEvents, number>();
  return {
    expect(events) {
      if (events.ends.length === 0) release(events);
      else left.set(events, events.ends.length);
    },
    settled({ spans }) {
      for (const { events, from, to } of spans) {
        const rest = (left.get(events) ?? Number.NaN) - (to - from);
        left.set(events, rest);
        if (rest === 0) release(events);
      }
    },
  };
}
