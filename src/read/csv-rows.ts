import type { Chunk, CsvDialect, Row } from '../types.js';
import { asBuffer } from './blocks.js';
import { NO_CELLS, parseCsvRecord, parseCsvRecords } from './parse-csv.js';
import { splitEscaped } from './split-escaped.js';
import { isPlainDelimiter, splitRecord } from './split-record.js';

/**
 * Takes a chunk, gives the cells of its records by their number from 0; no cells for one left out as too large. Cells
 * are text; with backslash escapes also null.
 */
export type CsvRows = (chunk: Chunk) => (record: number) => Row;

/**
 * Takes the records of chunks apart. Records with a wrong number of cells come as they are. Throws RunError `internal`
 * for a chunk whose records csv-parse does not see as the scanner did.
 */
export function createCsvRows({ delimiter, engine, escape }: CsvDialect, columns: number): CsvRows {
  if (escape !== undefined) return (chunk) => splitEscapedRows(chunk, delimiter);
  const plain = engine !== 'csv-parse' && isPlainDelimiter(delimiter);
  return plain ? (chunk) => splitRows(chunk, delimiter, columns) : (chunk) => parseRows(chunk, delimiter);
}

/** The cells of one record, given without its line end. */
export function splitCsvRecord(bytes: Uint8Array, { delimiter, escape }: CsvDialect): Row {
  if (escape === undefined) return parseCsvRecord(bytes, delimiter);
  return splitEscaped(asBuffer(bytes).toString('utf8'), delimiter);
}

/** Record by record, so that cells die young; csv-parse judges the records that are not plain. */
function splitRows(chunk: Chunk, delimiter: string, columns: number): (record: number) => readonly string[] {
  const { starts, ends } = chunk;
  const bytes = asBuffer(chunk.bytes);
  return (record) => {
    const start = starts[record] ?? 0;
    const end = ends[record] ?? start;
    if (start === end) return NO_CELLS;
    // A text per record, not one per chunk: a cell that somebody keeps holds its record in memory, not its chunk.
    const cells = splitRecord(bytes.toString('utf8', start, end), delimiter, columns);
    return cells ?? parseCsvRecord(bytes.subarray(start, end), delimiter);
  };
}

function parseRows(chunk: Chunk, delimiter: string): (record: number) => readonly string[] {
  const rows = parseCsvRecords(chunk, delimiter);
  return (record) => rows[record] ?? NO_CELLS;
}

function splitEscapedRows(chunk: Chunk, delimiter: string): (record: number) => Row {
  const { starts, ends } = chunk;
  const bytes = asBuffer(chunk.bytes);
  return (record) => {
    const start = starts[record] ?? 0;
    const end = ends[record] ?? start;
    return start === end ? NO_CELLS : splitEscaped(bytes.toString('utf8', start, end), delimiter);
  };
}
