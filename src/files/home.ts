import { isAbsolute } from 'node:path';
import { RunError } from '../errors.js';
import { codeOf } from './fault.js';

/**
 * The home directory of the user, asked for only where nothing else names a place: a user without a passwd entry has none.
 * Throws RunError home_missing with `fix` when there is none, or when HOME is not an absolute path: files would be made
 * below the working directory.
 */
export function homeDirectory(home: () => string, fix: string): string {
  const path = lookUp(home, fix);
  if (isAbsolute(path)) return path;
  const what = path === '' ? 'HOME is empty' : 'HOME is not an absolute path';
  throw new RunError('home_missing', what, { fix });
}

function lookUp(home: () => string, fix: string): string {
  try {
    return home();
  } catch (error) {
    throw new RunError('home_missing', `this user has no home directory (${codeOf(error)})`, { fix });
  }
}
