import { RunError } from '../errors.js';

/** The code of a system error (`ENOSPC`), or `unknown error`: never its text, which holds paths. */
export function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[A-Z0-9_]{1,40}$/.test(code) ? code : 'unknown error';
}

/** What a failed operation of the file system becomes. `action` reads on as "... failed"; RunErrors stay what they are. */
export function journalIo(action: string, error: unknown): RunError {
  if (error instanceof RunError) return error;
  return new RunError('journal_io', `${action} failed (${codeOf(error)})`);
}
