import type { Breaker, Pass } from './breaker.js';
import { createLatencyWatch } from './latency.js';
import type { Pace } from './pace.js';
import type { RateLimiter } from './rate.js';
import type { RetryTokens } from './retry-tokens.js';
import { createSlots } from './slots.js';
import type { Answer, Clock } from './types.js';
import type { Verdict } from './verdict.js';
import type { Window } from './window.js';

/** Leave to send one request now, with this token. */
export type Permit = { readonly pass: Pass; readonly token: string; readonly begunMs: number };

/** Decides when requests begin, and learns from their answers. One is shared by everything in flight. */
export type Traffic = {
  /**
   * Waits until a request may begin; undefined when none may begin any more. A retry waits for a retry token first. The
   * access token is asked for last: while a request waits its turn, a token may come to its end.
   */
  readonly begin: (
    retry: boolean,
    accessToken: () => Promise<string | undefined>,
  ) => Promise<Permit | undefined>;
  /** Takes the answer to a request of so many bytes; gives the time it took, in ms. Must be called once for each permit. */
  readonly end: (permit: Permit, answer: Answer, verdict: Verdict, bytes: number) => number;
};

export type TrafficParts = {
  readonly pace: Pace;
  readonly limiter: RateLimiter;
  readonly window: Window;
  readonly breaker: Breaker;
  readonly tokens: RetryTokens;
  readonly clock: Clock;
  readonly stopping: AbortSignal;
};

/** Puts the control loops together: retry tokens, requests in flight, circuit breaker, rate. */
export function createTraffic(parts: TrafficParts): Traffic {
  const { pace, limiter, window, breaker, tokens, clock, stopping } = parts;
  const slots = createSlots(window.size, stopping);
  const latency = createLatencyWatch();

  async function begin(
    retry: boolean,
    accessToken: () => Promise<string | undefined>,
  ): Promise<Permit | undefined> {
    if (retry) await tokens.take(stopping);
    await slots.take();
    for (;;) {
      const pass = await breaker.enter();
      await limiter.take(stopping);
      const token = stopping.aborted ? undefined : await accessToken();
      if (token === undefined || stopping.aborted) {
        breaker.leave(pass, 'neither');
        slots.free();
        return undefined;
      }
      if (breaker.allows(pass)) return { pass, token, begunMs: clock() };
    }
  }

  function end(permit: Permit, answer: Answer, verdict: Verdict, bytes: number): number {
    const { pass, begunMs } = permit;
    const nowMs = clock();
    const durationMs = nowMs - begunMs;
    const throttled = isThrottled(answer);
    if (isConclusive(verdict)) {
      pace.passed(begunMs, nowMs);
      tokens.earn();
      if (latency.jumped(bytes, durationMs)) window.narrow(begunMs, nowMs);
      else window.widen();
      breaker.leave(pass, 'success');
    } else {
      if (throttled && !mayComeBackAtOnce(verdict)) pace.throttled(begunMs, nowMs);
      if (throttled || isTimeout(answer)) window.narrow(begunMs, nowMs);
      breaker.leave(pass, throttled || verdict.kind === 'abort' ? 'neither' : 'failure');
    }
    slots.free();
    return durationMs;
  }

  return { begin, end };
}

function isConclusive(verdict: Verdict): boolean {
  return verdict.kind !== 'retry' && verdict.kind !== 'abort';
}

function isThrottled(answer: Answer): boolean {
  return answer.kind === 'response' && answer.status === 429;
}

// An API that says so complains of something other than the rate.
function mayComeBackAtOnce(verdict: Verdict): boolean {
  return verdict.kind === 'retry' && verdict.afterMs === 0;
}

function isTimeout(answer: Answer): boolean {
  if (answer.kind === 'response') return answer.status === 408 || answer.truncated;
  return answer.code.includes('TIMEOUT') || answer.code === 'ETIMEDOUT';
}
