import { dirname, isAbsolute, join, resolve } from 'node:path';
import { RunError } from '../errors.js';
import { quoteName } from '../printable.js';
import { homeDirectory } from '../files/home.js';
import { makeDirs } from './directories.js';
import { journalIo } from './fault.js';
import type { FileFacts, JournalFs } from './fs.js';

export type StateDirPlaces = {
  /** What --state-dir says. */
  readonly flag?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Gives the home directory of the user; may throw. */
  readonly home: () => string;
  readonly platform: NodeJS.Platform;
};

const NO_HOME_FIX =
  'Name a directory for the records of runs with --state-dir or SNAPCAPI_STATE_DIR. ' +
  '`export --no-resume` needs none, but cannot resume a run.';

/**
 * Where runs are remembered: --state-dir, SNAPCAPI_STATE_DIR, `snapcapi` in XDG_STATE_HOME (which has to be
 * absolute, says its specification), else in ~/.local/state, or in LOCALAPPDATA on Windows. Throws RunError home_missing.
 */
export function stateDir({ flag, env, home, platform }: StateDirPlaces): string {
  const named = flag ?? env['SNAPCAPI_STATE_DIR'] ?? '';
  if (named !== '') return resolve(named);
  const xdg = env['XDG_STATE_HOME'] ?? '';
  if (isAbsolute(xdg)) return join(xdg, 'snapcapi');
  const local = env['LOCALAPPDATA'] ?? '';
  if (platform === 'win32' && local !== '') return join(local, 'snapcapi', 'state');
  return join(homeDirectory(home, NO_HOME_FIX), '.local', 'state', 'snapcapi');
}

/**
 * Makes the state directory when it is missing (mode 0700) and checks that it is nobody else's. Throws RunError
 * state_dir_unsafe, with the command that repairs it, or journal_io. `uid` is the user of this process; without
 * one, as on Windows, owner and permissions are not checked.
 */
export async function openStateDir(
  path: string,
  fs: JournalFs,
  uid: number | undefined = process.getuid?.(),
): Promise<void> {
  const facts = await makeAndLook(path, fs);
  const problem = problemOf(path, facts, uid);
  if (problem === undefined) return;
  throw new RunError('state_dir_unsafe', `the state directory ${quoteName(path)} ${problem.what}`, {
    fix: problem.fix,
  });
}

async function makeAndLook(path: string, fs: JournalFs): Promise<FileFacts | undefined> {
  try {
    await makeDirs(path, fs);
    // A parent that may not be read cannot be synced; then a power loss costs a resumption, not an event.
    await fs.syncDir(dirname(path)).catch(() => undefined);
    return await fs.lstat(path);
  } catch (error) {
    throw journalIo(`making the state directory ${quoteName(path)}`, error);
  }
}

type Problem = { readonly what: string; readonly fix: string };

function problemOf(path: string, facts: FileFacts | undefined, uid: number | undefined): Problem | undefined {
  const another = 'Name another place with --state-dir.';
  if (facts?.kind === 'link')
    return { what: 'is a link', fix: 'Name the directory it leads to with --state-dir.' };
  if (facts?.kind !== 'directory') return { what: 'is not a directory', fix: another };
  if (uid === undefined) return undefined;
  if (facts.uid !== uid) return { what: `belongs to another user (uid ${facts.uid})`, fix: another };
  if ((facts.mode & 0o077) === 0) return undefined;
  const mode = facts.mode.toString(8).padStart(4, '0');
  return { what: `is open to other users (mode ${mode})`, fix: `Close it: chmod 700 ${shellQuote(path)}` };
}

function shellQuote(path: string): string {
  return /^[\w/.+:@-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}
