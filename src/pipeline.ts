import { resolveToken } from './config.js';
import { deliverBatches, eventsUrl } from './deliver/index.js';
import { RunError } from './errors.js';
import type { AttemptReport, Observer, RunEvent } from './events.js';
import { createLedger, type Ledger } from './ledger.js';
import { createRowFeed, type RowFeed } from './row-feed.js';
import { enterSettled, entriesOf, notAttemptedIssue } from './settle.js';
import { closeInputs, openSources, type Source } from './sources.js';
import { summarize, type DeliveryCounts } from './summarize.js';
import type { ExportOptions, RunSummary } from './summary.js';

export type { ExportOptions, Rejection, RejectionSink, RunMode, RunSummary } from './summary.js';

type Tally = { -readonly [key in keyof DeliveryCounts]: DeliveryCounts[key] };

/**
 * Runs an export from inputs to summary: read, plan, transform, batch, deliver, account. What goes wrong in the
 * run (bad input, refused credential, unreachable API) ends in `error` and `exitCode` of the summary; only
 * mistakes of the program are thrown.
 */
export async function exportRows(options: ExportOptions): Promise<RunSummary> {
  const clock = options.clock ?? Date.now;
  const startedMs = clock();
  const asOfMs = options.asOfMs ?? startedMs;
  const mode = options.mode ?? 'deliver';
  const observer = options.observer ?? (() => undefined);
  const tally: Tally = { batches: 0, requests: 0, retries: 0, bytesSent: 0 };
  let sources: readonly Source[] = [];
  let error: RunError | undefined;
  let ledger = createLedger({ observer, sink: undefined, inputs: [], keepRaw: false });
  try {
    const url = mode === 'deliver' ? deliveryUrl(options) : undefined;
    sources = await openSources({ ...options, asOfMs });
    const inputs = sources.map((source) => source.input);
    const { rejectionSink: sink, keepRaw = false } = options;
    ledger = createLedger({ observer, sink, inputs, keepRaw });
    const feed = createRowFeed({
      sources,
      config: options.config,
      mode,
      ledger,
      observer,
      signal: options.signal,
    });
    if (url === undefined) await countBatches(feed, ledger, tally);
    else await deliver(url, feed, ledger, tally, options);
    error = feed.error();
  } catch (problem) {
    if (!(problem instanceof RunError)) throw problem;
    error = problem;
  } finally {
    await closeInputs(sources.map((source) => source.input));
  }
  const endedMs = clock();
  return summarize({
    config: options.config,
    mode,
    ledger,
    sources,
    delivery: tally,
    error,
    asOfMs,
    startedMs,
    endedMs,
  });
}

/** Pulls everything without sending it. */
async function countBatches(feed: RowFeed, ledger: Ledger, tally: Tally): Promise<void> {
  for await (const batch of feed.batches()) {
    tally.batches += 1;
    ledger.spared(batch.events);
  }
}
