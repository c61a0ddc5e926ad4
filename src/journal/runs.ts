import { RunError } from '../errors.js';
import { namesIn } from '../files/directories.js';
import { journalIo } from './fault.js';
import type { JournalFs } from './fs.js';
import { lockHolder } from './lock.js';
import { isRunId, runPathsOf, runsDirOf, slotDirOf, type RunPaths } from './paths.js';
import type { ProcessIdentity } from '../lock/process.js';
import { countOf } from './ranges.js';
import { recoverJournal } from './recover.js';
import type { BatchRecord, EndRecord, RunFacts } from './types.js';

/** A run that has a journal. */
export type RunRef = RunPaths & { readonly slot: string; readonly slotDir: string };

export type EventCounts = {
  readonly sent: number;
  readonly refused: number;
  readonly inDoubt: number;
  readonly notAttempted: number;
};

/** A run as `snapcapi runs` shows it. Without `run` when the journal is damaged. */
export type RunListing = RunRef & {
  /** `unfinished`: it has no end, or was resumed after it. `damaged`: its first line cannot be read. */
  readonly status: EndRecord['status'] | 'unfinished' | 'damaged';
  readonly run?: RunFacts;
  readonly end?: EndRecord;
  /** Batches begun. */
  readonly batches: number;
  /** Fates of the events of these batches. */
  readonly events: EventCounts;
  readonly warnings: readonly string[];
  /** The process at work on the slot; only at its newest run. */
  readonly lockedBy?: number;
  /** It is not complete, and no later command resumes it: the job went on without it. */
  readonly givenUp?: true;
};

/** The copy of standard input is with the first run of a chain of retries; empty when that run is gone. */
export function spoolOf(
  runId: string,
  runs: readonly (Pick<RunPaths, 'runId' | 'spool'> & Pick<RunListing, 'run'>)[],
): string {
  const found = runs.find((run) => run.runId === runId);
  const before = found?.run?.retryOf;
  return before === undefined ? (found?.spool ?? '') : spoolOf(before, runs);
}

/** All runs, oldest first. Throws RunError journal_io. */
export async function findRuns(stateDir: string, fs: JournalFs): Promise<readonly RunRef[]> {
  try {
    const slots = await namesIn(runsDirOf(stateDir), fs);
    const found = await Promise.all(slots.map((slot) => readSlot(slotDirOf(stateDir, slot), slot, fs)));
    return found.flat().sort((a, b) => compare(a.runId, b.runId) || compare(a.slot, b.slot));
  } catch (error) {
    throw journalIo('reading the state directory', error);
  }
}

/** All runs with what their journals say, oldest first. Throws RunError journal_io. */
export async function listRuns(
  stateDir: string,
  fs: JournalFs,
  isAlive?: (owner: ProcessIdentity) => boolean,
): Promise<readonly RunListing[]> {
  const runs = await findRuns(stateDir, fs);
  const newest = new Map(runs.map((run) => [run.slot, run.runId]));
  const listings: RunListing[] = [];
  for (const run of runs) {
    const holder =
      newest.get(run.slot) === run.runId ? await lockHolder(run.slotDir, fs, isAlive) : undefined;
    const listing = await describeRun(run, fs);
    listings.push({ ...listing, ...(holder !== undefined && { lockedBy: holder.pid }) });
  }
  return listings.map((listing) => withFate(listing, listings));
}

function withFate(listing: RunListing, all: readonly RunListing[]): RunListing {
  const newest = all.findLast(({ slot }) => slot === listing.slot);
  const isOver = listing.status === 'complete' || listing.status === 'damaged';
  if (newest === undefined || newest === listing || isOver) return listing;
  const waits = isOpen(newest) && newest.run?.after?.includes(listing.runId) === true;
  return waits ? listing : { ...listing, givenUp: true };
}

function isOpen({ status }: RunListing): boolean {
  return status === 'unfinished' || status === 'incomplete';
}

/** What the journal of one run says; one that cannot be read is listed as damaged. */
export async function describeRun(ref: RunRef, fs: JournalFs): Promise<RunListing> {
  try {
    const recovered = await recoverJournal(ref.journal, fs);
    if (recovered === undefined) return damaged(ref, ['the journal is empty']);
    const { run, end, batches, warnings } = recovered;
    const facts = { run, batches: batches.size, events: countEvents(batches.values()), warnings };
    if (end === undefined) return { ...ref, ...facts, status: 'unfinished' };
    return { ...ref, ...facts, status: end.status, end };
  } catch (error) {
    // One bad journal must not hide all other runs.
    if (error instanceof RunError) return damaged(ref, [error.message]);
    throw error;
  }
}

/** Adds up the parts of batches. */
export function countEvents(batches: Iterable<BatchRecord>): EventCounts {
  const counts = { sent: 0, refused: 0, inDoubt: 0, notAttempted: 0 };
  for (const { parts } of batches) {
    counts.sent += parts.sent;
    for (const { events } of parts.refused) counts.refused += countOf(events);
    counts.inDoubt += countOf(parts.inDoubt);
    counts.notAttempted += countOf(parts.notAttempted);
  }
  return counts;
}

/** The runs of a slot, oldest first. Throws RunError journal_io. */
export async function runsOfSlot(slotDir: string, slot: string, fs: JournalFs): Promise<readonly RunRef[]> {
  try {
    return await readSlot(slotDir, slot, fs);
  } catch (error) {
    throw journalIo('reading the state directory', error);
  }
}

async function readSlot(slotDir: string, slot: string, fs: JournalFs): Promise<readonly RunRef[]> {
  if ((await fs.lstat(slotDir))?.kind !== 'directory') return [];
  const ids = (await namesIn(slotDir, fs)).filter(isRunId).sort(compare);
  const runs = ids.map((runId) => ({ slot, slotDir, ...runPathsOf(slotDir, runId) }));
  const facts = await Promise.all(runs.map((run) => fs.lstat(run.journal)));
  return runs.filter((_run, index) => facts[index] !== undefined);
}

function damaged(ref: RunRef, warnings: readonly string[]): RunListing {
  const events = { sent: 0, refused: 0, inDoubt: 0, notAttempted: 0 };
  return { ...ref, status: 'damaged', batches: 0, events, warnings };
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
