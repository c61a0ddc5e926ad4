import { RunError } from '../errors.js';
import { namesIn } from '../files/directories.js';
import { removeRunDir } from './clean.js';
import type { JournalFs } from './fs.js';
import { acquireLock } from './lock.js';
import { runsDirOf, slotDirOf, timeOf } from './paths.js';
import { isUnfinished, peekJournal, type PeekedRun } from './peek.js';
import { runsOfSlot, type RunRef } from './runs.js';
import { removeSpool } from './spool.js';

export type SweepOptions = {
  readonly nowMs: number;
  /** Age at which complete runs go, and copies of standard input that unfinished runs have. */
  readonly keepRunsMs: number;
  /** Age at which the copies of standard input go that runs keep after their end. */
  readonly keepCopiesMs: number;
  /** Slot that this process has locked. */
  readonly held: string;
};

/** What was removed because of its age. */
export type Swept = { readonly runs: number; readonly copies: number };

/**
 * Removes what is too old from all slots where no process is at work. The name of a run says when it began, so that only old ones
 * are looked at. What cannot be read or removed stays: `runs clean` says why.
 */
export async function sweepRuns(stateDir: string, fs: JournalFs, options: SweepOptions): Promise<Swept> {
  const swept = { runs: 0, copies: 0 };
  for (const slot of await namesIn(runsDirOf(stateDir), fs)) {
    try {
      const { runs, copies } = await sweepSlot(slot, slotDirOf(stateDir, slot), { ...options, fs });
      swept.runs += runs;
      swept.copies += copies;
    } catch (error) {
      if (!(error instanceof RunError)) throw error;
    }
  }
  return swept;
}

type Sweep = SweepOptions & { readonly fs: JournalFs };

async function sweepSlot(slot: string, slotDir: string, sweep: Sweep): Promise<Swept> {
  const { fs, nowMs, keepRunsMs, keepCopiesMs, held } = sweep;
  const youngest = nowMs - Math.min(keepRunsMs, keepCopiesMs);
  const refs = await runsOfSlot(slotDir, slot, fs);
  const old = refs.filter(({ runId }) => timeOf(runId) <= youngest);
  if (old.length === 0) return { runs: 0, copies: 0 };
  const lock = slot === held ? undefined : await acquireLock(slotDir, { fs });
  try {
    return await sweepOld(old, refs, sweep);
  } finally {
    await lock?.release().catch(() => undefined);
  }
}

async function sweepOld(old: readonly RunRef[], all: readonly RunRef[], sweep: Sweep): Promise<Swept> {
  const { fs, nowMs, keepRunsMs } = sweep;
  const latest = all.at(-1);
  // An unfinished retry needs the runs before it.
  const isPinned = latest !== undefined && isUnfinished(await peekJournal(latest.journal, fs));
  let [runs, copies] = [0, 0];
  for (const ref of old) {
    const known = await peekJournal(ref.journal, fs).catch(() => undefined);
    if (known === undefined) continue;
    const ageMs = nowMs - (known.end?.atMs ?? known.run.createdMs);
    if (known.end?.status === 'complete' && ageMs >= keepRunsMs && !isPinned) {
      await removeRunDir(ref, fs);
      runs += 1;
    } else if (ageMs >= copyAge(known, sweep) && (await fs.lstat(ref.spool)) !== undefined) {
      await removeSpool(ref.spool, fs);
      copies += 1;
    }
  }
  return { runs, copies };
}

function copyAge(known: PeekedRun, { keepRunsMs, keepCopiesMs }: Sweep): number {
  return isUnfinished(known) ? Math.max(keepRunsMs, keepCopiesMs) : keepCopiesMs;
}
