/** First and last index of a run of neighbors, both inclusive. */
export type Range = readonly [first: number, last: number];

/** Data rows (from 1, both ends inclusive) of one input (from 0) that a batch was made from. */
export type RowSpan = {
  readonly input: number;
  readonly first: number;
  readonly last: number;
  /** Where they stand in the input, when that is known: from (inclusive) to (exclusive). */
  readonly bytes?: readonly [from: number, to: number];
};

export type RunInput = {
  readonly name: string;
  /** `null` for standard input, which is kept in the spool. */
  readonly realPath: string | null;
  readonly fingerprint: string;
  /** What programs before full hashes recorded for the same content; never written. */
  readonly sampled?: string;
};

/** What a run was made from: a resumed run has to agree in all of it. */
export type RunFacts = {
  /** Version of the program, for people. */
  readonly version: string;
  /** Changes whenever the same rows would become other bytes. */
  readonly transformVersion: number;
  readonly runId: string;
  readonly createdMs: number;
  readonly asOfMs: number;
  readonly inputs: readonly RunInput[];
  /** Facts of the config by name; secrets and long values as hashes. */
  readonly settings: Readonly<Record<string, string>>;
  readonly batchSize: number;
  readonly maxBatchBytes: number;
  /** The run whose undelivered rows this one sends again. */
  readonly retryOf?: string;
  /** Runs of the job that were to be finished before this one, oldest first. */
  readonly after?: readonly string[];
  /** Begun with --force: the same command goes on with it. */
  readonly forced?: boolean;
};

/** Said before the first byte of a batch goes out. */
export type IntentRecord = {
  /** From 1, in the order in which batches are filled; the same in every resumption. */
  readonly batch: number;
  /** From 1; counts the times this batch was begun, not its HTTP requests. */
  readonly attempt: number;
  readonly rows: readonly RowSpan[];
  readonly events: number;
  /** Of the request body of the whole batch, even when only a part of it is sent again. */
  readonly bodyHash: string;
  readonly atMs: number;
};

/** Events (indexes within the batch, from 0) that the API did not take. */
export type RefusedEvents = {
  readonly events: readonly Range[];
  readonly reason: string;
  readonly codes: readonly string[];
};

/** Every event of the batch is sent or refused. */
export type AckRecord = {
  readonly batch: number;
  /** How many events were sent: those that stand in no list. */
  readonly sent: number;
  readonly refused: readonly RefusedEvents[];
  readonly atMs: number;
};

/** The batch was left with events whose fate is open. The four parts cover the whole batch, earlier attempts included. */
export type NackRecord = AckRecord & {
  readonly inDoubt: readonly Range[];
  readonly notAttempted: readonly Range[];
  /** Why, in words for people. */
  readonly reason?: string;
};

/** How a run ended. Lines may follow when it is resumed. */
export type EndRecord = {
  readonly status: 'complete' | 'stopped' | 'incomplete';
  /** Rows by outcome. */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly exitCode: number;
  readonly atMs: number;
};

/** The fate of the events of one batch, as far as it is known; the parts cover the batch. */
export type BatchParts = Pick<NackRecord, 'sent' | 'refused' | 'inDoubt' | 'notAttempted'>;

/** What a journal knows of one batch. */
export type BatchRecord = {
  /** The last intent; all intents of a batch agree in what they describe. */
  readonly intent: IntentRecord;
  /** `settled`: all sent or refused. `partial`: answered, but not all settled. `open`: begun, and no answer recorded. */
  readonly state: 'settled' | 'partial' | 'open';
  /** An open batch has its unsettled events in doubt. */
  readonly parts: BatchParts;
  /** When the oldest attempt began that may have delivered the events now in doubt. */
  readonly doubtSinceMs?: number;
  /** Why events are in doubt or not attempted, when that was recorded. */
  readonly reason?: string;
};

/** What stands in a journal. */
export type RecoveredRun = {
  readonly run: RunFacts;
  readonly batches: ReadonlyMap<number, BatchRecord>;
  /** Absent when anything was recorded after it. */
  readonly end?: EndRecord;
  /** For people; one for each damaged line, up to a limit. */
  readonly warnings: readonly string[];
  /** Lines that could not be used. */
  readonly damagedLines: number;
  /**
   * Batches up to this number may have been begun even when there is no record of them, at some time since the run was
   * created: damaged lines may have held their intents. 0 in a journal without damage.
   */
  readonly maybeBegun: number;
  /** Bytes of a last line that was cut short. */
  readonly tornBytes: number;
  /** Whether the file ends in bytes that count as a damaged line: the next line must not be joined to them. */
  readonly needsLineEnd: boolean;
  readonly nextSeq: number;
  /** Where the next line goes: the end of the last whole line. */
  readonly validBytes: number;
};
