import { IDENTIFIER_FIELDS } from './catalogue/index.js';
import { DAY_MS } from './time-units.js';
import type { EventFacts } from './transform/types.js';

/** Which identifiers the valid events of a run have, and how old they are. */
export type FactSum = {
  readonly events: number;
  readonly identifiers: readonly { readonly field: string; readonly count: number }[];
  /** Events by age in whole days before the as-of time; those after it count as 0. */
  readonly ageDays: readonly number[];
  /** Epoch milliseconds; absent without events. */
  readonly oldestMs?: number;
  readonly newestMs?: number;
};

export type FactSummer = {
  /** Adds the first `count` events of a chunk. */
  readonly add: (facts: EventFacts, count: number) => void;
  readonly sum: () => FactSum;
};

/** Starts an empty sum; ages are counted from `asOfMs`. */
export function createFactSum(asOfMs: number): FactSummer {
  const withIdentifier = IDENTIFIER_FIELDS.map(() => 0);
  const ageDays: number[] = [];
  let events = 0;
  let oldestMs = Infinity;
  let newestMs = -Infinity;

  function addOne(bits: number, timeMs: number): void {
    for (let i = 0; i < withIdentifier.length; i += 1) {
      if ((bits & (1 << i)) !== 0) withIdentifier[i] = (withIdentifier[i] ?? 0) + 1;
    }
    const days = Math.max(0, Math.floor((asOfMs - timeMs) / DAY_MS));
    while (ageDays.length <= days) ageDays.push(0);
    ageDays[days] = (ageDays[days] ?? 0) + 1;
    if (timeMs < oldestMs) oldestMs = timeMs;
    if (timeMs > newestMs) newestMs = timeMs;
  }

  return {
    add(facts, count) {
      events += count;
      for (let i = 0; i < count; i += 1) addOne(facts.identifiers[i] ?? 0, facts.timesMs[i] ?? 0);
    },
    sum: () => ({
      events,
      identifiers: IDENTIFIER_FIELDS.map((field, i) => ({
        field: field.name,
        count: withIdentifier[i] ?? 0,
      })),
      ageDays: [...ageDays],
      ...(oldestMs <= newestMs && { oldestMs, newestMs }),
    }),
  };
}
