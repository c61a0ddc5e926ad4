import { RunError } from '../errors.js';
import { nodeFs } from '../journal/node-fs.js';
import { fileInput, type Input } from '../read/index.js';
import { spoolOf } from '../journal/runs.js';
import { findRun, runsIn } from '../resume/find-run.js';
import type { RunFacts } from '../journal/types.js';
import type { DeliveryFlags, InputFlags, JournalFlags } from './options.js';
import type { ResolvedInputs } from './inputs.js';

export type RetryInput = {
  readonly runId: string;
  readonly resolved: ResolvedInputs;
  /** Flags with which the rows and batches of that run are made again. */
  readonly flags: InputFlags & Pick<DeliveryFlags, 'batchSize'>;
};

/**
 * The run that --retry means, with its inputs: its files, and for standard input the copy that was kept. Throws
 * RunError usage when no run is meant, or flags do not go together.
 */
export async function retryInput(
  files: readonly string[],
  flags: JournalFlags & DeliveryFlags & { readonly retry: string },
  stateDir: string,
): Promise<RetryInput> {
  const clash = clashOf(files, flags);
  if (clash !== undefined) throw new RunError('usage', `--retry does not go together with ${clash}`);
  const runs = await runsIn(stateDir, nodeFs);
  const { run, runId } = findRun(runs, flags.retry);
  if (run === undefined) throw new RunError('journal_damaged', `the journal of run ${runId} is damaged`);
  const spool = spoolOf(runId, runs);
  const inputs = run.inputs.map(({ name, realPath }): Input => ({ ...fileInput(realPath ?? spool), name }));
  const paths = inputs.map((input) => input.path ?? '');
  return { runId, resolved: { inputs, paths, totalBytes: undefined }, flags: flagsOf(run) };
}

/** What the flags of a run were, as far as they decide how its rows are read and cut into batches. */
function flagsOf({ settings, batchSize }: RunFacts): RetryInput['flags'] {
  // A setting that was not given is recorded as an empty text.
  const text = (flag: string): string | undefined => settings[`input.${flag}`] || undefined;
  const nullTexts = text('null');
  const maxRecordBytes = text('maxRecordBytes');
  return Object.fromEntries(
    Object.entries({
      batchSize,
      format: text('format'),
      encoding: text('encoding'),
      delimiter: text('delimiter'),
      escape: text('escape'),
      requireFinalNewline: text('requireFinalNewline') === 'true' ? true : undefined,
      maxRecordBytes: maxRecordBytes === undefined ? undefined : Number(maxRecordBytes),
      null: nullTexts === undefined ? undefined : (JSON.parse(nullTexts) as readonly string[]),
    }).filter(([, value]) => value !== undefined),
  );
}

function clashOf(files: readonly string[], flags: JournalFlags & DeliveryFlags): string | undefined {
  if (files.length > 0) return 'a FILE: it reads the input of that run';
  if (flags.resume === false) return '--no-resume';
  if (flags.dryRun === true) return '--dry-run';
  return flags.force === true ? '--force' : undefined;
}
