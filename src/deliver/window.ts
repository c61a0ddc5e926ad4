/** How many requests may be in flight. Times in ms, by one clock. */
export type Window = {
  /** At least 1. */
  readonly size: () => number;
  /** An answer came in good time. */
  readonly widen: () => void;
  /** A request, begun at `begunMs`, met an overloaded API. */
  readonly narrow: (begunMs: number, nowMs: number) => void;
};

/**
 * Starts with as many as are allowed at most. Each sign of overload halves the number, once for all requests that were
 * in flight at that time; each answer adds its share of one more per round of answers.
 */
export function createWindow(most: number): Window {
  let width = most;
  let narrowedMs = -Infinity;

  function widen(): void {
    width = Math.min(most, width + 1 / width);
  }

  function narrow(begunMs: number, nowMs: number): void {
    if (begunMs <= narrowedMs) return;
    width = Math.max(1, width / 2);
    narrowedMs = nowMs;
  }

  return { size: () => Math.floor(width), widen, narrow };
}
