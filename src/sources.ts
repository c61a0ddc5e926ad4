import { transformOptions } from './config.js';
import type { RunError } from './errors.js';
import type { Observer } from './events.js';
import { formatIssue, type Issue } from './issues.js';
import type { Origin } from './ledger.js';
import { lookAhead } from './look-ahead.js';
import { personalDataError, type PersonalFinding } from './personal/index.js';
import { DEFAULT_READ_OPTIONS, type OpenedInput, type ReadOptions } from './read/index.js';
import { createChunkRunner, processInOrder, type ChunkRunner, type ProcessSetup } from './run/index.js';
import type { ExportOptions, InputWarning } from './summary.js';
import type { ChunkResult, TransformOptions } from './transform/types.js';

/** The inputs of a run with what processes their chunks. */
export type Sources = {
  readonly inputs: readonly OpenedInput[];
  readonly runner: ChunkRunner;
  /** Whether chunks keep the bytes of their rows after these are processed. */
  readonly keepRaw: boolean;
  /** Why nothing of these inputs may be sent: custom columns hold personal data. */
  readonly personalDataError: RunError | undefined;
};

const NO_BYTES = new Uint8Array(0);

/** A chunk's result with the way back to its rows. */
export type ProcessedChunk = { readonly origin: Origin; readonly result: ChunkResult };

export type SourceOptions = Pick<
  ExportOptions,
  'inputs' | 'config' | 'read' | 'nullTexts' | 'threads' | 'keepRaw' | 'signal'
> & {
  readonly asOfMs: number;
};

/**
 * Opens every input, checks its header and looks at its first rows before a row of any is processed, so that what is wrong
 * with the last file is found before anything is sent. Throws RunError; every input opened by then is closed.
 */
export async function openSources(options: SourceOptions): Promise<Sources> {
  const read: ReadOptions = { ...DEFAULT_READ_OPTIONS, ...options.read };
  const transform = transformOptions(options.config, {
    asOfMs: options.asOfMs,
    nullTexts: options.nullTexts ?? [],
  });
  const { personalData: rule, mapping } = options.config;
  const opened: OpenedInput[] = [];
  const findings: PersonalFinding[] = [];
  try {
    for (const [index, given] of options.inputs.entries()) {
      const { input, finding } = await lookAhead(given, index, {
        ...{ read, transform, rule, signal: options.signal },
      });
      opened.push(input);
      findings.push(finding);
    }
    const setups = opened.map((input) => setupOf(input, transform, read));
    return {
      inputs: opened,
      runner: createChunkRunner({ setups, threads: options.threads ?? 0 }),
      keepRaw: options.keepRaw ?? false,
      personalDataError: rule === 'warn' ? undefined : personalDataError(findings, { mapping, rule }),
    };
  } catch (error) {
    await closeInputs(opened);
    throw error;
  }
}

/** Closes all inputs and ends what processes them; never throws. */
export async function closeSources({ inputs, runner }: Sources): Promise<void> {
  await Promise.allSettled([runner.close(), closeInputs(inputs)]);
}

async function closeInputs(inputs: readonly OpenedInput[]): Promise<void> {
  await Promise.allSettled(inputs.map((input) => input.close()));
}

/** Reads and processes chunk after chunk, in input order. Throws RunError where an input is damaged. */
export async function* processSources(
  { inputs, runner, keepRaw }: Sources,
  observer: Observer,
): AsyncGenerator<ProcessedChunk> {
  for (const input of inputs) {
    const columns = input.header?.length;
    observer({
      type: 'input_opened',
      file: input.name,
      format: input.format,
      ...(columns !== undefined && { columns }),
    });
    const warnOnce = createInputWarner(input, observer);
    warnOnce(input.warnings);
    for await (const { chunk, result } of processInOrder(input.chunks, runner)) {
      warnOnce(result.inputWarnings);
      if (!keepRaw) input.reuse(chunk.bytes);
      yield { origin: { input, chunk: keepRaw ? chunk : { ...chunk, bytes: NO_BYTES } }, result };
    }
    warnOnce(input.lateWarnings());
  }
}

function setupOf(input: OpenedInput, options: TransformOptions, read: ReadOptions): ProcessSetup {
  return {
    file: input.name,
    dialect: input.dialect,
    ...(input.header !== undefined && { header: input.header }),
    ...(input.headerLine !== undefined && { headerLine: input.headerLine }),
    options,
    maxRecordBytes: read.maxRecordBytes,
  };
}

function createInputWarner(input: OpenedInput, observer: Observer): (issues: readonly Issue[]) => void {
  const seen = new Set<string>();
  const limit = 1000;
  return (issues) => {
    for (const issue of issues) {
      const key = `${issue.code}\n${issue.column ?? ''}`;
      if (seen.has(key) || seen.size >= limit) continue;
      seen.add(key);
      observer({ type: 'plan_warning', file: input.name, issue });
    }
  };
}

/** Passes events on and keeps the warnings about headers and key lists for the summary. */
export function keepInputWarnings(observer: Observer): {
  readonly observer: Observer;
  readonly warnings: () => readonly InputWarning[];
} {
  const kept: InputWarning[] = [];
  return {
    observer(event) {
      if (event.type === 'plan_warning') {
        const { code, column } = event.issue;
        const place = { file: event.file, code, ...(column !== undefined && { column }) };
        kept.push({ ...place, message: formatIssue(event.issue) });
      }
      observer(event);
    },
    warnings: () => kept,
  };
}
