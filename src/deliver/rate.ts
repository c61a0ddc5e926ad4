import type { Clock, Sleep } from './types.js';

const MOST_LATE_MS = 5;

export type RateLimiter = {
  /** Waits for the turn of one request, or until the signal aborts. Turns come in the order in which they were asked for. */
  readonly take: (signal: AbortSignal) => Promise<void>;
  /** Lets no request begin for `ms` milliseconds, not even one that already waits for its turn. */
  readonly hold: (ms: number) => void;
};

export type RateOptions = {
  readonly maxRequestsPerSecond: number;
  /** A rate that may change at any time and counts where it is lower. */
  readonly perSecond?: () => number;
  readonly clock: Clock;
  readonly sleep: Sleep;
};

/** Spaces requests evenly, without bursts; one limiter is shared by everything in flight. */
export function createRateLimiter(options: RateOptions): RateLimiter {
  const { clock, sleep, maxRequestsPerSecond, perSecond = () => Infinity } = options;
  let lastMs = -Infinity;
  let heldUntilMs = -Infinity;
  let turn: Promise<void> = Promise.resolve();

  // Asked again after each wait, so that a change of the rate or a hold counts for those who already wait.
  function nextMs(): number {
    return Math.max(lastMs + 1000 / Math.min(maxRequestsPerSecond, perSecond()), heldUntilMs);
  }

  async function waitForSlot(signal: AbortSignal): Promise<void> {
    const askedMs = clock();
    while (!signal.aborted) {
      const slotMs = nextMs();
      const nowMs = clock();
      const waitMs = Math.ceil(slotMs - nowMs);
      if (waitMs <= 0) {
        // The slot, not the moment of waking up, so that late timers do not add up; but a slot that moved ahead
        // during the wait makes no burst.
        lastMs = Math.max(askedMs, slotMs, nowMs - MOST_LATE_MS);
        return;
      }
      await sleep(waitMs, signal);
    }
  }

  function take(signal: AbortSignal): Promise<void> {
    turn = turn.then(() => waitForSlot(signal));
    return turn;
  }

  function hold(ms: number): void {
    heldUntilMs = Math.max(heldUntilMs, clock() + ms);
  }

  return { take, hold };
}
