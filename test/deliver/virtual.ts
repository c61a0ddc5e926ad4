import { fixedToken } from '../../src/access.js';
import { createSecrets } from '../../src/secrets.js';
import { deliverBatches, type DeliverOptions } from '../../src/deliver/deliver.js';
import type { Answer, Batch, Settled, Sleep } from '../../src/deliver/types.js';
import { batchesFrom } from './support.js';

export type VirtualTime = {
  readonly clock: () => number;
  readonly sleep: Sleep;
  /** Lets time pass until the promise settles; fails when everybody waits and nobody sleeps, or it takes too long. */
  readonly run: <T>(done: Promise<T>, mostMs?: number) => Promise<T>;
};

/** Time that jumps to the next wake-up as soon as everybody sleeps, from 0. Sleepers wake in order, or at an abort. */
export function virtualTime(): VirtualTime {
  let nowMs = 0;
  let sleepers: { readonly atMs: number; readonly wake: () => void }[] = [];

  function sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.resolve();
    return new Promise((resolve) => {
      const sleeper = { atMs: nowMs + Math.max(0, ms), wake: resolve };
      sleepers.push(sleeper);
      signal?.addEventListener('abort', () => {
        sleepers = sleepers.filter((other) => other !== sleeper);
        resolve();
      });
    });
  }

  async function run<T>(done: Promise<T>, mostMs = Infinity): Promise<T> {
    const state = { over: false };
    const ended = done.finally(() => (state.over = true));
    ended.catch(() => undefined);
    for (;;) {
      // All that can go on without time passing goes on before this does.
      await new Promise(setImmediate);
      if (state.over) return ended;
      const next = sleepers.reduce(
        (first, other) => (first === undefined || other.atMs < first.atMs ? other : first),
        sleepers[0],
      );
      if (next === undefined) throw new Error('everybody waits for somebody');
      sleepers = sleepers.filter((other) => other !== next);
      nowMs = Math.max(nowMs, next.atMs);
      if (nowMs > mostMs) throw new Error(`still not done after ${mostMs} ms`);
      next.wake();
    }
  }

  return { clock: () => nowMs, sleep, run };
}

export const TAKEN: Answer = { kind: 'response', status: 200, body: '{"status":"VALID"}', truncated: false };
export const REFUSED: Answer = {
  kind: 'response',
  status: 400,
  body: '{"status":"INVALID"}',
  truncated: false,
};

/** An answer with this status and nothing in it. */
export function answer(status: number, retryAfterMs?: number): Answer {
  return {
    kind: 'response',
    status,
    body: '',
    truncated: false,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

export type Outcome = {
  readonly parts: readonly Settled[];
  readonly error: unknown;
  /** When each request began, and what it was answered. */
  readonly requests: readonly { readonly atMs: number; readonly answer: Answer }[];
  readonly endedMs: number;
};

export type Virtual = Partial<DeliverOptions> & {
  readonly time?: VirtualTime;
  readonly latencyMs?: (request: number) => number;
  readonly mostMs?: number;
};

/** Delivers in virtual time. `api` answers the n-th request, from 1, given the time at which it came and its body. */
export async function deliverVirtually(
  batches: readonly Batch[] | AsyncIterable<Batch>,
  api: (n: number, atMs: number, body: string) => Answer,
  options: Virtual = {},
): Promise<Outcome> {
  const { time = virtualTime(), latencyMs = () => 50, mostMs = 100_000_000, ...more } = options;
  const parts: Settled[] = [];
  const requests: { atMs: number; answer: Answer }[] = [];

  async function post(body: Uint8Array): Promise<Answer> {
    const n = requests.length + 1;
    const answer = api(n, time.clock(), Buffer.from(body).toString());
    requests.push({ atMs: time.clock(), answer });
    await time.sleep(latencyMs(n));
    return answer;
  }

  const done = deliverBatches('length' in batches ? batchesFrom(batches) : batches, {
    url: 'https://api.test/',
    access: fixedToken('t0ken'),
    secrets: createSecrets(),
    version: '0',
    concurrency: 4,
    maxRequestsPerSecond: 100,
    repeatable: true,
    stopAtFirstRefusal: false,
    settle: (part) => void parts.push(part),
    clock: time.clock,
    wallClock: () => 0,
    sleep: time.sleep,
    random: () => 0.5,
    transport: { post, close: () => Promise.resolve() },
    ...more,
  }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  const error = await time.run(done, mostMs);
  return { parts, error, requests, endedMs: time.clock() };
}
