import { dirname } from 'node:path';
import { RunError } from '../errors.js';
import { makeDirs, syncRunDirs } from './directories.js';
import { codeOf, journalIo } from './fault.js';
import type { JournalFile, JournalFs } from './fs.js';
import { encodeLine } from './line.js';
import { recoverJournal } from './recover.js';
import { FORMAT } from './records.js';
import type { RecoveredRun, RunFacts } from './types.js';
import { createWriter, type Journal } from './writer.js';

/**
 * Starts the journal of a new run; it is durable, its directory entry included, before this resolves. The file
 * appears under its name only when its first line is whole, so that a crash leaves a run or none.
 * Throws RunError journal_io.
 */
export async function createJournal(
  path: string,
  run: RunFacts,
  fs: JournalFs,
  scrub?: (text: string) => string,
): Promise<Journal> {
  const dir = dirname(path);
  const fresh = `${path}.new`;
  try {
    await makeDirs(dir, fs);
    // The caller holds the lock of the slot, so nobody makes the file between this question and the rename.
    if ((await fs.lstat(path)) !== undefined)
      throw new RunError('journal_io', 'a run of this name exists already');
    await unlinkIfThere(fresh, fs);
    const file = await fs.open(fresh, 'create');
    try {
      await file.write(encodeLine(1, 'run', { format: FORMAT, ...run }));
      await file.datasync();
      await fs.rename(fresh, path);
      await syncRunDirs(dir, fs);
    } catch (error) {
      await file.close().catch(() => undefined);
      throw error;
    }
    return createWriter(file, 2, scrub);
  } catch (error) {
    throw journalIo('creating the journal', error);
  }
}

export type OpenedJournal = { readonly journal: Journal; readonly recovered: RecoveredRun };

/**
 * Goes on with a journal: reads it, cuts off a torn last line and appends from there. What was read is durable
 * before this resolves. `undefined` when there is none. Throws RunError as `recoverJournal` does.
 */
export async function openJournal(
  path: string,
  fs: JournalFs,
  scrub?: (text: string) => string,
): Promise<OpenedJournal | undefined> {
  const recovered = await recoverJournal(path, fs);
  if (recovered === undefined) return undefined;
  let file: JournalFile | undefined;
  try {
    file = await fs.open(path, 'append');
    if (recovered.tornBytes > 0) await file.truncate(recovered.validBytes);
    if (recovered.needsLineEnd) await file.write(Buffer.from('\n'));
    await file.datasync();
    await syncRunDirs(dirname(path), fs);
    return { journal: createWriter(file, recovered.nextSeq, scrub), recovered };
  } catch (error) {
    await file?.close().catch(() => undefined);
    throw journalIo('opening the journal', error);
  }
}

async function unlinkIfThere(path: string, fs: JournalFs): Promise<void> {
  try {
    await fs.unlink(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}
