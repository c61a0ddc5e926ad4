/** Places for requests in flight. */
export type Slots = {
  /** Waits for a place, in the order of asking, or until the signal aborts. */
  readonly take: () => Promise<void>;
  readonly free: () => void;
};

/** As many places as `size` says at the time. When it grows, that is noticed at the next `free`. */
export function createSlots(size: () => number, signal: AbortSignal): Slots {
  const waiting: (() => void)[] = [];
  let taken = 0;

  function serve(): void {
    while (waiting.length > 0 && (taken < size() || signal.aborted)) {
      taken += 1;
      waiting.shift()?.();
    }
  }

  function take(): Promise<void> {
    return new Promise((resolve) => {
      waiting.push(resolve);
      serve();
    });
  }

  function free(): void {
    taken -= 1;
    serve();
  }

  signal.addEventListener('abort', serve, { once: true });
  return { take, free };
}
