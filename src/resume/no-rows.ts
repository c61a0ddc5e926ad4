import { EXIT, type RunError } from '../errors.js';
import type { ExportOptions, RunRecord, RunSummary } from '../summary.js';

/** The summary of a command that read nothing: its run could not be opened, or is complete already. */
export function summaryWithoutRows(
  { config, asOfMs }: ExportOptions,
  nowMs: number,
  why: { readonly error: RunError } | { readonly run: RunRecord },
): RunSummary {
  return {
    mode: 'deliver',
    ...why,
    exitCode: 'error' in why ? why.error.exitCode : EXIT.ok,
    rowsRead: 0,
    outcomes: { sent: 0, invalid: 0, expired: 0, refused: 0, in_doubt: 0, not_attempted: 0 },
    inputs: [],
    warnings: [],
    inputWarnings: [],
    events: { count: 0, identifiers: [], ageDays: [] },
    eventSourceType: config.eventSourceType,
    endpoint: config.sendTestEvents ? 'validate' : 'events',
    asOf: new Date(asOfMs ?? nowMs).toISOString(),
    startedAt: new Date(nowMs).toISOString(),
    durationMs: 0,
    batches: 0,
    requests: 0,
    retries: 0,
    bytesSent: 0,
  };
}
