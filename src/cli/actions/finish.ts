import { RunError } from '../../errors.js';
import { jsonText } from '../../report/json-text.js';
import { reportRecord } from '../../report/run-report.js';
import { summaryText } from '../../report/summary-text.js';
import type { RunSummary } from '../../summary.js';
import type { Output } from '../output.js';
import type { FinishedRun } from './run.js';

export type FinishOptions = {
  readonly json: boolean;
  /** Fields added to the JSON object. */
  readonly extra?: object;
  /** Text for standard output instead of a summary on standard error. */
  readonly text?: string;
};

/**
 * Writes report, summary and error of a finished run, in this order, and gives the exit code. An output that
 * fails turns a successful run into a failed one, but never hides why a run failed.
 */
export async function finishRun(run: FinishedRun, out: Output, options: FinishOptions): Promise<number> {
  const { log, outputs } = run;
  const { summary, context } = await writeReport(run, options);
  const record = { ...reportRecord(summary, context), ...options.extra };
  const late = await errorOf(async () => {
    if (options.json) await out.write(`${jsonText(record)}\n`);
    else if (options.text !== undefined) await out.write(options.text);
  });
  const final = withError(summary, late);
  const { earlierRuns = [], closedRuns = [] } = final;
  const nothingHappened =
    final.error !== undefined && final.rowsRead + earlierRuns.length + closedRuns.length === 0;
  const silent = options.text !== undefined || nothingHappened;
  log.summary(silent ? undefined : summaryText(final, context), record);
  if (final.error !== undefined) log.error(final.error);
  await outputs.abandon();
  return final.exitCode;
}

/** Writes the report, unless nothing happened, and gives what is left to say: that it could not be written, too. */
async function writeReport(
  { summary: given, context, outputs, untouched, outputError }: FinishedRun,
  { extra }: FinishOptions,
): Promise<Pick<FinishedRun, 'summary' | 'context'>> {
  const summary = withError(given, outputError);
  if (untouched) return { summary, context };
  const record = { ...reportRecord(summary, context), ...extra };
  const error = await errorOf(() => outputs.writeReport(`${jsonText(record, 2)}\n`));
  if (error === undefined) return { summary, context };
  const { report: _, ...written } = context.outputs;
  const failed = new RunError(error.code, error.message, {
    fix: 'The run itself ended as the result says, so do not start it over for the report: --json prints the same result.',
  });
  return { summary: withError(summary, failed), context: { ...context, outputs: written } };
}

async function errorOf(work: () => Promise<void>): Promise<RunError | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof RunError) return error;
    throw error;
  }
}

function withError(summary: RunSummary, error: RunError | undefined): RunSummary {
  return error === undefined || summary.error !== undefined
    ? summary
    : { ...summary, error, exitCode: error.exitCode };
}
