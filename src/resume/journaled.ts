import { isRepeatable } from '../delivery.js';
import { EXIT, RunError } from '../errors.js';
import { nodeFs } from '../journal/node-fs.js';
import { sweepRuns } from '../journal/sweep.js';
import type { EndRecord } from '../journal/types.js';
import type { RowFeed, RowFeedOptions } from '../row-feed.js';
import type { ExportOptions, Journaling, RunSummary } from '../summary.js';
import { DAY_MS } from '../time-units.js';
import { createBatchLog, type BatchLog } from './batch-log.js';
import { combine } from './combine.js';
import { openRetry } from './open-retry.js';
import { openJob } from './open-run.js';
import type { CompleteRun, JobWork, OpenRun, WaitingRun } from './opened.js';
import { summaryWithoutRows } from './no-rows.js';
import { createRetryFeed } from './retry.js';

type ExportOnce = (
  options: ExportOptions,
  log: BatchLog,
  makeFeed?: (options: RowFeedOptions) => RowFeed,
) => Promise<RunSummary>;

/** What all runs of a command share. */
type Command = {
  readonly options: ExportOptions;
  readonly clock: () => number;
  readonly exportOnce: ExportOnce;
};

/**
 * Exports with a journal: begins a run, goes on with an unfinished one, or does nothing because it is complete. What earlier
 * commands of the job left unfinished is finished first. The input is read from its beginning each time; batches the journal has
 * as settled are not sent again.
 */
export async function exportJournaled(
  options: ExportOptions,
  journaling: Journaling,
  exportOnce: ExportOnce,
): Promise<RunSummary> {
  const clock = options.clock ?? Date.now;
  const nowMs = clock();
  let work: JobWork;
  try {
    const { stateDir, retry } = journaling;
    work = await (retry === undefined
      ? openJob(options, stateDir, nowMs)
      : openRetry(options, { stateDir, retry, nowMs }));
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    return summaryWithoutRows(options, nowMs, { error });
  }
  try {
    const command = { options, clock, exportOnce };
    return await withoutOld(await exportAll(work, command), work, command);
  } finally {
    await work.close();
  }
}

/** Events older than a week are refused by the API, so a copy of older rows is of no use. */
const KEEP_COPIES_MS = 7 * DAY_MS;

/** Removes what is too old. It is no part of the run, so what goes wrong here is left to `runs clean`. */
async function withoutOld(
  summary: RunSummary,
  { slot }: JobWork,
  { options, clock }: Command,
): Promise<RunSummary> {
  const stateDir = options.journaling?.stateDir;
  if (stateDir === undefined || options.signal?.aborted === true) return summary;
  const removed = await sweepRuns(stateDir, nodeFs, {
    nowMs: clock(),
    keepRunsMs: options.config.keepRunsDays * DAY_MS,
    keepCopiesMs: KEEP_COPIES_MS,
    held: slot,
  }).catch(() => ({ runs: 0, copies: 0 }));
  return removed.runs + removed.copies === 0 ? summary : { ...summary, removed };
}

async function exportAll({ first, own, closed }: JobWork, command: Command): Promise<RunSummary> {
  const { options, clock } = command;
  const earlier: RunSummary[] = [];
  for (const waiting of first) {
    // Whether this one began with an as-of time of its own is known; the one given is for the new rows.
    const { asOfMs: _, ...others } = options;
    const summary = await exportWaiting(waiting, { ...command, options: others });
    earlier.push(summary);
    if (endsCommand(summary)) {
      const waits = summaryWithoutRows(options, clock(), { error: unfinished(waiting, own, summary) });
      return combine(waits, { earlier, closed });
    }
  }
  const summary =
    'complete' in own ? completeBefore(own, options, clock()) : await exportWaiting(own, command);
  return combine(summary, { earlier, closed });
}

/** Whether the API, the machine or the user stands in the way of every later run too, or rows of this one can still be sent. */
function endsCommand({ error, exitCode, outcomes }: RunSummary): boolean {
  if (error === undefined || error.code === 'run_changed' || error.code === 'input_changed') return false;
  if (exitCode === EXIT.data || exitCode === EXIT.noInput) return false;
  return exitCode !== EXIT.temporary || outcomes.not_attempted > 0;
}

function unfinished({ runId }: WaitingRun, own: JobWork['own'], { error, exitCode }: RunSummary): RunError {
  const why = `the run ${runId} of this job comes first and could not be finished (exit code ${exitCode})`;
  const code = exitCode === EXIT.interrupted || exitCode === EXIT.terminated ? error?.code : undefined;
  return new RunError(code ?? 'earlier_run_unfinished', `${why}; the run ${own.runId} waits for it`);
}

function completeBefore(
  { runId, end, copy }: CompleteRun,
  options: ExportOptions,
  nowMs: number,
): RunSummary {
  const record = {
    id: runId,
    resumed: true,
    alreadyComplete: true,
    sentBefore: end.outcomes['sent'] ?? 0,
    outcomes: end.outcomes,
    ...(copy !== undefined && { copy }),
  };
  return summaryWithoutRows(options, nowMs, { run: record });
}

async function exportWaiting({ open }: WaitingRun, command: Command): Promise<RunSummary> {
  let run: OpenRun;
  try {
    run = await open();
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    return summaryWithoutRows(command.options, command.clock(), { error });
  }
  try {
    return await exportOpened(run, command);
  } finally {
    await run.close();
  }
}

async function exportOpened(run: OpenRun, { options, clock, exportOnce }: Command): Promise<RunSummary> {
  const { journal, known, hidden, inputs, asOfMs } = run;
  const config = { ...options.config, ...run.limits };
  const log = createBatchLog({
    ...{ journal, known, clock, repeatable: isRepeatable(config) },
    ...(hidden !== undefined && { hidden }),
    inDoubt: options.journaling?.inDoubt,
  });
  for (const message of run.warnings) options.observer?.({ type: 'journal_warning', message });
  const { earlier } = run;
  const retryOf = earlier?.at(-1)?.run.runId;
  const makeFeed =
    earlier === undefined ? undefined : (feed: RowFeedOptions) => createRetryFeed(feed, earlier);
  const summary = await keepRejections(
    await exportOnce({ ...options, config, inputs, asOfMs }, log, makeFeed),
    options,
  );
  const record = {
    id: run.runId,
    resumed: run.resumed,
    alreadyComplete: false,
    sentBefore: log.sentBefore(),
    ...(retryOf !== undefined && { retryOf }),
  };
  try {
    const copy = await run.end({
      status: statusOf(summary),
      outcomes: summary.outcomes,
      exitCode: summary.exitCode,
      atMs: clock(),
    });
    return { ...summary, run: { ...record, ...(copy !== undefined && { copy }) } };
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    return {
      ...summary,
      run: record,
      error: summary.error ?? error,
      exitCode: (summary.error ?? error).exitCode,
    };
  }
}

/** A complete run is never read again, so by then its rejections have to be where they belong. */
async function keepRejections(summary: RunSummary, options: ExportOptions): Promise<RunSummary> {
  try {
    await options.flushRejections?.();
    return summary;
  } catch (problem) {
    if (!(problem instanceof RunError)) throw problem;
    const error = summary.error ?? problem;
    return { ...summary, error, exitCode: error.exitCode };
  }
}

/** `stopped`: the input itself ended the run, and going on needs another input. */
function statusOf({ error, exitCode }: RunSummary): EndRecord['status'] {
  if (error === undefined) return 'complete';
  return exitCode === EXIT.data || error.code === 'input_changed' ? 'stopped' : 'incomplete';
}
