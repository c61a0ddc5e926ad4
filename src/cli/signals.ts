import { EXIT, RunError } from '../errors.js';
import type { RunSummary } from '../summary.js';
import type { Io, SignalName } from './io.js';

/** Turns interrupts into an abort signal. */
export type Interrupts = {
  readonly signal: AbortSignal;
  /**
   * The summary of a run during which an interrupt may have come. Once it came, nobody can tell whether the end
   * of the input was reached, so such a run never counts as done.
   */
  readonly applyTo: (summary: RunSummary) => RunSummary;
  readonly stop: () => void;
};

const CODES = { SIGINT: EXIT.interrupted, SIGTERM: EXIT.terminated } as const;

/** The first interrupt asks the run to end; the second one ends the process at once. */
export function watchInterrupts(io: Io, say: (text: string) => void): Interrupts {
  const controller = new AbortController();
  let first: SignalName | undefined;
  let error: RunError | undefined;
  const stop = io.onSignal((name) => {
    if (first !== undefined) {
      io.exitNow(CODES[name]);
      return;
    }
    first = name;
    say('stopping: waiting for requests in flight; interrupt again to stop at once\n');
    error =
      name === 'SIGINT'
        ? new RunError('interrupted', 'the run was interrupted')
        : new RunError('terminated', 'the run was terminated');
    controller.abort(error);
  });
  return {
    signal: controller.signal,
    applyTo: (summary) =>
      error === undefined ? summary : { ...summary, error: summary.error ?? error, exitCode: error.exitCode },
    stop,
  };
}
