import { fstatSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { isatty } from 'node:tty';

import { RunError } from '../errors.js';
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

/** Standard input. Node takes a directory for an empty stream. */
function openStdin(): AsyncIterable<Uint8Array> {
  if (isDirectory(0)) {
    throw new RunError('input_missing', 'standard input is a directory', {
      place: { file: '-' },
      fix: 'Redirect a file: snapcapi export < rows.csv',
    });
  }
  // It is made on first touch, and fails when the descriptor is closed.
  return process.stdin;
}

function isDirectory(fd: number): boolean {
  try {
    return fstatSync(fd).isDirectory();
  } catch {
    return false;
  }
}

/** The real process. */
export function processIo(): Io {
  return {
    stdin: openStdin,
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
