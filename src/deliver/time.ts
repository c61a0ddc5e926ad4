import { setTimeout as wait } from 'node:timers/promises';

// A longer timer fires at once in Node.
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Waits `ms` milliseconds, or until the signal aborts. Never rejects. */
export async function sleepFor(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await wait(Math.min(ms, LONGEST_TIMER_MS), undefined, signal === undefined ? {} : { signal });
  } catch {
    // Only an abort rejects, and an abort is an end of the wait like any other.
  }
}
