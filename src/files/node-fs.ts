import { writeSync } from 'node:fs';
import { constants, lstat, mkdir, open, readdir, rename, rmdir, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { factsOf } from './facts.js';
import { codeOf } from './fault.js';
import type { OpenFile, FileSystem, OpenMode } from './fs.js';

const { O_APPEND, O_CREAT, O_EXCL, O_RDONLY, O_WRONLY } = constants;
// Windows has neither flag; there the owner-only directory is all the protection there is.
const { O_NOFOLLOW, O_NONBLOCK } = constants as Partial<typeof constants>;
const NO_LINKS = O_NOFOLLOW ?? 0;
// Opening a named pipe that nobody writes to would otherwise never return.
const NO_WAIT = O_NONBLOCK ?? 0;

const FLAGS: Readonly<Record<OpenMode, number>> = Object.freeze({
  append: O_WRONLY | O_APPEND | NO_LINKS,
  create: O_WRONLY | O_APPEND | O_CREAT | O_EXCL | NO_LINKS,
  fresh: O_WRONLY | O_CREAT | O_EXCL | NO_LINKS,
  read: O_RDONLY | NO_LINKS | NO_WAIT,
  input: O_RDONLY | NO_WAIT,
});

/** So little goes into the memory of the system at once; the way to another thread and back takes ten times as long. */
const SMALL_BYTES = 4096;

/** The file system of the machine. */
export const nodeFs: FileSystem = Object.freeze({
  open: async (path: string, mode: OpenMode) => wrap(await open(path, FLAGS[mode], 0o600)),
  mkdir: (path: string) => mkdir(path, 0o700),
  rename,
  unlink,
  rmdir: (path: string) => rmdir(path),
  syncDir,
  readdir: (path: string) => readdir(path),
  lstat: async (path: string) => {
    try {
      return factsOf(await lstat(path, { bigint: true }));
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  },
});

function wrap(handle: FileHandle): OpenFile {
  return {
    write: async (bytes) => {
      for (let done = 0; done < bytes.length;) {
        const left = bytes.length - done;
        if (left <= SMALL_BYTES) done += writeSync(handle.fd, bytes, done, left);
        else done += (await handle.write(bytes, done, left)).bytesWritten;
      }
    },
    overwrite: async (bytes) => {
      for (let done = 0; done < bytes.length;) {
        done += (await handle.write(bytes, done, bytes.length - done, done)).bytesWritten;
      }
      await handle.truncate(bytes.length);
    },
    read: async (into, position) => {
      let done = 0;
      while (done < into.length) {
        const { bytesRead } = await handle.read(into, done, into.length - done, position + done);
        if (bytesRead === 0) break;
        done += bytesRead;
      }
      return done;
    },
    truncate: (bytes) => handle.truncate(bytes),
    datasync: () => handle.datasync(),
    facts: async () => factsOf(await handle.stat({ bigint: true })),
    touch: (atMs) => handle.utimes(atMs / 1000, atMs / 1000),
    close: () => handle.close(),
  };
}

async function syncDir(path: string): Promise<void> {
  // Windows opens no directories; its file systems keep entries in order by themselves.
  if (process.platform === 'win32') return;
  const handle = await open(path, O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
