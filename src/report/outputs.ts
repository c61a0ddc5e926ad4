import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

import { RunError } from '../errors.js';
import { quoteName } from '../printable.js';
import type { OpenedInput } from '../read/types.js';
import { createSecrets, scrubJson, type Secrets } from '../secrets.js';
import type { OutputMapping } from '../transform/types.js';
import type { Rejection } from '../summary.js';
import { createAtomicFile, createOutputFile, type AtomicFile, type OutputFile } from './output-file.js';
import { offendingCells } from './offending-cells.js';
import { createRejectedRowsWriter, type RejectedRowsWriter } from './rejected-rows.js';
import { rejectLine } from './rejects.js';

/** Paths of the output files that were asked for. */
export type OutputPaths = {
  readonly rejects?: string;
  readonly rejectedRows?: string;
  readonly report?: string;
};

/** A file that an output must not overwrite. */
export type KeptFile = {
  readonly path: string;
  /** How messages call it: `the input`. */
  readonly name: string;
};

export type OutputOptions = {
  /** Kept out of rejects and report. Default: none. */
  readonly secrets?: Pick<Secrets, 'scrub'>;
  /** Whether rejects hold the offending cells of rows whose bytes were kept. Default false. */
  readonly withValues?: boolean;
  /** Output mapping of the run: tells cells from constants. Default: none. */
  readonly mapping?: Pick<OutputMapping, 'list'>;
};

/** What became of the output files. */
export type WrittenOutputs = {
  readonly rejects?: { readonly path: string; readonly rows: number };
  readonly rejectedRows?: readonly { readonly path: string; readonly rows: number }[];
  /** Rejected rows too large to be copied. */
  readonly rowsWithoutBytes?: number;
  readonly report?: { readonly path: string };
};

/** The open output files of a run. What an earlier run left in them stays until `begin` or the first `write`. */
export type Outputs = {
  /** Empties rejects and rejected rows: from now on they are those of this run. A failure is reported by the next `write`. */
  readonly begin: () => void;
  readonly write: (rejections: readonly Rejection[], inputs: readonly OpenedInput[]) => Promise<void>;
  /** Puts all rejects and rejected rows so far into their files. Before the run begins, it does nothing. */
  readonly flush: () => Promise<void>;
  /** Closes the rejects and rejected rows. */
  readonly close: () => Promise<WrittenOutputs>;
  /** Puts the report in its place; without `--report` nothing happens. */
  readonly writeReport: (text: string) => Promise<void>;
  /**
   * Closes everything, and leaves no temporary file. Files stay as they were when nothing was written and the run did not
   * begin. Never throws.
   */
  readonly abandon: () => Promise<void>;
};

/**
 * Opens every output file, so that none turns out to be impossible after events were sent. Throws RunError usage
 * when an output is also a kept file or another output, output_not_writable when one cannot be created.
 */
export async function openOutputs(
  paths: OutputPaths,
  kept: readonly KeptFile[],
  options: OutputOptions = {},
): Promise<Outputs> {
  await refuseOverlaps(paths, kept);
  const opened: (() => Promise<void>)[] = [];
  const files: OutputFile[] = [];
  const abandon = async (): Promise<void> => {
    for (const release of opened.reverse()) await release().catch(() => undefined);
  };
  const create = async (path: string): Promise<OutputFile> => {
    const file = await createOutputFile(path);
    opened.push(file.leave);
    files.push(file);
    return file;
  };
  const createFurther = async (path: string): Promise<OutputFile> => {
    await refuseOverlaps({ ...paths, rejectedRows: path }, kept);
    return create(path);
  };
  try {
    const report = paths.report === undefined ? undefined : await createAtomicFile(paths.report);
    if (report !== undefined) opened.push(report.discard);
    const rejects = paths.rejects === undefined ? undefined : await create(paths.rejects);
    const rows =
      paths.rejectedRows === undefined
        ? undefined
        : createRejectedRowsWriter(await create(paths.rejectedRows), createFurther);
    let begun = false;
    const flush = async (): Promise<void> => {
      if (begun) for (const file of files) await file.flush();
    };
    const begin = (): void => {
      if (begun) return;
      begun = true;
      // The next write reports it too: what failed once fails for good.
      void flush().catch(() => undefined);
    };
    const { write, ...made } = makeOutputs({ report, rejects, rows }, options);
    return {
      ...made,
      begin,
      write: (rejections, inputs) => {
        begin();
        return write(rejections, inputs);
      },
      flush,
      abandon,
    };
  } catch (error) {
    await abandon();
    throw error;
  }
}

type OpenFiles = {
  readonly report: AtomicFile | undefined;
  readonly rejects: OutputFile | undefined;
  readonly rows: RejectedRowsWriter | undefined;
};

function makeOutputs(
  { report, rejects, rows }: OpenFiles,
  { secrets = createSecrets(), withValues = false, mapping }: OutputOptions,
): Omit<Outputs, 'begin' | 'flush' | 'abandon'> {
  let rejected = 0;
  // Requests that are refused at the same time report at the same time.
  let queue: Promise<void> = Promise.resolve();
  const append: Outputs['write'] = async (rejections, inputs) => {
    rejected += rejections.length;
    if (rejects !== undefined) {
      const lines = rejections.map((rejection) => {
        const cellOf = withValues ? offendingCells(rejection, inputs, mapping) : undefined;
        return scrubJson(rejectLine(rejection, cellOf), secrets);
      });
      await rejects.write(lines.join(''));
    }
    await rows?.write(rejections, inputs);
  };
  return {
    write: (rejections, inputs) => {
      queue = queue.then(() => append(rejections, inputs));
      return queue;
    },
    close: async () => {
      await rejects?.close();
      const written = await rows?.close();
      return {
        ...(rejects === undefined ? {} : { rejects: { path: rejects.path, rows: rejected } }),
        ...(written === undefined ? {} : { rejectedRows: written }),
        ...(rows === undefined || rows.withoutBytes() === 0 ? {} : { rowsWithoutBytes: rows.withoutBytes() }),
        ...(report === undefined ? {} : { report: { path: report.path } }),
      };
    },
    writeReport: async (text) => {
      await report?.commit(scrubJson(text, secrets));
    },
  };
}

async function refuseOverlaps(paths: OutputPaths, kept: readonly KeptFile[]): Promise<void> {
  const untouchable = new Map<string | undefined, KeptFile>();
  for (const file of kept) untouchable.set(await identify(file.path), file);
  const seen = new Map<string, string>();
  for (const [kind, path] of Object.entries(paths) as [keyof OutputPaths, string | undefined][]) {
    if (path === undefined) continue;
    const flag = FLAGS[kind];
    if (path === '-' || path === '') {
      throw new RunError('usage', `${flag} needs the path of a file`);
    }
    const identity = await identify(path);
    if (identity === undefined) continue;
    const overwritten = untouchable.get(identity);
    if (overwritten !== undefined) {
      throw new RunError('usage', `${flag} would overwrite ${overwritten.name} ${quoteName(path)}`, {
        fix: 'Give the output another name.',
      });
    }
    const other = seen.get(identity);
    if (other !== undefined) {
      throw new RunError('usage', `${other} and ${flag} are the same file, ${quoteName(path)}`, {
        fix: 'Give each output its own file.',
      });
    }
    seen.set(identity, flag);
  }
}

const FLAGS = { rejects: '--rejects', rejectedRows: '--rejected-rows', report: '--report' } as const;

/**
 * Device and inode, so that links and `./` do not hide that two paths are one file; `undefined` for devices
 * such as /dev/null, which may be named more than once.
 */
async function identify(path: string): Promise<string | undefined> {
  try {
    const found = await stat(path, { bigint: true });
    return found.isCharacterDevice() ? undefined : `${found.dev}:${found.ino}`;
  } catch {
    const folder = await realpath(dirname(path)).catch(() => resolve(dirname(path)));
    return `path ${join(folder, basename(path))}`;
  }
}
