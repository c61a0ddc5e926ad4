import type { Clock, Sleep } from './types.js';

export type RateLimiter = {
  /** Waits for the turn of one request, or until the signal aborts. */
  readonly take: (signal: AbortSignal) => Promise<void>;
  /** Lets no request begin for `ms` milliseconds, not even one that already waits for its turn. */
  readonly hold: (ms: number) => void;
};

export type RateOptions = {
  readonly maxRequestsPerSecond: number;
  readonly clock: Clock;
  readonly sleep: Sleep;
};

/** Spaces requests evenly, without bursts; one limiter is shared by everything in flight. */
export function createRateLimiter(options: RateOptions): RateLimiter {
  const { clock, sleep } = options;
  const spacingMs = 1000 / options.maxRequestsPerSecond;
  let nextMs = -Infinity;
  let heldUntilMs = -Infinity;

  function reserve(): number {
    const slotMs = Math.max(clock(), nextMs, heldUntilMs);
    nextMs = slotMs + spacingMs;
    return slotMs;
  }

  async function take(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const slotMs = reserve();
      const waitMs = Math.ceil(slotMs - clock());
      if (waitMs > 0) await sleep(waitMs, signal);
      if (slotMs >= heldUntilMs) return;
    }
  }

  function hold(ms: number): void {
    heldUntilMs = Math.max(heldUntilMs, clock() + ms);
  }

  return { take, hold };
}
