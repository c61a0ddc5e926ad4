import { join } from 'node:path';
import { RunError } from '../errors.js';
import { namesIn } from '../files/directories.js';
import { journalIo } from './fault.js';
import type { JournalFs } from './fs.js';
import { acquireLock, type LockOptions } from './lock.js';
import { isRunId, runPathsOf, runsDirOf, slotDirOf, type RunPaths } from './paths.js';
import { describeRun, type RunListing } from './runs.js';

export type CleanOptions = Omit<LockOptions, 'fs'> & {
  readonly nowMs: number;
  /** Runs whose end (or start, without an end) is younger stay. 0 by default. */
  readonly olderThanMs?: number;
  /** Also runs that are not complete, or damaged: their rest is then never sent. */
  readonly unfinished?: boolean;
};

export type Cleaned = {
  readonly removed: readonly RunListing[];
  /** Slots left alone because a process is at work there. */
  readonly busySlots: readonly string[];
};

/**
 * Removes runs with their spools, slot by slot, each under its lock; by default those that are complete. Slots
 * without runs go as well. Throws RunError journal_io.
 */
export async function cleanRuns(stateDir: string, fs: JournalFs, options: CleanOptions): Promise<Cleaned> {
  const removed: RunListing[] = [];
  const busySlots: string[] = [];
  for (const slot of await slotsIn(stateDir, fs)) {
    try {
      removed.push(...(await cleanSlot(slot, slotDirOf(stateDir, slot), fs, options)));
    } catch (error) {
      if (!(error instanceof RunError) || error.code !== 'run_locked') throw error;
      busySlots.push(slot);
    }
  }
  return { removed, busySlots };
}

async function slotsIn(stateDir: string, fs: JournalFs): Promise<readonly string[]> {
  try {
    const found: string[] = [];
    for (const name of await namesIn(runsDirOf(stateDir), fs)) {
      if ((await fs.lstat(slotDirOf(stateDir, name)))?.kind === 'directory') found.push(name);
    }
    return found.sort();
  } catch (error) {
    throw journalIo('reading the state directory', error);
  }
}

async function cleanSlot(
  slot: string,
  slotDir: string,
  fs: JournalFs,
  options: CleanOptions,
): Promise<readonly RunListing[]> {
  const lock = await acquireLock(slotDir, { ...options, fs });
  const removed: RunListing[] = [];
  let left = 0;
  try {
    for (const runId of (await namesIn(slotDir, fs)).filter(isRunId).sort()) {
      const ref = { slot, slotDir, ...runPathsOf(slotDir, runId) };
      const known = (await fs.lstat(ref.journal)) === undefined ? undefined : await describeRun(ref, fs);
      // A directory without a journal is what a run leaves that was killed before it began.
      if (known !== undefined && !isDue(known, options)) {
        left += 1;
        continue;
      }
      await removeRunDir(ref, fs);
      if (known !== undefined) removed.push(known);
    }
  } catch (error) {
    await lock.release().catch(() => undefined);
    throw journalIo('removing a run', error);
  }
  await (left === 0 ? lock.remove() : lock.release());
  return removed;
}

function isDue({ status, end, run }: RunListing, options: CleanOptions): boolean {
  const { nowMs, olderThanMs = 0, unfinished = false } = options;
  if (status !== 'complete' && !unfinished) return false;
  const lastMs = end?.atMs ?? run?.createdMs;
  // A time in the future came from a wrong clock: such a run must not stay until then.
  return lastMs === undefined || Math.abs(nowMs - lastMs) >= olderThanMs;
}

/**
 * Removes what processes left in a slot that were killed before their run began, such as half a copy of standard input;
 * only under the lock of the slot. Throws RunError journal_io.
 */
export async function removeUnbegunRuns(slotDir: string, fs: JournalFs): Promise<void> {
  for (const runId of (await namesIn(slotDir, fs)).filter(isRunId)) {
    const paths = runPathsOf(slotDir, runId);
    if ((await fs.lstat(paths.journal)) === undefined) await removeRunDir(paths, fs);
  }
}

/**
 * Removes a run with all that it left, if it is there; only under the lock of its slot. The journal goes first:
 * without it the rest is no run. Throws RunError journal_io.
 */
export async function removeRunDir({ dir, journal }: RunPaths, fs: JournalFs): Promise<void> {
  try {
    if ((await fs.lstat(dir)) === undefined) return;
    if ((await fs.lstat(journal)) !== undefined) await fs.unlink(journal);
    for (const name of await namesIn(dir, fs)) await fs.unlink(join(dir, name));
    await fs.rmdir(dir);
  } catch (error) {
    throw journalIo('removing a run', error);
  }
}
