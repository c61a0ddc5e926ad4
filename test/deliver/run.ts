import { afterEach } from 'vitest';

import { fixedToken } from '../../src/access.js';
import { deliverBatches, type DeliverOptions } from '../../src/deliver/deliver.js';
import { eventsUrl } from '../../src/deliver/endpoint.js';
import type { Batch, Settled } from '../../src/deliver/types.js';
import type { RunError } from '../../src/errors.js';
import type { AttemptReport } from '../../src/events.js';
import { createSecrets } from '../../src/secrets.js';
import { batchesFrom, fakeTime, range, startServer, type Behavior } from './support.js';

export const TOKEN = 'tok/en+s3cret=';
const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

export type Run = {
  readonly parts: Settled[];
  readonly attempts: AttemptReport[];
  readonly error: unknown;
  readonly slept: readonly number[];
  readonly bodies: readonly string[];
  readonly fatals: readonly RunError[];
};

/** Delivers to a server that behaves as told, on a clock that only sleeping moves. */
export async function run(
  behaviors: readonly Behavior[],
  batches: readonly Batch[] | AsyncIterable<Batch>,
  more: Partial<DeliverOptions> = {},
): Promise<Run> {
  const server = await startServer(...behaviors);
  closers.push(server.close);
  const { clock, sleep, slept } = fakeTime();
  const parts: Settled[] = [];
  const attempts: AttemptReport[] = [];
  const fatals: RunError[] = [];
  const url = eventsUrl({ apiBaseUrl: server.url, assetId: 'asset', validate: false });
  const error: unknown = await deliverBatches(
    Array.isArray(batches) ? batchesFrom(batches) : (batches as AsyncIterable<Batch>),
    {
      url,
      access: fixedToken(TOKEN),
      secrets: createSecrets([TOKEN]),
      version: '0.0.0',
      concurrency: 1,
      maxRequestsPerSecond: Infinity,
      // Short only where time has to run out: a busy machine takes its time for a real answer.
      requestTimeoutMs: behaviors.includes(silent) ? 250 : 10_000,
      repeatable: true,
      stopAtFirstRefusal: false,
      settle: (part) => void parts.push(part),
      observe: (attempt) => attempts.push(attempt),
      onFatal: (fatal) => fatals.push(fatal),
      clock,
      sleep,
      random: () => 1,
      ...more,
    },
  ).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return { parts, attempts, error, slept, bodies: server.requests.map(({ body }) => body), fatals };
}

export const hangUp: Behavior = (_response, _body, request) => request.socket.destroy();
export const reset: Behavior = (_response, _body, request) => request.socket.resetAndDestroy();
export const half: Behavior = (response, _body, request) => {
  response.writeHead(200, { 'Content-Length': '50' });
  response.write('{"status":"VA', () => request.socket.destroy());
};
export const silent: Behavior = () => undefined;
export const garbage: Behavior = (_response, _body, request) => request.socket.end('nonsense\r\n\r\n');
export const ALL = range(0, 5);
