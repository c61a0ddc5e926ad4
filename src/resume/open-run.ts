import { realpath, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { RunError } from '../errors.js';
import { removeUnbegunRuns } from '../journal/clean.js';
import { fingerprintFile } from '../journal/fingerprint.js';
import { createJournal, openJournal } from '../journal/journal.js';
import { acquireLock, type Lock } from '../journal/lock.js';
import { nodeFs } from '../journal/node-fs.js';
import { makeRunIdAfter, runPathsOf, slotDirOf, slotOf, type RunPaths } from '../journal/paths.js';
import { latestRun } from '../journal/runs.js';
import { removeSpool, spoolStdin } from '../journal/spool.js';
import { openStateDir } from '../journal/state-dir.js';
import type { BatchRecord, EndRecord, RecoveredRun, RunFacts, RunInput } from '../journal/types.js';
import type { Journal } from '../journal/writer.js';
import { fileInput, type Input } from '../read/index.js';
import type { ExportOptions } from '../summary.js';
import { TRANSFORM_VERSION } from '../transform/version.js';
import { packageVersion } from '../version.js';
import { decide } from './decide.js';
import { hiddenBatches, type HiddenBatches } from './hidden.js';
import { settingsOf } from './settings.js';

/** A run with its journal open and its slot locked. */
export type OpenRun = {
  readonly runId: string;
  readonly resumed: boolean;
  /** The as-of time all its rows are judged by, epoch ms. */
  readonly asOfMs: number;
  /** The inputs to read; standard input is its copy by now. */
  readonly inputs: readonly Input[];
  readonly known: ReadonlyMap<number, BatchRecord>;
  /** Absent in a run that begins. */
  readonly hidden?: HiddenBatches;
  readonly warnings: readonly string[];
  readonly journal: Journal;
  /** What the runs that this one retries left behind, oldest first; absent when it is no retry. */
  readonly earlier?: readonly RecoveredRun[];
  /**
   * Writes the end of the run. A complete run gives up its copy of standard input, unless rows are left that a retry
   * would read there. Throws RunError journal_io.
   */
  readonly end: (record: EndRecord) => Promise<void>;
  /** Closes the journal and gives up the slot; safe after an error. */
  readonly close: () => Promise<void>;
};

/** The run of this command is complete already, so there is nothing to do. */
export type CompleteRun = { readonly complete: true; readonly runId: string; readonly end: EndRecord };

/**
 * Finds or begins the run of this command in the state directory: the same inputs to the same event source. Throws
 * RunError `run_changed`, `run_locked`, `state_dir_unsafe`, `journal_damaged`, `journal_io` or `input_missing`.
 */
export async function openRun(
  given: ExportOptions,
  stateDir: string,
  nowMs: number,
): Promise<OpenRun | CompleteRun> {
  await openStateDir(stateDir, nodeFs);
  const options = { ...given, inputs: await withoutStreams(given.inputs) };
  const slot = await slotFor(options);
  const slotDir = slotDirOf(stateDir, slot);
  const lock = await acquireLock(slotDir, { fs: nodeFs });
  try {
    // What could not be removed is left to `runs clean`, which says why.
    await removeUnbegunRuns(slotDir, nodeFs).catch(() => undefined);
    return await openLocked(options, { stateDir, slot, slotDir, lock, nowMs });
  } catch (error) {
    await lock.release().catch(() => undefined);
    throw error;
  }
}

type Place = {
  readonly stateDir: string;
  readonly slot: string;
  readonly slotDir: string;
  readonly lock: Lock;
  readonly nowMs: number;
};

async function openLocked(options: ExportOptions, place: Place): Promise<OpenRun | CompleteRun> {
  const { slotDir, nowMs, lock } = place;
  const random = options.random ?? Math.random;
  const latest = await latestRun(place.stateDir, place.slot, nodeFs);
  const runId = makeRunIdAfter(latest?.runId, nowMs, random);
  const paths = runPathsOf(slotDir, runId);
  const force = options.journaling?.force === true;
  const previous = latest === undefined ? undefined : await openPrevious(latest.journal, options);
  try {
    const inputs = await identify(options, paths);
    const facts = {
      transformVersion: TRANSFORM_VERSION,
      inputs,
      settings: settingsOf(options.config, options),
    };
    const decision = await keepingNoCopy(paths, () =>
      decide(previous?.recovered, { ...facts, asOfMs: options.asOfMs, force }),
    );
    if (previous !== undefined && latest !== undefined && decision !== 'fresh') {
      await discard(paths);
      const { recovered, journal } = previous;
      if (decision === 'done' && recovered.end !== undefined) {
        await journal.close();
        await lock.release();
        return { complete: true, runId: latest.runId, end: recovered.end };
      }
      const { run, batches, warnings } = recovered;
      return opened({
        ...{ options, journal, run, lock, paths: latest, resumed: true, warnings },
        ...{ known: batches, hidden: hiddenBatches(recovered) },
      });
    }
    await previous?.journal.close();
    const run: RunFacts = {
      ...facts,
      version: packageVersion(),
      runId,
      createdMs: nowMs,
      asOfMs: options.asOfMs ?? nowMs,
      batchSize: options.config.batchSize,
      maxBatchBytes: options.config.maxBatchBytes,
      ...(force && { forced: true }),
    };
    const journal = await createJournal(paths.journal, run, nodeFs, options.secrets?.scrub);
    return opened({ options, journal, run, lock, paths, known: new Map(), resumed: false, warnings: [] });
  } catch (error) {
    await previous?.journal.close().catch(() => undefined);
    throw error;
  }
}

/** Whoever begins anew does not need the old journal, which may be the one that is damaged. */
async function openPrevious(path: string, { journaling, secrets }: ExportOptions) {
  try {
    return await openJournal(path, nodeFs, secrets?.scrub);
  } catch (error) {
    if (journaling?.force === true && error instanceof RunError) return undefined;
    throw error;
  }
}

type Opening = Pick<OpenRun, 'journal' | 'known' | 'hidden' | 'resumed' | 'warnings' | 'earlier'> & {
  readonly options: ExportOptions;
  readonly run: RunFacts;
  readonly lock: Lock;
  readonly paths: RunPaths;
};

/** The run as the export needs it. Inputs without a path are read from `paths.spool`. */
export function opened({ options, run, lock, paths, ...rest }: Opening): OpenRun {
  const { journal } = rest;
  return {
    ...rest,
    runId: run.runId,
    asOfMs: run.asOfMs,
    inputs: options.inputs.map((input) =>
      input.path === undefined ? { ...input, open: fileInput(paths.spool).open } : input,
    ),
    async end(record) {
      await journal.end(record);
      if (record.status === 'complete' && !leavesRows(record)) await removeSpool(paths.spool, nodeFs);
    },
    async close() {
      await journal.close().catch(() => undefined);
      await lock.release().catch(() => undefined);
    },
  };
}

/** Whether a retry of a run that ended so would have anything to send. */
export function leavesRows({ outcomes }: EndRecord): boolean {
  return ['refused', 'in_doubt', 'not_attempted'].some((outcome) => (outcomes[outcome] ?? 0) > 0);
}

async function slotFor({ inputs, config }: ExportOptions): Promise<string> {
  const paths: string[] = [];
  for (const { path } of inputs) paths.push(path === undefined ? 'stdin' : await realPathOf(path));
  return slotOf({
    inputs: paths.length === 1 && paths[0] === 'stdin' ? 'stdin' : paths,
    eventSourceId: config.eventSourceId,
    endpoint: config.sendTestEvents ? 'validate' : 'events',
    apiHost: new URL(config.apiBaseUrl).host,
  });
}

/** A path that cannot be resolved stays as it is: opening it will say what is wrong. */
async function realPathOf(path: string): Promise<string> {
  return realpath(path).catch(() => path);
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

/** Pipes and devices can be read only once, so they are copied like standard input. Throws RunError input_missing. */
async function withoutStreams(inputs: readonly Input[]): Promise<readonly Input[]> {
  const files: Input[] = [];
  for (const input of inputs)
    files.push(input.path === undefined ? input : await withoutStream(input, input.path));
  return files;
}

async function withoutStream(input: Input, path: string): Promise<Input> {
  const facts = await stat(path).catch(() => undefined);
  if (facts?.isFile() === true) return input;
  if (facts === undefined || facts.isDirectory()) {
    const what = facts === undefined ? 'does not exist, or may not be looked at' : 'is a directory';
    throw new RunError('input_missing', `${input.name} ${what}`, { place: { file: input.name } });
  }
  return { name: input.name, open: input.open };
}

/** Fingerprints the inputs; standard input is copied into the run's directory first. */
async function identify(options: ExportOptions, paths: RunPaths): Promise<readonly RunInput[]> {
  if (options.inputs.filter((input) => input.path === undefined).length > 1) {
    throw new RunError('usage', 'only one input can be a stream: standard input, a pipe or a device');
  }
  const inputs: RunInput[] = [];
  for (const input of options.inputs) {
    const { fingerprint } =
      input.path === undefined
        ? await spoolStdin(streamOf(input), paths.spool, nodeFs, options.signal)
        : await fingerprintFile(input.path, nodeFs);
    inputs.push({
      name: input.name,
      realPath: input.path === undefined ? null : await realPathOf(input.path),
      fingerprint,
    });
  }
  return inputs;
}

function streamOf(input: Input): Readable {
  const bytes = input.open();
  return bytes instanceof Readable ? bytes : Readable.from(bytes);
}
