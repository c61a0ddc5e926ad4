import type { AccessTokens } from '../access.js';
import { RunError } from '../errors.js';
import type { AttemptReport, ExchangeReport } from '../events.js';
import type { Environment } from '../network/environment.js';
import type { Secrets } from '../secrets.js';
import { createAsk, type Line } from './attempt.js';
import type { BreakerState } from './breaker.js';
import type { CredentialKind } from './credential.js';
import { createDrain, DEFAULT_DRAIN_MS } from './drain.js';
import { createJournal, type Journal, type JournalHooks, type Known } from './hooks.js';
import { createTransport, DEFAULT_REQUEST_TIMEOUT_MS, type Transport } from './http.js';
import { deliverUntilRefused } from './in-order.js';
import { createLine } from './line.js';
import { deliverBatch } from './narrow.js';
import { createSource } from './source.js';
import { createStop } from './stop.js';
import type { ApiReason, Batch, Clock, Settled, Sleep } from './types.js';

export type DeliverOptions = JournalHooks & {
  /** From `eventsUrl`. */
  readonly url: string;
  readonly access: AccessTokens;
  /** Taken out of everything the API says before it is shown. */
  readonly secrets: Pick<Secrets, 'scrub'>;
  /** What the access tokens are, when that is known; it makes errors more exact. */
  readonly credential?: CredentialKind;
  /** Hosts beside the vendor's and this machine that may be sent the token. */
  readonly allowedHosts?: readonly string[];
  /** Where proxy settings are read from; `process.env` by default. */
  readonly env?: Environment;
  /** Version of the program, for User-Agent. */
  readonly version: string;
  /** Most batches in flight at the same time; 1 with `stopAtFirstRefusal`, and until a first request was accepted. */
  readonly concurrency: number;
  /** Never exceeded; less when the API throttles. */
  readonly maxRequestsPerSecond: number;
  /** From the start of a request to the last byte of its answer; 60,000 by default. */
  readonly requestTimeoutMs?: number;
  /** How long the run goes on without anything getting through; 600,000 by default. Single batches: at most five times that. */
  readonly retryForMs?: number;
  /** Whether events that may have been stored may be sent again: they carry an event_id, or are only validated. */
  readonly repeatable: boolean;
  /** Whether to deliver nothing after the first event that the API refuses. */
  readonly stopAtFirstRefusal: boolean;
  /** Whether to end a run whose first 40 answers are all refusals; true by default. */
  readonly earlyStop?: boolean;
  /** Takes each part of a batch as its fate becomes known; a pending promise holds back the batch's next request. */
  readonly settle: (part: Settled) => void | Promise<void>;
  /** Told when all of a batch is settled: nothing reads its events any more. */
  readonly done?: (batch: Batch) => void;
  readonly observe?: (attempt: AttemptReport) => void;
  /** Told of every request and its answer, before `observe` is. */
  readonly observeExchange?: (exchange: ExchangeReport) => void;
  /** Told when requests cease because too many failed in a row, when one is tried, and when they go on. */
  readonly observeLine?: (state: BreakerState) => void;
  /** Called once, at the moment the run has to stop, so that the caller can stop reading. */
  readonly onFatal?: (error: RunError) => void;
  /** Aborting it begins no further request or wait; answers under way are still awaited and settled. */
  readonly signal?: AbortSignal;
  /** How long answers under way are awaited after the signal; 7,000 by default. */
  readonly drainMs?: number;
  /** For durations: must not jump as a wall clock may. `performance.now` by default. */
  readonly clock?: Clock;
  /** For `Retry-After` dates in answers without a date. `Date.now` by default. */
  readonly wallClock?: Clock;
  readonly sleep?: Sleep;
  readonly random?: () => number;
  /** In place of the HTTP client. */
  readonly transport?: Transport;
};

type Run = { readonly options: DeliverOptions; readonly line: Line; readonly journal: Journal };

/**
 * Delivers batches, `concurrency` at a time; one is pulled only when there is room for it. Every event of every batch
 * pulled is settled exactly once. Resolves when all are settled; after that rejects with the RunError that stopped the
 * run (`unauthorized`, `service_unavailable`, `all_refused`, …), or with what `batches` or a callback threw; or else with
 * `service_unavailable` or `unreadable_answers` when some events did not get through although the run went on.
 * A failing source stops the pulling, but what was pulled before it is delivered. The source should end on `signal` and `onFatal`.
 */
export async function deliverBatches(batches: AsyncIterable<Batch>, options: DeliverOptions): Promise<void> {
  const concurrency = options.stopAtFirstRefusal ? 1 : options.concurrency;
  const drain = createDrain(options.signal, options.drainMs ?? DEFAULT_DRAIN_MS);
  const transport = options.transport ?? openTransport(options, concurrency, drain.over);
  const stop = createStop(options);
  const source = createSource(batches, stop.signal);
  // An order of events that is kept ends at the first refusal, which is told more exactly than the end of hope.
  const earlyStop = options.earlyStop !== false && !options.stopAtFirstRefusal;
  const line = createLine({ ...options, earlyStop }, concurrency, transport, stop);
  const run: Run = { options, line, journal: createJournal(options, stop) };

  async function work(): Promise<void> {
    try {
      for (let batch = await source.pull(); batch !== undefined; batch = await source.pull()) {
        line.progress.beginBatch();
        await deliverOne(batch, run);
        line.progress.endBatch();
        options.done?.(batch);
      }
    } catch (error) {
      stop.fail(error);
    }
  }

  await workTogether(concurrency, work, line);
  const complaint = line.progress.sameComplaint();
  if (complaint !== undefined) stop.remember(complaint);
  const ended = await source.close();
  stop.dispose();
  drain.dispose();
  if (options.transport === undefined) await transport.close();
  if (ended.status === 'rejected') stop.fail(ended.reason);
  stop.check();
}

/** One worker goes first: a wrong credential or a wrong query costs one request, not as many as could be in flight. */
async function workTogether(workers: number, work: () => Promise<void>, line: Line): Promise<void> {
  const first = work();
  await Promise.race([first, line.progress.accepted]);
  await Promise.all([first, ...Array.from({ length: workers - 1 }, work)]);
}

async function deliverOne(batch: Batch, run: Run): Promise<void> {
  const known = await run.journal.begin(batch);
  if (known !== undefined) await settleKnown(batch, known, run);
  const rest = known === undefined ? batch : known.rest;
  if (rest === undefined) return;
  const parts: Settled[] = [];
  const refused = await send(rest, run, async (part) => {
    await run.options.settle(part);
    parts.push(part);
  });
  await run.journal.finish(batch, parts);
  if (refused !== undefined) run.line.fail(refusedRowStop(refused));
}

/** Sends a batch and settles all of it. Gives the reason of the refusal that has to end the run. */
async function send(
  batch: Batch,
  { options, line }: Run,
  settle: DeliverOptions['settle'],
): Promise<ApiReason | undefined> {
  const delivery = { ask: createAsk(line), settle, repeatable: options.repeatable };
  if (options.stopAtFirstRefusal) return deliverUntilRefused(batch, delivery);
  await deliverBatch(batch, delivery);
  return undefined;
}

async function settleKnown(batch: Batch, { parts, rest }: Known, { options, line }: Run): Promise<void> {
  const events = parts.reduce((sum, part) => sum + part.batch.events, rest?.events ?? 0);
  if (events !== batch.events) {
    throw new RunError('internal', `a batch of ${batch.events} events is known with ${events}`);
  }
  for (const part of parts) {
    await options.settle(part);
    if (part.outcome === 'sent') line.progress.accept();
    if (part.outcome === 'refused' && options.stopAtFirstRefusal) line.fail(refusedRowStop(part.why));
  }
}

function refusedRowStop(why: ApiReason): RunError {
  return new RunError('refused_row_stop', `the API refused an event: ${why.reason}`);
}

function openTransport(options: DeliverOptions, connections: number, giveUp: AbortSignal): Transport {
  const { url, version, wallClock = Date.now, allowedHosts, env } = options;
  const requestTimeoutMs = options.requestTimeoutMs ?? DEFAULT_REQUEST_TIMEOUT_MS;
  return createTransport({
    url,
    version,
    connections,
    requestTimeoutMs,
    wallClock,
    giveUp,
    ...(allowedHosts !== undefined && { allowedHosts }),
    ...(env !== undefined && { env }),
  });
}
