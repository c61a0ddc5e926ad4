import { dirname } from 'node:path';
import type { FileSystem } from '../files/fs.js';

export { makeDirs } from '../files/directories.js';

/** How deep a run lies: state directory, `runs`, slot, run. */
const RUN_DEPTH = 4;

/**
 * Makes the entries of a run's directory durable, and those of the directories above it up to the state directory:
 * a process that was killed may have made them without getting so far.
 */
export async function syncRunDirs(runDir: string, fs: FileSystem): Promise<void> {
  let path = runDir;
  for (let level = 0; level < RUN_DEPTH; level += 1) {
    await fs.syncDir(path);
    path = dirname(path);
  }
}
