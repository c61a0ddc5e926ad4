import { RunError } from '../errors.js';
import { removeUnbegunRuns } from '../journal/clean.js';
import { createJournal, openJournal } from '../journal/journal.js';
import { acquireLock, type Lock } from '../journal/lock.js';
import { nodeFs } from '../journal/node-fs.js';
import { makeRunIdAfter, runPathsOf, slotDirOf, type RunPaths } from '../journal/paths.js';
import { runsOfSlot } from '../journal/runs.js';
import { removeSpool } from '../journal/spool.js';
import { openStateDir } from '../journal/state-dir.js';
import { checkHeld } from '../journal/while-held.js';
import type { RunFacts } from '../journal/types.js';
import type { Input } from '../read/index.js';
import type { ClosedRunRecord, ExportOptions } from '../summary.js';
import { TRANSFORM_VERSION } from '../transform/version.js';
import { packageVersion } from '../version.js';
import { closeRun } from './close-run.js';
import { decide, type Decision, type Wanted } from './decide.js';
import { hiddenBatches } from './hidden.js';
import { identify, withoutStreams, type IdentifiedInputs } from './inputs.js';
import { jobSlot } from './job.js';
import { knownRuns, type KnownRunAt } from './known-runs.js';
import { openStoredRetry } from './open-retry.js';
import { copyAt, lockedWork, opened, type JobWork, type OpenRun, type WaitingRun } from './opened.js';
import { settingsOf } from './settings.js';

type Place = {
  readonly options: ExportOptions;
  readonly slot: string;
  readonly slotDir: string;
  readonly lock: Lock;
  readonly nowMs: number;
};

/**
 * Finds or begins the run of this command in the state directory, and finds what earlier commands of its job left. Throws
 * RunError `run_changed`, `settings_changed`, `run_locked`, `state_dir_unsafe`, `journal_damaged`, `journal_io` or `input_missing`.
 */
export async function openJob(given: ExportOptions, stateDir: string, nowMs: number): Promise<JobWork> {
  await openStateDir(stateDir, nodeFs);
  const options = { ...given, inputs: await withoutStreams(given.inputs) };
  const slot = await jobSlot(options);
  const slotDir = slotDirOf(stateDir, slot);
  const lock = await acquireLock(slotDir, { fs: nodeFs });
  try {
    // What could not be removed is left to `runs clean`, which says why.
    await removeUnbegunRuns(slotDir, nodeFs).catch(() => undefined);
    return lockedWork(await workOf({ options, slot, slotDir, lock, nowMs }), lock);
  } catch (error) {
    await lock.release().catch(() => undefined);
    throw error;
  }
}

async function workOf(place: Place): Promise<Omit<JobWork, 'close'>> {
  const { options, slot, slotDir, lock, nowMs } = place;
  const force = options.journaling?.force === true;
  const refs = await runsOfSlot(slotDir, slot, nodeFs);
  const runId = makeRunIdAfter(refs.at(-1)?.runId, nowMs, options.random ?? Math.random);
  const paths = runPathsOf(slotDir, runId);
  // Who starts over does not need the old journals, one of which may be damaged.
  const runs = await knownRuns(refs, { signal: options.signal, skipDamaged: force });
  const identified = await identify(options, paths);
  // Copying standard input may have taken long.
  await checkHeld(lock);
  const wanted: Wanted = {
    transformVersion: TRANSFORM_VERSION,
    settings: settingsOf(options.config, options),
    inputs: identified.recorded,
    ...{ asOfMs: options.asOfMs, nowMs, force, testEvents: options.config.sendTestEvents },
    onUnfinished: options.config.onUnfinished,
  };
  const decision = await keepingNoCopy(paths, () => decide(runs, wanted));
  const closed: ClosedRunRecord[] = [];
  for (const one of decision.close) closed.push(await closeRun(one.known.ref, one, nowMs));
  const first = decision.finish;
  const own = await ownWork(decision, { place, paths, wanted, identified, first });
  return { first: first.map((known) => stored(known, place, known.inputs)), own, closed, slot };
}

type Own = {
  readonly place: Place;
  readonly paths: RunPaths;
  readonly wanted: Wanted;
  readonly identified: IdentifiedInputs;
  readonly first: readonly KnownRunAt[];
};

/** The work on the rows given. The journal of a new run is begun before older runs are finished: its rows must not be lost. */
async function ownWork({ own }: Decision<KnownRunAt>, facts: Own): Promise<JobWork['own']> {
  const { place, paths, identified } = facts;
  if (own.do === 'start') return startedRun(facts);
  await discard(paths);
  const { known } = own;
  const { runId } = known.ref;
  if (own.do === 'nothing' && known.end !== undefined)
    return { complete: true, runId, end: known.end, copy: await copyAt(known.ref.spool) };
  // Its copy of standard input may be damaged or gone; the rows given are the same.
  const inputs = known.inputs.length > 0 ? known.inputs : identified.inputs;
  return stored(known, place, inputs);
}

async function startedRun({ place, paths, wanted, identified, first }: Own): Promise<WaitingRun> {
  const { options, nowMs } = place;
  const runId = paths.runId;
  const run: RunFacts = {
    version: packageVersion(),
    transformVersion: wanted.transformVersion,
    runId,
    createdMs: nowMs,
    asOfMs: options.asOfMs ?? nowMs,
    inputs: identified.recorded.map(({ sampled: _, ...input }) => input),
    settings: wanted.settings,
    batchSize: options.config.batchSize,
    maxBatchBytes: options.config.maxBatchBytes,
    ...(first.length > 0 && { after: first.map(({ ref }) => ref.runId) }),
    ...(wanted.force && { forced: true }),
  };
  const journal = await createJournal(paths.journal, run, nodeFs, options.secrets?.scrub);
  const { inputs } = identified;
  return {
    runId,
    open: () =>
      Promise.resolve(
        opened({ inputs, journal, run, paths, known: new Map(), resumed: false, warnings: [] }),
      ),
  };
}

/** A recorded run that is resumed. */
function stored({ ref, run }: KnownRunAt, { options, nowMs }: Place, inputs: readonly Input[]): WaitingRun {
  const open = async (): Promise<OpenRun> => {
    if (run.retryOf !== undefined) return openStoredRetry({ ...options, inputs }, ref, nowMs);
    const found = await openJournal(ref.journal, nodeFs, options.secrets?.scrub);
    if (found === undefined) throw new RunError('journal_io', `the journal of run ${ref.runId} is gone`);
    const { journal, recovered } = found;
    const { batches, warnings } = recovered;
    return opened({
      ...{ inputs, journal, run: recovered.run, paths: ref, resumed: true, warnings },
      ...{ known: batches, hidden: hiddenBatches(recovered) },
    });
  };
  return { runId: ref.runId, open };
}

/** Gives up the copy of standard input when the run is refused: nobody would ever read it. */
async function keepingNoCopy<Result>(paths: RunPaths, work: () => Result): Promise<Result> {
  try {
    return work();
  } catch (error) {
    await discard(paths).catch(() => undefined);
    throw error;
  }
}

/** Gives up the directory of a run that does not begin. */
async function discard(paths: RunPaths): Promise<void> {
  await removeSpool(paths.spool, nodeFs);
  await nodeFs.rmdir(paths.dir).catch(() => undefined);
}
