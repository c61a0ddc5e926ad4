import type { ClosedRunRecord } from '../summary.js';
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
