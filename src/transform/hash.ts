import { sha256Hex } from '../normalize/hash.js';
import type { Plan } from '../plan/types.js';
import type { Sha256Hex } from '../types.js';
import type { Draft, DraftValue, Event, OneOrMany, Personal, PlainValue } from './draft.js';

/** Hashes all personal data of a draft (UTF-8 bytes, SHA-256), in place: the one way to an event. */
export function hashDraft(plan: Plan, draft: Draft): Event {
  const values = draft.values as (DraftValue | undefined)[];
  const { hashed } = plan;
  for (let i = 0; i < hashed.length; i += 1) {
    const index = hashed[i] ?? -1;
    const value = values[index];
    if (value !== undefined) values[index] = hashValue(value as OneOrMany<Personal>);
  }
  return { values: values as readonly (PlainValue | undefined)[] } as unknown as Event;
}

function hashValue(value: OneOrMany<Personal>): OneOrMany<Sha256Hex> {
  return Array.isArray(value) ? hashAll(value as readonly Personal[]) : hashOne(value as Personal);
}

/** Equal hashes are sent once. */
function hashAll(values: readonly Personal[]): readonly Sha256Hex[] {
  return [...new Set(values.map(hashOne))];
}

function hashOne(value: Personal): Sha256Hex {
  return typeof value === 'string' ? value : (value.hash ??= sha256Hex(value.clear));
}
