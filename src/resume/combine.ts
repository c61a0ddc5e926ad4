import { EXIT, RunError } from '../errors.js';
import type { ClosedRunRecord, RunSummary } from '../summary.js';

/** Exit codes, the worst first: what no repeat helps comes before what the next repeat may repair. */
const WORST_FIRST: readonly number[] = [
  ...[EXIT.terminated, EXIT.interrupted, EXIT.internal, EXIT.usage, EXIT.config, EXIT.noPermission],
  ...[EXIT.noInput, EXIT.data, EXIT.io, EXIT.protocol, EXIT.unavailable, EXIT.temporary, EXIT.ok],
];

type Others = {
  readonly earlier: readonly RunSummary[];
  readonly closed: readonly ClosedRunRecord[];
};

/** The summary of a command from those of its runs: the counts are those of its own run, the exit code is the worst of all. */
export function combine(own: RunSummary, { earlier, closed }: Others): RunSummary {
  const whole: RunSummary = {
    ...own,
    ...(earlier.length > 0 && { earlierRuns: earlier }),
    ...(closed.length > 0 && { closedRuns: closed }),
  };
  const errors = [own, ...earlier].flatMap(({ error }) => (error === undefined ? [] : [error]));
  const lost = closed.filter(({ isLoss }) => isLoss);
  if (lost.length > 0) errors.push(givenUp(lost));
  const [worst] = errors.toSorted((a, b) => rankOf(a.exitCode) - rankOf(b.exitCode));
  return worst === undefined ? whole : { ...whole, error: worst, exitCode: worst.exitCode };
}

function rankOf(exitCode: number): number {
  return WORST_FIRST.indexOf(exitCode);
}

function givenUp(lost: readonly ClosedRunRecord[]): RunError {
  const runs = lost.map(({ id, reason }) => `${id} (${reason})`).join(', ');
  return new RunError('run_given_up', `unfinished runs of this job were given up: ${runs}`);
}
