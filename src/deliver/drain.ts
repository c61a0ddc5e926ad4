/** How long answers under way are awaited after the signal to stop, ms. */
export const DEFAULT_DRAIN_MS = 7000;

/** The end of patience after the signal to stop. */
export type Drain = {
  /** Aborts when answers under way are to be given up. */
  readonly over: AbortSignal;
  readonly dispose: () => void;
};

/** Gives the answers under way `drainMs` once `signal` is aborted; without a signal, all the time there is. */
export function createDrain(signal: AbortSignal | undefined, drainMs: number): Drain {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;

  function begin(): void {
    timer = setTimeout(() => {
      controller.abort();
    }, drainMs);
  }

  if (signal?.aborted === true) begin();
  else signal?.addEventListener('abort', begin, { once: true });
  return {
    over: controller.signal,
    dispose() {
      signal?.removeEventListener('abort', begin);
      clearTimeout(timer);
    },
  };
}
