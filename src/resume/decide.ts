import { RunError } from '../errors.js';
import { quoteName } from '../printable.js';
import type { RecoveredRun, RunFacts, RunInput } from '../journal/types.js';

/** What the command at hand would make a run from. */
export type Wanted = Pick<RunFacts, 'transformVersion' | 'settings'> & {
  readonly inputs: readonly RunInput[];
  /** The as-of time, when the user named one; else the run's own counts. */
  readonly asOfMs: number | undefined;
  /** Start anew, whatever went before; but go on with a run that was begun so and interrupted. */
  readonly force: boolean;
};

export type Decision = 'fresh' | 'resume' | 'done';

/**
 * What to do about the newest run of the same command: begin anew, go on with it, or nothing because it is complete.
 * Throws RunError `run_changed` when an unfinished run cannot be gone on with, because what it was made from changed.
 */
export function decide(previous: RecoveredRun | undefined, wanted: Wanted): Decision {
  if (previous === undefined) return 'fresh';
  const changes = differences(previous.run, wanted);
  const { end, run } = previous;
  if (wanted.force) {
    const isSame = run.forced === true && run.retryOf === undefined && changes.length === 0;
    return isSame && end?.status !== 'complete' ? 'resume' : 'fresh';
  }
  if (changes.length === 0 && run.retryOf !== undefined && end?.status !== 'complete')
    throw unfinishedRetry(run);
  if (changes.length === 0) return end?.status === 'complete' ? 'done' : 'resume';
  // A run that the input itself stopped is over: the user was told to correct the input.
  if (end !== undefined && end.status !== 'incomplete') return 'fresh';
  throw new RunError(
    'run_changed',
    `the run ${previous.run.runId} of this input is unfinished, and since it began there changed: ${changes.join(', ')}`,
    {
      fix: 'Run with the input, config and as-of time it began with to go on; or add --force to start anew (events keep their ids).',
    },
  );
}

/** A retry sends other batches than an export, so the one cannot go on with the other. */
function unfinishedRetry({ runId, retryOf = '' }: RunFacts): RunError {
  return new RunError('run_changed', `the run ${runId}, a retry of ${retryOf}, is unfinished`, {
    fix: `Go on with it: snapcapi export --retry ${retryOf} --config FILE; or add --force to start anew (events keep their ids).`,
  });
}

/** What of a run is no longer as it was, in words. */
export function differences(before: RunFacts, now: Omit<Wanted, 'force'>): readonly string[] {
  const changes: string[] = [];
  if (before.transformVersion !== now.transformVersion)
    changes.push('the rules of this version of the program');
  if (now.asOfMs !== undefined && now.asOfMs !== before.asOfMs) changes.push('the as-of time');
  if (before.inputs.length !== now.inputs.length) changes.push('the number of inputs');
  for (const [index, input] of now.inputs.entries()) {
    const known = before.inputs[index];
    if (known !== undefined && known.fingerprint !== input.fingerprint)
      changes.push(`the input ${quoteName(input.name)}`);
  }
  const keys = new Set([...Object.keys(before.settings), ...Object.keys(now.settings)]);
  for (const key of [...keys].sort()) {
    if (before.settings[key] !== now.settings[key]) changes.push(`the setting ${key}`);
  }
  return changes;
}
