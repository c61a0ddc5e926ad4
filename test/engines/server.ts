import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chownSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstProgram } from '../support/tools.js';

/** A database server of one test file: it listens at a socket in a folder of its own, and nowhere else. */
export type DatabaseServer = {
  readonly folder: string;
  /** Ends the server and removes its folder. */
  readonly stop: () => Promise<void>;
};

/** The account a process runs under; nothing for the own one. */
type Account = { readonly uid?: number; readonly gid?: number };

type Recipe = {
  /** User of the Debian package; a database server does not run as root. */
  readonly user: string;
  /** The command line that makes an empty database in a folder. */
  readonly prepare: (folder: string) => readonly string[];
  /** The command line of the server. */
  readonly serve: (folder: string) => readonly string[];
  /** What the server writes when it accepts connections. */
  readonly ready: string;
  readonly stopSignal: 'INT' | 'TERM';
};

const START_MS = 60_000;

/**
 * Runs a server until standard input ends, and then sends it a signal. So it also ends when the tests are killed:
 * nobody else would hold the other end of the pipe.
 */
const WATCH = `
exec 3<&0
"$@" </dev/null 3<&- &
server=$!
{ read -r <&3; kill -s "$0" "$server"; } >/dev/null 2>&1 &
wait "$server"`;

/** Path of a program: in PATH, or where Debian keeps those of administrators and of PostgreSQL, newest first. */
function findProgram(name: string): string | undefined {
  const versions = '/usr/lib/postgresql';
  const postgresql = listOf(versions)
    .filter((version) => Number(version) >= 15)
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(versions, version, 'bin'));
  return firstProgram([name], ['/usr/sbin', ...postgresql]);
}

/** Empty when all programs are there; else a reason, which is printed, for the title of the skipped tests. */
export function missingPrograms(names: readonly string[], debianPackage: string): string {
  const missing = names.filter((name) => findProgram(name) === undefined);
  if (missing.length === 0) return '';
  const reason = `NOT RUN: no ${missing.join(', ')}; install the Debian package ${debianPackage}`;
  // Titles of skipped tests are not in the usual report.
  console.warn(reason);
  return ` (${reason})`;
}

/** Throws when the server is not ready within a minute. */
async function startServer(recipe: Recipe): Promise<DatabaseServer> {
  const folder = await mkdtemp(join(tmpdir(), 'snapcapi-db-'));
  const account = accountOf(recipe.user);
  if (account.uid !== undefined && account.gid !== undefined) chownSync(folder, account.uid, account.gid);
  const [prepare = '', ...preparing] = recipe.prepare(folder);
  try {
    execFileSync(prepare, preparing, { ...account, cwd: folder, stdio: 'pipe' });
    const watcher = spawn('bash', ['-c', WATCH, recipe.stopSignal, ...recipe.serve(folder)], {
      ...account,
      cwd: folder,
      stdio: 'pipe',
    });
    await readiness(watcher, recipe.ready);
    return { folder, stop: () => end(watcher).then(() => remove(folder)) };
  } catch (problem) {
    await remove(folder);
    throw problem;
  }
}

/** A PostgreSQL whose sessions show times in India, so that a client that loses the offset is noticed. */
export function startPostgresql(): Promise<DatabaseServer> {
  const [initdb = '', postgres = ''] = ['initdb', 'postgres'].map(findProgram);
  return startServer({
    user: 'postgres',
    prepare: (folder) =>
      [initdb, '--no-sync', '--auth=trust', '--username=shop', '--encoding=UTF8', '--locale=C'].concat(
        join(folder, 'data'),
      ),
    serve: (folder) =>
      [postgres, '-D', join(folder, 'data'), '-k', folder].concat(
        ['listen_addresses=', 'fsync=off', 'timezone=Asia/Kolkata'].flatMap((setting) => ['-c', setting]),
      ),
    ready: 'ready to accept connections',
    stopSignal: 'INT',
  });
}

/** A MariaDB whose sessions show times in India, so that a client that does not ask for UTC is noticed. */
export function startMariadb(): Promise<DatabaseServer> {
  const [install = '', mariadbd = ''] = ['mariadb-install-db', 'mariadbd'].map(findProgram);
  const data = (folder: string) => ['--no-defaults', `--datadir=${join(folder, 'data')}`];
  return startServer({
    user: 'mysql',
    prepare: (folder) => [
      install,
      ...data(folder),
      '--auth-root-authentication-method=normal',
      '--skip-test-db',
      '--skip-name-resolve',
    ],
    serve: (folder) => [
      mariadbd,
      ...data(folder),
      `--socket=${join(folder, 'socket')}`,
      `--pid-file=${join(folder, 'pid')}`,
      '--skip-networking',
      '--character-set-server=utf8mb4',
      '--default-time-zone=+05:30',
      '--innodb-flush-log-at-trx-commit=0',
    ],
    ready: 'ready for connections',
    stopSignal: 'TERM',
  });
}

function listOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function accountOf(user: string): Account {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string) => Number(execFileSync('id', [flag, user], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** Ends the server and waits for that. */
async function end(watcher: ChildProcess): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    watcher.once('close', () => {
      resolve();
    });
  });
  watcher.stdin?.end();
  await closed;
}

function readiness(watcher: ChildProcess, ready: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let written = '';
    const late = setTimeout(() => watcher.stdin?.end(), START_MS);
    const read = (data: Buffer) => {
      written += data.toString();
      if (!written.includes(ready)) return;
      clearTimeout(late);
      resolve();
    };
    watcher.stdout?.on('data', read);
    watcher.stderr?.on('data', read);
    watcher.once('error', reject);
    watcher.once('close', () => {
      clearTimeout(late);
      reject(new Error(`the server ended:\n${written.slice(-2000)}`));
    });
  });
}

function remove(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
}
