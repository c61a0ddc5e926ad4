import { EXIT, RunError } from '../errors.js';
import type { Io, SignalName } from './io.js';

/** Turns interrupts into an abort signal. */
export type Interrupts = {
  readonly signal: AbortSignal;
  readonly stop: () => void;
};

const CODES = { SIGINT: EXIT.interrupted, SIGTERM: EXIT.terminated } as const;

/** The first interrupt asks the run to end; the second one ends the process at once. */
export function watchInterrupts(io: Io, say: (text: string) => void): Interrupts {
  const controller = new AbortController();
  let first: SignalName | undefined;
  const stop = io.onSignal((name) => {
    if (first !== undefined) {
      io.exitNow(CODES[name]);
      return;
    }
    first = name;
    say('stopping: waiting for requests in flight; interrupt again to stop at once\n');
    controller.abort(
      name === 'SIGINT'
        ? new RunError('interrupted', 'the run was interrupted')
        : new RunError('terminated', 'the run was terminated'),
    );
  });
  return { signal: controller.signal, stop };
}
