import { unlinkSync } from 'node:fs';
import { readdir, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DAY_MS } from '../time-units.js';

/** Far longer than a run needs that is still going to use its file. */
const ABANDONED_MS = 7 * DAY_MS;

/**
 * Removes temporary files of `path` (`path.0123456789ab.tmp`) that killed processes left a week ago or earlier; otherwise a job that
 * is killed now and then fills its directory. Never throws.
 */
export async function removeLeftovers(path: string, nowMs = Date.now()): Promise<void> {
  const prefix = `${basename(path)}.`;
  const names = await readdir(dirname(path)).catch(() => []);
  for (const name of names) {
    if (!name.startsWith(prefix) || !/^[0-9a-f]{12}\.tmp$/.test(name.slice(prefix.length))) continue;
    const old = join(dirname(path), name);
    const found = await stat(old).catch(() => undefined);
    if (found?.isFile() !== true || nowMs - found.mtimeMs < ABANDONED_MS) continue;
    await unlink(old).catch(() => undefined);
  }
}

/** Removes a file when the process ends, unless the result is called before: a second interrupt ends it at once. */
export function removeAtExit(path: string): () => void {
  const remove = (): void => {
    try {
      unlinkSync(path);
    } catch {
      // It is gone, or nothing can be done any more.
    }
  };
  process.once('exit', remove);
  return () => {
    process.off('exit', remove);
  };
}
