import type { RunListing } from '../../journal/runs.js';
import { printableName } from '../../report/format.js';

/** Rows by outcome as the run ended; of a run without an end, the events of its batches so far. */
export function rowCounts({ end, events }: RunListing): Readonly<Record<string, number>> {
  if (end !== undefined) return end.outcomes;
  return {
    sent: events.sent,
    refused: events.refused,
    in_doubt: events.inDoubt,
    not_attempted: events.notAttempted,
  };
}

/** `complete`, `stopped`, …; or that a process is at work on the run. */
export function statusText({ status, lockedBy }: RunListing): string {
  return lockedBy === undefined || status === 'complete' ? status : `running (process ${lockedBy})`;
}

/** The names under which the inputs were given; empty when the journal is damaged. */
export function inputNames({ run }: RunListing): string {
  return (run?.inputs ?? [])
    .map(({ name, realPath }) => (realPath === null ? 'standard input' : printableName(name)))
    .join(', ');
}

/** Events that were valid, but are not known to be taken: what a retry would send. */
export function undelivered({ events, end }: RunListing): number {
  const { refused, inDoubt, notAttempted } = events;
  return Math.max(refused + inDoubt + notAttempted, sumOf(end?.outcomes));
}

function sumOf(outcomes: Readonly<Record<string, number>> = {}): number {
  return ['refused', 'in_doubt', 'not_attempted'].reduce((sum, key) => sum + (outcomes[key] ?? 0), 0);
}

/** A run as data. Settings are left out: what of them may hold data stands there as a hash. */
export function runRecord(listing: RunListing): object {
  const { runId, status, run, end, batches, warnings, journal, lockedBy, givenUp = false } = listing;
  return {
    id: runId,
    status,
    ...(lockedBy !== undefined && { lockedBy }),
    givenUp,
    ...(run !== undefined && {
      version: run.version,
      startedAt: isoTime(run.createdMs),
      asOf: isoTime(run.asOfMs),
      eventSourceId: run.settings['eventSourceId'],
      eventSourceType: run.settings['eventSourceType'],
      endpoint: run.settings['sendTestEvents'] === 'true' ? 'validate' : 'events',
      apiHost: hostOf(run.settings['apiBaseUrl'] ?? ''),
      inputs: run.inputs.map(({ name, realPath }) => ({ name, path: realPath })),
      ...(run.retryOf !== undefined && { retryOf: run.retryOf }),
    }),
    ...(end !== undefined && { endedAt: isoTime(end.atMs), exitCode: end.exitCode }),
    batches,
    outcomes: rowCounts(listing),
    warnings,
    journal,
  };
}

/** Epoch ms as ISO 8601 in UTC, to the second. */
export function isoTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** The host of a URL; empty when it is none. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : '';
}
