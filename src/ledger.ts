import type { Observer } from './events.js';
import { createFactSum, type FactSum } from './fact-sum.js';
import { formatIssue, type Issue } from './issues.js';
import type { OpenedInput } from './read/types.js';
import { recordBytes } from './read/index.js';
import type { Rejection, RejectionSink, WarningCount } from './summary.js';
import type { ChunkResult } from './transform/types.js';
import type { Chunk, RowOutcome, RowPlace } from './types.js';

/** Where events came from: carried through delivery, so that a settled event leads back to its row. */
export type Origin = { readonly input: OpenedInput; readonly chunk: Chunk };

/** A row of an origin whose fate is known. */
export type LedgerEntry = {
  readonly origin: Origin;
  readonly record: number;
  readonly outcome: Exclude<RowOutcome, 'sent'>;
  readonly issues: readonly Issue[];
};

/** Counts every row once by its outcome and hands on the rows that were not sent. */
export type Ledger = {
  readonly rowsRead: () => number;
  readonly rowsOf: (input: number) => number;
  readonly outcomes: () => Readonly<Record<RowOutcome, number>>;
  readonly warnings: () => readonly WarningCount[];
  readonly read: (input: OpenedInput, rows: number) => void;
  /** Enters a chunk's warnings and the facts about its events. */
  readonly observe: (origin: Origin, result: ChunkResult) => void;
  readonly facts: () => FactSum;
  readonly sent: (rows: number) => void;
  /** Counts rows that were valid but are not to be sent (check and dry run): no rejection. */
  readonly spared: (rows: number) => void;
  /**
   * Counts rows and hands them on. Throws what the sink throws, once and after counting: rows that come later are
   * counted as well, but a sink that failed is given nothing more.
   */
  readonly reject: (entries: readonly LedgerEntry[]) => Promise<void>;
};

export type LedgerOptions = {
  readonly observer: Observer;
  readonly sink: RejectionSink | undefined;
  readonly inputs: readonly OpenedInput[];
  readonly keepRaw: boolean;
  readonly asOfMs: number;
};

/** Opens the books of a run. */
export function createLedger(options: LedgerOptions): Ledger {
  const counts: Record<RowOutcome, number> = {
    sent: 0,
    invalid: 0,
    expired: 0,
    refused: 0,
    in_doubt: 0,
    not_attempted: 0,
  };
  const rows = new Map<number, number>();
  const warnings = createWarningCounts();
  const facts = createFactSum(options.asOfMs);
  let { sink } = options;
  return {
    rowsRead: () => [...rows.values()].reduce((sum, count) => sum + count, 0),
    rowsOf: (input) => rows.get(input) ?? 0,
    outcomes: () => ({ ...counts }),
    warnings: warnings.all,
    read(input, count) {
      rows.set(input.index, (rows.get(input.index) ?? 0) + count);
      options.observer({ type: 'rows_read', file: input.name, rows: count, bytes: input.bytesRead() });
    },
    facts: facts.sum,
    observe(origin, result) {
      facts.add(result.facts, result.events.records.length);
      for (const { record, issue } of result.warnings) warnings.add(issue, () => placeOf(origin, record));
    },
    sent(count) {
      counts.sent += count;
      options.observer({ type: 'rows_sent', rows: count });
    },
    spared(count) {
      counts.not_attempted += count;
    },
    async reject(entries) {
      if (entries.length === 0) return;
      const rejections = entries.map((entry) => toRejection(entry, options.keepRaw));
      for (const { place, outcome, issues } of rejections) {
        counts[outcome] += 1;
        options.observer({ type: 'row_rejected', place, outcome, issues });
      }
      try {
        await sink?.(rejections, options.inputs);
      } catch (error) {
        sink = undefined;
        throw error;
      }
    },
  };
}

/** The place of a record of a chunk. */
export function placeOf({ input, chunk }: Origin, record: number): RowPlace {
  return { file: input.name, row: chunk.firstRow + record, line: chunk.lines[record] ?? 0 };
}

function toRejection({ origin, record, outcome, issues }: LedgerEntry, keepRaw: boolean): Rejection {
  const rejection = { place: placeOf(origin, record), input: origin.input.index, outcome, issues };
  return keepRaw ? { ...rejection, raw: recordBytes(origin.chunk, record) } : rejection;
}

type WarningCounts = {
  readonly add: (issue: Issue, place: () => RowPlace) => void;
  readonly all: () => readonly WarningCount[];
};

/** Warnings by code, column and the key they name: what a person can act on, in bounded memory. */
function createWarningCounts(): WarningCounts {
  const counts = new Map<string, { issue: Issue; count: number; first: RowPlace }>();
  const limit = 1000;
  return {
    add(issue, place) {
      const key = `${issue.code}\n${issue.column ?? ''}\n${issue.args?.['key'] ?? ''}`;
      const known = counts.get(key);
      if (known !== undefined) known.count += 1;
      else if (counts.size < limit) counts.set(key, { issue, count: 1, first: place() });
    },
    all: () =>
      [...counts.values()].map(({ issue, count, first }) => ({
        code: issue.code,
        ...(issue.column !== undefined && { column: issue.column }),
        count,
        first,
        message: formatIssue(issue),
      })),
  };
}
