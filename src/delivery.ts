import { fixedToken, type AccessTokens } from './access.js';
import type { Config } from './config.js';
import { eventsUrl } from './deliver/endpoint.js';
import type { Settled } from './deliver/types.js';
import { interruption, RunError } from './errors.js';
import type { AttemptReport, Observer } from './events.js';
import { placeOf, type Ledger, type Origin } from './ledger.js';
import { checkConnection } from './network/check.js';
import type { Environment } from './network/environment.js';
import { proxySecrets } from './network/proxy.js';
import type { RowFeed } from './row-feed.js';
import type { BatchLog } from './resume/batch-log.js';
import { enterSettled } from './settle.js';
import { createSecrets, type Secrets } from './secrets.js';
import type { DeliveryCounts } from './summarize.js';
import type { ExportOptions } from './summary.js';
import { packageVersion } from './version.js';

export type Tally = { -readonly [key in keyof DeliveryCounts]: DeliveryCounts[key] };

/** The parts of one run that its steps share. */
export type Run = {
  readonly options: ExportOptions;
  readonly observer: Observer;
  readonly ledger: Ledger;
  readonly feed: RowFeed;
  readonly tally: Tally;
  readonly log: BatchLog | undefined;
};

/** Where a run delivers to, and with what. */
export type Destination = {
  readonly url: string;
  readonly access: AccessTokens;
  readonly secrets: Pick<Secrets, 'scrub'>;
  readonly allowedHosts: readonly string[];
  readonly env: Environment;
  readonly credential: Config['auth']['method'];
};

/**
 * Where to deliver to. Throws RunError `token_missing`, `endpoint_not_allowed`, `proxy_invalid` or
 * `tls_verification_off`.
 */
export function destinationOf(options: ExportOptions): Destination {
  const { config, token, access, secrets, allowedHosts = [], env = process.env } = options;
  const { apiBaseUrl, eventSourceId: assetId, sendTestEvents: validate } = config;
  const url = eventsUrl({ apiBaseUrl, assetId, validate, allowedHosts });
  checkConnection(new URL(url), env);
  const route = { url, allowedHosts, env, credential: config.auth.method };
  const known = proxySecrets(env);
  if (access !== undefined) return { ...route, access, secrets: secrets ?? createSecrets(known) };
  const fixed = token ?? (config.auth.method === 'api_token' ? config.auth.token : undefined);
  if (fixed === undefined) throw new RunError('token_missing', 'there is no token to deliver with');
  return { ...route, access: fixedToken(fixed), secrets: secrets ?? createSecrets([fixed, ...known]) };
}

/** Whether events may be sent again: they carry an `event_id`, or are only validated and counted nowhere. */
export function isRepeatable({ eventId, sendTestEvents }: ExportOptions['config']): boolean {
  return eventId === 'derive' || sendTestEvents;
}

/** Delivers what the feed gives and enters every row in the books. Gives the error that ended the run, if one did. */
export async function deliver(destination: Destination, run: Run): Promise<RunError | undefined> {
  const { options, feed, ledger, log } = run;
  const { config } = options;
  // Loading the HTTP client costs more than a small check does, so only a delivery pays for it.
  const { deliverBatches } = await import('./deliver/deliver.js');
  const sinks = config.sendTestEvents
    ? { observer: run.observer, answerSink: options.answerSink }
    : undefined;
  let refusal: RunError | undefined;
  let failure: RunError | undefined;
  try {
    await deliverBatches(feed.batches(), {
      ...destination,
      version: packageVersion(),
      concurrency: config.concurrency,
      maxRequestsPerSecond: config.maxRequestsPerSecond,
      repeatable: isRepeatable(config),
      stopAtFirstRefusal: !config.skipInvalidRecords,
      async settle(part) {
        if (part.outcome === 'refused' && !config.skipInvalidRecords) refusal ??= refusedRow(part);
        try {
          await enterSettled(part, ledger, sinks);
        } catch (problem) {
          if (!(problem instanceof RunError)) throw problem;
          // Thrown, it would keep the rest of the batch out of the books.
          feed.stop(problem);
        }
        feed.checkLimit();
      },
      done: feed.release,
      observe: (attempt) => {
        countAttempt(attempt, run.tally);
        run.observer({ type: 'attempt', attempt });
      },
      ...(options.trace === true && {
        observeExchange: (exchange) => {
          run.observer({ type: 'exchange', exchange });
        },
      }),
      observeLine: (state) => {
        run.observer({ type: 'breaker', state });
      },
      onFatal: feed.stop,
      ...(log !== undefined && { begin: log.begin, finish: log.finish }),
      ...(options.clock !== undefined && { wallClock: options.clock }),
      ...timing(options),
    });
  } catch (problem) {
    if (!(problem instanceof RunError)) throw problem;
    failure = problem;
  }
  // A refused row stands before every row the feed complains of, and a failed delivery makes "rows before it are
  // delivered" untrue: what went wrong while delivering comes first.
  const error = refusal ?? failure ?? feed.error();
  await feed.abandonRest(error === undefined ? 'the run was interrupted' : `the run stopped (${error.code})`);
  return error ?? interruptionOf(run);
}

/** An interrupt that left rows unread or undelivered; one that came too late to do so is none. */
function interruptionOf({ options, feed, ledger }: Run): RunError | undefined {
  const { signal } = options;
  const done = feed.exhausted() && ledger.outcomes().not_attempted === 0;
  return signal?.aborted === true && !done ? interruption(signal) : undefined;
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

/** The options delivery takes as they are; absent ones must be absent rather than undefined. */
function timing(options: ExportOptions): Partial<Pick<ExportOptions, (typeof TIMING)[number]>> {
  return Object.fromEntries(
    TIMING.filter((key) => options[key] !== undefined).map((key) => [key, options[key]]),
  );
}

const TIMING = ['requestTimeoutMs', 'retryForMs', 'signal', 'sleep', 'random', 'earlyStop'] as const;
