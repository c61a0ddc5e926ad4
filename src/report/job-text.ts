import type { ClosedRunRecord, RunSummary } from '../summary.js';
import { formatCount, outcomeLabel, printableName } from './format.js';

/** A run that was given up, in words: why, what became of its rows, and where they may still be. */
export function closedLines({ id, reason, outcomes, copy }: ClosedRunRecord): readonly string[] {
  const counts = Object.entries(outcomes)
    .filter(([, count]) => count > 0)
    .map(([outcome, count]) => `${formatCount(count)} ${outcomeLabel(outcome)}`);
  return [
    `gave up run ${id}: ${reason}`,
    `  rows known: ${counts.length === 0 ? 'none' : counts.join(', ')}`,
    ...(copy === undefined ? [] : [`  its copy of standard input stays in ${printableName(copy)}`]),
  ];
}

/** A copy of standard input that stays after the run, and why. */
export function copyLines({ run }: Pick<RunSummary, 'run'>): readonly string[] {
  if (run?.copy === undefined) return [];
  const path = printableName(run.copy);
  return [`copy of standard input: ${path} (kept 7 days, so that --retry can send the rows left)`];
}

/** What was removed because of its age. */
export function removedLines({ removed }: Pick<RunSummary, 'removed'>): readonly string[] {
  if (removed === undefined) return [];
  return [
    `removed for their age: ${formatCount(removed.runs)} complete runs, ${formatCount(removed.copies)} copies of standard input`,
  ];
}
