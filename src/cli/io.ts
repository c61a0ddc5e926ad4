import type { Writable } from 'node:stream';
import { isatty } from 'node:tty';

import { createSecrets, type Secrets } from '../secrets.js';

export type SignalName = 'SIGINT' | 'SIGTERM';

/** Everything the command line touches outside of itself, so that tests can run it in-process. */
export type Io = {
  /** Opens standard input; called at most once, and only when it is read. */
  readonly stdin: () => AsyncIterable<Uint8Array>;
  readonly stdinIsTerminal: boolean;
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly stderrIsTerminal: boolean;
  /** Never written; `main` sees to it. Whoever comes to know a secret adds it. */
  readonly secrets: Secrets;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Repeats a task without keeping the process alive; the answer stops it. */
  readonly every: (ms: number, task: () => void) => () => void;
  /** Calls back for every interrupt; the answer stops listening. */
  readonly onSignal: (listener: (name: SignalName) => void) => () => void;
  /** Ends the process without waiting for anything. */
  readonly exitNow: (code: number) => void;
};

/** The real process. */
export function processIo(): Io {
  return {
    // process.stdin is made on first touch, and fails when the descriptor is closed.
    stdin: () => process.stdin,
    stdinIsTerminal: isatty(0),
    stdout: process.stdout,
    stderr: process.stderr,
    stderrIsTerminal: isatty(2),
    secrets: createSecrets(),
    env: process.env,
    clock: Date.now,
    every: (ms, task) => {
      const timer = setInterval(task, ms);
      timer.unref();
      return () => {
        clearInterval(timer);
      };
    },
    onSignal: (listener) => {
      process.on('SIGINT', listener).on('SIGTERM', listener);
      return () => {
        process.off('SIGINT', listener).off('SIGTERM', listener);
      };
    },
    exitNow: (code) => process.exit(code),
  };
}
