import { setMaxListeners } from 'node:events';

import { RunError } from '../errors.js';
import type { AttemptReport } from '../events.js';
import { createAsk, type Line } from './attempt.js';
import { createCleaner } from './clean.js';
import { tokenOf } from './endpoint.js';
import { createTransport, DEFAULT_REQUEST_TIMEOUT_MS, type Transport } from './http.js';
import { deliverUntilRefused } from './in-order.js';
import { deliverBatch } from './narrow.js';
import { createRateLimiter } from './rate.js';
import { DEFAULT_RETRY_FOR_MS } from './retry.js';
import { createSource } from './source.js';
import { sleepFor } from './time.js';
import type { Batch, Clock, Settled, Sleep } from './types.js';

export type DeliverOptions = {
  /** From `eventsUrl`; a secret. */
  readonly url: string;
  /** Version of the program, for User-Agent. */
  readonly version: string;
  /** Batches in flight at the same time; 1 with `stopAtFirstRefusal`. */
  readonly concurrency: number;
  readonly maxRequestsPerSecond: number;
  /** From the start of a request to the last byte of its answer; 60,000 by default. */
  readonly requestTimeoutMs?: number;
  /** How long one run of consecutive failures may last; 600,000 by default. */
  readonly retryForMs?: number;
  /** Whether events that may have been stored may be sent again: they carry an event_id, or are only validated. */
  readonly repeatable: boolean;
  /** Whether to deliver nothing after the first event that the API refuses. */
  readonly stopAtFirstRefusal: boolean;
  /** Takes each part of a batch as its fate becomes known; a pending promise holds back the batch's next request. */
  readonly settle: (part: Settled) => void | Promise<void>;
  readonly observe?: (attempt: AttemptReport) => void;
  /** Called once, at the moment the run has to stop, so that the caller can stop reading. */
  readonly onFatal?: (error: RunError) => void;
  /** Aborting it begins no further request or wait; answers under way are still awaited and settled. */
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  readonly sleep?: Sleep;
  readonly random?: () => number;
  /** In place of the HTTP client. */
  readonly transport?: Transport;
};

/**
 * Delivers batches, `concurrency` at a time; one is pulled only when there is room for it. Every event of every batch
 * pulled is settled exactly once. Resolves when all are settled; after that rejects with the RunError that stopped the
 * run (`unauthorized`, `service_unavailable`, `refused_row_stop`, …), or with what `batches` or a callback threw.
 * A failing source stops the pulling, but what was pulled before it is delivered. The source should end on `signal` and `onFatal`.
 */
export async function deliverBatches(batches: AsyncIterable<Batch>, options: DeliverOptions): Promise<void> {
  const stop = createStop(options);
  const source = createSource(batches, stop.signal);
  const concurrency = options.stopAtFirstRefusal ? 1 : options.concurrency;
  const transport = options.transport ?? openTransport(options, concurrency);
  const line = createLine(options, transport, stop);

  async function work(): Promise<void> {
    try {
      for (let batch = await source.pull(); batch !== undefined; batch = await source.pull()) {
        await deliverOne(batch, line, options);
      }
    } catch (error) {
      stop.halt();
      throw error;
    }
  }

  const ends = await Promise.allSettled(Array.from({ length: concurrency }, work));
  const ended = await source.close();
  stop.dispose();
  if (options.transport === undefined) await transport.close();
  stop.check();
  for (const end of [...ends, ended]) if (end.status === 'rejected') throw end.reason;
}

async function deliverOne(batch: Batch, line: Line, options: DeliverOptions): Promise<void> {
  const { settle, repeatable } = options;
  const delivery = { ask: createAsk(line), settle, repeatable };
  if (!options.stopAtFirstRefusal) {
    await deliverBatch(batch, delivery);
    return;
  }
  const refused = await deliverUntilRefused(batch, delivery);
  if (refused !== undefined) {
    line.fail(new RunError('refused_row_stop', `the API refused an event: ${refused.reason}`));
  }
}

function openTransport(options: DeliverOptions, connections: number): Transport {
  const { url, version, clock = Date.now } = options;
  const requestTimeoutMs = options.requestTimeoutMs ?? DEFAULT_REQUEST_TIMEOUT_MS;
  return createTransport({ url, version, connections, requestTimeoutMs, clock });
}

function createLine(options: DeliverOptions, transport: Transport, stop: Stop): Line {
  const { clock = Date.now, sleep = sleepFor, random = Math.random } = options;
  const { maxRequestsPerSecond, repeatable, retryForMs = DEFAULT_RETRY_FOR_MS } = options;
  return {
    transport,
    limiter: createRateLimiter({ maxRequestsPerSecond, clock, sleep }),
    timing: { retryForMs, clock, random },
    clock,
    sleep,
    random,
    clean: createCleaner([tokenOf(options.url)]),
    repeatable,
    stopping: stop.signal,
    fail: stop.fail,
    observe: options.observe ?? (() => undefined),
    doubts: { inARow: 0 },
  };
}

type Stop = {
  /** Aborts when no further request may begin. */
  readonly signal: AbortSignal;
  readonly halt: () => void;
  /** Halts because of an error; the first one counts. */
  readonly fail: (error: RunError) => void;
  /** Throws the error that stopped the run, if there is one. */
  readonly check: () => void;
  readonly dispose: () => void;
};

function createStop(options: DeliverOptions): Stop {
  const controller = new AbortController();
  // Every wait listens, and there are as many waits as batches in flight: more than Node expects.
  setMaxListeners(0, controller.signal);
  let fatal: RunError | undefined;

  function halt(): void {
    controller.abort();
  }

  function fail(error: RunError): void {
    halt();
    if (fatal !== undefined) return;
    fatal = error;
    options.onFatal?.(error);
  }

  function check(): void {
    if (fatal !== undefined) throw fatal;
  }

  function dispose(): void {
    options.signal?.removeEventListener('abort', halt);
  }

  options.signal?.addEventListener('abort', halt);
  if (options.signal?.aborted === true) halt();
  return { signal: controller.signal, halt, fail, check, dispose };
}
