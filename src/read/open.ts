import type { Chunk } from '../types.js';
import type { Blocks } from './blocks.js';
import { createChunker } from './chunker.js';
import { openCompressed } from './compression.js';
import { brokenQuote } from './damage.js';
import { decodeText } from './decode.js';
import { resolveEncoding } from './encoding.js';
import { checkDelimiter, detectFormat, formatOfName } from './format.js';
import { readHeader, type Header } from './header.js';
import { createRecordReader, readChunks } from './records.js';
import type { RecordSink } from './scan.js';
import { createCsvScanner } from './scan-csv.js';
import { createLineScanner } from './scan-lines.js';
import { openSource } from './source.js';
import type { Input, OpenedInput, ReadOptions } from './types.js';

/** Limits used when the caller has none of his own. */
export const DEFAULT_READ_OPTIONS: ReadOptions = Object.freeze({
  maxRecordBytes: 1024 * 1024,
  chunkBytes: 256 * 1024,
});

type Opening = {
  readonly name: string;
  readonly index: number;
  readonly blocks: Blocks;
  readonly options: ReadOptions;
};

/** What the format decides; the rest of an opened input is the same for both. */
type Records = Pick<
  OpenedInput,
  'format' | 'dialect' | 'header' | 'headerBytes' | 'empty' | 'warnings' | 'chunks' | 'reuse'
>;

/**
 * Opens an input and reads its head: compression, encoding, format, header. Rejects with RunError `usage` or
 * `unknown_encoding` (options), `input_missing`, `input_io`, `input_compression`, `input_encoding`, `broken_quote`
 * or `header_invalid` (the head is damaged); later damage ends `chunks`.
 */
export async function openInput(input: Input, index: number, options: ReadOptions): Promise<OpenedInput> {
  const { name } = input;
  const encoding = await resolveEncoding(options.encoding);
  const named = formatOfName(name);
  const delimiter = options.delimiter ?? named?.delimiter ?? ',';
  checkDelimiter(delimiter);
  const source = openSource(input);
  try {
    const bytes = await openCompressed(source.blocks, name, encoding);
    const { blocks: text, transcoded } = await decodeText(bytes, name, encoding);
    const format = options.format ?? named?.format;
    const settled = format === undefined ? await detectFormat(text) : { format, blocks: text };
    const close = async (): Promise<void> => {
      await source.close();
      // Frees the decompressor too; not waited for, because a pull may still be on its way out.
      void settled.blocks[Symbol.asyncIterator]()
        .return?.()
        .catch(() => undefined);
    };
    const opening: Opening = { name, index, blocks: settled.blocks, options };
    const records = settled.format === 'csv' ? await openCsv(opening, delimiter) : await openJsonl(opening);
    return {
      name,
      index,
      transcoded,
      ...records,
      chunks: closing(records.chunks, close),
      bytesRead: source.bytesRead,
      close,
    };
  } catch (error) {
    await source.close();
    throw error;
  }
}

async function openCsv(opening: Opening, delimiter: string): Promise<Records> {
  const { name, index, blocks, options } = opening;
  const { maxRecordBytes, csvEngine: engine } = options;
  let header: Header | undefined = undefined;
  const scanner = createCsvScanner(Buffer.from(delimiter), maxRecordBytes);
  const reader = createRecordReader(blocks, scanner, (damage) => {
    // The header is record 0, so the number of records before the damaged one is the number of its row.
    const row = header === undefined ? undefined : scanner.state.records;
    return brokenQuote(damage, { file: name, row, header: header?.columns, maxRecordBytes });
  });
  header = await readHeader(reader, name, delimiter, maxRecordBytes);
  const columns = header?.columns ?? [];
  const chunker = createChunker(index, options.chunkBytes);
  return {
    format: 'csv',
    dialect: { format: 'csv', delimiter, columnCount: columns.length, ...(engine && { engine }) },
    header: columns,
    ...(header === undefined ? {} : { headerBytes: header.bytes }),
    empty: header === undefined,
    warnings: header?.warnings ?? [],
    chunks: readChunks(reader, chunker),
    reuse: chunker.reuse,
  };
}

async function openJsonl(opening: Opening): Promise<Records> {
  const { index, blocks, options } = opening;
  const reader = createRecordReader(blocks, createLineScanner(options.maxRecordBytes), noQuotes);
  const chunker = createChunker(index, options.chunkBytes);
  await reader.advance(pausing(chunker));
  return {
    format: 'jsonl',
    dialect: { format: 'jsonl' },
    empty: chunker.isEmpty(),
    warnings: [],
    chunks: readChunks(reader, chunker),
    reuse: chunker.reuse,
  };
}

/** The sink, with a pause after its first record. */
function pausing(sink: RecordSink): RecordSink {
  return {
    ...sink,
    record(...span) {
      sink.record(...span);
      return true;
    },
    oversized(line) {
      sink.oversized(line);
      return true;
    },
  };
}

function noQuotes(): Error {
  return new Error('lines have no quotes');
}

/** Releases the source when the chunks end, fail, or are no longer wanted. */
async function* closing(
  chunks: OpenedInput['chunks'],
  close: () => Promise<void>,
): AsyncGenerator<Chunk, void> {
  try {
    yield* chunks;
  } finally {
    await close();
  }
}
