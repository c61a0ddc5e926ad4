import { RunError } from '../errors.js';
import type { Issue } from '../issues.js';
import type { Chunk, CsvDialect } from '../types.js';
import { recordBytes } from './chunk.js';
import { createChunker } from './chunker.js';
import { splitCsvRecord } from './csv-rows.js';
import type { RecordReader } from './records.js';

export type Header = {
  /** Column names as they stand there; none when the input has no record. */
  readonly columns: readonly string[];
  readonly bytes: Uint8Array;
  /** Physical line on which it begins. */
  readonly line: number;
  readonly warnings: readonly Issue[];
};

/**
 * Reads the first record as the header; `undefined` when there is no record. Throws RunError `header_invalid` when
 * it is above the limit, `broken_quote` and the errors of the input.
 */
export async function readHeader(
  reader: RecordReader,
  file: string,
  dialect: CsvDialect,
  maxRecordBytes: number,
): Promise<Header | undefined> {
  const chunker = createChunker(0, 1);
  await reader.advance(chunker);
  if (chunker.isEmpty()) return undefined;
  const chunk: Chunk = chunker.take();
  const line = chunk.lines[0] ?? 1;
  if (chunk.oversized.length > 0) {
    throw new RunError('header_invalid', `${file}: the header is larger than ${maxRecordBytes} bytes`, {
      place: { file, line },
      fix: 'Raise --max-record-bytes if the header is right; look for a missing line end if not.',
    });
  }
  const bytes = recordBytes(chunk, 0).slice();
  const cells = splitCsvRecord(bytes, dialect);
  const columns = cells.map((cell) => (typeof cell === 'string' ? cell : ''));
  return { columns, bytes, line, warnings: hintDelimiter(columns, dialect.delimiter) };
}

const OTHER_DELIMITERS = [
  { character: ';', delimiter: 'semicolon', flag: "';'" },
  { character: '\t', delimiter: 'tab', flag: 'tab' },
  { character: '|', delimiter: 'vertical bar', flag: "'|'" },
] as const;

/**
 * A header of one column that contains another usual delimiter was most likely meant as several. The hint does not
 * name it: without a header in the file it is a row.
 */
function hintDelimiter(columns: readonly string[], current: string): readonly Issue[] {
  const [column] = columns;
  if (column === undefined || columns.length > 1) return [];
  const found = OTHER_DELIMITERS.find(({ character }) => character !== current && column.includes(character));
  if (found === undefined) return [];
  return [{ code: 'semicolon_header', args: { delimiter: found.delimiter, flag: found.flag } }];
}
