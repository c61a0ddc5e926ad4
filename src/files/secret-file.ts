import { constants, open, realpath, type FileHandle } from 'node:fs/promises';
import { RunError } from '../errors.js';
import { quoteName } from '../printable.js';
import { codeOf } from './fault.js';
import { octal, shellQuote, type FileProblem } from './private.js';

export type SecretFileOptions = {
  /** How messages call the file: `the token file`. */
  readonly name: string;
  /** The user of this process; without one, as on Windows, owner and permissions are not checked. */
  readonly uid?: number | undefined;
};

const MAX_BYTES = 64 * 1024;
/** Where Docker, Podman and Kubernetes put secrets; readable for all in the container, written by nobody in it. */
const MOUNTED = /^\/(?:var\/)?run\/secrets\//;

type Facts = { readonly uid: number; readonly mode: number };

/**
 * Reads a file that a user made to hand over one secret, without surrounding blanks, line ends and byte order mark. Links are
 * followed, since mounted secrets are links, and pipes are read, for `<(command)`; what is opened is checked. Throws RunError
 * secret_file_unsafe when others could have changed it, or can read it; config_unreadable; token_missing when it is empty.
 */
export async function readSecretFile(path: string, options: SecretFileOptions): Promise<string> {
  const what = `${options.name} ${quoteName(path)}`;
  const text = await readChecked(path, what, 'uid' in options ? options.uid : process.getuid?.());
  const secret = trimSecret(text);
  if (secret === '')
    throw new RunError('token_missing', `${what} is empty`, { fix: 'Write the secret into it.' });
  return secret;
}

/** A secret without the blanks, line ends and byte order mark that editors and shells put around it. */
export function trimSecret(text: string): string {
  return text.replace(/^\ufeff/, '').trim();
}

async function readChecked(path: string, what: string, uid: number | undefined): Promise<string> {
  const unreadable = (error: unknown): RunError =>
    error instanceof RunError
      ? error
      : new RunError('config_unreadable', `${what} cannot be read (${codeOf(error)})`);
  let file: FileHandle | undefined;
  try {
    file = await open(path, constants.O_RDONLY);
    const stats = await file.stat();
    if (stats.isDirectory()) throw new RunError('config_unreadable', `${what} is a directory`);
    const { uid: owner, mode } = stats;
    const facts = { uid: owner, mode: mode & 0o777 };
    const problem = uid === undefined ? undefined : problemOf(path, facts, uid);
    if (problem !== undefined && !(await isMounted(path, facts))) {
      throw new RunError('secret_file_unsafe', `${what} ${problem.what}`, { fix: problem.fix });
    }
    return await readBounded(file, what);
  } catch (error) {
    throw unreadable(error);
  } finally {
    await file?.close().catch(() => undefined);
  }
}

/**
 * The administrator may hand a file out to be read, as `ssh` and `psql` allow, too; of one's own file nobody else needs to
 * read anything.
 */
function problemOf(path: string, { uid: owner, mode }: Facts, uid: number): FileProblem | undefined {
  if (owner !== uid && owner !== 0) {
    return {
      what: `belongs to another user (uid ${owner})`,
      fix: 'Copy the secret to a file of your own, with mode 0600.',
    };
  }
  const harm = owner === uid ? 0o077 : 0o022;
  if ((mode & harm) === 0) return undefined;
  const can = (mode & 0o022) === 0 ? 'read' : 'changed';
  return {
    what: `can be ${can} by other users (mode ${octal({ mode })})`,
    fix: `Close it: chmod 600 ${shellQuote(path)}. Where it is mounted, mount it with mode 0400.`,
  };
}

async function isMounted(path: string, { uid, mode }: Facts): Promise<boolean> {
  return uid === 0 && (mode & 0o022) === 0 && MOUNTED.test(await realpath(path));
}

async function readBounded(file: FileHandle, what: string): Promise<string> {
  const bytes = Buffer.alloc(MAX_BYTES + 1);
  for (let done = 0; done < bytes.length;) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, null);
    if (bytesRead === 0) return bytes.toString('utf8', 0, done);
    done += bytesRead;
  }
  throw new RunError('config_unreadable', `${what} is larger than any token`);
}
