import type { Clock } from './types.js';

const BASE_MS = 500;
const CAP_MS = 30_000;

/** Total time in ms that one run of consecutive failures may take. */
export const DEFAULT_RETRY_FOR_MS = 600_000;

export type RetryTiming = {
  /** From the first failure of a run of failures, in ms. */
  readonly retryForMs: number;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
};

/** Decides the waits of one run of consecutive failures. */
export type RetryBudget = {
  /** The wait in ms before the next try, or undefined when the budget does not cover it. */
  readonly next: (retryAfterMs: number | undefined) => number | undefined;
};

/** Wait in ms after the given number of consecutive failures (from 1): exponential, full jitter, at most 30 s. */
export function backoffMs(failures: number, random: () => number): number {
  return Math.round(random() * Math.min(CAP_MS, BASE_MS * 2 ** (failures - 1)));
}

/** A fresh budget; its time starts with the first failure it is asked about. */
export function createRetryBudget(timing: RetryTiming): RetryBudget {
  const { retryForMs, clock, random } = timing;
  let failures = 0;
  let startedMs = 0;

  function next(retryAfterMs: number | undefined): number | undefined {
    const nowMs = clock();
    if (failures === 0) startedMs = nowMs;
    failures += 1;
    const waitMs = Math.max(retryAfterMs ?? 0, backoffMs(failures, random));
    return nowMs + waitMs > startedMs + retryForMs ? undefined : waitMs;
  }

  return { next };
}

/** The wait in ms that a `Retry-After` header asks for, given as seconds or as an HTTP date; undefined when it is neither. The first of several counts. */
export function parseRetryAfter(
  header: string | readonly string[] | undefined,
  nowMs: number,
): number | undefined {
  const text = (typeof header === 'object' ? header[0] : header)?.trim();
  if (text === undefined || text === '') return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000);
  // Date.parse takes much that is no HTTP date; those of RFC 9110 begin with the name of a day.
  const atMs = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}
