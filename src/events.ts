import type { Issue } from './issues.js';
import type { InputFormat, RowOutcome, RowPlace } from './types.js';

/** How one HTTP attempt ended, in words that may be logged. */
export type AttemptReport = {
  /** Number of the batch, from 1, and of the request within it. */
  readonly batch: number;
  readonly request: number;
  readonly events: number;
  readonly bytes: number;
  /** HTTP status; absent when no answer came. */
  readonly status?: number;
  /** Code of a network failure (`ECONNRESET`, …), when no answer came. */
  readonly failure?: string;
  readonly durationMs: number;
  /** `renew`: the access token was refused, and the request goes out again with another one. */
  readonly verdict: 'accept' | 'retry' | 'narrow' | 'refuse' | 'abort' | 'in_doubt' | 'renew';
  /** Wait before the next try, in ms, with verdict `retry`. */
  readonly retryInMs?: number;
  /** What the API said, cut short and cleaned of control characters and secrets. */
  readonly reason?: string;
};

/** One request and its answer, for finding out what is wrong: no token, nothing of what was sent. */
export type ExchangeReport = Pick<
  AttemptReport,
  'batch' | 'request' | 'events' | 'bytes' | 'status' | 'failure' | 'durationMs'
> & {
  readonly method: 'POST';
  readonly host: string;
  /** With `access_token=***`. */
  readonly path: string;
  /** Connections opened since the run began; no more than before: one was used again. */
  readonly connections: number;
  readonly answerBytes?: number;
  /** Whether the answer was cut short. */
  readonly truncated?: boolean;
  /** What the API said, cleaned and cut short, without what it quotes of the request. */
  readonly answer?: string;
};

/** What the validation endpoint said of one event (`--test-events`). */
export type EventAnswer = {
  readonly place: RowPlace;
  readonly status: 'VALID' | 'INVALID';
  readonly codes: readonly string[];
  readonly messages: readonly string[];
  readonly warnings: readonly string[];
};

/**
 * Everything the library tells an observer: the closed list of what may be logged.
 * The library itself never logs.
 */
export type RunEvent =
  | {
      readonly type: 'input_opened';
      readonly file: string;
      readonly format: InputFormat;
      readonly columns?: number;
    }
  | { readonly type: 'plan_warning'; readonly file: string; readonly issue: Issue }
  | { readonly type: 'rows_read'; readonly file: string; readonly rows: number; readonly bytes: number }
  | {
      readonly type: 'row_warnings';
      readonly code: Issue['code'];
      readonly column?: string;
      readonly count: number;
      readonly first: RowPlace;
    }
  | {
      readonly type: 'row_rejected';
      readonly place: RowPlace;
      readonly outcome: Exclude<RowOutcome, 'sent'>;
      readonly issues: readonly Issue[];
    }
  | { readonly type: 'attempt'; readonly attempt: AttemptReport }
  | { readonly type: 'exchange'; readonly exchange: ExchangeReport }
  | { readonly type: 'rows_sent'; readonly rows: number }
  | { readonly type: 'event_answer'; readonly answer: EventAnswer }
  | { readonly type: 'breaker'; readonly state: 'open' | 'half_open' | 'closed' }
  | { readonly type: 'journal_warning'; readonly message: string }
  /** The access token was replaced by a new one. */
  | { readonly type: 'access_renewed' }
  /** There is no access token to send with for now; it is asked for again after `retryInMs`. */
  | { readonly type: 'access_delayed'; readonly reason: string; readonly retryInMs: number }
  /** The refresh token of the environment was replaced by one that only this process knows. */
  | { readonly type: 'credential_used_up' }
  | { readonly type: 'stopping'; readonly why: 'invalid_row' | 'refused_row' | 'error' | 'limit' };

export type Observer = (event: RunEvent) => void;
