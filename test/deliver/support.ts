import http from 'node:http';
import type { AddressInfo } from 'node:net';

import { createBatcher } from '../../src/deliver/batcher.js';
import { eventsOf } from '../../src/deliver/batch.js';
import type { Batch, Settled } from '../../src/deliver/types.js';
import type { EncodedEvents } from '../../src/types.js';

/** Encodes JSON texts as the transform does. `records` are 10 times the event index, to tell the two apart. */
export function encoded(texts: readonly string[]): EncodedEvents {
  const ends: number[] = [];
  let at = 0;
  for (const text of texts) {
    at += Buffer.byteLength(text);
    ends.push(at);
    at += 1;
  }
  return {
    bytes: new Uint8Array(Buffer.from(texts.join(','))),
    ends: Uint32Array.from(ends),
    records: Uint32Array.from(texts, (_, index) => index * 10),
  };
}

/** One batch of events `{"event_id":"0"}`, `{"event_id":"1"}`, … cut from two chunks. */
export function batchOf(count: number, number = 1): Batch {
  const texts = Array.from({ length: count }, (_, index) => `{"event_id":"${index}"}`);
  const batcher = createBatcher({ batchSize: count, maxBatchBytes: 10_000_000 });
  const middle = Math.floor(count / 3);
  const first = batcher.add(encoded(texts.slice(0, middle)), { offset: 0 });
  const batch =
    [...first, ...batcher.add(encoded(texts.slice(middle)), { offset: middle })][0] ?? batcher.flush();
  if (batch === undefined) throw new Error('no batch');
  return { ...batch, number };
}

/** The positions, as of `batchOf`, of the events of a part. */
export function idsOf(batch: Batch): number[] {
  return [...eventsOf(batch)].map(({ origin, index }) => (origin as { offset: number }).offset + index);
}

/** Settled positions by outcome, each list in ascending order. */
export function outcomes(parts: readonly Settled[]): Record<Settled['outcome'], number[]> {
  const result: Record<Settled['outcome'], number[]> = {
    sent: [],
    refused: [],
    in_doubt: [],
    not_attempted: [],
  };
  for (const part of parts) result[part.outcome].push(...idsOf(part.batch));
  for (const list of Object.values(result)) list.sort((a, b) => a - b);
  return result;
}

export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}

/** A clock that only moves when somebody sleeps on it. */
export function fakeTime(): {
  readonly clock: () => number;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly slept: number[];
} {
  let nowMs = 1_000_000;
  const slept: number[] = [];
  return {
    clock: () => nowMs,
    sleep: (ms, signal) => {
      if (signal?.aborted !== true) {
        slept.push(ms);
        nowMs += ms;
      }
      return Promise.resolve();
    },
    slept,
  };
}

/** A clock that moves to the next wake-up once everybody sleeps, so that several sleepers overlap as they would in life. */
export function sharedTime(): {
  readonly clock: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly runUntil: (done: Promise<unknown>) => Promise<void>;
} {
  let nowMs = 0;
  let over = false;
  const sleepers: { readonly atMs: number; readonly wake: () => void }[] = [];

  async function runUntil(done: Promise<unknown>): Promise<void> {
    void done.finally(() => (over = true));
    while (!over) {
      for (let turn = 0; turn < 3; turn += 1) await new Promise(setImmediate);
      sleepers.sort((a, b) => a.atMs - b.atMs);
      const next = sleepers.shift();
      if (next === undefined) continue;
      nowMs = Math.max(nowMs, next.atMs);
      next.wake();
    }
  }

  return {
    clock: () => nowMs,
    sleep: (ms) => new Promise((wake) => void sleepers.push({ atMs: nowMs + ms, wake })),
    runUntil,
  };
}

export async function* batchesFrom(list: readonly Batch[]): AsyncGenerator<Batch, void, undefined> {
  for (const batch of list) {
    await Promise.resolve();
    yield batch;
  }
}

export type TestServer = {
  readonly url: string;
  readonly requests: {
    readonly path: string;
    readonly headers: http.IncomingHttpHeaders;
    readonly body: string;
  }[];
  readonly sockets: () => number;
  readonly close: () => Promise<void>;
};

export type Behavior = (response: http.ServerResponse, body: string, request: http.IncomingMessage) => void;

/** A server on loopback that reads each request whole and then behaves as the next behavior says; the last repeats. */
export async function startServer(...behaviors: readonly Behavior[]): Promise<TestServer> {
  const requests: { path: string; headers: http.IncomingHttpHeaders; body: string }[] = [];
  let sockets = 0;
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('error', () => undefined);
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      requests.push({ path: request.url ?? '', headers: request.headers, body });
      const behavior = behaviors[Math.min(requests.length, behaviors.length) - 1];
      behavior?.(response, body, request);
    });
  });
  server.on('connection', () => (sockets += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    sockets: () => sockets,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}

/** Answers with a status and a body; an object is sent as JSON. */
export function answering(
  status: number,
  body: unknown = '',
  headers: Record<string, string> = {},
): Behavior {
  return (response) => {
    response.writeHead(status, headers);
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}

export const ok = answering(200, { status: 'VALID', reason: 'Events have been processed successfully.' });
