import type { JsonObject } from './json.js';
import { createIdSet } from './id-set.js';

/** A stored event: its first arrival. */
export type ReceivedEvent = {
  readonly asset: string;
  readonly eventId: string | undefined;
  /** Number of the request that brought it (from 1), and its position there (from 1). */
  readonly request: number;
  readonly position: number;
  /** How often it arrived. */
  readonly arrivals: number;
  /** The event as it was sent, byte for byte. */
  readonly text: string;
  readonly event: JsonObject;
};

/** Where an event comes from. */
export type Arrival = {
  readonly asset: string;
  readonly eventId: string | undefined;
  readonly request: number;
  readonly position: number;
};

/** Keeps events, each asset and `event_id` once; an event without an ID is always new. */
export type EventStore = {
  /** True when the event is new; a repeat changes nothing but the count of arrivals. */
  readonly add: (arrival: Arrival, text: string) => boolean;
  /** The stored events in order of arrival; empty when the store keeps IDs only. */
  readonly events: () => readonly ReceivedEvent[];
};

type Entry = Arrival & { arrivals: number; readonly text: string; event: JsonObject | undefined };

/** A store that keeps the events. Texts are parsed when somebody asks for them, because most never are looked at. */
export function createEventStore(): EventStore {
  const entries: Entry[] = [];
  const byId = new Map<string, Entry>();
  return {
    add(arrival, text) {
      const key = keyOf(arrival);
      const known = key === undefined ? undefined : byId.get(key);
      if (known !== undefined) {
        known.arrivals++;
        return false;
      }
      const entry: Entry = { ...arrival, arrivals: 1, text, event: undefined };
      entries.push(entry);
      if (key !== undefined) byId.set(key, entry);
      return true;
    },
    events: () =>
      entries.map((entry) => {
        entry.event ??= JSON.parse(entry.text) as JsonObject;
        return { ...entry, event: entry.event };
      }),
  };
}

/** A store that keeps a fingerprint of each ID and no events, for runs with millions of them. */
export function createIdStore(): EventStore {
  const ids = createIdSet();
  return {
    add(arrival) {
      const key = keyOf(arrival);
      return key === undefined || ids.add(key);
    },
    events: () => [],
  };
}

function keyOf(arrival: Arrival): string | undefined {
  return arrival.eventId === undefined ? undefined : `${arrival.asset}\n${arrival.eventId}`;
}
