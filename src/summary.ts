import type { AccessTokens } from './access.js';
import type { Config } from './config.js';
import type { RunError } from './errors.js';
import type { EventAnswer, Observer } from './events.js';
import type { Issue } from './issues.js';
import type { Input, OpenedInput, ReadOptions } from './read/types.js';
import type { Secrets } from './secrets.js';
import type { EventSourceType, InputFormat, RowOutcome, RowPlace } from './types.js';

/** A row that was not sent. `raw` is the verbatim record in UTF-8, when the run was asked to keep it. */
export type Rejection = {
  readonly place: RowPlace;
  /** Index of the input the row came from. */
  readonly input: number;
  readonly outcome: Exclude<RowOutcome, 'sent'>;
  readonly issues: readonly Issue[];
  readonly raw?: Uint8Array;
};

/** Takes rejections as they become known; the run waits for it, so a slow disk slows the run. */
export type RejectionSink = (
  rejections: readonly Rejection[],
  inputs: readonly OpenedInput[],
) => void | Promise<void>;

/** `deliver` sends; `dry_run` does everything up to the batches; `check` only judges rows. */
export type RunMode = 'deliver' | 'dry_run' | 'check';

/** How a run is remembered, so that it can be gone on with. */
export type Journaling = {
  /** Directory of the journals; made when it is missing. */
  readonly stateDir: string;
  /** Begin anew, whatever an earlier run of the same input did. Default false. */
  readonly force?: boolean;
  /** Events of which nobody knows whether they arrived. Default: resend those with an `event_id` within 48 hours, hold the rest. */
  readonly inDoubt?: 'resend' | 'hold' | 'drop';
  /** ID of a run: send again what of it was valid and not delivered. The inputs must be those of that run. */
  readonly retry?: string;
  /** Path of the config file, which tells jobs without a name apart. */
  readonly configPath?: string;
};

/** A run that was given up: no later command resumes it. */
export type ClosedRunRecord = {
  readonly id: string;
  /** Why, in words. */
  readonly reason: string;
  /** Whether nobody asked for it, and rows of it may never be sent. */
  readonly isLoss: boolean;
  /** Rows by outcome, as far as its journal knows them. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Its copy of standard input, when that is still there. */
  readonly copy?: string;
};

export type ExportOptions = {
  readonly inputs: readonly Input[];
  readonly config: Config;
  /** Default `deliver`. */
  readonly mode?: RunMode;
  readonly read?: Partial<ReadOptions>;
  /** The run's "now", epoch milliseconds; default: the clock when the run starts. */
  readonly asOfMs?: number;
  /** Further spellings of NULL. */
  readonly nullTexts?: readonly string[];
  /** The API token, when it does not come from the config. */
  readonly token?: string;
  /** Access tokens that change, in place of `token`. */
  readonly access?: AccessTokens;
  /** Taken out of everything the API says before it is told. Default: the token. */
  readonly secrets?: Pick<Secrets, 'scrub'>;
  /** Hosts that may be sent the token although they are neither part of snapchat.com nor this machine; exact names. */
  readonly allowedHosts?: readonly string[];
  /** Where HTTPS_PROXY, HTTP_PROXY and NO_PROXY are read from. Default: `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly observer?: Observer;
  /** Whether the observer is told of every request (`exchange`). Default false. */
  readonly trace?: boolean;
  readonly rejectionSink?: RejectionSink;
  /** Puts what the sink took where a crash leaves it; awaited before a journal calls the run complete. */
  readonly flushRejections?: () => Promise<void>;
  /** Takes what the validation endpoint says of each event (test events); the run waits for it. */
  readonly answerSink?: ((answers: readonly EventAnswer[]) => void | Promise<void>) | undefined;
  /** Whether rejections carry the verbatim record. Default false. */
  readonly keepRaw?: boolean;
  /** Stops reading; what is in flight is drained. */
  readonly signal?: AbortSignal;
  /** Longest wait for one answer, ms. Default 60,000. */
  readonly requestTimeoutMs?: number;
  /** How long the run goes on without anything getting through, ms. Default 600,000; a single batch: at most five times that. */
  readonly retryForMs?: number;
  /** Keep a journal and resume from it. Only with mode `deliver`, and not for test events. Default: none. */
  readonly journaling?: Journaling;
  /** Stop when the first rows or answers show a systematic mistake. Default true. */
  readonly earlyStop?: boolean;
  /**
   * Worker threads that process rows of large inputs; 0 processes them in the thread of the caller. Default 0. What is sent is
   * the same with any number.
   */
  readonly threads?: number;
  readonly clock?: () => number;
  readonly random?: () => number;
  readonly sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
};

export type WarningCount = {
  readonly code: Issue['code'];
  readonly column?: string;
  readonly count: number;
  readonly first: RowPlace;
  readonly message: string;
};

export type InputWarning = {
  readonly file: string;
  readonly code: Issue['code'];
  readonly column?: string;
  readonly message: string;
};

export type InputSummary = {
  readonly file: string;
  readonly format: InputFormat;
  readonly rows: number;
  readonly bytes: number;
  /** Number of header columns; absent for JSONL. */
  readonly columns?: number;
};

/** The journaled run a summary speaks of. */
export type RunRecord = {
  readonly id: string;
  /** Whether an earlier process had begun it. */
  readonly resumed: boolean;
  /** Whether it was complete before, so that nothing was done. */
  readonly alreadyComplete: boolean;
  /** Rows counted as sent that an earlier process delivered. */
  readonly sentBefore: number;
  /** Rows by outcome when it became complete; only with `alreadyComplete`. */
  readonly outcomes?: Readonly<Record<string, number>>;
  /** The run whose undelivered rows this one sent; only those are counted as read. */
  readonly retryOf?: string;
  /** Its copy of standard input, when that stays although the run is complete: a retry would read the rows left there. */
  readonly copy?: string;
};

/** What happened, in numbers. Rows read equals the sum of the outcomes, always. */
export type RunSummary = {
  readonly mode: RunMode;
  /** Absent when no journal is kept. */
  readonly run?: RunRecord;
  /** Unfinished runs of the job that were resumed before this one, oldest first. */
  readonly earlierRuns?: readonly RunSummary[];
  /** Unfinished runs of the job that were given up. */
  readonly closedRuns?: readonly ClosedRunRecord[];
  /** Complete runs and copies of standard input that were removed because of their age. */
  readonly removed?: { readonly runs: number; readonly copies: number };
  readonly exitCode: number;
  readonly error?: RunError;
  readonly rowsRead: number;
  readonly outcomes: Readonly<Record<RowOutcome, number>>;
  readonly inputs: readonly InputSummary[];
  readonly warnings: readonly WarningCount[];
  /** What was odd about headers and key lists, once for each input. */
  readonly inputWarnings: readonly InputWarning[];
  /** Valid events that have each identifier, and how old the events are at the as-of time. */
  readonly events: {
    readonly count: number;
    readonly identifiers: readonly { readonly field: string; readonly count: number }[];
    /** ISO 8601, UTC; absent without events. */
    readonly oldest?: string;
    readonly newest?: string;
    /** Events by age in whole days. */
    readonly ageDays: readonly number[];
  };
  readonly eventSourceType: EventSourceType;
  readonly endpoint: 'events' | 'validate' | 'none';
  /** ISO 8601, UTC. */
  readonly asOf: string;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly batches: number;
  readonly requests: number;
  /** Requests that were sent again because no answer settled them. */
  readonly retries: number;
  /** Request bodies, bytes, repeats included. */
  readonly bytesSent: number;
};
