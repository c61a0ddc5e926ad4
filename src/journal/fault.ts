import { RunError } from '../errors.js';
import { codeOf } from '../files/fault.js';

export { codeOf };

const ELSEWHERE = 'name another directory with --state-dir or SNAPCAPI_STATE_DIR.';
const MORE_ROOM = 'Free disk space, then run the same command again: it resumes where it stopped.';
const MORE_FILES = 'Raise the limit of open files (ulimit -n), then run the same command again.';
const BLOCKED = `A part of the path is a file, not a directory. Remove it, or ${ELSEWHERE}`;

/** What to do about a system error in the state directory; the usual advice of journal_io for all others. */
const FIXES: Readonly<Record<string, string>> = Object.freeze({
  EACCES: `Let this user write there, or ${ELSEWHERE}`,
  EPERM: `Let this user write there, or ${ELSEWHERE}`,
  EROFS: `The file system is read-only: ${ELSEWHERE}`,
  ENOTDIR: BLOCKED,
  EEXIST: BLOCKED,
  ENOSPC: MORE_ROOM,
  EDQUOT: MORE_ROOM,
  EMFILE: MORE_FILES,
  ENFILE: MORE_FILES,
  ELOOP: `The path has a loop of links: ${ELSEWHERE}`,
  ENAMETOOLONG: `The path is too long: ${ELSEWHERE}`,
});

/** What a failed operation of the file system becomes. `action` reads on as "... failed"; RunErrors stay what they are. */
export function journalIo(action: string, error: unknown): RunError {
  if (error instanceof RunError) return error;
  const code = codeOf(error);
  const fix = FIXES[code];
  return new RunError('journal_io', `${action} failed (${code})`, fix === undefined ? {} : { fix });
}
