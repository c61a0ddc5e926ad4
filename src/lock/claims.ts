import { join } from 'node:path';
import { makeDirs, namesIn } from '../files/directories.js';
import { codeOf } from '../files/fault.js';
import type { FileSystem } from '../files/fs.js';
import type { ProcessIdentity } from './process.js';

const OWNER = 'owner';
const RELEASED = 'released';
const MAX_OWNER_BYTES = 1024;

/** A process that made a claim. */
export type Owner = ProcessIdentity & {
  /** Its last heartbeat, epoch ms by its own clock: the time of the last change of its file. */
  readonly lastBeatMs: number;
};

/** The highest claim in a lock directory; 0 when there is none. */
export async function topClaim(dir: string, fs: FileSystem): Promise<number> {
  const names = await namesIn(dir, fs);
  return names
    .filter((name) => /^[1-9]\d{0,14}$/.test(name))
    .reduce((top, name) => Math.max(top, Number(name)), 0);
}

/** Who made a claim; `undefined` when it was released, or its file did not survive a power loss. */
export async function ownerOf(claim: number, dir: string, fs: FileSystem): Promise<Owner | undefined> {
  const path = join(dir, String(claim));
  if (claim === 0 || (await fs.lstat(join(path, RELEASED))) !== undefined) return undefined;
  try {
    const file = await fs.open(join(path, OWNER), 'read');
    try {
      const bytes = Buffer.alloc(MAX_OWNER_BYTES);
      const owner = parseOwner(bytes.toString('utf8', 0, await file.read(bytes, 0)));
      if (owner === undefined) return undefined;
      return { ...owner, lastBeatMs: Number((await file.facts()).mtimeNs / 1_000_000n) };
    } finally {
      await file.close();
    }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Fills the claim that is to be put in place. False when somebody swept it away meanwhile. */
export async function prepareClaim(path: string, self: Owner, fs: FileSystem): Promise<boolean> {
  const { lastBeatMs, ...identity } = self;
  try {
    await makeDirs(path, fs);
    const file = await fs.open(join(path, OWNER), 'create');
    try {
      await file.write(Buffer.from(`${JSON.stringify(identity)}\n`));
      await file.touch(lastBeatMs);
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

/** Puts a prepared claim in place. False when the number is taken, or the claim was swept away. */
export async function placeClaim(from: string, to: string, fs: FileSystem): Promise<boolean> {
  try {
    await fs.rename(from, to);
    return true;
  } catch (error) {
    // A directory that is not empty is never replaced; Windows calls that EPERM.
    if (['ENOTEMPTY', 'EEXIST', 'EPERM', 'ENOENT'].includes(codeOf(error))) return false;
    throw error;
  }
}

/** Renews the heartbeat of a claim. Rejects as the file system does, also when the claim was swept away. */
export async function beat(claim: number, dir: string, nowMs: number, fs: FileSystem): Promise<void> {
  const file = await fs.open(join(dir, String(claim), OWNER), 'append');
  try {
    await file.touch(nowMs);
  } finally {
    await file.close();
  }
}

/** Marks a claim as given up. */
export async function releaseClaim(claim: number, dir: string, fs: FileSystem): Promise<void> {
  try {
    await (await fs.open(join(dir, String(claim), RELEASED), 'create')).close();
  } catch (error) {
    if (codeOf(error) !== 'EEXIST' && codeOf(error) !== 'ENOENT') throw error;
  }
}

/**
 * Removes claims below `claim` and what others have prepared or left behind. The claim just below stays: somebody
 * may be listing the directory, and must not miss both it and its successor.
 */
export async function sweepClaims(claim: number, dir: string, fs: FileSystem): Promise<void> {
  for (const name of await namesIn(dir, fs)) {
    const path = join(dir, name);
    if (name.startsWith('new-')) await removePrepared(path, fs);
    else if (name.startsWith('old-') || Number(name) < claim - 1) await removeClaim(path, fs);
  }
}

/** Removes a claim that is not in place. It is renamed first, so that nobody puts in place what is half removed. */
export async function removePrepared(path: string, fs: FileSystem): Promise<void> {
  const old = path.replace(/new-([^/\\]*)$/, 'old-$1');
  try {
    await fs.rename(path, old);
  } catch {
    return;
  }
  await removeClaim(old, fs);
}

/** Removes a claim as far as it is still there. */
export async function removeClaim(path: string, fs: FileSystem): Promise<void> {
  for (const name of [OWNER, RELEASED]) await fs.unlink(join(path, name)).catch(() => undefined);
  await fs.rmdir(path).catch(() => undefined);
}

function parseOwner(text: string): ProcessIdentity | undefined {
  try {
    const { pid, startTime } = JSON.parse(text) as { readonly pid: unknown; readonly startTime: unknown };
    if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid <= 0) return undefined;
    return { pid, ...(typeof startTime === 'string' && { startTime }) };
  } catch {
    return undefined;
  }
}
