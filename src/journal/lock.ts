import { join } from 'node:path';
import { RunError } from '../errors.js';
import { makeDirs } from './directories.js';
import { codeOf, journalIo } from './fault.js';
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
};

type Claimant = Required<Pick<LockOptions, 'fs' | 'isAlive' | 'random'>> & {
  readonly dir: string;
  readonly self: ProcessIdentity;
};

/** How often a claim is tried again when others come in between. */
const MAX_TRIES = 50;
const OWNER = 'owner';
const RELEASED = 'released';

/**
 * Takes the lock of a slot, also from a process that is gone. Throws RunError run_locked, naming the process that
 * holds it, or journal_io.
 *
 * Claims are directories `lock/1`, `lock/2`, ... and the highest holds the lock. A claim is filled elsewhere and put
 * in place by a rename, which fails when the number is taken: of two that find claim 7 abandoned, one gets 8. The
 * highest claim is never removed, not even by its owner, so numbers never start over while somebody looks at them.
 */
export async function acquireLock(slotDir: string, options: LockOptions): Promise<Lock> {
  const { fs, isAlive = isProcessAlive, random = Math.random } = options;
  const self = options.pid === undefined ? thisProcess() : identityOf(options.pid, options.startTime);
  const claimant: Claimant = { fs, isAlive, random, self, dir: join(slotDir, 'lock') };
  try {
    const claim = await claimNext(claimant);
    await sweep(claim, claimant);
    return { release: () => release(claim, claimant) };
  } catch (error) {
    throw journalIo('locking the run', error);
  }
}

/** The process that holds the lock of a slot, if one does. */
export async function lockHolder(
  slotDir: string,
  fs: JournalFs,
  isAlive: (owner: ProcessIdentity) => boolean = isProcessAlive,
): Promise<ProcessIdentity | undefined> {
  const dir = join(slotDir, 'lock');
  const owner = await ownerOf(highest(await claimsIn(dir, fs)), dir, fs);
  return owner !== undefined && isAlive(owner) ? owner : undefined;
}

async function claimNext(claimant: Claimant): Promise<number> {
  const { dir, fs, isAlive } = claimant;
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const prepared = await prepare(claimant);
    try {
      const top = highest(await claimsIn(dir, fs));
      const owner = await ownerOf(top, dir, fs);
      // A claim read while its successor swept it away says nothing: look again.
      if (top !== highest(await claimsIn(dir, fs))) continue;
      if (owner !== undefined && isAlive(owner)) throw lockedBy(owner);
      if (!(await putInPlace(prepared, join(dir, String(top + 1)), fs))) continue;
      // Whoever comes late puts a number in place that others have passed and swept.
      if (highest(await claimsIn(dir, fs)) === top + 1) return top + 1;
      await removeClaim(join(dir, String(top + 1)), fs);
    } finally {
      await removeClaim(prepared, fs);
    }
  }
  throw new RunError('run_locked', 'other processes are starting the same run');
}

async function prepare({ dir, fs, self, random }: Claimant): Promise<string> {
  await makeDirs(dir, fs);
  const path = join(dir, `new-${self.pid}-${random().toString(36).slice(2)}`);
  await fs.mkdir(path);
  const file = await fs.open(join(path, OWNER), 'create');
  try {
    await file.write(Buffer.from(`${JSON.stringify(self)}\n`));
  } finally {
    await file.close();
  }
  return path;
}

/** Whether the rename was the first to this place. */
async function putInPlace(from: string, to: string, fs: JournalFs): Promise<boolean> {
  try {
    await fs.rename(from, to);
    return true;
  } catch (error) {
    // A directory that is not empty is never replaced; Windows calls that EPERM. ENOENT: a new holder swept.
    if (['ENOTEMPTY', 'EEXIST', 'EPERM', 'ENOENT'].includes(codeOf(error))) return false;
    throw error;
  }
}

async function claimsIn(dir: string, fs: JournalFs): Promise<readonly number[]> {
  return (await namesIn(dir, fs)).filter((name) => /^[1-9]\d{0,14}$/.test(name)).map(Number);
}

function highest(claims: readonly number[]): number {
  return claims.reduce((top, claim) => Math.max(top, claim), 0);
}

/** Who made a claim; `undefined` when it was released, or its file did not survive a power loss. */
async function ownerOf(claim: number, dir: string, fs: JournalFs): Promise<ProcessIdentity | undefined> {
  const path = join(dir, String(claim));
  if (claim === 0 || (await fs.lstat(join(path, RELEASED))) !== undefined) return undefined;
  try {
    const file = await fs.open(join(path, OWNER), 'read');
    try {
      const bytes = Buffer.alloc(1024);
      return parseOwner(bytes.toString('utf8', 0, await file.read(bytes, 0)));
    } finally {
      await file.close();
    }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function parseOwner(text: string): ProcessIdentity | undefined {
  try {
    const { pid, startTime } = JSON.parse(text) as { readonly pid: unknown; readonly startTime: unknown };
    if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid <= 0) return undefined;
    return identityOf(pid, typeof startTime === 'string' ? startTime : undefined);
  } catch {
    return undefined;
  }
}

/** Removes what nobody needs any more. The claim before is kept: somebody may be listing the directory just now. */
async function sweep(claim: number, { dir, fs }: Claimant): Promise<void> {
  for (const name of await namesIn(dir, fs)) {
    if (name.startsWith('new-') || Number(name) < claim - 1) await removeClaim(join(dir, name), fs);
  }
}

async function removeClaim(path: string, fs: JournalFs): Promise<void> {
  for (const name of [OWNER, RELEASED]) await fs.unlink(join(path, name)).catch(() => undefined);
  await fs.rmdir(path).catch(() => undefined);
}

async function release(claim: number, { dir, fs }: Claimant): Promise<void> {
  try {
    await (await fs.open(join(dir, String(claim), RELEASED), 'create')).close();
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw journalIo('unlocking the run', error);
  }
}

async function namesIn(dir: string, fs: JournalFs): Promise<readonly string[]> {
  try {
    return await fs.readdir(dir);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

function lockedBy({ pid }: ProcessIdentity): RunError {
  return new RunError('run_locked', `process ${pid} is at work on the same run`);
}

function identityOf(pid: number, startTime: string | undefined): ProcessIdentity {
  return { pid, ...(startTime !== undefined && { startTime }) };
}
