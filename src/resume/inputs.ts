import { realpath, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { RunError } from '../errors.js';
import { fingerprintFile, type FileFingerprint } from '../journal/fingerprint.js';
import { nodeFs } from '../journal/node-fs.js';
import type { RunPaths } from '../journal/paths.js';
import { spoolStdin } from '../journal/spool.js';
import type { RunFacts, RunInput } from '../journal/types.js';
import { fileInput, type Input } from '../read/index.js';
import type { ExportOptions } from '../summary.js';

/** The inputs of a run: as its journal records them, and as they are read. */
export type IdentifiedInputs = { readonly recorded: readonly RunInput[]; readonly inputs: readonly Input[] };

/** Pipes and devices can be read only once, so they are copied like standard input. Throws RunError input_missing. */
export async function withoutStreams(inputs: readonly Input[]): Promise<readonly Input[]> {
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

/** Fingerprints the inputs of a command; standard input is copied to `paths.spool` first. */
export async function identify(options: ExportOptions, paths: RunPaths): Promise<IdentifiedInputs> {
  if (options.inputs.filter((input) => input.path === undefined).length > 1) {
    throw new RunError('usage', 'only one input can be a stream: standard input, a pipe or a device');
  }
  const recorded: RunInput[] = [];
  const inputs: Input[] = [];
  for (const input of options.inputs) {
    const { path } = input;
    const found =
      path === undefined
        ? await spoolStdin(streamOf(input), paths.spool, nodeFs, options.signal)
        : await fingerprintFile(path, nodeFs, options.signal);
    recorded.push(recordOf(input.name, path === undefined ? null : await realPathOf(path), found));
    inputs.push(path === undefined ? copyOf(input, paths.spool) : { ...input, facts: found.facts });
  }
  return { recorded, inputs };
}

/**
 * The inputs of a recorded run, when they are as they were: its files, and the copy of standard input at `spool`.
 * `undefined` when one is gone or has changed.
 */
export async function recordedInputs(
  run: RunFacts,
  spool: string,
  signal?: AbortSignal,
): Promise<readonly Input[] | undefined> {
  const inputs: Input[] = [];
  for (const { name, realPath, fingerprint } of run.inputs) {
    const path = realPath ?? spool;
    const found = await fingerprintFile(path, nodeFs, signal).catch(unlessAborted(signal));
    if (found === undefined) return undefined;
    if (found.fingerprint !== fingerprint && found.sampled !== fingerprint) return undefined;
    inputs.push({ ...fileInput(path), name, facts: found.facts });
  }
  return inputs;
}

function unlessAborted(signal: AbortSignal | undefined): (error: unknown) => undefined {
  return (error) => {
    if (signal?.aborted === true) throw error;
    return undefined;
  };
}

/** Standard input as its copy. */
function copyOf(input: Input, spool: string): Input {
  return { ...input, open: fileInput(spool).open };
}

/** What a journal records of an input. */
export function recordOf(
  name: string,
  realPath: string | null,
  { fingerprint, sampled }: Pick<FileFingerprint, 'fingerprint' | 'sampled'>,
): RunInput {
  return { name, realPath, fingerprint, ...(sampled !== undefined && { sampled }) };
}

/** A path that cannot be resolved stays as it is: opening it will say what is wrong. */
export async function realPathOf(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}

function streamOf(input: Input): Readable {
  const bytes = input.open();
  return bytes instanceof Readable ? bytes : Readable.from(bytes);
}
