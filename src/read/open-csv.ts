import { RunError } from '../errors.js';
import type { Issue } from '../issues.js';
import type { CsvDialect } from '../types.js';
import { dropFirst, peek, type Blocks } from './blocks.js';
import { createChunker } from './chunker.js';
import { csvError } from './damage.js';
import { readHeader, type Header } from './header.js';
import type { Opening, Records } from './opening.js';
import { createRecordReader, readChunks } from './records.js';
import type { CsvDamage, Scanner } from './scan.js';
import { createCsvScanner } from './scan-csv.js';
import { createEscapedScanner } from './scan-escaped.js';

/** Opens CSV: finds the delimiter and reads the header. Throws RunError `input_empty` and as `readHeader` does. */
export async function openCsv(opening: Opening, named: string | undefined): Promise<Records> {
  const { name, index, options } = opening;
  const { maxRecordBytes } = options;
  const declared = await readSepLine(opening.blocks);
  const delimiter = options.delimiter ?? declared.delimiter ?? named ?? ',';
  const dialect = dialectOf(delimiter, opening);
  const scanner = createScanner(dialect, declared.lines + 1, opening);
  let header: Header | undefined = undefined;
  const reader = createRecordReader(declared.blocks, scanner, (damage) => {
    // The header is record 0, so the number of records before the damaged one is the number of its row.
    const row = header === undefined ? undefined : scanner.state.records;
    return csvError(damage, { file: name, row, maxRecordBytes });
  });
  header = await readHeader(reader, name, dialect, maxRecordBytes);
  if (header === undefined && options.allowEmpty !== true) throw inputEmpty(name);
  const chunker = createChunker(index, options.chunkBytes);
  const shared = {
    format: 'csv',
    lateWarnings: () => endWarnings(scanner),
    chunks: readChunks(reader, chunker),
    reuse: chunker.reuse,
  } as const;
  if (header === undefined)
    return { ...shared, dialect, header: [], empty: true, warnings: [{ code: 'empty_input' }] };
  // A delimiter that was given is given again with the rejected rows; one the file declares must be declared there, too.
  const prefix = options.delimiter === undefined ? declared.line : '';
  return {
    ...shared,
    dialect: { ...dialect, columnCount: header.columns.length },
    header: header.columns,
    headerLine: header.line,
    headerBytes: Buffer.concat([Buffer.from(prefix), header.bytes]),
    empty: false,
    warnings: header.warnings,
  };
}

function dialectOf(delimiter: string, { options }: Opening): CsvDialect {
  const { csvEngine: engine, escape } = options;
  return {
    format: 'csv',
    delimiter,
    columnCount: 0,
    ...(engine !== undefined && { engine }),
    ...(escape !== undefined && { escape }),
  };
}

function createScanner(dialect: CsvDialect, firstLine: number, { options }: Opening): Scanner<CsvDamage> {
  const { maxRecordBytes: limit, requireFinalNewline: requiresLineEnd = false } = options;
  const shared = { limit, firstLine, requiresLineEnd };
  if (dialect.escape !== undefined) return createEscapedScanner(shared);
  return createCsvScanner({ ...shared, delimiter: Buffer.from(dialect.delimiter) });
}

/** A pipe whose writer failed has no bytes, so an empty result must be expected to be accepted. */
function inputEmpty(name: string): RunError {
  const subject = name === '-' ? 'standard input' : name;
  return new RunError('input_empty', `${subject} has no bytes, or only blank lines`, {
    place: { file: name },
  });
}

function endWarnings({ state }: Scanner<CsvDamage>): readonly Issue[] {
  return state.unterminated ? [{ code: 'no_final_line_end' }] : [];
}

type SepLine = {
  readonly delimiter?: string;
  /** The line with its line end; empty when there is none. */
  readonly line: string;
  readonly lines: 0 | 1;
  /** The text behind it. */
  readonly blocks: Blocks;
};

/** The longest such line: quotes, a delimiter of four bytes, CRLF. */
const SEP_LINE_BYTES = 12;

/** Takes the line `sep=;` off the text, by which spreadsheets declare the delimiter. */
async function readSepLine(text: Blocks): Promise<SepLine> {
  const { head, blocks } = await peek(text, SEP_LINE_BYTES);
  const start = Buffer.from(head.subarray(0, SEP_LINE_BYTES)).toString('utf8');
  const found = /^("?)sep=([^"\r\n])\1(?:\r\n|\r|\n|$)/iu.exec(start);
  if (found?.[2] === undefined) return { line: '', lines: 0, blocks };
  const [line, , delimiter] = found;
  return { delimiter, line, lines: 1, blocks: dropFirst(blocks, Buffer.byteLength(line)) };
}
