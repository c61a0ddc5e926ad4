import { statSync } from 'node:fs';

import type { AccessTokens } from '../../access.js';
import type { Config } from '../../config.js';
import { RunError } from '../../errors.js';
import type { Observer } from '../../events.js';
import { exportRows, type ExportOptions, type RunSummary } from '../../pipeline.js';
import { openOutputs, type KeptFile, type Outputs, type WrittenOutputs } from '../../report/outputs.js';
import type { ReportContext } from '../../report/run-report.js';
import { createTally, type Tally } from '../../report/tally.js';
import { endWith, resolveInputs, type ResolvedInputs } from '../inputs.js';
import type { Io } from '../io.js';
import { createLog, type Log } from '../log.js';
import type { ConfigFlags, InputFlags, OutputFlags, ReportingFlags } from '../options.js';
import { startProgress, type Progress } from '../progress.js';
import { parseAsOf, readOptions, threadsOf } from '../run-options.js';
import { watchInterrupts, type Interrupts } from '../signals.js';
import { packageVersion } from '../../version.js';

export type RunFlags = ConfigFlags & InputFlags & OutputFlags & ReportingFlags;

/** What export and check do differently. */
export type RunPlan = {
  readonly command: 'export' | 'check';
  readonly files: readonly string[];
  /** In place of what `files` stand for. */
  readonly resolved?: ResolvedInputs;
  readonly flags: RunFlags;
  readonly config: Config;
  readonly options: Partial<ExportOptions> & Pick<ExportOptions, 'mode'>;
  /** Makes what the run gets its tokens from, before anything is read or written. */
  readonly access?: (signal: AbortSignal, tell: Observer) => Promise<AccessTokens>;
  /** Files that no output may overwrite, besides the inputs and the config. */
  readonly kept?: readonly KeptFile[];
  readonly recall?: ReportContext['recall'];
  /** Rejections kept in full for showing. */
  readonly examples: number;
};

/** A finished run with everything there is to say about it. */
export type FinishedRun = {
  readonly summary: RunSummary;
  readonly context: ReportContext;
  readonly tally: Tally;
  readonly log: Log;
  readonly outputs: Outputs;
  /** Whether the run did nothing, so that all its output files stay as an earlier run left them. */
  readonly untouched: boolean;
  /** A problem of the output files, which counts only when the run itself has none. */
  readonly outputError: RunError | undefined;
};

/**
 * Runs an export or a check between opened output files, progress and interrupts. Throws RunError for what is
 * wrong before the first row; problems of the run stand in the summary.
 */
export async function performRun(plan: RunPlan, io: Io): Promise<FinishedRun> {
  const { flags } = plan;
  if (flags.rejectsWithValues === true && flags.rejects === undefined) {
    throw new RunError('usage', '--rejects-with-values needs --rejects FILE');
  }
  const resolved = plan.resolved ?? resolveInputs(plan.files, io);
  // Without a flag the run decides: a resumed one keeps the time it began with.
  const asOfMs = flags.asOf === undefined ? undefined : parseAsOf(flags.asOf);
  const report = (counts: object): void => {
    log.progress(counts);
  };
  const progress = startProgress(io, {
    totalBytes: resolved.totalBytes,
    silent: flags.quiet === true,
    ...(flags.logFormat === 'json' ? { report } : {}),
  });
  const log = await createLog(flags, io, progress.say);
  // Before the first file is made, so that an interrupt never leaves a temporary one behind.
  const interrupts = watchInterrupts(io, log.remark);
  try {
    const access = await plan.access?.(interrupts.signal, log.event);
    const outputs = await openOutputs(outputPaths(flags), keptFiles(plan, resolved), {
      secrets: io.secrets,
      withValues: flags.rejectsWithValues === true,
      mapping: plan.config.mapping,
    });
    return await runBetween({ plan, io, resolved, asOfMs, access, outputs, progress, log, interrupts });
  } finally {
    interrupts.stop();
    progress.stop();
  }
}

type Running = {
  readonly plan: RunPlan;
  readonly io: Io;
  readonly resolved: ResolvedInputs;
  readonly asOfMs: number | undefined;
  readonly access: AccessTokens | undefined;
  readonly outputs: Outputs;
  readonly progress: Progress;
  readonly log: Log;
  readonly interrupts: Interrupts;
};

async function runBetween(running: Running): Promise<FinishedRun> {
  const { plan, outputs, log } = running;
  const tally = createTally(plan.examples);
  try {
    const summary = await exportRows(exportOptions(running, tally));
    const untouched = isUntouched(summary);
    const { written, error } = untouched ? NOT_WRITTEN : await closeOutputs(outputs);
    const context: ReportContext = {
      command: plan.command,
      version: packageVersion(),
      config: plan.config,
      rejections: tally.counts(),
      outputs: written,
      ...(plan.recall === undefined ? {} : { recall: plan.recall }),
      ...(untouched && isFilled(plan.flags.rejects) ? { earlierRejects: plan.flags.rejects } : {}),
    };
    return { summary, context, tally, log, outputs, untouched, outputError: error };
  } catch (error) {
    await outputs.abandon();
    throw error;
  }
}

function exportOptions(running: Running, tally: Tally): ExportOptions {
  const { plan, io, outputs, progress, log } = running;
  const { signal } = running.interrupts;
  return {
    ...plan.options,
    inputs: running.resolved.inputs.map((input) => endWith(signal, input)),
    config: plan.config,
    read: readOptions(plan.flags),
    threads: threadsOf(plan.flags),
    ...(running.asOfMs === undefined ? {} : { asOfMs: running.asOfMs }),
    nullTexts: plan.flags.null ?? [],
    ...(running.access === undefined ? {} : { access: running.access }),
    secrets: io.secrets,
    trace: plan.flags.debug === true,
    keepRaw: plan.flags.rejectedRows !== undefined || plan.flags.rejectsWithValues === true,
    signal,
    clock: io.clock,
    observer: (event) => {
      if (event.type === 'rows_read' && event.rows > 0) outputs.begin();
      progress.observe(event);
      log.event(event);
    },
    rejectionSink: async (rejections, inputs) => {
      tally.add(rejections);
      await outputs.write(rejections, inputs);
    },
    flushRejections: outputs.flush,
  };
}

function outputPaths(flags: OutputFlags) {
  return {
    ...(flags.rejects === undefined ? {} : { rejects: flags.rejects }),
    ...(flags.rejectedRows === undefined ? {} : { rejectedRows: flags.rejectedRows }),
    ...(flags.report === undefined ? {} : { report: flags.report }),
  };
}

const NOT_WRITTEN = { written: {}, error: undefined };

/** A run that read no row, and did not reach the end of an empty input either, has nothing to write. */
function isUntouched({ run, error, rowsRead, earlierRuns }: RunSummary): boolean {
  if (rowsRead > 0 || earlierRuns !== undefined) return false;
  return run?.alreadyComplete === true || error !== undefined;
}

function isFilled(path: string | undefined): path is string {
  return path !== undefined && (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0;
}

function keptFiles(plan: RunPlan, { paths, inputs }: ResolvedInputs): readonly KeptFile[] {
  const { config } = plan.flags;
  // Standard input may come from a file.
  const stdin = inputs.some((input) => input.path === undefined) ? ['/dev/stdin'] : [];
  return [
    ...[...paths, ...stdin].map((path) => ({ path, name: 'the input' })),
    ...(config === undefined ? [] : [{ path: config, name: 'the config' }]),
    ...(plan.kept ?? []),
  ];
}

async function closeOutputs(
  outputs: Outputs,
): Promise<{ readonly written: WrittenOutputs; readonly error: RunError | undefined }> {
  try {
    return { written: await outputs.close(), error: undefined };
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    return { written: {}, error };
  }
}
