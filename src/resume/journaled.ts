import { isRepeatable } from '../delivery.js';
import { EXIT, RunError } from '../errors.js';
import type { EndRecord } from '../journal/types.js';
import type { RowFeed, RowFeedOptions } from '../row-feed.js';
import type { ExportOptions, Journaling, RunSummary } from '../summary.js';
import { createBatchLog, type BatchLog } from './batch-log.js';
import { openRetry } from './open-retry.js';
import { openRun, type CompleteRun, type OpenRun } from './open-run.js';
import { summaryWithoutRows } from './no-rows.js';
import { createRetryFeed } from './retry.js';

type ExportOnce = (
  options: ExportOptions,
  log: BatchLog,
  makeFeed?: (options: RowFeedOptions) => RowFeed,
) => Promise<RunSummary>;

/**
 * Exports with a journal: begins a run, goes on with an unfinished one, or does nothing because it is complete.
 * The input is read from its beginning each time; batches the journal has as settled are not sent again.
 */
export async function exportJournaled(
  options: ExportOptions,
  journaling: Journaling,
  exportOnce: ExportOnce,
): Promise<RunSummary> {
  const clock = options.clock ?? Date.now;
  const nowMs = clock();
  let run: OpenRun | CompleteRun;
  try {
    const { stateDir, retry } = journaling;
    run = await (retry === undefined
      ? openRun(options, stateDir, nowMs)
      : openRetry(options, { stateDir, retry, nowMs }));
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    return summaryWithoutRows(options, nowMs, { error });
  }
  if ('complete' in run) {
    const record = {
      id: run.runId,
      resumed: true,
      alreadyComplete: true,
      sentBefore: run.end.outcomes['sent'] ?? 0,
      outcomes: run.end.outcomes,
    };
    return summaryWithoutRows(options, nowMs, { run: record });
  }
  try {
    return await exportOpened(options, run, clock, exportOnce);
  } finally {
    await run.close();
  }
}

async function exportOpened(
  options: ExportOptions,
  run: OpenRun,
  clock: () => number,
  exportOnce: ExportOnce,
): Promise<RunSummary> {
  const { journal, known, hidden, inputs, asOfMs } = run;
  const log = createBatchLog({
    ...{ journal, known, clock, repeatable: isRepeatable(options.config) },
    ...(hidden !== undefined && { hidden }),
    inDoubt: options.journaling?.inDoubt,
  });
  for (const message of run.warnings) options.observer?.({ type: 'journal_warning', message });
  const { earlier } = run;
  const retryOf = earlier?.at(-1)?.run.runId;
  const makeFeed =
    earlier === undefined ? undefined : (feed: RowFeedOptions) => createRetryFeed(feed, earlier);
  const summary = await keepRejections(
    await exportOnce({ ...options, inputs, asOfMs }, log, makeFeed),
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
    await run.end({
      status: statusOf(summary),
      outcomes: summary.outcomes,
      exitCode: summary.exitCode,
      atMs: clock(),
    });
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    return {
      ...summary,
      run: record,
      error: summary.error ?? error,
      exitCode: (summary.error ?? error).exitCode,
    };
  }
  return { ...summary, run: record };
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
  return exitCode === EXIT.data ? 'stopped' : 'incomplete';
}
