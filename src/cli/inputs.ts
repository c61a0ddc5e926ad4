import { statSync } from 'node:fs';
import { Readable } from 'node:stream';

import { RunError } from '../errors.js';
import { fileInput, type Input } from '../read/index.js';
import type { Io } from './io.js';

export type ResolvedInputs = {
  readonly inputs: readonly Input[];
  /** Paths of the inputs that are files. */
  readonly paths: readonly string[];
  /** Size of all inputs together, when all are regular files. */
  readonly totalBytes: number | undefined;
};

/**
 * Inputs for the file arguments: paths, `-` for standard input, or nothing when standard input is not a terminal.
 * Throws RunError usage when there is nothing to read.
 */
export function resolveInputs(files: readonly string[], io: Io): ResolvedInputs {
  if (files.length === 0 && io.stdinIsTerminal) {
    throw new RunError('usage', 'no input: give a FILE, or pipe rows into standard input', {
      fix: 'Example: snapcapi check rows.csv --config result.json',
    });
  }
  const names = files.length === 0 ? ['-'] : files;
  if (names.filter((name) => name === '-').length > 1) {
    throw new RunError('usage', 'standard input (-) can be read only once');
  }
  const paths = names.filter((name) => name !== '-');
  return {
    inputs: names.map((name) => (name === '-' ? { name, open: io.stdin } : fileInput(name))),
    paths,
    totalBytes: paths.length === names.length ? sizeOf(paths) : undefined,
  };
}

function sizeOf(paths: readonly string[]): number | undefined {
  let sum = 0;
  for (const path of paths) {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found?.isFile() !== true) return undefined;
    sum += found.size;
  }
  return sum;
}

/** The input, but waiting for its next bytes ends with the reason of the signal when that is aborted. */
export function endWith(signal: AbortSignal, input: Input): Input {
  return {
    ...input,
    open: () => {
      const bytes = input.open();
      if (!(bytes instanceof Readable)) return bytes;
      const destroy = (): void => {
        bytes.destroy(signal.reason as Error);
      };
      // Nobody may be listening yet when the signal comes; whoever reads on is told all the same.
      bytes.on('error', () => undefined);
      if (signal.aborted) destroy();
      signal.addEventListener('abort', destroy, { once: true });
      // Thousands of inputs share the signal.
      bytes.once('close', () => {
        signal.removeEventListener('abort', destroy);
      });
      return bytes;
    },
  };
}
