import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { interruption, RunError } from '../errors.js';
import { makeDirs } from './directories.js';
import { codeOf, journalIo } from './fault.js';
import { fingerprintFile, type FileFingerprint } from './fingerprint.js';
import type { JournalFile, JournalFs } from './fs.js';

const COPYING = 'keeping a copy of standard input';

/**
 * Copies standard input to a new file (mode 0600; there must be none yet), so that a run can be resumed; it is durable before this
 * resolves. What was copied is removed again when it fails. Throws RunError journal_io for the file, input_io for
 * the stream, and when the signal aborts its reason if that is a RunError, else interrupted.
 */
export async function spoolStdin(
  stream: Readable,
  path: string,
  fs: JournalFs,
  signal?: AbortSignal,
): Promise<FileFingerprint> {
  // A stream may fail while nobody reads it yet; reading it will say so.
  stream.on('error', () => undefined);
  const file = await create(path, fs);
  // A pipe that nobody writes to gives no occasion to look at the signal.
  const onAbort = (): unknown => stream.destroy();
  signal?.addEventListener('abort', onAbort, { once: true });
  if (signal?.aborted === true) onAbort();
  try {
    await copy(stream, file);
    if (signal?.aborted === true) throw interruption(signal);
    return await fingerprintFile(path, fs, signal);
  } catch (error) {
    await fs.unlink(path).catch(() => undefined);
    throw signal?.aborted === true ? interruption(signal) : error;
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}

async function copy(stream: Readable, file: JournalFile): Promise<void> {
  const lost = (error: unknown): never => {
    throw journalIo(COPYING, error);
  };
  try {
    for await (const bytes of stream as AsyncIterable<Uint8Array>) await file.write(bytes).catch(lost);
    await file.datasync().catch(lost);
  } catch (error) {
    if (error instanceof RunError) throw error;
    throw new RunError('input_io', `reading standard input failed (${codeOf(error)})`);
  } finally {
    await file.close().catch(() => undefined);
  }
}

/** Removes a copy of standard input, if it is there: it holds the rows as they came. Throws RunError journal_io. */
export async function removeSpool(path: string, fs: JournalFs): Promise<void> {
  try {
    await fs.unlink(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw journalIo('removing the copy of standard input', error);
  }
}

async function create(path: string, fs: JournalFs): Promise<JournalFile> {
  try {
    await makeDirs(dirname(path), fs);
    const file = await fs.open(path, 'create');
    await fs.syncDir(dirname(path));
    return file;
  } catch (error) {
    throw journalIo(COPYING, error);
  }
}
