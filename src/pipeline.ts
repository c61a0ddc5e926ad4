import { eventsUrl } from './deliver/endpoint.js';
import type { Settled } from './deliver/types.js';
import { RunError } from './errors.js';
import type { AttemptReport, Observer } from './events.js';
import { createLedger, placeOf, type Ledger, type Origin } from './ledger.js';
import { createRowFeed, interruption, type RowFeed } from './row-feed.js';
import { enterSettled } from './settle.js';
import { closeInputs, keepInputWarnings, openSources, type Source } from './sources.js';
import { summarize, type DeliveryCounts } from './summarize.js';
import type { ExportOptions, RunSummary } from './summary.js';
import { packageVersion } from './version.js';

export type { ExportOptions, RunSummary } from './summary.js';

type Tally = { -readonly [key in keyof DeliveryCounts]: DeliveryCounts[key] };

/** The parts of one run that its steps share. */
type Run = {
  readonly options: ExportOptions;
  readonly observer: Observer;
  readonly ledger: Ledger;
  readonly feed: RowFeed;
  readonly tally: Tally;
};

/**
 * Runs an export from inputs to summary: read, plan, transform, batch, deliver, account. What goes wrong in the
 * run (bad input, refused credential, unreachable API) ends in `error` and `exitCode` of the summary; only
 * mistakes of the program are thrown.
 */
export async function exportRows(options: ExportOptions): Promise<RunSummary> {
  const { config, mode = 'deliver', clock = Date.now, signal } = options;
  const { observer, warnings } = keepInputWarnings(options.observer ?? (() => undefined));
  const startedMs = clock();
  const asOfMs = options.asOfMs ?? startedMs;
  const tally: Tally = { batches: 0, requests: 0, retries: 0, bytesSent: 0 };
  let sources: readonly Source[] = [];
  let ledger = createLedger({ observer, asOfMs, inputs: [], sink: undefined, keepRaw: false });
  let error: RunError | undefined;
  try {
    const url = mode === 'deliver' ? deliveryUrl(options) : undefined;
    sources = await openSources({ ...options, asOfMs });
    const inputs = sources.map((source) => source.input);
    ledger = createLedger({
      observer,
      asOfMs,
      inputs,
      sink: options.rejectionSink,
      keepRaw: options.keepRaw ?? false,
    });
    const feed = createRowFeed({ sources, config, mode, ledger, observer, signal });
    const run: Run = { options, observer, ledger, feed, tally };
    error = url === undefined ? await countBatches(run) : await deliver(url, run);
  } catch (problem) {
    if (!(problem instanceof RunError)) throw problem;
    error = problem;
  } finally {
    await closeInputs(sources.map((source) => source.input));
  }
  return summarize({
    config,
    mode,
    ledger,
    sources,
    inputWarnings: warnings(),
    delivery: tally,
    error,
    asOfMs,
    startedMs,
    endedMs: clock(),
  });
}

function deliveryUrl({ config, token }: ExportOptions): string {
  const secret = token ?? (config.auth.method === 'api_token' ? config.auth.token : undefined);
  if (secret === undefined) {
    const code = config.auth.method === 'oauth' ? 'oauth_not_available' : 'token_missing';
    throw new RunError(code, 'there is no token to deliver with');
  }
  const { apiBaseUrl, eventSourceId: assetId, sendTestEvents: validate } = config;
  return eventsUrl({ apiBaseUrl, assetId, token: secret, validate });
}

/** Pulls everything without sending it. */
async function countBatches({ feed, ledger, tally }: Run): Promise<RunError | undefined> {
  for await (const batch of feed.batches()) {
    tally.batches += 1;
    ledger.spared(batch.events);
  }
  return feed.error();
}

async function deliver(url: string, run: Run): Promise<RunError | undefined> {
  const { options, feed, ledger } = run;
  const { config } = options;
  // Loading the HTTP client costs more than a small check does, so only a delivery pays for it.
  const { deliverBatches } = await import('./deliver/deliver.js');
  let refusal: RunError | undefined;
  let failure: RunError | undefined;
  try {
    await deliverBatches(feed.batches(), {
      url,
      version: packageVersion(),
      concurrency: config.concurrency,
      maxRequestsPerSecond: config.maxRequestsPerSecond,
      // Events that are only validated are counted nowhere, so a repeat of them is harmless too.
      repeatable: config.eventId === 'derive' || config.sendTestEvents,
      stopAtFirstRefusal: !config.skipInvalidRecords,
      async settle(part) {
        if (part.outcome === 'refused' && !config.skipInvalidRecords) refusal ??= refusedRow(part);
        await enterSettled(part, ledger, run.observer, config.sendTestEvents);
        feed.checkLimit();
      },
      observe: (attempt) => {
        countAttempt(attempt, run.tally);
        run.observer({ type: 'attempt', attempt });
      },
      onFatal: feed.stop,
      ...pick(options, ['requestTimeoutMs', 'retryForMs', 'signal', 'clock', 'sleep', 'random']),
    });
  } catch (problem) {
    if (!(problem instanceof RunError)) throw problem;
    failure = problem;
  }
  // A refused row stands before every row the feed complains of, and a failed delivery makes "rows before it are
  // delivered" untrue: what went wrong while delivering comes first.
  const error = refusal ?? failure ?? feed.error();
  await feed.abandonRest(error === undefined ? 'the run was interrupted' : `the run stopped (${error.code})`);
  const { signal } = options;
  return (
    error ??
    (signal?.aborted === true && ledger.outcomes().not_attempted > 0 ? interruption(signal) : undefined)
  );
}

function refusedRow({ batch, why }: Extract<Settled, { outcome: 'refused' }>): RunError {
  const [span] = batch.spans;
  const place = span === undefined ? {} : placeOf(span.origin as Origin, span.events.records[span.from] ?? 0);
  return new RunError('refused_row_stop', `the API refused a row: ${why.reason}`, { place });
}

function countAttempt(attempt: AttemptReport, tally: Tally): void {
  tally.requests += 1;
  tally.bytesSent += attempt.bytes;
  if (attempt.request === 1) tally.batches += 1;
  if (attempt.verdict === 'retry' && attempt.retryInMs !== undefined) tally.retries += 1;
}

/** The given members that are there, for options that must be absent rather than undefined. */
function pick<T, K extends keyof T>(from: T, keys: readonly K[]): { [key in K]?: NonNullable<T[key]> } {
  return Object.fromEntries(keys.filter((key) => from[key] !== undefined).map((key) => [key, from[key]])) as {
    [key in K]?: NonNullable<T[key]>;
  };
}
