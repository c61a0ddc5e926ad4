import type { Lock } from '../journal/lock.js';
import { nodeFs } from '../journal/node-fs.js';
import type { RunPaths } from '../journal/paths.js';
import { removeSpool } from '../journal/spool.js';
import type { BatchRecord, EndRecord, RecoveredRun, RunFacts } from '../journal/types.js';
import { checkHeld, whileHeld } from '../journal/while-held.js';
import type { Journal } from '../journal/writer.js';
import type { Input } from '../read/index.js';
import type { ClosedRunRecord } from '../summary.js';
import type { HiddenBatches } from './hidden.js';

/** A run with its journal open. */
export type OpenRun = {
  readonly runId: string;
  readonly resumed: boolean;
  /** The as-of time all its rows are judged by, epoch ms. */
  readonly asOfMs: number;
  /** The limits its batches are made by. */
  readonly limits: Pick<RunFacts, 'batchSize' | 'maxBatchBytes'>;
  /** The inputs to read; standard input is its copy by now. */
  readonly inputs: readonly Input[];
  readonly known: ReadonlyMap<number, BatchRecord>;
  /** Absent in a run that begins. */
  readonly hidden?: HiddenBatches;
  readonly warnings: readonly string[];
  readonly journal: Journal;
  /** What the runs that this one retries left behind, oldest first; absent when it is no retry. */
  readonly earlier?: readonly RecoveredRun[];
  /**
   * Writes the end of the run. A complete run gives up its copy of standard input, unless rows are left that a retry
   * would read there; the path of one that stays is given. Throws RunError journal_io.
   */
  readonly end: (record: EndRecord) => Promise<string | undefined>;
  /** Closes the journal; safe after an error. */
  readonly close: () => Promise<void>;
};

/** The rows of this command were delivered by a run before, so there is nothing to do. */
export type CompleteRun = {
  readonly complete: true;
  readonly runId: string;
  readonly end: EndRecord;
  /** Its copy of standard input, when that is still there. */
  readonly copy: string | undefined;
};

/** A run that is opened when its turn comes. */
export type WaitingRun = { readonly runId: string; readonly open: () => Promise<OpenRun> };

/** All that a command has to do for its job, with the job locked. */
export type JobWork = {
  /** Unfinished runs that come first, oldest first. */
  readonly first: readonly WaitingRun[];
  readonly own: WaitingRun | CompleteRun;
  readonly slot: string;
  /** Runs that were given up. */
  readonly closed: readonly ClosedRunRecord[];
  /** Unlocks the job; safe after an error. */
  readonly close: () => Promise<void>;
};

/**
 * The work of a job whose lock is held: every line of a journal is written under it, because a process that was suspended may have
 * lost it. The lock is released by `close`.
 */
export function lockedWork({ first, own, slot, closed }: Omit<JobWork, 'close'>, lock: Lock): JobWork {
  return {
    first: first.map((waiting) => lockedRun(waiting, lock)),
    own: 'complete' in own ? own : lockedRun(own, lock),
    slot,
    closed,
    close: () => lock.release().catch(() => undefined),
  };
}

function lockedRun({ runId, open }: WaitingRun, lock: Lock): WaitingRun {
  return {
    runId,
    open: async () => {
      await checkHeld(lock);
      const run = await open();
      const end: OpenRun['end'] = async (record) => {
        await checkHeld(lock);
        return run.end(record);
      };
      return { ...run, journal: whileHeld(run.journal, lock), end };
    },
  };
}

type Opening = Pick<
  OpenRun,
  'inputs' | 'journal' | 'known' | 'hidden' | 'resumed' | 'warnings' | 'earlier'
> & {
  readonly run: RunFacts;
  readonly paths: Pick<RunPaths, 'spool'>;
};

/** The run as the export needs it. */
export function opened({ run, paths, ...rest }: Opening): OpenRun {
  const { journal } = rest;
  return {
    ...rest,
    runId: run.runId,
    asOfMs: run.asOfMs,
    limits: { batchSize: run.batchSize, maxBatchBytes: run.maxBatchBytes },
    async end(record) {
      await journal.end(record);
      if (record.status !== 'complete') return undefined;
      if (leavesRows(record)) return copyAt(paths.spool);
      await removeSpool(paths.spool, nodeFs);
      return undefined;
    },
    async close() {
      await journal.close().catch(() => undefined);
    },
  };
}

/** The path of a copy of standard input, when there is one. */
export async function copyAt(spool: string): Promise<string | undefined> {
  return (await nodeFs.lstat(spool).catch(() => undefined)) === undefined ? undefined : spool;
}

/** Whether a retry of a run that ended so would have anything to send. */
export function leavesRows({ outcomes }: EndRecord): boolean {
  return ['refused', 'in_doubt', 'not_attempted'].some((outcome) => (outcomes[outcome] ?? 0) > 0);
}
