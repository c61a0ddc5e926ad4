import { availableParallelism } from 'node:os';

import { RunError } from '../errors.js';
import { isProblem } from '../issues.js';
import { parseEventTime } from '../normalize/time.js';
import type { ReadOptions } from '../read/types.js';
import type { InputFlags } from './options.js';

/** The flags of the input as options of the reader. */
export function readOptions(flags: InputFlags): Partial<ReadOptions> {
  return {
    ...(flags.format === undefined ? {} : { format: flags.format }),
    ...(flags.encoding === undefined ? {} : { encoding: flags.encoding }),
    ...(flags.delimiter === undefined ? {} : { delimiter: flags.delimiter }),
    ...(flags.escape === undefined ? {} : { escape: flags.escape }),
    ...(flags.requireFinalNewline === undefined ? {} : { requireFinalNewline: true }),
    ...(flags.allowEmpty === undefined ? {} : { allowEmpty: true }),
    ...(flags.csvEngine === undefined ? {} : { csvEngine: flags.csvEngine }),
    ...(flags.maxRecordBytes === undefined ? {} : { maxRecordBytes: flags.maxRecordBytes }),
  };
}

/** One thread is left to read, send and keep the books; more than four have nothing to do. */
const MOST_THREADS = 4;

/** Threads that process rows: --threads, else as many as the machine has cores to spare. */
export function threadsOf(flags: InputFlags): number {
  return flags.threads ?? Math.min(MOST_THREADS, availableParallelism() - 1);
}

/** The point in time of --as-of in epoch milliseconds. Throws RunError usage. */
export function parseAsOf(text: string): number {
  const time = parseEventTime(text);
  if (!isProblem(time)) return time;
  throw new RunError('usage', '--as-of is not a point in time', {
    fix: 'Write it as 2026-01-31T12:00:00Z, or as Unix time.',
  });
}
