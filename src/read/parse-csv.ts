import { parse } from 'csv-parse/sync';
import { RunError } from '../errors.js';
import type { Chunk } from '../types.js';
import { asBuffer } from './blocks.js';
import { CR } from './scan.js';

/** csv-parse knows mixed line ends only when all are listed. */
const ANY_LINE_END = ['\r\n', '\n', '\r'];
const LF_ALONE = ['\n'];

/** What a record that was left out has. */
export const NO_CELLS: readonly string[] = Object.freeze([]);

/**
 * The cells of every record of a chunk, parallel to `chunk.starts`; no cells for a record that was left out as too
 * large. Records with a wrong number of cells come as they are.
 */
export function parseCsvRecords(chunk: Chunk, delimiter: string): readonly (readonly string[])[] {
  const records = parseBytes(chunk.bytes, delimiter);
  if (records.length + chunk.oversized.length !== chunk.starts.length) throw disagreement();
  if (chunk.oversized.length === 0) return records;
  const left = new Set(chunk.oversized);
  let next = 0;
  return Array.from(chunk.starts, (_, i) => {
    if (left.has(i)) return NO_CELLS;
    const record = records[next] ?? NO_CELLS;
    next += 1;
    return record;
  });
}

/** The cells of one record, given without its line end. Throws RunError `internal` when csv-parse sees no single record. */
export function parseCsvRecord(bytes: Uint8Array, delimiter: string): readonly string[] {
  const [record, ...more] = parseBytes(bytes, delimiter);
  if (record === undefined || more.length > 0) throw disagreement();
  return record;
}

function parseBytes(bytes: Uint8Array, delimiter: string): readonly (readonly string[])[] {
  try {
    return parse(asBuffer(bytes), {
      delimiter,
      // The scanner has found the records; a row of another length is for the transform to reject.
      relax_column_count: true,
      skip_empty_lines: true,
      // Trying one line end instead of three at every byte saves csv-parse a seventh of its time.
      record_delimiter: bytes.includes(CR) ? ANY_LINE_END : LF_ALONE,
    });
  } catch {
    // Errors of csv-parse carry the record.
    throw disagreement();
  }
}

function disagreement(): RunError {
  return new RunError(
    'internal',
    'The record scanner and the CSV parser disagree about the records of a chunk',
  );
}
