import { setMaxListeners } from 'node:events';

import { RunError } from '../errors.js';

/** How a run comes to its end before the batches do. */
export type Stop = {
  /** Aborts when no further request may begin. */
  readonly signal: AbortSignal;
  /** Ends the run because of an error; the first one counts. */
  readonly fail: (error: unknown) => void;
  /** The same for an error that counts more than any other. */
  readonly crash: (error: unknown) => void;
  /** Keeps an error for the end without ending the run. */
  readonly remember: (error: RunError) => void;
  /** Throws the error that ended the run, or that was remembered, if there is one. */
  readonly check: () => void;
  readonly dispose: () => void;
};

type Problem = { readonly error: unknown };

/** Stops at the caller's signal as well. `onFatal` is called once, with the first RunError that ends the run. */
export function createStop(options: {
  readonly signal?: AbortSignal;
  readonly onFatal?: (error: RunError) => void;
}): Stop {
  const controller = new AbortController();
  // Every wait listens, and there are as many waits as batches in flight: more than Node expects.
  setMaxListeners(0, controller.signal);
  let crashed: Problem | undefined;
  let failed: Problem | undefined;
  let remembered: Problem | undefined;
  let told = false;

  function halt(): void {
    controller.abort();
  }

  function tell(error: unknown): void {
    halt();
    if (told || !(error instanceof RunError)) return;
    told = true;
    options.onFatal?.(error);
  }

  function fail(error: unknown): void {
    failed ??= { error };
    tell(error);
  }

  function crash(error: unknown): void {
    crashed ??= { error };
    tell(error);
  }

  function check(): void {
    const problem = crashed ?? failed ?? remembered;
    if (problem !== undefined) throw problem.error;
  }

  function dispose(): void {
    options.signal?.removeEventListener('abort', halt);
  }

  options.signal?.addEventListener('abort', halt);
  if (options.signal?.aborted === true) halt();
  return {
    signal: controller.signal,
    fail,
    crash,
    remember: (error) => void (remembered ??= { error }),
    check,
    dispose,
  };
}
