import { RunError } from '../../errors.js';
import { formatIssue, ISSUES } from '../../issues.js';
import { formatCount, formatPlace } from '../../report/format.js';
import { issueRecord } from '../../report/rejects.js';
import { summaryText } from '../../report/summary-text.js';
import type { Rejection, RunSummary } from '../../summary.js';
import { loadConfig } from '../config-file.js';
import type { Io } from '../io.js';
import type { Output } from '../output.js';
import { safeText } from '../terminal.js';
import { finishRun } from './finish.js';
import { performRun, type FinishedRun, type RunFlags } from './run.js';

const MOST_EXAMPLES = 20;

export type CheckFlags = RunFlags & { readonly strict?: true };

/** `snapcapi check`: judges every row without any network. Gives the exit code. */
export async function runCheck(
  files: readonly string[],
  flags: CheckFlags,
  io: Io,
  out: Output,
): Promise<number> {
  const given = await loadConfig(flags, io, 'optional');
  // All rows are to be judged, also those after the row at which an export would stop.
  const config = { ...given, skipInvalidRecords: true };
  const run = await performRun(
    { command: 'check', files, flags, config, examples: MOST_EXAMPLES, options: { mode: 'check' } },
    io,
  );
  const summary = flags.strict === true ? strictly(run.summary) : run.summary;
  const finished = { ...run, context: { ...run.context, config: given }, summary };
  return finishRun(finished, out, {
    json: flags.json === true,
    extra: { examples: run.tally.examples().map(exampleRecord) },
    text: flags.quiet === true ? '' : checkText(finished),
  });
}

function strictly(summary: RunSummary): RunSummary {
  const { invalid } = summary.outcomes;
  if (summary.error !== undefined || invalid === 0) return summary;
  const error = new RunError('rows_invalid', `${invalid} of ${summary.rowsRead} rows are invalid`);
  return { ...summary, error, exitCode: error.exitCode };
}

function exampleRecord({ place, outcome, issues }: Rejection): object {
  return {
    ...place,
    outcome,
    issues: issues.map((issue) => ({ ...issueRecord(issue), fix: ISSUES[issue.code].fix })),
  };
}

function checkText(run: FinishedRun): string {
  if (run.summary.error !== undefined && run.summary.rowsRead === 0) return '';
  const examples = run.tally.examples();
  const rest = run.tally.rejected() - examples.length;
  const lines = examples.flatMap(exampleLines);
  if (rest > 0) lines.push(`… and ${formatCount(rest)} more; --rejects FILE lists them all`);
  if (!run.context.config.skipInvalidRecords && run.summary.outcomes.invalid > 0) {
    lines.push('skip_invalid_records is false: an export would stop at the first invalid row');
  }
  const list = lines.length === 0 ? '' : `${lines.join('\n')}\n\n`;
  return safeText(`${list}${summaryText(run.summary, run.context)}`);
}

function exampleLines({ place, outcome, issues }: Rejection): readonly string[] {
  return [
    `${formatPlace(place)} ${outcome}`,
    ...issues.map((issue) => `  ${issue.code}: ${formatIssue(issue)}. ${ISSUES[issue.code].fix}`),
  ];
}
