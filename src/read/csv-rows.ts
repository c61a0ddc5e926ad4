import type { Chunk, CsvDialect } from '../types.js';
import { asBuffer } from './blocks.js';
import { NO_CELLS, parseCsvRecord, parseCsvRecords } from './parse-csv.js';
import { isPlainDelimiter, splitRecord } from './split-record.js';

/** Takes a chunk, gives the cells of its records by their number from 0; no cells for one left out as too large. */
export type CsvRows = (chunk: Chunk) => (record: number) => readonly string[];

/**
 * Takes the records of chunks apart. Records with a wrong number of cells come as they are. Throws RunError `internal`
 * for a chunk whose records csv-parse does not see as the scanner did.
 */
export function createCsvRows({ delimiter, engine }: CsvDialect, columns: number): CsvRows {
  const plain = engine !== 'csv-parse' && isPlainDelimiter(delimiter);
  return plain ? (chunk) => splitRows(chunk, delimiter, columns) : (chunk) => parseRows(chunk, delimiter);
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
