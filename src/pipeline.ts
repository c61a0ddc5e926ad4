import { withAdvice } from './advice.js';
import { deliver, destinationOf, type Run, type Tally } from './delivery.js';
import { EXIT, RunError } from './errors.js';
import { watchInputs } from './input-change.js';
import { createLedger } from './ledger.js';
import { createRowFeed, type RowFeed, type RowFeedOptions } from './row-feed.js';
import type { BatchLog } from './resume/batch-log.js';
import { closeSources, keepInputWarnings, openSources, type Sources } from './sources.js';
import { summarize } from './summarize.js';
import type { ExportOptions, RunSummary } from './summary.js';

export type { ExportOptions, RunSummary } from './summary.js';

/**
 * Runs an export from inputs to summary: read, plan, transform, batch, deliver, account. What goes wrong in the
 * run (bad input, refused credential, unreachable API) ends in `error` and `exitCode` of the summary; only
 * mistakes of the program are thrown.
 */
export async function exportRows(options: ExportOptions): Promise<RunSummary> {
  return withAdvice(await exportWith(options), options);
}

async function exportWith(options: ExportOptions): Promise<RunSummary> {
  const { journaling, mode = 'deliver' } = options;
  if (journaling === undefined || mode !== 'deliver') return exportOnce(options);
  // Test events count nowhere, so a repeat validates them again.
  if (options.config.sendTestEvents && journaling.retry === undefined) return exportOnce(options);
  // Said before a run is begun: the corrected setting would be taken for a change in the middle of it.
  if (!hasDestination(options)) return exportOnce(options);
  // What a journal needs is loaded only by those who keep one.
  const { exportJournaled } = await import('./resume/journaled.js');
  return exportJournaled(options, journaling, exportOnce);
}

function hasDestination(options: ExportOptions): boolean {
  try {
    destinationOf(options);
    return true;
  } catch {
    return false;
  }
}

/** One pass over the inputs, with or without a journal. */
async function exportOnce(
  options: ExportOptions,
  log?: BatchLog,
  makeFeed: (options: RowFeedOptions) => RowFeed = createRowFeed,
): Promise<RunSummary> {
  const { config, mode = 'deliver', clock = Date.now, signal } = options;
  const { observer, warnings } = keepInputWarnings(options.observer ?? (() => undefined));
  const startedMs = clock();
  // The wall clock may jump while the run is at work; a duration may not.
  const begunMs = performance.now();
  const asOfMs = options.asOfMs ?? startedMs;
  const tally: Tally = { batches: 0, requests: 0, retries: 0, bytesSent: 0 };
  let sources: Sources | undefined;
  let ledger = createLedger({ observer, asOfMs, inputs: [], sink: undefined, keepRaw: false });
  let error: RunError | undefined;
  try {
    const destination = mode === 'deliver' ? destinationOf(options) : undefined;
    const changedInput = await watchInputs(options.inputs);
    sources = await openSources({ ...options, asOfMs });
    const { inputs, personalDataError } = sources;
    // A check sends nothing, so it goes on to tell of all rows.
    if (mode !== 'check' && personalDataError !== undefined) throw personalDataError;
    ledger = createLedger({
      observer,
      asOfMs,
      inputs,
      sink: options.rejectionSink,
      keepRaw: options.keepRaw ?? false,
    });
    const { earlyStop = true } = options;
    const feed = makeFeed({ sources, config, mode, ledger, observer, signal, earlyStop });
    const run: Run = { options, observer, ledger, feed, tally, log };
    error = destination === undefined ? await countBatches(run) : await deliver(destination, run);
    error = personalDataError ?? error;
    // What looks like damaged data may be two files in one.
    if (error === undefined || error.exitCode === EXIT.data) error = (await changedInput()) ?? error;
  } catch (problem) {
    if (!(problem instanceof RunError)) throw problem;
    error = problem;
  } finally {
    if (sources !== undefined) await closeSources(sources);
  }
  return summarize({
    config,
    mode,
    dropsDoubt: options.journaling?.inDoubt === 'drop',
    isRetry: options.journaling?.retry !== undefined,
    ledger,
    inputs: sources?.inputs ?? [],
    inputWarnings: warnings(),
    delivery: tally,
    error,
    asOfMs,
    startedMs,
    endedMs: startedMs + performance.now() - begunMs,
  });
}

/** Pulls everything without sending it. */
async function countBatches({ feed, ledger, tally }: Run): Promise<RunError | undefined> {
  for await (const batch of feed.batches()) {
    tally.batches += 1;
    ledger.spared(batch.events);
    feed.release(batch);
  }
  const error = feed.error();
  if (error !== undefined) await feed.abandonRest(`the run stopped (${error.code})`);
  return error;
}
