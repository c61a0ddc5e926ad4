import { createCsvRows, createJsonRecords, type OpenedInput } from './read/index.js';
import { isProblem } from './issues.js';
import type { Chunk, Row } from './types.js';

/** Rows that are looked at before anything is sent. */
const SAMPLE_ROWS = 1000;
/** Very long rows end the sample earlier. */
const SAMPLE_BYTES = 4 * 1024 * 1024;

/** The first chunks of an input, and how to go on reading after them. */
export type FirstChunks = {
  readonly chunks: readonly Chunk[];
  readonly rest: AsyncIterator<Chunk>;
  /** What ended the input early; it belongs after the chunks. */
  readonly failure: { readonly reason: unknown } | undefined;
};

/** One row of the sample. Cells of a damaged record are missing. */
export type SampleRow = { readonly names: readonly string[]; readonly cells: Row };

/** Reads the chunks that hold the sample. Never rejects. */
export async function readFirstChunks(input: OpenedInput): Promise<FirstChunks> {
  const rest = input.chunks[Symbol.asyncIterator]();
  const chunks: Chunk[] = [];
  const isEnough = createLimit();
  try {
    for (;;) {
      const next = await rest.next();
      if (next.done === true) return { chunks, rest, failure: undefined };
      chunks.push(next.value);
      if (recordsOf(next.value).some((record) => isEnough(lengthOf(next.value, record))))
        return { chunks, rest, failure: undefined };
    }
  } catch (reason) {
    return { chunks, rest, failure: { reason } };
  }
}

/** The chunks again, and then the others. */
export async function* replayChunks({ chunks, rest, failure }: FirstChunks): AsyncGenerator<Chunk, void> {
  try {
    yield* chunks;
    if (failure !== undefined) throw failure.reason;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

/**
 * The rows of the sample: the first 1,000, or fewer when these are very long. Depends on the rows only, and not on
 * how they are cut into chunks.
 */
export function* sampleRows(input: OpenedInput, { chunks }: FirstChunks): Generator<SampleRow> {
  const rowOf = createRowReader(input);
  const isEnough = createLimit();
  for (const chunk of chunks) {
    const read = rowOf(chunk);
    for (const record of recordsOf(chunk)) {
      const row = read(record);
      if (row !== undefined) yield row;
      if (isEnough(lengthOf(chunk, record))) return;
    }
  }
}

function createRowReader(input: OpenedInput): (chunk: Chunk) => (record: number) => SampleRow | undefined {
  const { dialect, header: names = [] } = input;
  if (dialect.format === 'csv') {
    const readRows = createCsvRows(dialect, names.length);
    return (chunk) => {
      const read = readRows(chunk);
      return (record) => {
        const cells = read(record);
        return { names, cells: cells.length === names.length ? cells : [] };
      };
    };
  }
  const readRecords = createJsonRecords();
  return (chunk) => {
    const read = readRecords(chunk);
    return (record) => {
      const parsed = read(record);
      return isProblem(parsed) ? undefined : { names: parsed.keys, cells: parsed.cells };
    };
  };
}

/** Takes the length of each record; tells when the sample is complete with it. */
function createLimit(): (length: number) => boolean {
  let rows = 0;
  let bytes = 0;
  return (length) => {
    rows += 1;
    bytes += length;
    return rows >= SAMPLE_ROWS || bytes >= SAMPLE_BYTES;
  };
}

function recordsOf(chunk: Chunk): readonly number[] {
  return Array.from(chunk.starts, (_, record) => record);
}

function lengthOf({ starts, ends }: Chunk, record: number): number {
  return (ends[record] ?? 0) - (starts[record] ?? 0);
}
