import { RunError } from '../errors.js';
import { codeOf } from '../files/fault.js';

export { codeOf };

/** What a failed operation of the file system becomes. `action` reads on as "... failed"; RunErrors stay what they are. */
export function journalIo(action: string, error: unknown): RunError {
  if (error instanceof RunError) return error;
  return new RunError('journal_io', `${action} failed (${codeOf(error)})`);
}
