import { sha256Hex } from '../normalize/hash.js';
import type { Plan } from '../plan/types.js';
import type { Sha256Hex } from '../types.js';
import type { Draft, DraftValue, Event, PlainValue, Unhashed } from './draft.js';

/** Hashes all personal data of a draft (UTF-8 bytes, SHA-256): the one way to an event. */
export function hashDraft(plan: Plan, draft: Draft): Event {
  const values = draft.values as (DraftValue | undefined)[];
  for (const index of plan.hashed) {
    const value = values[index];
    if (value !== undefined) values[index] = hashAll(value as readonly (Unhashed | Sha256Hex)[]);
  }
  return { values: values as readonly (PlainValue | undefined)[] } as unknown as Event;
}

function hashAll(values: readonly (Unhashed | Sha256Hex)[]): readonly Sha256Hex[] {
  const hashes: Sha256Hex[] = [];
  for (const value of values) {
    const hash = typeof value === 'string' ? value : sha256Hex(value.clear);
    if (!hashes.includes(hash)) hashes.push(hash);
  }
  return hashes;
}
