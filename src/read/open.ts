import type { Chunk, InputFormat } from '../types.js';
import { openCompressed } from './compression.js';
import { decodeText } from './decode.js';
import { resolveEncoding } from './encoding.js';
import { checkDelimiter, detectFormat, formatOfName } from './format.js';
import { openCsv } from './open-csv.js';
import { openJsonArray, openJsonl } from './open-json.js';
import type { Opening, Records } from './opening.js';
import { openSource } from './source.js';
import type { Input, OpenedInput, ReadOptions } from './types.js';

/** Limits used when the caller has none of his own. */
export const DEFAULT_READ_OPTIONS: ReadOptions = Object.freeze({
  maxRecordBytes: 1024 * 1024,
  chunkBytes: 256 * 1024,
});

/**
 * Opens an input and reads its head: compression, encoding, format, header. Rejects with RunError `usage` or
 * `unknown_encoding` (options), `input_missing`, `input_io`, `input_compression`, `unsupported_format`,
 * `input_encoding`, `input_empty`, `broken_quote`, `broken_array`, `cut_short` or `header_invalid` (the head is damaged);
 * later damage ends `chunks`.
 */
export async function openInput(input: Input, index: number, options: ReadOptions): Promise<OpenedInput> {
  const { name } = input;
  const encoding = await resolveEncoding(options.encoding);
  const named = formatOfName(name);
  if (options.delimiter !== undefined) checkDelimiter(options.delimiter, options.escape);
  const source = openSource(input);
  try {
    const bytes = await openCompressed(source.blocks, name, encoding);
    const { blocks: text, transcoded } = await decodeText(bytes, name, encoding);
    const format = options.format ?? named?.format;
    const settled =
      format === undefined ? await detectFormat(text, named?.fallback ?? 'csv') : { format, blocks: text };
    const close = async (): Promise<void> => {
      await source.close();
      // Frees the decompressor too; not waited for, because a pull may still be on its way out.
      void settled.blocks[Symbol.asyncIterator]()
        .return?.()
        .catch(() => undefined);
    };
    const opening: Opening = { name, index, blocks: settled.blocks, options };
    const records = await openRecords(opening, settled.format, named?.delimiter);
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

function openRecords(opening: Opening, format: InputFormat, delimiter: string | undefined): Promise<Records> {
  switch (format) {
    case 'csv':
      return openCsv(opening, delimiter);
    case 'jsonl':
      return openJsonl(opening);
    case 'json':
      return openJsonArray(opening);
  }
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
