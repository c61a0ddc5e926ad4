import { EXIT, RunError } from './errors.js';
import type { Ledger } from './ledger.js';
import type { OpenedInput } from './read/types.js';
import { failureOf, type FinishedRows } from './run-failure.js';
import type { InputWarning, RunSummary } from './summary.js';

/** What was counted while delivering. */
export type DeliveryCounts = {
  readonly batches: number;
  readonly requests: number;
  readonly retries: number;
  readonly bytesSent: number;
};

export type SummaryFacts = FinishedRows & {
  readonly ledger: Ledger;
  readonly inputs: readonly OpenedInput[];
  readonly inputWarnings: readonly InputWarning[];
  readonly delivery: DeliveryCounts;
  readonly error: RunError | undefined;
  readonly asOfMs: number;
  readonly startedMs: number;
  readonly endedMs: number;
};

/** Closes the books: rows read must equal the sum of the outcomes, whatever else went wrong. */
export function summarize(facts: SummaryFacts): RunSummary {
  const { config, ledger, mode } = facts;
  const error = balanceError(ledger) ?? facts.error ?? failureOf(facts);
  return {
    mode,
    exitCode: error?.exitCode ?? EXIT.ok,
    ...(error !== undefined && { error }),
    rowsRead: ledger.rowsRead(),
    outcomes: ledger.outcomes(),
    inputs: facts.inputs.map((input) => ({
      file: input.name,
      format: input.format,
      rows: ledger.rowsOf(input.index),
      bytes: input.bytesRead(),
      ...(input.header !== undefined && { columns: input.header.length }),
    })),
    warnings: ledger.warnings(),
    inputWarnings: facts.inputWarnings,
    events: eventSummary(ledger),
    eventSourceType: config.eventSourceType,
    endpoint: mode !== 'deliver' ? 'none' : config.sendTestEvents ? 'validate' : 'events',
    asOf: new Date(facts.asOfMs).toISOString(),
    startedAt: new Date(facts.startedMs).toISOString(),
    durationMs: Math.max(0, Math.round(facts.endedMs - facts.startedMs)),
    ...facts.delivery,
  };
}

function eventSummary(ledger: Ledger): RunSummary['events'] {
  const { events, identifiers, ageDays, oldestMs, newestMs } = ledger.facts();
  return {
    count: events,
    identifiers,
    ageDays,
    ...(oldestMs !== undefined && { oldest: new Date(oldestMs).toISOString() }),
    ...(newestMs !== undefined && { newest: new Date(newestMs).toISOString() }),
  };
}

function balanceError(ledger: Ledger): RunError | undefined {
  const rowsRead = ledger.rowsRead();
  const accounted = Object.values(ledger.outcomes()).reduce((sum, count) => sum + count, 0);
  if (rowsRead === accounted) return undefined;
  return new RunError(
    'books_do_not_balance',
    `${rowsRead} rows were read, but ${accounted} are accounted for`,
  );
}
