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
  type Owner,
} from './claims.js';
import {
  aliveForMs,
  everyUnref,
  isOwnerAlive,
  startHeartbeat,
  type Every,
  type OwnerCheck,
} from './heartbeat.js';
import { isProcessAlive, thisProcess, type ProcessIdentity } from './process.js';

export type LockOptions = Partial<ProcessIdentity> & {
  readonly fs: FileSystem;
  /** Whether a process that holds a lock, of this boot and PID namespace, is still there. */
  readonly isAlive?: (owner: ProcessIdentity) => boolean;
  /** Numbers from 0 up to 1. */
  readonly random?: () => number;
  /** Epoch ms. */
  readonly clock?: () => number;
  /** The timer of the heartbeat; it must not keep the process alive. */
  readonly every?: Every;
};

/** A lock that was taken. Its operations reject as the file system does. */
export type Held = {
  /**
   * Whether this process still has the lock. A process that was suspended for long may have lost it to another container or
   * machine, so it asks before each step that nobody else may take at the same time.
   */
  readonly isHeld: () => Promise<boolean>;
  /** Releases the lock if it is still held. Safe to call twice. */
  readonly release: () => Promise<void>;
  /** Releases the lock and removes it, and the directory around it when nothing else is in it. Never throws. */
  readonly remove: () => Promise<void>;
};

/** The process that has a lock. */
export type Holder = ProcessIdentity & {
  /** Only when it is of another container or machine: for how long it counts as alive if nothing more is heard of it, ms. */
  readonly aliveForMs?: number;
};

/** A lock, or the process that has it; that one is unknown when others came in between too often. */
export type Attempt = { readonly held: Held } | { readonly holder: Holder | undefined };

type Claimant = OwnerCheck & {
  readonly fs: FileSystem;
  readonly random: () => number;
  readonly dir: string;
};

type Claimed = { readonly claim: number } | { readonly holder: Holder };

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
  const { fs, random = Math.random, every = everyUnref } = options;
  const claimant: Claimant = { ...ownerCheckOf(options), fs, random, dir };
  const claimed = await claimNext(claimant);
  if (claimed === undefined) return { holder: undefined };
  if ('holder' in claimed) return claimed;
  await sweepClaims(claimed.claim, dir, fs);
  return { held: heldClaim(claimed.claim, claimant, every) };
}

/** The process that holds the lock, if one does. Rejects as the file system does. */
export async function holderOf(dir: string, options: LockOptions): Promise<Holder | undefined> {
  const check = ownerCheckOf(options);
  const owner = await ownerOf(await topClaim(dir, options.fs), dir, options.fs);
  return owner !== undefined && isOwnerAlive(owner, check) ? holderFrom(owner, check) : undefined;
}

function ownerCheckOf({
  pid,
  startTime,
  isAlive = isProcessAlive,
  clock = Date.now,
}: LockOptions): OwnerCheck {
  if (pid === undefined) return { self: thisProcess(), isAlive, clock };
  return { self: { pid, ...(startTime !== undefined && { startTime }) }, isAlive, clock };
}

function holderFrom({ lastBeatMs, ...identity }: Owner, check: OwnerCheck): Holder {
  const forMs = aliveForMs({ lastBeatMs, ...identity }, check);
  return forMs === undefined ? identity : { ...identity, aliveForMs: forMs };
}

function heldClaim(claim: number, { dir, fs, random, self, clock }: Claimant, every: Every): Held {
  const stop = startHeartbeat(claim, dir, { fs, clock, every });
  const isHeld = async (): Promise<boolean> => {
    if ((await topClaim(dir, fs)) !== claim) return false;
    // Numbers start over when the lock was removed.
    const owner = await ownerOf(claim, dir, fs);
    return owner !== undefined && owner.pid === self.pid && owner.startTime === self.startTime;
  };
  return {
    isHeld,
    release: async () => {
      stop();
      if (await isHeld()) await releaseClaim(claim, dir, fs);
    },
    remove: async () => {
      stop();
      if (await isHeld().catch(() => false)) await removeLock(dir, fs, random);
    },
  };
}

async function claimNext(claimant: Claimant): Promise<Claimed | undefined> {
  const { dir, fs, self, random, clock } = claimant;
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const prepared = join(dir, `new-${self.pid}-${nonce(random)}`);
    try {
      if (!(await prepareClaim(prepared, { ...self, lastBeatMs: clock() }, fs))) continue;
      const claimed = await tryClaim(prepared, claimant);
      if (claimed !== undefined) return claimed;
    } finally {
      await removePrepared(prepared, fs);
    }
  }
  return undefined;
}

async function tryClaim(prepared: string, claimant: Claimant): Promise<Claimed | undefined> {
  const { dir, fs } = claimant;
  const top = await topClaim(dir, fs);
  const owner = await ownerOf(top, dir, fs);
  // A claim read while its successor swept it away says nothing: look again.
  if ((await topClaim(dir, fs)) !== top) return undefined;
  if (owner !== undefined && isOwnerAlive(owner, claimant)) return { holder: holderFrom(owner, claimant) };
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
