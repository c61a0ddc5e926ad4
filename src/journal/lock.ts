import { join } from 'node:path';
import { RunError } from '../errors.js';
import {
  namesIn,
  ownerOf,
  placeClaim,
  prepareClaim,
  releaseClaim,
  removeClaim,
  removePrepared,
  sweepClaims,
  topClaim,
} from './claims.js';
import { journalIo } from './fault.js';
import type { JournalFs } from './fs.js';
import { isProcessAlive, thisProcess, type ProcessIdentity } from './process.js';

export type LockOptions = Partial<ProcessIdentity> & {
  readonly fs: JournalFs;
  /** Whether the process that holds a lock is still there. */
  readonly isAlive?: (owner: ProcessIdentity) => boolean;
  /** Numbers from 0 up to 1. */
  readonly random?: () => number;
};

export type Lock = {
  /** Gives the slot to whoever comes next. Safe to call twice. Throws RunError journal_io. */
  readonly release: () => Promise<void>;
  /** Releases the lock and removes it, and the slot's directory when nothing else is in it. Never throws. */
  readonly remove: () => Promise<void>;
};

type Claimant = Required<Pick<LockOptions, 'fs' | 'isAlive' | 'random'>> & {
  readonly dir: string;
  readonly self: ProcessIdentity;
};

/** How often a claim is tried again when others come in between. */
const MAX_TRIES = 50;

/**
 * Takes the lock of a slot, also from a process that is gone. Throws RunError run_locked, naming the process that
 * holds it, or journal_io. `pid` and `startTime` are this process unless given.
 *
 * Claims are directories `lock/1`, `lock/2`, ... and the highest holds the lock. A claim is filled elsewhere and put
 * in place by a rename, which fails when the number is taken: of two that find claim 7 abandoned, one gets 8. The
 * highest claim is never removed, not even by its owner, so numbers never start over while somebody looks at them.
 */
export async function acquireLock(slotDir: string, options: LockOptions): Promise<Lock> {
  const { fs, isAlive = isProcessAlive, random = Math.random, pid, startTime } = options;
  const self = pid === undefined ? thisProcess() : { pid, ...(startTime !== undefined && { startTime }) };
  const dir = join(slotDir, 'lock');
  try {
    const claim = await claimNext({ fs, isAlive, random, self, dir });
    await sweepClaims(claim, dir, fs);
    return {
      release: () => release(claim, dir, fs),
      remove: () => removeLock(slotDir, { dir, fs, random }),
    };
  } catch (error) {
    throw journalIo('locking the run', error);
  }
}

/** The process that holds the lock of a slot, if one does. Throws RunError journal_io. */
export async function lockHolder(
  slotDir: string,
  fs: JournalFs,
  isAlive: (owner: ProcessIdentity) => boolean = isProcessAlive,
): Promise<ProcessIdentity | undefined> {
  const dir = join(slotDir, 'lock');
  try {
    const owner = await ownerOf(await topClaim(dir, fs), dir, fs);
    return owner !== undefined && isAlive(owner) ? owner : undefined;
  } catch (error) {
    throw journalIo('reading the lock', error);
  }
}

async function claimNext(claimant: Claimant): Promise<number> {
  const { dir, fs, self, random } = claimant;
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const prepared = join(dir, `new-${self.pid}-${nonce(random)}`);
    try {
      if (!(await prepareClaim(prepared, self, fs))) continue;
      const claim = await tryClaim(prepared, claimant);
      if (claim !== undefined) return claim;
    } finally {
      await removePrepared(prepared, fs);
    }
  }
  throw new RunError('run_locked', 'other processes are starting the same run');
}

async function tryClaim(prepared: string, { dir, fs, isAlive }: Claimant): Promise<number | undefined> {
  const top = await topClaim(dir, fs);
  const owner = await ownerOf(top, dir, fs);
  // A claim read while its successor swept it away says nothing: look again.
  if ((await topClaim(dir, fs)) !== top) return undefined;
  if (owner !== undefined && isAlive(owner)) {
    throw new RunError('run_locked', `process ${owner.pid} is at work on the same run`);
  }
  const claim = top + 1;
  const path = join(dir, String(claim));
  if (!(await placeClaim(prepared, path, fs))) return undefined;
  // Whoever comes late puts a number in place that others have passed and swept.
  if ((await topClaim(dir, fs)) === claim) return claim;
  await removeClaim(path, fs);
  return undefined;
}

async function release(claim: number, dir: string, fs: JournalFs): Promise<void> {
  try {
    await releaseClaim(claim, dir, fs);
  } catch (error) {
    throw journalIo('unlocking the run', error);
  }
}

/** All claims go at once, prepared ones too: whoever was about to make one starts again from the beginning. */
async function removeLock(
  slotDir: string,
  { dir, fs, random }: Pick<Claimant, 'dir' | 'fs' | 'random'>,
): Promise<void> {
  const gone = join(slotDir, `gone-${nonce(random)}`);
  try {
    await fs.rename(dir, gone);
    // Also what is left from a process that was killed at the same work.
    const olds = (await namesIn(slotDir, fs)).filter((name) => name.startsWith('gone-'));
    for (const old of olds.map((name) => join(slotDir, name))) {
      for (const name of await namesIn(old, fs)) await removeClaim(join(old, name), fs);
      await fs.rmdir(old);
    }
    await fs.rmdir(slotDir);
  } catch {
    // What cannot be removed is in nobody's way.
  }
}

function nonce(random: () => number): string {
  return random().toString(36).slice(2, 12);
}
