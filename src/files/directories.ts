import { dirname } from 'node:path';
import { codeOf } from './fault.js';
import type { FileSystem } from './fs.js';

/** Makes a directory and those above it that are missing, each with mode 0700. */
export async function makeDirs(path: string, fs: FileSystem): Promise<void> {
  if ((await fs.lstat(path)) !== undefined) return;
  const parent = dirname(path);
  if (parent !== path) await makeDirs(parent, fs);
  try {
    await fs.mkdir(path);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}

/** The names in a directory; none when it does not exist. */
export async function namesIn(dir: string, fs: FileSystem): Promise<readonly string[]> {
  try {
    return await fs.readdir(dir);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}
