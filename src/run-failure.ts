import { RunError } from './errors.js';
import type { Ledger } from './ledger.js';
import type { ExportOptions, RunMode } from './summary.js';
import type { RowOutcome } from './types.js';

export type FinishedRows = {
  readonly config: ExportOptions['config'];
  readonly mode: RunMode;
  /** Whether rows in doubt are given up on purpose. */
  readonly dropsDoubt: boolean;
  /** Whether only the rows that an earlier run left were read. */
  readonly isRetry: boolean;
  readonly ledger: Pick<Ledger, 'rowsRead' | 'outcomes'>;
};

/**
 * Why a run that reached the end of its input failed all the same, if it did. The first reason in this order counts: rows in
 * doubt, too many rejected rows, no row sent, too few rows.
 */
export function failureOf(rows: FinishedRows): RunError | undefined {
  return doubtError(rows) ?? rejectedError(rows) ?? nothingSentError(rows) ?? tooFewError(rows);
}

function doubtError({ ledger, dropsDoubt }: FinishedRows): RunError | undefined {
  const inDoubt = ledger.outcomes().in_doubt;
  if (inDoubt === 0 || dropsDoubt) return undefined;
  return new RunError('answer_in_doubt', `${inDoubt} rows were sent, but got no readable answer`);
}

function rejectedError({ config: { maxRejected: limit }, ledger }: FinishedRows): RunError | undefined {
  const { invalid, refused } = ledger.outcomes();
  const rowsRead = ledger.rowsRead();
  if (limit === undefined || invalid + refused <= allowed(limit, rowsRead)) return undefined;
  const text = 'rows' in limit ? `${limit.rows}` : `${limit.percent} %`;
  return new RunError(
    'too_many_rejected',
    `${invalid + refused} of ${rowsRead} rows were rejected; the limit is ${text}`,
  );
}

function allowed(limit: NonNullable<ExportOptions['config']['maxRejected']>, rowsRead: number): number {
  return 'rows' in limit ? limit.rows : (rowsRead * limit.percent) / 100;
}

const OUTCOMES: readonly RowOutcome[] = ['expired', 'invalid', 'refused', 'not_attempted'];

/** Rows in doubt may have arrived, so with them a run is not one that sent nothing. */
function nothingSentError(rows: FinishedRows): RunError | undefined {
  const outcomes = rows.ledger.outcomes();
  const rowsRead = rows.ledger.rowsRead();
  if (rowsRead === 0 || sentRows(rows) > 0 || outcomes.in_doubt > 0) return undefined;
  const reasons = OUTCOMES.filter((outcome) => outcomes[outcome] > 0).map(
    (outcome) => `${outcomes[outcome]} ${outcome.replace('_', ' ')}`,
  );
  const message = `0 of ${rowsRead} rows ${sentWords(rows)}: ${reasons.join(', ')}`;
  if (outcomes.expired < rowsRead) return new RunError('nothing_sent', message);
  const days = rows.config.maxEventAgeDays;
  return new RunError('nothing_sent', message, {
    fix: `Export rows within ${days} days of their event_time, or raise max_event_age_days.`,
  });
}

/** A retry reads and sends a part of the rows, so the limits of the whole do not apply to it. */
function tooFewError(rows: FinishedRows): RunError | undefined {
  const { minRows, minSent } = rows.config;
  if (rows.isRetry) return undefined;
  const rowsRead = rows.ledger.rowsRead();
  if (rowsRead < minRows) {
    return new RunError('too_few_rows', `${rowsRead} rows were read; min_rows is ${minRows}`);
  }
  const sent = sentRows(rows);
  if (sent >= minSent) return undefined;
  return new RunError('too_few_rows', `${sent} rows ${sentWords(rows)}; min_sent is ${minSent}`);
}

/** Rows sent; where nothing is sent on purpose, the valid ones. */
function sentRows({ ledger, mode }: FinishedRows): number {
  const outcomes = ledger.outcomes();
  return mode === 'deliver' ? outcomes.sent : outcomes.not_attempted;
}

function sentWords({ mode }: FinishedRows): string {
  return mode === 'deliver' ? 'were sent' : 'would be sent';
}
