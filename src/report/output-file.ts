import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { open, realpath, rename, stat, unlink, type FileHandle } from 'node:fs/promises';

import { RunError } from '../errors.js';
import { quoteName } from '../printable.js';

const FLUSH_BYTES = 64 * 1024;

/** A file being written. Small writes are gathered; awaiting `write` gives the disk's pace to the caller. */
export type OutputFile = {
  readonly path: string;
  /** Appends the bytes. Calls need not wait for each other: their bytes stand in the order of the calls, each call's in one piece. */
  readonly write: (bytes: Uint8Array | string) => Promise<void>;
  /** Writes what is gathered, so that a crash of the process leaves it. */
  readonly flush: () => Promise<void>;
  /** Writes what is gathered and closes. Safe to call twice. */
  readonly close: () => Promise<void>;
  /** As `close`, but a file to which nothing was written keeps what stood in it before. */
  readonly leave: () => Promise<void>;
};

/**
 * Opens a file for writing, a new one with mode 0600, for it may hold personal data; an old one is emptied when the first bytes are written, or by `close`. Throws RunError output_not_writable when it cannot be created;
 * later failures are RunError output_io.
 */
export async function createOutputFile(path: string): Promise<OutputFile> {
  const handle = await openForWriting(path, path, constants.O_WRONLY | constants.O_CREAT, 0o600);
  let gathered: Uint8Array[] = [];
  let size = 0;
  let emptied = false;
  let closed = false;
  // One write after another: each goes where the one before it ended. A failure is that of all writes after it.
  let queue: Promise<void> = Promise.resolve();
  const writeGathered = async (): Promise<void> => {
    if (!emptied) await empty(handle, path);
    emptied = true;
    if (size === 0) return;
    const bytes = Buffer.concat(gathered, size);
    gathered = [];
    size = 0;
    await writeAll(handle, bytes, path);
  };
  const flush = (): Promise<void> => {
    queue = queue.then(writeGathered);
    return queue;
  };
  const closeAfter = async (last: () => Promise<void>): Promise<void> => {
    if (closed) return;
    closed = true;
    try {
      await last();
    } finally {
      await closeHandle(handle, path);
    }
  };
  return {
    path,
    write: async (bytes) => {
      const added = typeof bytes === 'string' ? Buffer.from(bytes, 'utf8') : bytes;
      gathered.push(added);
      size += added.length;
      if (size >= FLUSH_BYTES) await flush();
    },
    flush,
    close: () => closeAfter(flush),
    leave: () => closeAfter(() => (size === 0 ? queue : flush())),
  };
}

/** A file that appears under its name only when it is complete. */
export type AtomicFile = {
  readonly path: string;
  /** Writes the whole content and puts the file in its place. */
  readonly commit: (text: string) => Promise<void>;
  /** Gives up; a file that was there before stays as it was. Safe after `commit`. */
  readonly discard: () => Promise<void>;
};

/**
 * Opens a temporary file beside `path`, which proves that the place can be written to, long before the content
 * is known. Throws RunError output_not_writable; `commit` throws RunError output_io.
 */
export async function createAtomicFile(path: string): Promise<AtomicFile> {
  const target = await realpath(path).catch(() => path);
  const direct = await isSpecial(target);
  // A name that nobody can foresee, and a file that must not be there: in a shared directory it might be a link.
  const written = direct ? target : `${target}.${randomBytes(6).toString('hex')}.tmp`;
  const handle = await openForWriting(written, path, direct ? 'w' : 'wx');
  let pending = true;
  return {
    path,
    commit: async (text) => {
      pending = false;
      try {
        await writeAll(handle, Buffer.from(text, 'utf8'), path);
      } finally {
        await closeHandle(handle, path);
      }
      if (direct) return;
      await rename(written, target).catch(() => {
        throw ioError(path);
      });
    },
    discard: async () => {
      if (!pending) return;
      pending = false;
      await handle.close().catch(() => undefined);
      if (!direct) await unlink(written).catch(() => undefined);
    },
  };
}

/** Devices, pipes and directories cannot be replaced by renaming. */
async function isSpecial(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && !found.isFile();
}

async function openForWriting(
  path: string,
  shown: string,
  flags: string | number,
  mode = 0o666,
): Promise<FileHandle> {
  try {
    return await open(path, flags, mode);
  } catch (error) {
    const why = {
      EISDIR: ' (it is a directory)',
      ENOENT: ' (its directory does not exist)',
      EACCES: ' (no permission)',
    };
    const code = (error as NodeJS.ErrnoException).code ?? '';
    const reason = Object.hasOwn(why, code) ? why[code as keyof typeof why] : '';
    throw new RunError(
      'output_not_writable',
      `the output file ${quoteName(shown)} cannot be created${reason}`,
    );
  }
}

/** Devices and pipes have nothing to empty. */
async function empty(handle: FileHandle, path: string): Promise<void> {
  try {
    if ((await handle.stat()).isFile()) await handle.truncate(0);
  } catch {
    throw ioError(path);
  }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, path: string): Promise<void> {
  try {
    let at = 0;
    while (at < bytes.length) at += (await handle.write(bytes, at, bytes.length - at)).bytesWritten;
  } catch {
    throw ioError(path);
  }
}

async function closeHandle(handle: FileHandle, path: string): Promise<void> {
  await handle.close().catch(() => {
    throw ioError(path);
  });
}

function ioError(path: string): RunError {
  return new RunError('output_io', `writing the output file ${quoteName(path)} failed`);
}
