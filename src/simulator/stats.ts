import type { OAuthCounters, OAuthStats } from './oauth/stats.js';

/** Counters since the start. Requests are those to POST routes under /v3/; other routes count nothing. */
export type SimulatorStats = {
  readonly requests: number;
  /** Answers by HTTP status; `none` counts requests that got no answer. */
  readonly byStatus: Readonly<Record<string, number>>;
  /** Faults carried out, by kind. */
  readonly faults: Readonly<Record<string, number>>;
  /** Events that reached the checks of the events route: the sum of stored, repeats, refused and discarded. */
  readonly received: number;
  /** Events stored for the first time. */
  readonly stored: number;
  /** Good events whose asset and `event_id` were stored before. */
  readonly repeats: number;
  /** Events with errors. */
  readonly refused: number;
  /** Good events that were not stored because another event of their batch was refused. */
  readonly discarded: number;
  /** Events that reached the checks of the validation route. */
  readonly validated: number;
  /** Most requests that were under way at the same time. */
  readonly maxConcurrent: number;
  readonly connections: number;
  /** Largest request, in events and in bytes. */
  readonly maxEvents: number;
  readonly maxBytes: number;
  /** Epoch milliseconds. */
  readonly firstRequestMs: number | undefined;
  readonly lastRequestMs: number | undefined;
  /** The OAuth endpoints; zeros where there are none. */
  readonly oauth: OAuthStats;
};

/** What became of the events of one request. */
export type EventTally = {
  readonly received: number;
  readonly stored: number;
  readonly repeats: number;
  readonly refused: number;
  readonly discarded: number;
  readonly validated: number;
};

export const NO_EVENTS: EventTally = Object.freeze({
  received: 0,
  stored: 0,
  repeats: 0,
  refused: 0,
  discarded: 0,
  validated: 0,
});

/** One request, for people who watch. */
export type RequestSeen = EventTally & {
  /** From 1, in order of arrival. */
  readonly number: number;
  readonly route: 'events' | 'validate';
  readonly bytes: number;
  /** HTTP status, or undefined when no answer is given. */
  readonly status: number | undefined;
  readonly fault: string | undefined;
};

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Collects the counters. */
export type StatsKeeper = {
  readonly connectionOpened: () => void;
  /** A request has arrived; returns its number, from 1. */
  readonly requestArrived: (nowMs: number) => number;
  readonly requestLeft: () => void;
  readonly requestSeen: (seen: RequestSeen) => void;
  readonly snapshot: () => SimulatorStats;
};

/** Starts with all counters at zero; those of the OAuth endpoints are kept elsewhere and only shown. */
export function createStats(oauth: OAuthCounters): StatsKeeper {
  const counters: Mutable<Omit<SimulatorStats, 'byStatus' | 'faults' | 'oauth'>> = {
    ...NO_EVENTS,
    requests: 0,
    maxConcurrent: 0,
    connections: 0,
    maxEvents: 0,
    maxBytes: 0,
    firstRequestMs: undefined,
    lastRequestMs: undefined,
  };
  const byStatus: Record<string, number> = {};
  const faults: Record<string, number> = {};
  let underWay = 0;

  return {
    connectionOpened() {
      counters.connections++;
    },
    requestArrived(nowMs) {
      counters.firstRequestMs ??= nowMs;
      counters.lastRequestMs = nowMs;
      underWay++;
      counters.maxConcurrent = Math.max(counters.maxConcurrent, underWay);
      return ++counters.requests;
    },
    requestLeft() {
      underWay--;
    },
    requestSeen(seen) {
      for (const name of Object.keys(NO_EVENTS) as (keyof EventTally)[]) counters[name] += seen[name];
      counters.maxEvents = Math.max(counters.maxEvents, seen.received + seen.validated);
      counters.maxBytes = Math.max(counters.maxBytes, seen.bytes);
      const status = seen.status ?? 'none';
      byStatus[status] = (byStatus[status] ?? 0) + 1;
      if (seen.fault !== undefined) faults[seen.fault] = (faults[seen.fault] ?? 0) + 1;
    },
    snapshot: () => ({
      ...counters,
      byStatus: { ...byStatus },
      faults: { ...faults },
      oauth: oauth.snapshot(),
    }),
  };
}
