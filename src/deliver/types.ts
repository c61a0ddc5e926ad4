import type { EncodedEvents } from '../types.js';

/** A run of consecutive events of one chunk result: from (inclusive) to (exclusive), event indexes. */
export type EventSpan = {
  readonly events: EncodedEvents;
  /** Opaque to delivery: what the caller needs to find the rows again. */
  readonly origin: unknown;
  readonly from: number;
  readonly to: number;
};

/** The events of one request. `bytes` is the exact size of the request body. */
export type Batch = {
  /** From 1, in the order in which batches were filled. */
  readonly number: number;
  readonly spans: readonly EventSpan[];
  readonly events: number;
  readonly bytes: number;
};

/** Why the API did not take an event, cleaned and cut short for people. */
export type ApiReason = { readonly reason: string; readonly codes: readonly string[] };

/** Per-event answer of the validation endpoint: index within the settled batch, from 0. */
export type IndexedAnswer = {
  readonly index: number;
  readonly status: 'VALID' | 'INVALID';
  readonly codes: readonly string[];
  readonly messages: readonly string[];
  readonly warnings: readonly string[];
};

/** A part of a batch whose fate is known. The settled parts of a batch partition its events. */
export type Settled =
  | { readonly outcome: 'sent'; readonly batch: Batch; readonly answers: readonly IndexedAnswer[] }
  | { readonly outcome: 'refused'; readonly batch: Batch; readonly why: ApiReason }
  | { readonly outcome: 'in_doubt'; readonly batch: Batch; readonly reason: string }
  | { readonly outcome: 'not_attempted'; readonly batch: Batch; readonly reason: string };

/** What came of one HTTP request: an answer (perhaps cut short), or none. Holds no URL and no foreign error. */
export type Answer =
  | {
      readonly kind: 'response';
      readonly status: number;
      /** The wait asked for by `Retry-After`, in ms from the moment of the answer. */
      readonly retryAfterMs?: number;
      readonly body: string;
      /** The body did not arrive whole: the connection broke, time ran out, or it is larger than is read. */
      readonly truncated: boolean;
      /** The body is larger than is read; nothing of it is kept. */
      readonly tooLarge?: true;
    }
  | {
      readonly kind: 'no_answer';
      /** A code such as `ECONNRESET` or `TIMEOUT`; only capitals, digits and underscores. */
      readonly code: string;
      /** Whether the request may have reached the API. */
      readonly sent: boolean;
    };

/** Waits `ms` milliseconds, or until the signal aborts. Never rejects. */
export type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>;

/** The present in ms: since any fixed moment for durations, since the epoch for dates. */
export type Clock = () => number;
