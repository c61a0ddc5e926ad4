import { join } from 'node:path';
import { RunError } from '../errors.js';
import type { FileSystem } from '../files/fs.js';
import { holderOf, tryLock, type Held, type Holder, type LockOptions } from '../lock/lock.js';
import type { ProcessIdentity } from '../lock/process.js';
import { journalIo } from './fault.js';

export type { LockOptions };

/** The lock of a slot. `release` throws RunError journal_io. */
export type Lock = Held;

/**
 * Takes the lock of a slot, also from a process that is gone. Throws RunError run_locked, naming the process that
 * holds it, or journal_io.
 */
export async function acquireLock(slotDir: string, options: LockOptions): Promise<Lock> {
  const attempt = await tryLock(lockIn(slotDir), options).catch((error: unknown) => {
    throw journalIo('locking the run', error);
  });
  if ('held' in attempt) return { ...attempt.held, release: () => release(attempt.held) };
  throw runLocked(attempt.holder);
}

function runLocked(holder: Holder | undefined): RunError {
  if (holder === undefined) return new RunError('run_locked', 'other processes are starting the same run');
  const { pid, aliveForMs } = holder;
  if (aliveForMs === undefined)
    return new RunError('run_locked', `process ${pid} is at work on the same run`);
  return new RunError(
    'run_locked',
    `process ${pid} of another container or machine is at work on the same run`,
    {
      fix: `Wait until it ends. If it was killed, run the same command again in ${Math.ceil(aliveForMs / 1000)} s.`,
    },
  );
}

/** The process that holds the lock of a slot, if one does. Throws RunError journal_io. */
export async function lockHolder(
  slotDir: string,
  fs: FileSystem,
  isAlive?: (owner: ProcessIdentity) => boolean,
): Promise<ProcessIdentity | undefined> {
  try {
    return await holderOf(lockIn(slotDir), { fs, ...(isAlive !== undefined && { isAlive }) });
  } catch (error) {
    throw journalIo('reading the lock', error);
  }
}

async function release(held: Held): Promise<void> {
  try {
    await held.release();
  } catch (error) {
    throw journalIo('unlocking the run', error);
  }
}

function lockIn(slotDir: string): string {
  return join(slotDir, 'lock');
}
