import { RunError } from '../errors.js';
import { fingerprintFile } from '../journal/fingerprint.js';
import { createJournal, openJournal } from '../journal/journal.js';
import { acquireLock, type Lock } from '../journal/lock.js';
import { nodeFs } from '../journal/node-fs.js';
import { makeRunIdAfter, runPathsOf } from '../journal/paths.js';
import { recoverJournal } from '../journal/recover.js';
import { countEvents, findRuns, type RunRef } from '../journal/runs.js';
import { openStateDir } from '../journal/state-dir.js';
import type { RecoveredRun, RunFacts, RunInput } from '../journal/types.js';
import type { ExportOptions } from '../summary.js';
import { TRANSFORM_VERSION } from '../transform/version.js';
import { packageVersion } from '../version.js';
import { differences } from './decide.js';
import { hiddenBatches } from './hidden.js';
import { leavesRows, opened, type CompleteRun, type OpenRun } from './open-run.js';
import { settingsOf } from './settings.js';

export type RetryPlace = {
  readonly stateDir: string;
  /** ID of the run whose rows are to be sent again. */
  readonly retry: string;
  readonly nowMs: number;
};

type Link = { readonly ref: RunRef; readonly recovered: RecoveredRun };

/**
 * Begins a run that sends what an earlier run left undelivered, or goes on with one that was begun. The newest run
 * counts: a retry of a run that was retried is one of its last retry. Throws RunError `usage` when the input has been
 * exported anew since, `run_changed` when input, config or program are other than they were, and what `openRun` throws.
 */
export async function openRetry(options: ExportOptions, place: RetryPlace): Promise<OpenRun | CompleteRun> {
  await openStateDir(place.stateDir, nodeFs);
  const wanted = (await findRuns(place.stateDir, nodeFs)).find(({ runId }) => runId === place.retry);
  if (wanted === undefined) throw new RunError('usage', `there is no run ${place.retry}`);
  const lock = await acquireLock(wanted.slotDir, { fs: nodeFs });
  try {
    return await openLocked(options, place, wanted.slot, lock);
  } catch (error) {
    await lock.release().catch(() => undefined);
    throw error;
  }
}

async function openLocked(
  options: ExportOptions,
  place: RetryPlace,
  slot: string,
  lock: Lock,
): Promise<OpenRun | CompleteRun> {
  const chain = await chainOf(place, slot);
  const { first, latest } = endsOf(chain);
  const { end, run, batches } = latest.recovered;
  const left = countEvents(batches.values());
  if (
    end?.status === 'complete' &&
    !leavesRows(end) &&
    left.refused + left.inDoubt + left.notAttempted === 0
  ) {
    await lock.release();
    return { complete: true, runId: latest.ref.runId, end };
  }
  await checkUnchanged(options, run);
  const { spool } = first.ref;
  const paths = { ...latest.ref, spool };
  const isUnfinished = run.retryOf !== undefined && (end === undefined || end.status === 'incomplete');
  if (isUnfinished) {
    const journal = await openJournal(latest.ref.journal, nodeFs, options.secrets?.scrub);
    if (journal === undefined) throw new RunError('journal_io', 'the journal of the retry is gone');
    const { recovered } = journal;
    const earlier = chain.slice(0, -1).map((link) => link.recovered);
    return opened({
      ...{ options, lock, paths, run, earlier, journal: journal.journal, resumed: true },
      ...{ known: recovered.batches, hidden: hiddenBatches(recovered), warnings: recovered.warnings },
    });
  }
  const runId = makeRunIdAfter(latest.ref.runId, place.nowMs, options.random ?? Math.random);
  const facts: RunFacts = {
    ...{ ...run, version: packageVersion(), runId, createdMs: place.nowMs, retryOf: latest.ref.runId },
  };
  const fresh = runPathsOf(latest.ref.slotDir, runId);
  const journal = await createJournal(fresh.journal, facts, nodeFs, options.secrets?.scrub);
  return opened({
    ...{ options, lock, journal, run: facts, paths: { ...fresh, spool }, known: new Map(), resumed: false },
    ...{ earlier: chain.map((link) => link.recovered), warnings: [] },
  });
}

/** The newest run of the slot and those it retries, oldest first. The run asked for has to be among them. */
async function chainOf({ stateDir, retry }: RetryPlace, slot: string): Promise<readonly Link[]> {
  const refs = (await findRuns(stateDir, nodeFs)).filter((ref) => ref.slot === slot);
  const chain: Link[] = [];
  for (let ref = refs.at(-1); ref !== undefined;) {
    const recovered = await recoverJournal(ref.journal, nodeFs);
    if (recovered === undefined)
      throw new RunError('journal_damaged', `the journal of run ${ref.runId} is empty`);
    chain.unshift({ ref, recovered });
    const { retryOf } = recovered.run;
    ref = refs.find(({ runId }) => runId === retryOf);
    if (retryOf !== undefined && ref === undefined) throw goneRun(retryOf);
  }
  if (chain.some((link) => link.ref.runId === retry)) return chain;
  throw new RunError(
    'usage',
    `run ${retry} is not the newest of its input: ${chain.at(-1)?.ref.runId ?? ''} is`,
    {
      fix: 'Retry the newest run.',
    },
  );
}

function endsOf(chain: readonly Link[]): { readonly first: Link; readonly latest: Link } {
  const [first] = chain;
  const latest = chain.at(-1);
  if (first === undefined || latest === undefined) throw new RunError('internal', 'a run has no journal');
  return { first, latest };
}

async function checkUnchanged(options: ExportOptions, run: RunFacts): Promise<void> {
  const inputs: RunInput[] = [];
  for (const { name, path } of options.inputs) {
    if (path === undefined) throw new RunError('usage', 'a retry reads files, or the copy of standard input');
    inputs.push({ name, realPath: path, fingerprint: (await fingerprintFile(path, nodeFs)).fingerprint });
  }
  const changes = differences(withoutLimit(run), {
    transformVersion: TRANSFORM_VERSION,
    settings: withoutLimit({ settings: settingsOf(options.config, options) }).settings,
    inputs,
    asOfMs: options.asOfMs,
  });
  if (changes.length === 0) return;
  throw new RunError('run_changed', `since the run ${run.runId} began there changed: ${changes.join(', ')}`, {
    fix: 'Retry with the input, config and flags the run began with; or export the input anew with --force (events keep their ids).',
  });
}

/** A limit of rejected rows is one for all rows of an input, so a retry has none. */
function withoutLimit<Facts extends Pick<RunFacts, 'settings'>>(facts: Facts): Facts {
  const { maxRejected: _, ...settings } = facts.settings;
  return { ...facts, settings };
}

function goneRun(runId: string): RunError {
  return new RunError('usage', `the run ${runId}, which was retried, is no longer remembered`, {
    fix: 'Export the input anew with --force (events keep their ids).',
  });
}
