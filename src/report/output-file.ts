import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, open, rename, unlink, type FileHandle } from 'node:fs/promises';

import { RunError } from '../errors.js';
import { quoteName } from '../printable.js';
import { removeAtExit, removeLeftovers } from './leftovers.js';

const { O_CREAT, O_EXCL, O_WRONLY } = constants;
// Windows has no such flag.
const NO_LINKS = (constants as Partial<typeof constants>).O_NOFOLLOW ?? 0;

const FLUSH_BYTES = 64 * 1024;

/** A file being written. Small writes are gathered; awaiting `write` gives the disk's pace to the caller. */
export type OutputFile = {
  readonly path: string;
  /** Appends the bytes. Calls need not wait for each other: their bytes stand in the order of the calls, each call's in one piece. */
  readonly write: (bytes: Uint8Array | string) => Promise<void>;
  /** Empties the file of what stood in it before and writes what is gathered, so that a crash of the process leaves it. */
  readonly flush: () => Promise<void>;
  /** Writes what is gathered and closes. Safe to call twice. */
  readonly close: () => Promise<void>;
  /** As `close`, but a file that was neither written nor flushed keeps what stood in it before. */
  readonly leave: () => Promise<void>;
};

/**
 * Opens a file for writing, a new one with mode 0600, because it may hold personal data. What stood in it before stays until
 * the first `flush`. Links to files are not followed. Throws RunError output_not_writable when it cannot be created or is
 * such a link; later failures are RunError output_io.
 */
export async function createOutputFile(path: string): Promise<OutputFile> {
  const handle =
    (await openSpecial(path)) ?? (await openForWriting(path, path, O_WRONLY | O_CREAT | NO_LINKS));
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
 * is known. A new file has mode 0600; one that is replaced hands on its mode. Throws as `createOutputFile`.
 */
export async function createAtomicFile(path: string): Promise<AtomicFile> {
  const special = await openSpecial(path);
  // A name that nobody can foresee, and a file that must not be there: in a shared directory it might be a link.
  const written = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  const handle = special ?? (await openForWriting(written, path, O_WRONLY | O_CREAT | O_EXCL));
  const direct = special !== undefined;
  if (!direct) await keepMode(handle, path);
  const keep = direct ? () => undefined : removeAtExit(written);
  if (!direct) await removeLeftovers(path);
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
      await rename(written, path).catch(() => {
        throw ioError(path);
      });
      keep();
    },
    discard: async () => {
      if (!pending) return;
      pending = false;
      await handle.close().catch(() => undefined);
      if (!direct) await unlink(written).catch(() => undefined);
      keep();
    },
  };
}

/**
 * Devices and pipes are written to as they are, also through links such as /dev/fd/3; they cannot be replaced, and hold nothing
 * that could be lost. `undefined`: there is a regular file or nothing. Throws RunError output_not_writable.
 */
async function openSpecial(path: string): Promise<FileHandle | undefined> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined || found.isFile()) return undefined;
  const handle = await openForWriting(path, path, O_WRONLY).catch((error: unknown) => {
    throw found.isSymbolicLink() ? isLink(path) : error;
  });
  if (!(await handle.stat()).isFile()) return handle;
  await handle.close();
  throw isLink(path);
}

function isLink(path: string): RunError {
  return new RunError('output_not_writable', `the output file ${quoteName(path)} is a link to a file`, {
    fix: 'Name the file it leads to.',
  });
}

async function openForWriting(path: string, shown: string, flags: number): Promise<FileHandle> {
  try {
    return await open(path, flags, 0o600);
  } catch (error) {
    const why = {
      EISDIR: ' (it is a directory)',
      ENOENT: ' (its directory does not exist)',
      EACCES: ' (no permission)',
      ELOOP: ' (it is a link)',
    };
    const code = (error as NodeJS.ErrnoException).code ?? '';
    const reason = Object.hasOwn(why, code) ? why[code as keyof typeof why] : '';
    throw new RunError(
      'output_not_writable',
      `the output file ${quoteName(shown)} cannot be created${reason}`,
    );
  }
}

/** The new report has the permissions of the one that it replaces. */
async function keepMode(handle: FileHandle, path: string): Promise<void> {
  const replaced = await lstat(path).catch(() => undefined);
  if (replaced !== undefined) await handle.chmod(replaced.mode & 0o777).catch(() => undefined);
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
