import { createProgress, type Progress } from './progress.js';
import type { Clock } from './types.js';

const BASE_MS = 500;
const CAP_MS = 30_000;
const MAX_SHARES = 5;

/** Time in ms for which a run goes on without anything getting through. */
export const DEFAULT_RETRY_FOR_MS = 600_000;

export type RetryTiming = {
  /** From the first failure since anything got through, in ms. */
  readonly retryForMs: number;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
};

/** Decides the waits of one run of consecutive failures. */
export type RetryBudget = {
  /** The wait in ms before the next try, or undefined when the budget does not cover it. */
  readonly next: (atLeastMs: number | undefined) => number | undefined;
  /** What the last wait was not covered by: the time of the whole run, or only the share of these events. */
  readonly exceeded: () => 'run' | 'share' | undefined;
};

/** Wait in ms after the given number of consecutive failures (from 1): exponential, full jitter, at most 30 s. */
export function backoffMs(failures: number, random: () => number): number {
  return Math.round(random() * Math.min(CAP_MS, BASE_MS * 2 ** (failures - 1)));
}

/**
 * A fresh budget for one request. Its time starts with the first failure, and again whenever another request of the run
 * got through in between; yet it never lasts longer than five times `retryForMs`.
 */
export function createRetryBudget(
  timing: RetryTiming,
  progress: Pick<Progress, 'failingSince'> = createProgress(timing.clock),
): RetryBudget {
  const { retryForMs, clock, random } = timing;
  let failures = 0;
  let startedMs = 0;
  let exceeded: 'run' | 'share' | undefined;

  function next(atLeastMs: number | undefined): number | undefined {
    const nowMs = clock();
    if (failures === 0) startedMs = nowMs;
    failures += 1;
    const sinceMs = progress.failingSince();
    const backoff = backoffMs(failures, random);
    // While others get through, a long pause must not use up a short budget.
    const waitMs = Math.max(atLeastMs ?? 0, sinceMs > startedMs ? Math.min(backoff, retryForMs) : backoff);
    const endMs = nowMs + waitMs;
    if (endMs > sinceMs + retryForMs) exceeded = 'run';
    else if (endMs > startedMs + MAX_SHARES * retryForMs) exceeded = 'share';
    return exceeded === undefined ? waitMs : undefined;
  }

  return { next, exceeded: () => exceeded };
}

type Header = string | readonly string[] | undefined;

/**
 * The wait in ms that a `Retry-After` header asks for, given as seconds or as an HTTP date; undefined when it is neither.
 * The first of several counts.
 */
export function parseRetryAfter(header: Header, nowMs: number): number | undefined {
  const text = firstOf(header);
  if (text === undefined || text === '') return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000);
  const atMs = parseHttpDate(text);
  return atMs === undefined ? undefined : Math.max(0, atMs - nowMs);
}

/** The time of an HTTP date header in epoch ms; undefined when it is none. */
export function parseHttpDate(header: Header): number | undefined {
  const text = firstOf(header) ?? '';
  // Date.parse takes much that is no HTTP date; those of RFC 9110 begin with the name of a day.
  const atMs = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(atMs) ? undefined : atMs;
}

function firstOf(header: Header): string | undefined {
  return (typeof header === 'object' ? header[0] : header)?.trim();
}
