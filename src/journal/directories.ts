import { dirname } from 'node:path';
import { codeOf } from './fault.js';
import type { JournalFs } from './fs.js';

/** How deep a run lies: state directory, `runs`, slot, run. */
const RUN_DEPTH = 4;

/** Makes a directory and those above it that are missing, each with mode 0700. */
export async function makeDirs(path: string, fs: JournalFs): Promise<void> {
  if ((await fs.lstat(path)) !== undefined) return;
  const parent = dirname(path);
  if (parent !== path) await makeDirs(parent, fs);
  try {
    await fs.mkdir(path);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}

/**
 * Makes the entries of a run's directory durable, and those of the directories above it up to the state directory:
 * a process that was killed may have made them without getting so far.
 */
export async function syncRunDirs(runDir: string, fs: JournalFs): Promise<void> {
  let path = runDir;
  for (let level = 0; level < RUN_DEPTH; level += 1) {
    await fs.syncDir(path);
    path = dirname(path);
  }
}
