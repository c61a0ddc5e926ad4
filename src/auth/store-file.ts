import { basename, dirname, join } from 'node:path';
import { RunError } from '../errors.js';
import { makeDirs, namesIn } from '../files/directories.js';
import { codeOf } from '../files/fault.js';
import type { FileFacts, FileSystem, OpenFile } from '../files/fs.js';
import { privateDirectoryProblem, privateFileProblem } from '../files/private.js';
import { quoteName } from '../printable.js';

/** Where a store is, and on what. `uid` is the user of this process; without one owner and permissions are not checked. */
export type StorePlace = {
  readonly path: string;
  readonly fs: FileSystem;
  readonly uid: number | undefined;
  readonly random: () => number;
};

/** A file beside the store with room for its next content, which takes the place of the store at once or not at all. */
export type NextFile = {
  readonly replaceStore: (text: string) => Promise<void>;
  /** Removes it if it did not replace the store. Never throws. */
  readonly discard: () => Promise<void>;
};

const MAX_BYTES = 4 * 1024 * 1024;
/** What a file may grow by in one change: far more than two tokens. */
const SPARE_BYTES = 64 * 1024;

/**
 * The text of the store, or `undefined` when there is none. The open file is checked, not its name; the directory is the
 * same before and after. Throws RunError credentials_unsafe or credentials_io.
 */
export async function readStore(place: StorePlace): Promise<string | undefined> {
  try {
    const before = await checkDirectory(place);
    if (before === undefined) return undefined;
    const text = await readChecked(place);
    const after = await checkDirectory(place);
    if (after?.identity !== before.identity)
      throw unsafe(dirname(place.path), 'was replaced while it was used');
    return text;
  } catch (error) {
    throw storeIo(`reading ${quoteName(place.path)}`, error);
  }
}

/** Makes the directory of the store when it is missing, with mode 0700, and checks it. Throws as `readStore` does. */
export async function makeStoreDir(place: StorePlace): Promise<void> {
  const dir = dirname(place.path);
  try {
    await makeDirs(dir, place.fs);
    await checkDirectory(place);
  } catch (error) {
    throw storeIo(`making the directory ${quoteName(dir)}`, error);
  }
}

/**
 * Proves that the store can be replaced by something as long and `SPARE_BYTES` more: the room is taken now. Only under the
 * lock: what killed processes left behind is removed. Throws RunError credentials_io.
 */
export async function prepareNext(place: StorePlace, currentBytes: number): Promise<NextFile> {
  const { fs, path } = place;
  const next = `${path}.${process.pid}-${place.random().toString(36).slice(2, 12)}.tmp`;
  let file: OpenFile | undefined;
  const discard = async (): Promise<void> => {
    await file?.close().catch(() => undefined);
    await fs.unlink(next).catch(() => undefined);
  };
  try {
    await removeLeftovers(place);
    file = await fs.open(next, 'fresh');
    await file.write(Buffer.alloc(currentBytes + SPARE_BYTES, ' '));
    await file.datasync();
  } catch (error) {
    await discard();
    throw storeIo(`preparing to write ${quoteName(path)}`, error);
  }
  const opened = file;
  const replaceStore = async (text: string): Promise<void> => {
    try {
      await opened.overwrite(Buffer.from(text));
      await opened.datasync();
      await opened.close();
      await fs.rename(next, path);
      await fs.syncDir(dirname(path));
    } catch (error) {
      throw storeIo(`writing ${quoteName(path)}`, error);
    }
  };
  return { replaceStore, discard };
}

/** What a failed operation on the store becomes; RunErrors stay what they are. `action` reads on as "... failed". */
export function storeIo(action: string, error: unknown): RunError {
  if (error instanceof RunError) return error;
  return new RunError('credentials_io', `${action} failed (${codeOf(error)})`);
}

async function checkDirectory({ path, fs, uid }: StorePlace): Promise<FileFacts | undefined> {
  const dir = dirname(path);
  const facts = await fs.lstat(dir);
  if (facts === undefined) return undefined;
  const problem = privateDirectoryProblem(dir, facts, uid);
  if (problem !== undefined) throw unsafe(dir, problem.what, problem.fix);
  return facts;
}

async function readChecked({ path, fs, uid }: StorePlace): Promise<string | undefined> {
  const found = await fs.lstat(path);
  if (found === undefined) return undefined;
  // Opening does not follow a link either; this only gives the better message.
  refuse(path, found, uid);
  const file = await fs.open(path, 'read');
  try {
    const facts = await file.facts();
    refuse(path, facts, uid);
    if (facts.size > MAX_BYTES) throw new RunError('credentials_damaged', `${quoteName(path)} is too large`);
    const bytes = Buffer.alloc(facts.size);
    return bytes.toString('utf8', 0, await file.read(bytes, 0));
  } finally {
    await file.close();
  }
}

function refuse(path: string, facts: FileFacts, uid: number | undefined): void {
  const problem = privateFileProblem(path, facts, uid);
  if (problem !== undefined) throw unsafe(path, problem.what, problem.fix);
}

function unsafe(path: string, what: string, fix?: string): RunError {
  return new RunError('credentials_unsafe', `${quoteName(path)} ${what}`, fix === undefined ? {} : { fix });
}

async function removeLeftovers({ path, fs }: StorePlace): Promise<void> {
  const dir = dirname(path);
  const prefix = `${basename(path)}.`;
  const olds = (await namesIn(dir, fs)).filter(
    (name) => name.startsWith(prefix) && /^\d+-[0-9a-z]*\.tmp$/.test(name.slice(prefix.length)),
  );
  for (const name of olds) await fs.unlink(join(dir, name));
}
