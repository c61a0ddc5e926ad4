import type { BigIntStats } from 'node:fs';
import type { FileFacts } from './fs.js';

/** What the system says of a file. */
export function factsOf(stats: BigIntStats): FileFacts {
  return {
    kind: kindOf(stats),
    size: Number(stats.size),
    mtimeNs: stats.mtimeNs,
    uid: Number(stats.uid),
    mode: Number(stats.mode & 0o777n),
    identity: `${stats.dev}:${stats.ino}`,
  };
}

function kindOf(stats: BigIntStats): FileFacts['kind'] {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  return stats.isSymbolicLink() ? 'link' : 'other';
}
