import { EXIT } from '../../errors.js';
import { cleanRuns, type Cleaned } from '../../journal/clean.js';
import { nodeFs } from '../../journal/node-fs.js';
import type { RunListing } from '../../journal/runs.js';
import { formatCount } from '../../report/format.js';
import { jsonText } from '../../report/json-text.js';
import { findRun, runsIn } from '../../resume/find-run.js';
import { DAY_MS } from '../../time-units.js';
import type { Io } from '../io.js';
import type { Output } from '../output.js';
import { stateDirFlag, stateDirOf } from '../state-dir.js';
import { plainTable, tableText } from '../table.js';
import { safeText } from '../terminal.js';
import { inputNames, rowCounts, runRecord, statusText } from './runs-facts.js';
import { runText } from './runs-text.js';

export type RunsFlags = { readonly stateDir?: string; readonly json?: true };

export type CleanFlags = {
  readonly stateDir?: string;
  /** Days. */
  readonly olderThan?: number;
  readonly all?: true;
};

const DEFAULT_DAYS = 30;

/** `snapcapi runs list`: all runs, oldest first. */
export async function runRunsList(flags: RunsFlags, io: Io, out: Output): Promise<number> {
  const dir = stateDirOf(flags, io);
  const runs = await runsIn(dir, nodeFs);
  if (flags.json === true) await out.write(`${jsonText(runs.map(runRecord), 2)}\n`);
  else await out.write(safeText(runs.length === 0 ? `no runs in ${dir}\n` : runTable(runs)));
  return EXIT.ok;
}

/** `snapcapi runs show`: everything about one run. Throws RunError usage when no run, or several, are meant. */
export async function runRunsShow(id: string, flags: RunsFlags, io: Io, out: Output): Promise<number> {
  const run = findRun(await runsIn(stateDirOf(flags, io), nodeFs), id);
  if (flags.json === true) await out.write(`${jsonText(runRecord(run), 2)}\n`);
  else await out.write(safeText(runText(run, stateDirFlag(flags))));
  return EXIT.ok;
}

/** `snapcapi runs clean`: removes runs that are no longer needed, and says which. */
export async function runRunsClean(flags: CleanFlags, io: Io, out: Output): Promise<number> {
  const dir = stateDirOf(flags, io);
  const runs = await runsIn(dir, nodeFs);
  // Also where no run is: a process that was killed before its run began may have left half a copy of its input.
  const cleaned = await cleanRuns(dir, nodeFs, {
    nowMs: io.clock(),
    olderThanMs: (flags.olderThan ?? DEFAULT_DAYS) * DAY_MS,
    unfinished: flags.all === true,
  });
  await out.write(safeText(runs.length === 0 ? `no runs in ${dir}\n` : cleanText(cleaned, runs.length)));
  return EXIT.ok;
}

function runTable(runs: readonly RunListing[]): string {
  const table = plainTable(['run', 'status', 'sent', 'not sent', 'input']);
  for (const run of runs) {
    const { sent = 0, ...others } = rowCounts(run);
    const rest = Object.values(others).reduce((sum, count) => sum + count, 0);
    table.push([run.runId, statusText(run), formatCount(sent), formatCount(rest), inputNames(run)]);
  }
  return tableText(table);
}

function cleanText({ removed, busySlots }: Cleaned, before: number): string {
  const lines = removed.map((run) =>
    `removed ${run.runId} (${statusText(run)}) ${inputNames(run)}`.trimEnd(),
  );
  const stay = before - removed.length;
  lines.push(
    `${formatCount(removed.length)} ${removed.length === 1 ? 'run' : 'runs'} removed, ${formatCount(stay)} left`,
  );
  if (busySlots.length > 0) lines.push('kept: runs of inputs that a process is working on');
  return `${lines.join('\n')}\n`;
}
