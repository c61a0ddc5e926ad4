import type { Plan, Slot } from '../plan/types.js';
import type { Cell } from '../types.js';
import type { ContentsItem, Event, PlainValue } from './draft.js';

/** The event's JSON in two parts, between which `"event_id":"…",` stands when there is an id. */
export type EncodedParts = { readonly head: string; readonly tail: string };

export type Encoder = {
  /** `timeUnitMs` is 1 for milliseconds, 1000 for seconds. */
  readonly encode: (event: Event, timeUnitMs: 1 | 1000) => EncodedParts;
};

type Entry = { readonly prefix: string; readonly index: number; readonly slot: Slot };
type Member = Entry | { readonly prefix: string; readonly members: readonly Entry[] };

/**
 * Compiles the writer for a plan. Keys come out sorted at every level, so that what is sent is at the same
 * time the canonical form of which derived event ids are made, whatever the order of columns in the input.
 */
export function createEncoder(plan: Plan): Encoder {
  const members = layOut(plan);
  const idSlot = plan.slots[plan.eventId];
  const at = members.findIndex((member) => 'slot' in member && member.slot === idSlot);
  const head = members.slice(0, at);
  const tail = members.slice(at + 1);
  return {
    encode(event, timeUnitMs) {
      const time = Math.floor(Number(event.values[plan.eventTime]) / timeUnitMs);
      const before = writeMembers(head, event, plan, time);
      const after = writeMembers(tail, event, plan, time);
      return { head: `{${before},`, tail: `${after}}` };
    },
  };
}

/** Puts the id (if any) between the parts. */
export function joinParts(parts: EncodedParts, eventId: string | undefined): string {
  const { head, tail } = parts;
  return eventId === undefined ? head + tail : `${head}"event_id":${JSON.stringify(eventId)},${tail}`;
}

function layOut(plan: Plan): readonly Member[] {
  const top = new Map<string, Member>();
  const nested = new Map<string, Entry[]>();
  for (const [index, slot] of plan.slots.entries()) {
    const entry: Entry = { prefix: `${JSON.stringify(slot.key)}:`, index, slot };
    if (slot.place === 'event') {
      top.set(slot.key, entry);
      continue;
    }
    const members = nested.get(slot.place) ?? [];
    members.push(entry);
    nested.set(slot.place, members);
    top.set(slot.place, { prefix: `"${slot.place}":`, members });
  }
  return [...top].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, member]) => member);
}

function writeMembers(members: readonly Member[], event: Event, plan: Plan, time: number): string {
  let text = '';
  for (const member of members) {
    const json =
      'slot' in member
        ? writeEntry(member, event, plan, time)
        : writeObject(member.members, event, plan, time);
    if (json === '') continue;
    text += text === '' ? member.prefix + json : `,${member.prefix}${json}`;
  }
  return text;
}

function writeObject(entries: readonly Entry[], event: Event, plan: Plan, time: number): string {
  const text = writeMembers(entries, event, plan, time);
  return text === '' ? '' : `{${text}}`;
}

/** The JSON of one slot; empty when the event has no value there. */
function writeEntry({ slot, index }: Entry, event: Event, plan: Plan, time: number): string {
  if (index === plan.eventTime) return String(time);
  if (slot.kind === 'fixed') return slot.value === undefined ? '' : JSON.stringify(slot.value);
  const value = event.values[index];
  return value === undefined ? '' : writeSlot(slot, value);
}

function writeSlot(slot: Exclude<Slot, { kind: 'fixed' }>, value: PlainValue): string {
  switch (slot.kind) {
    case 'single':
      return typeof value === 'number' ? String(value) : JSON.stringify(value);
    case 'hashed':
      return `["${(value as readonly string[]).join('","')}"]`;
    case 'list': {
      const list = value as readonly string[];
      return slot.field.shape === 'string_or_array' && list.length === 1
        ? JSON.stringify(list[0])
        : JSON.stringify(list);
    }
    case 'extinfo':
      return JSON.stringify(value);
    case 'contents':
      return `[${(value as readonly ContentsItem[]).map(writeItem).join(',')}]`;
    case 'custom':
    case 'custom_array':
      return writeValue(value);
  }
}

function writeItem(item: ContentsItem): string {
  return `{${item.map(({ key, value }) => `"${key}":${JSON.stringify(value)}`).join(',')}}`;
}

/** A custom value with sorted keys. It holds no null, no bigint and only finite numbers by now. */
function writeValue(value: Cell): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${(value as readonly Cell[]).map(writeValue).join(',')}]`;
  const object = value as { readonly [key: string]: Cell };
  const members = Object.keys(object).sort();
  return `{${members.map((key) => `${JSON.stringify(key)}:${writeValue(object[key])}`).join(',')}}`;
}
