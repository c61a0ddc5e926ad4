import { join } from 'node:path';
import { RunError } from '../errors.js';
import type { FileSystem } from '../files/fs.js';
import { holderOf, tryLock, type Held, type LockOptions } from '../lock/lock.js';
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
  const { holder } = attempt;
  throw new RunError(
    'run_locked',
    holder === undefined
      ? 'other processes are starting the same run'
      : `process ${holder.pid} is at work on the same run`,
  );
}

/** The process that holds the lock of a slot, if one does. Throws RunError journal_io. */
export async function lockHolder(
  slotDir: string,
  fs: FileSystem,
  isAlive?: (owner: ProcessIdentity) => boolean,
): Promise<ProcessIdentity | undefined> {
  try {
    return await holderOf(lockIn(slotDir), fs, isAlive);
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
