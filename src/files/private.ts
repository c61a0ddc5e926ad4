import type { FileFacts } from './fs.js';

/** What is wrong with a file or directory, to be read after its name, and what to do. */
export type FileProblem = { readonly what: string; readonly fix: string };

/**
 * Why a file cannot hold what only its owner may know: it is a link or no regular file, belongs to somebody else, or others
 * may read or change it. `uid` is the user of this process; without one, as on Windows, owner and permissions do not count.
 */
export function privateFileProblem(
  path: string,
  facts: FileFacts,
  uid: number | undefined,
): FileProblem | undefined {
  if (facts.kind === 'link') return { what: 'is a link', fix: 'Name the file it leads to.' };
  if (facts.kind !== 'file') return { what: 'is not a regular file', fix: 'Move it away.' };
  if (uid === undefined) return undefined;
  if (facts.uid !== uid) return ownedByOther(path, facts);
  if ((facts.mode & 0o077) === 0) return undefined;
  return {
    what: `is open to other users (mode ${octal(facts)})`,
    fix: `Close it: chmod 600 ${shellQuote(path)}`,
  };
}

/** Why others could put a file of their own into a directory in place of a private one; like `privateFileProblem`. */
export function privateDirectoryProblem(
  path: string,
  facts: FileFacts,
  uid: number | undefined,
): FileProblem | undefined {
  if (facts.kind === 'link') return { what: 'is a link', fix: 'Name the directory it leads to.' };
  if (facts.kind !== 'directory') return { what: 'is not a directory', fix: 'Name another place.' };
  if (uid === undefined) return undefined;
  if (facts.uid !== uid) return ownedByOther(path, facts);
  // A sticky directory is refused as well: there others can make the file before we do.
  if ((facts.mode & 0o022) === 0) return undefined;
  return {
    what: `can be written by other users (mode ${octal(facts)})`,
    fix: `Close it: chmod 700 ${shellQuote(path)}`,
  };
}

/** A path as a shell takes it. */
export function shellQuote(path: string): string {
  return /^[\w/.+:@-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}

/** Permissions as `chmod` takes them. */
export function octal({ mode }: Pick<FileFacts, 'mode'>): string {
  return mode.toString(8).padStart(4, '0');
}

function ownedByOther(path: string, { uid }: FileFacts): FileProblem {
  return {
    what: `belongs to another user (uid ${uid})`,
    fix: `Name a place of your own, or take it over: chown "$(id -u)" ${shellQuote(path)}`,
  };
}
