import type { Readable } from 'node:stream';

import { checkConnection } from '../network/check.js';
import { createConnector } from '../network/connect.js';
import { checkEndpoint } from '../network/endpoint.js';
import type { Environment } from '../network/environment.js';
import { failureCode } from '../network/failure.js';
import { Pool, type Dispatcher } from '../network/undici.js';
import { parseHttpDate, parseRetryAfter } from './retry.js';
import type { Answer, Clock } from './types.js';

/** Findings about 2,000 events can take several MiB. */
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;
/** A body up to this size is written at once. */
const PART_BYTES = 64 * 1024;
const MAX_CONNECT_MS = 10_000;

/** Time in ms from the start of a request to the last byte of its answer. */
export const DEFAULT_REQUEST_TIMEOUT_MS = 60_000;

/** Sends one request body and tells what came of it. Never rejects and never shows the URL. */
export type Transport = {
  readonly post: (body: Uint8Array, token: string) => Promise<Answer>;
  /** Connections opened so far. */
  readonly connections?: () => number;
  readonly close: () => Promise<void>;
};

export type TransportOptions = {
  /** From `eventsUrl`. */
  readonly url: string;
  readonly connections: number;
  readonly requestTimeoutMs: number;
  /** Version of the program, for User-Agent. */
  readonly version: string;
  /** Epoch ms; only for a `Retry-After` date in an answer that has no date itself. */
  readonly wallClock: Clock;
  /** Hosts beside the vendor's and this machine that may be sent the token. */
  readonly allowedHosts?: readonly string[];
  /** Where proxy settings are read from; `process.env` by default. */
  readonly env?: Environment;
  /** Aborting it gives up all requests under way, and every later one. */
  readonly giveUp?: AbortSignal;
};

type Exchange = {
  readonly handler: Dispatcher.DispatchHandler;
  readonly answer: Promise<Answer>;
  /** Ends the exchange, with the code of what went wrong. */
  readonly end: (failure: string | undefined) => void;
  /** The same, as soon as what has arrived already is read. */
  readonly expire: (failure: string) => void;
};

/**
 * One pooled keep-alive client for one URL, through a proxy where the environment names one. It follows no redirect,
 * asks for no compression and reads at most 32 MiB of an answer. Throws RunError `endpoint_not_allowed`, `proxy_invalid`
 * or `tls_verification_off`.
 */
export function createTransport(options: TransportOptions): Transport {
  const { connections, requestTimeoutMs, wallClock, env = process.env } = options;
  const url = checkEndpoint(options.url, options);
  checkConnection(url, env);
  // The time limit is kept here for the whole exchange; undici's own would start again with every byte of the body.
  const pool = new Pool(url.origin, {
    connections,
    pipelining: 1,
    allowH2: false,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: createConnector(env, Math.min(requestTimeoutMs, MAX_CONNECT_MS)),
  });
  let opened = 0;
  pool.on('connect', () => {
    opened += 1;
  });
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json',
    'accept-encoding': 'identity',
    'user-agent': `snapcapi/${options.version}`,
  };

  const underWay = new Set<(failure: string) => void>();
  options.giveUp?.addEventListener('abort', () => {
    for (const expire of underWay) expire('INTERRUPTED');
  });

  function post(body: Uint8Array, token: string): Promise<Answer> {
    const out = { parts: partsOf(body), done: body.byteLength <= PART_BYTES };
    const { handler, answer, end, expire } = startExchange(requestTimeoutMs, wallClock, () => out.done);
    underWay.add(expire);
    void answer.finally(() => underWay.delete(expire));
    if (options.giveUp?.aborted === true) end('INTERRUPTED');
    try {
      // A path with a token in it is a secret.
      const path = `${url.pathname}?access_token=${encodeURIComponent(token.toWellFormed())}`;
      const sized = { ...headers, 'content-length': `${body.byteLength}` };
      const asked = { path, method: 'POST' as const, headers: out.done ? headers : sized };
      // undici takes any iterable, but its types do not say so.
      const given = out.done ? body : (watched(out) as unknown as Readable);
      pool.dispatch({ ...asked, body: given }, handler);
    } catch (error) {
      end(failureCode(error));
    }
    return answer;
  }

  async function close(): Promise<void> {
    // Nothing is in flight any more; what a failing close would say is of no use to anybody.
    await pool.destroy().catch(() => undefined);
  }

  return { post, connections: () => opened, close };
}

function* partsOf(body: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < body.byteLength; at += PART_BYTES) yield body.subarray(at, at + PART_BYTES);
}

/** The parts of a body. Each is asked for when the one before it has left; after the last one all of them have. */
function* watched(out: { readonly parts: Iterable<Uint8Array>; done: boolean }): Generator<Uint8Array> {
  yield* out.parts;
  out.done = true;
}

/** Collects one answer. undici calls `onRequestStart` just before the first byte leaves, which is how `sent` is known. */
function startExchange(timeoutMs: number, wallClock: Clock, isBodyOut: () => boolean): Exchange {
  const { promise, resolve } = withResolvers<Answer>();
  const body = createCollector();
  let sent = false;
  let response: { readonly status: number; readonly retryAfterMs?: number } | undefined;
  let over = false;
  let controller: Dispatcher.DispatchController | undefined;
  const timer = setTimeout(expire, timeoutMs, 'TIMEOUT');

  // After a suspend timers fire before sockets are read, so the answer may be waiting there.
  function expire(failure: string): void {
    const read = body.size();
    setImmediate(() => {
      if (body.size() === read || over) end(failure);
      else expire(failure);
    });
  }

  function end(failure: string | undefined): void {
    if (over) return;
    over = true;
    clearTimeout(timer);
    if (response === undefined) resolve({ kind: 'no_answer', code: failure ?? 'UNKNOWN', sent });
    else resolve({ kind: 'response', ...response, ...body.read(), truncated: failure !== undefined });
    if (failure !== undefined) controller?.abort(new Error(failure));
  }

  const handler: Dispatcher.DispatchHandler = {
    onRequestStart(started) {
      controller = started;
      if (over) started.abort(new Error('TIMEOUT'));
      else sent = true;
    },
    onResponseStart(_, status, headers) {
      if (status < 200) return;
      // The API's own idea of now fits its dates, however wrong the clock of this machine is.
      const nowMs = parseHttpDate(headers['date']) ?? wallClock();
      const retryAfterMs = parseRetryAfter(headers['retry-after'], nowMs);
      response = { status, ...(retryAfterMs !== undefined && { retryAfterMs }) };
    },
    onResponseData(_, chunk) {
      if (!body.add(chunk)) end('ANSWER_TOO_LARGE');
    },
    onResponseEnd() {
      // An API that says so before it has the events cannot have stored them all.
      const early = response !== undefined && response.status < 300 && !isBodyOut();
      end(early ? 'ANSWERED_EARLY' : undefined);
    },
    onResponseError(_, error) {
      end(failureCode(error));
    },
  };
  return { handler, answer: promise, end, expire };
}

type Collector = {
  /** Tells whether all of the answer has fitted so far. */
  readonly add: (chunk: Buffer) => boolean;
  readonly size: () => number;
  readonly read: () => { readonly body: string; readonly tooLarge?: true };
};

/** Keeps an answer up to the limit, and nothing of a larger one. */
function createCollector(): Collector {
  let chunks: Buffer[] = [];
  let size = 0;
  return {
    add: (chunk) => {
      size += chunk.length;
      if (size > MAX_ANSWER_BYTES) chunks = [];
      else chunks.push(chunk);
      return size <= MAX_ANSWER_BYTES;
    },
    size: () => size,
    read: () => {
      const body = Buffer.concat(chunks).toString('utf8');
      return size > MAX_ANSWER_BYTES ? { body, tooLarge: true } : { body };
    },
  };
}

function withResolvers<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
