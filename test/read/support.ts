import { RunError } from '../../src/errors.js';
import { DEFAULT_READ_OPTIONS, createCsvRows, openInput, recordText } from '../../src/read/index.js';
import type { Input, OpenedInput, ReadOptions } from '../../src/read/types.js';
import { bytesInput } from '../../src/read/index.js';
import type { Chunk, CsvDialect, Row } from '../../src/types.js';

export type ReadResult = {
  readonly opened: OpenedInput | undefined;
  readonly chunks: readonly Chunk[];
  /** Verbatim records, the header not included. */
  readonly texts: readonly string[];
  readonly lines: readonly number[];
  /** Cells of the rows, for CSV. */
  readonly cells: readonly Row[];
  readonly error: RunError | undefined;
};

/** Reads an input to its end or its failure. Only RunErrors are caught. */
export async function readAll(input: Input, options: Partial<ReadOptions> = {}): Promise<ReadResult> {
  const chunks: Chunk[] = [];
  let opened: OpenedInput | undefined;
  let error: RunError | undefined;
  try {
    opened = await openInput(input, 0, { ...DEFAULT_READ_OPTIONS, ...options });
    for await (const chunk of opened.chunks) chunks.push(chunk);
  } catch (thrown) {
    if (!(thrown instanceof RunError)) throw thrown;
    error = thrown;
  }
  const { dialect } = opened ?? {};
  return {
    opened,
    chunks,
    texts: chunks.flatMap((chunk) => Array.from(chunk.starts, (_, i) => recordText(chunk, i))),
    lines: chunks.flatMap((chunk) => Array.from(chunk.lines)),
    cells: chunks.flatMap((chunk) => (dialect?.format === 'csv' ? cellsOf(chunk, dialect) : [])),
    error,
  };
}

/** The cells of every record of a chunk. */
export function cellsOf(chunk: Chunk, dialect: CsvDialect): readonly Row[] {
  const readRow = createCsvRows(dialect, 3)(chunk);
  return Array.from(chunk.starts, (_, record) => readRow(record));
}

export function csv(
  bytes: Uint8Array | string | AsyncIterable<Uint8Array>,
  options: Partial<ReadOptions> = {},
): Promise<ReadResult> {
  return readAll(bytesInput('rows.csv', bytes), options);
}

export function jsonl(
  bytes: Uint8Array | string | AsyncIterable<Uint8Array>,
  options: Partial<ReadOptions> = {},
): Promise<ReadResult> {
  return readAll(bytesInput('rows.jsonl', bytes), options);
}

/** The bytes in blocks of the given sizes, over and over. */
// eslint-disable-next-line @typescript-eslint/require-await -- an async iterable is wanted
export async function* inBlocks(bytes: Uint8Array, ...sizes: number[]): AsyncGenerator<Uint8Array, void> {
  let at = 0;
  for (let i = 0; at < bytes.length; i += 1) {
    const size = Math.max(1, sizes[i % sizes.length] ?? 1);
    yield bytes.slice(at, at + size);
    at += size;
  }
}

/** The bytes in two blocks. */
export function cutAt(bytes: Uint8Array, at: number): AsyncGenerator<Uint8Array, void> {
  return inBlocks(bytes, at, bytes.length);
}
