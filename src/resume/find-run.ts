import { RunError } from '../errors.js';
import { quoteName } from '../printable.js';
import type { JournalFs } from '../journal/fs.js';
import { listRuns, type RunListing } from '../journal/runs.js';
import { openStateDir } from '../journal/state-dir.js';
import { nearestHint } from '../nearest.js';

const MOST_NAMED = 5;

/**
 * All runs of a state directory, oldest first; none when there is no such directory. Throws RunError
 * `state_dir_unsafe` or `journal_io`.
 */
export async function runsIn(stateDir: string, fs: JournalFs): Promise<readonly RunListing[]> {
  if ((await fs.lstat(stateDir).catch(() => undefined)) === undefined) return [];
  await openStateDir(stateDir, fs);
  return listRuns(stateDir, fs);
}

/**
 * The run that a person means: by its ID, by the beginning of it, or by the four characters at its end. Throws
 * RunError `usage` when there is none, or more than one.
 */
export function findRun(runs: readonly RunListing[], given: string): RunListing {
  const wanted = given.trim();
  const found = runs.filter(({ runId }) => runId.startsWith(wanted) || runId.endsWith(`-${wanted}`));
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  throw only === undefined || wanted === '' ? unknownRun(runs, wanted) : ambiguousRun(found, wanted);
}

function unknownRun(runs: readonly RunListing[], given: string): RunError {
  const hint = nearestHint(
    given,
    runs.map((run) => run.runId),
  );
  return new RunError('usage', `unknown run ${quoteName(given)}${hint}`, {
    fix: '`snapcapi runs list` lists all runs of a state directory.',
  });
}

function ambiguousRun(found: readonly RunListing[], given: string): RunError {
  const ids = found.slice(0, MOST_NAMED).map((run) => run.runId);
  const more = found.length > ids.length ? ', …' : '';
  return new RunError(
    'usage',
    `${quoteName(given)} stands for ${found.length} runs: ${ids.join(', ')}${more}`,
    {
      fix: 'Write more of the ID.',
    },
  );
}
