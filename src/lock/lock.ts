import { join } from 'node:path';
import { namesIn } from '../files/directories.js';
import type { FileSystem } from '../files/fs.js';
import {
  ownerOf,
  placeClaim,
  prepareClaim,
  releaseClaim,
  removeClaim,
  removePrepared,
  sweepClaims,
  topClaim,
} from './claims.js';
import { isProcessAlive, thisProcess, type ProcessIdentity } from './process.js';

export type LockOptions = Partial<ProcessIdentity> & {
  readonly fs: FileSystem;
  /** Whether the process that holds a lock is still there. */
  readonly isAlive?: (owner: ProcessIdentity) => boolean;
  /** Numbers from 0 up to 1. */
  readonly random?: () => number;
};

/** A lock that was taken. Its operations reject as the file system does. */
export type Held = {
  /** Gives the lock to whoever comes next. Safe to call twice. */
  readonly release: () => Promise<void>;
  /** Releases the lock and removes it, and the directory around it when nothing else is in it. Never throws. */
  readonly remove: () => Promise<void>;
};

/** A lock, or the process that has it; that one is unknown when others came in between too often. */
export type Attempt = { readonly held: Held } | { readonly holder: ProcessIdentity | undefined };

type Claimant = Required<Pick<LockOptions, 'fs' | 'isAlive' | 'random'>> & {
  readonly dir: string;
  readonly self: ProcessIdentity;
};

type Claimed = { readonly claim: number } | { readonly holder: ProcessIdentity };

/** How often a claim is tried again when others come in between. */
const MAX_TRIES = 50;

/**
 * Tries to take the lock that the directory `dir` is, also from a process that is gone. Rejects as the file system
 * does. `pid` and `startTime` are this process unless given.
 *
 * Claims are directories `dir/1`, `dir/2`, ... and the highest holds the lock. A claim is filled elsewhere and put
 * in place by a rename, which fails when the number is taken: of two that find claim 7 abandoned, one gets 8. The
 * highest claim is never removed, not even by its owner, so numbers never start over while somebody looks at them.
 */
export async function tryLock(dir: string, options: LockOptions): Promise<Attempt> {
  const { fs, isAlive = isProcessAlive, random = Math.random, pid, startTime } = options;
  const self = pid === undefined ? thisProcess() : { pid, ...(startTime !== undefined && { startTime }) };
  const claimed = await claimNext({ fs, isAlive, random, self, dir });
  if (claimed === undefined) return { holder: undefined };
  if ('holder' in claimed) return claimed;
  await sweepClaims(claimed.claim, dir, fs);
  const held: Held = {
    release: () => releaseClaim(claimed.claim, dir, fs),
    remove: () => removeLock(dir, fs, random),
  };
  return { held };
}

/** The process that holds the lock, if one does. Rejects as the file system does. */
export async function holderOf(
  dir: string,
  fs: FileSystem,
  isAlive: (owner: ProcessIdentity) => boolean = isProcessAlive,
): Promise<ProcessIdentity | undefined> {
  const owner = await ownerOf(await topClaim(dir, fs), dir, fs);
  return owner !== undefined && isAlive(owner) ? owner : undefined;
}

async function claimNext(claimant: Claimant): Promise<Claimed | undefined> {
  const { dir, fs, self, random } = claimant;
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const prepared = join(dir, `new-${self.pid}-${nonce(random)}`);
    try {
      if (!(await prepareClaim(prepared, self, fs))) continue;
      const claimed = await tryClaim(prepared, claimant);
      if (claimed !== undefined) return claimed;
    } finally {
      await removePrepared(prepared, fs);
    }
  }
  return undefined;
}

async function tryClaim(prepared: string, { dir, fs, isAlive }: Claimant): Promise<Claimed | undefined> {
  const top = await topClaim(dir, fs);
  const owner = await ownerOf(top, dir, fs);
  // A claim read while its successor swept it away says nothing: look again.
  if ((await topClaim(dir, fs)) !== top) return undefined;
  if (owner !== undefined && isAlive(owner)) return { holder: owner };
  const claim = top + 1;
  const path = join(dir, String(claim));
  if (!(await placeClaim(prepared, path, fs))) return undefined;
  // Whoever comes late puts a number in place that others have passed and swept.
  if ((await topClaim(dir, fs)) === claim) return { claim };
  await removeClaim(path, fs);
  return undefined;
}

/** All claims go at once, prepared ones too: whoever was about to make one starts again from the beginning. */
async function removeLock(dir: string, fs: FileSystem, random: () => number): Promise<void> {
  const around = join(dir, '..');
  const gone = join(around, `gone-${nonce(random)}`);
  try {
    await fs.rename(dir, gone);
    // Also what is left from a process that was killed at the same work.
    const olds = (await namesIn(around, fs)).filter((name) => name.startsWith('gone-'));
    for (const old of olds.map((name) => join(around, name))) {
      for (const name of await namesIn(old, fs)) await removeClaim(join(old, name), fs);
      await fs.rmdir(old);
    }
    await fs.rmdir(around);
  } catch {
    // What cannot be removed is in nobody's way.
  }
}

function nonce(random: () => number): string {
  return random().toString(36).slice(2, 12);
}
