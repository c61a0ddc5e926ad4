import { RunError } from '../errors.js';
import { fingerprintFile } from '../journal/fingerprint.js';
import { createJournal, openJournal } from '../journal/journal.js';
import { acquireLock } from '../journal/lock.js';
import { nodeFs } from '../journal/node-fs.js';
import { makeRunIdAfter, runPathsOf } from '../journal/paths.js';
import { recoverJournal } from '../journal/recover.js';
import { countEvents, findRuns, runsOfSlot, type RunRef } from '../journal/runs.js';
import { isUnfinished } from '../journal/peek.js';
import { openStateDir } from '../journal/state-dir.js';
import type { RecoveredRun, RunFacts, RunInput } from '../journal/types.js';
import type { Input } from '../read/index.js';
import type { ExportOptions } from '../summary.js';
import { TRANSFORM_VERSION } from '../transform/version.js';
import { packageVersion } from '../version.js';
import { differences } from './decide.js';
import { hiddenBatches } from './hidden.js';
import { recordOf } from './inputs.js';
import { leavesRows, lockedWork, opened, type JobWork, type OpenRun } from './opened.js';
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
 * exported again since, `run_changed` when input, config or program are other than they were, and what `openJob` throws.
 */
export async function openRetry(options: ExportOptions, place: RetryPlace): Promise<JobWork> {
  await openStateDir(place.stateDir, nodeFs);
  const wanted = (await findRuns(place.stateDir, nodeFs)).find(({ runId }) => runId === place.retry);
  if (wanted === undefined) throw new RunError('usage', `there is no run ${place.retry}`);
  const lock = await acquireLock(wanted.slotDir, { fs: nodeFs });
  try {
    const { slotDir, slot } = wanted;
    const chain = await chainOf(await runsOfSlot(slotDir, slot, nodeFs), place.retry);
    return lockedWork({ first: [], own: ownOf(chain, options, place.nowMs), closed: [], slot }, lock);
  } catch (error) {
    await lock.release().catch(() => undefined);
    throw error;
  }
}

/** Goes on with a retry that was begun, with its job locked. */
export async function openStoredRetry(
  options: ExportOptions,
  { slotDir, slot, runId }: RunRef,
  nowMs: number,
): Promise<OpenRun> {
  const refs = (await runsOfSlot(slotDir, slot, nodeFs)).filter((ref) => ref.runId <= runId);
  return openChain(await chainOf(refs, runId), options, nowMs);
}

function ownOf(chain: readonly Link[], options: ExportOptions, nowMs: number): JobWork['own'] {
  const { latest } = endsOf(chain);
  const { end, batches } = latest.recovered;
  const left = countEvents(batches.values());
  const isOver = left.refused + left.inDoubt + left.notAttempted === 0;
  if (end?.status === 'complete' && !leavesRows(end) && isOver)
    return { complete: true, runId: latest.ref.runId, end, copy: undefined };
  return { runId: latest.ref.runId, open: () => openChain(chain, options, nowMs) };
}

async function openChain(chain: readonly Link[], options: ExportOptions, nowMs: number): Promise<OpenRun> {
  const { first, latest } = endsOf(chain);
  const { run } = latest.recovered;
  const inputs = await checkUnchanged(options, run);
  const { spool } = first.ref;
  if (run.retryOf !== undefined && isUnfinished(latest.recovered)) {
    const journal = await openJournal(latest.ref.journal, nodeFs, options.secrets?.scrub);
    if (journal === undefined) throw new RunError('journal_io', 'the journal of the retry is gone');
    const { recovered } = journal;
    const earlier = chain.slice(0, -1).map((link) => link.recovered);
    return opened({
      ...{ inputs, paths: { spool }, run, earlier, journal: journal.journal, resumed: true },
      ...{ known: recovered.batches, hidden: hiddenBatches(recovered), warnings: recovered.warnings },
    });
  }
  const runId = makeRunIdAfter(latest.ref.runId, nowMs, options.random ?? Math.random);
  const { after: _, ...before } = run;
  const facts: RunFacts = {
    ...{ ...before, version: packageVersion(), runId, createdMs: nowMs, retryOf: latest.ref.runId },
  };
  const fresh = runPathsOf(latest.ref.slotDir, runId);
  const journal = await createJournal(fresh.journal, facts, nodeFs, options.secrets?.scrub);
  return opened({
    ...{ inputs, journal, run: facts, paths: { spool }, known: new Map(), resumed: false, warnings: [] },
    earlier: chain.map((link) => link.recovered),
  });
}

/** The newest of these runs and those it retries, oldest first. The run asked for has to be among them. */
async function chainOf(refs: readonly RunRef[], retry: string): Promise<readonly Link[]> {
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

/** The inputs with what they are now. */
async function checkUnchanged(options: ExportOptions, run: RunFacts): Promise<readonly Input[]> {
  const recorded: RunInput[] = [];
  const inputs: Input[] = [];
  for (const input of options.inputs) {
    const { name, path } = input;
    if (path === undefined) throw new RunError('usage', 'a retry reads files, or the copy of standard input');
    const found = await fingerprintFile(path, nodeFs, options.signal);
    recorded.push(recordOf(name, path, found));
    inputs.push({ ...input, facts: found.facts });
  }
  const changes = differences(run, {
    transformVersion: TRANSFORM_VERSION,
    settings: settingsOf(options.config, options),
    inputs: recorded,
    asOfMs: options.asOfMs,
  });
  if (changes.length === 0) return inputs;
  throw new RunError('run_changed', `since the run ${run.runId} began there changed: ${changes.join(', ')}`, {
    fix: 'Retry with the input, config and flags the run began with; or export the input again with --force (rows that were delivered are then sent again).',
  });
}

function goneRun(runId: string): RunError {
  return new RunError('usage', `the run ${runId}, which was retried, is no longer remembered`, {
    fix: 'Export the input again with --force (events keep their ids).',
  });
}
