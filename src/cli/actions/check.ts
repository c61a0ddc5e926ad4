import type { Config } from '../../config.js';
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

export type CheckFlags = RunFlags & {
  readonly strict?: true;
  /** False with --no-early-stop. */
  readonly earlyStop?: boolean;
};

/** `snapcapi check`: validates every row without network access. Gives the exit code of `export --dry-run`. */
export async function runCheck(
  files: readonly string[],
  flags: CheckFlags,
  io: Io,
  out: Output,
): Promise<number> {
  const given = await loadConfig(flags, io, 'optional');
  // All rows are validated, also those after the row at which an export would stop.
  const config = { ...given, skipInvalidRecords: true };
  const run = await performRun(
    {
      ...{ command: 'check', files, flags, config, examples: MOST_EXAMPLES },
      options: { mode: 'check', earlyStop: flags.earlyStop ?? true },
    },
    io,
  );
  const error = run.summary.error ?? stopError(run, given) ?? strictError(run.summary, flags);
  const summary = error === undefined ? run.summary : { ...run.summary, error, exitCode: error.exitCode };
  const finished = { ...run, context: { ...run.context, config: given }, summary };
  return finishRun(finished, out, {
    json: flags.json === true,
    extra: { examples: run.tally.examples().map(exampleRecord) },
    text: flags.quiet === true ? '' : checkText(finished),
  });
}

/** With skip_invalid_records false an export stops at the first invalid row. */
function stopError({ summary, tally }: FinishedRun, { skipInvalidRecords }: Config): RunError | undefined {
  const { invalid } = summary.outcomes;
  if (skipInvalidRecords || invalid === 0) return undefined;
  const first = tally.examples().find(({ outcome }) => outcome === 'invalid');
  return new RunError(
    'invalid_row_stop',
    `${invalid} rows are invalid, and skip_invalid_records is false: an export would stop at the first`,
    {
      ...(first === undefined ? {} : { place: first.place }),
      fix: 'Correct the rows, or set skip_invalid_records to true.',
    },
  );
}

function strictError({ outcomes, rowsRead }: RunSummary, { strict }: CheckFlags): RunError | undefined {
  if (strict !== true || outcomes.invalid === 0) return undefined;
  return new RunError('rows_invalid', `${outcomes.invalid} of ${rowsRead} rows are invalid`);
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
  const list = lines.length === 0 ? '' : `${lines.join('\n')}\n\n`;
  return safeText(`${list}${summaryText(run.summary, run.context)}`);
}

function exampleLines({ place, outcome, issues }: Rejection): readonly string[] {
  return [
    `${formatPlace(place)} ${outcome}`,
    ...issues.map((issue) => `  ${issue.code}: ${formatIssue(issue)}. ${ISSUES[issue.code].fix}`),
  ];
}
