import type { ReportContext } from './run-report.js';
import type { ClosedRunRecord, RunSummary } from '../summary.js';
import { formatCount, outcomeCounts, printableName } from './format.js';

/** A run that was given up, in words: why, what became of its rows, and where they may still be. */
export function closedLines({ id, reason, outcomes, copy }: ClosedRunRecord): readonly string[] {
  const counts = outcomeCounts(outcomes);
  return [
    `gave up run ${id}: ${reason}`,
    `  rows known: ${counts.length === 0 ? 'none' : counts.join(', ')}`,
    ...(copy === undefined ? [] : [`  its copy of standard input stays in ${printableName(copy)}`]),
  ];
}

/** The command that sends again what a run left. `recall`: flags with which it finds the run, if they are known. */
export function retryCommand(runId: string, recall: ReportContext['recall']): string {
  const { config, stateDir } = recall ?? { config: '--config FILE', stateDir: '' };
  return `snapcapi export --retry ${runId} ${config}${stateDir}`;
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
