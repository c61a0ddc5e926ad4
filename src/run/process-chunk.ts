import type { Issue } from '../issues.js';
import { asBuffer, createCsvRows, createJsonRecords } from '../read/index.js';
import type { ChunkResult, RowResult, TransformOptions } from '../transform/index.js';
import type { Chunk, CsvDialect, Dialect, Row } from '../types.js';
import { createCollector, createScratch } from './collect.js';
import { findDamage } from '../transform/damage.js';
import { createKeyedTransform } from './key-lists.js';
import { compileHeader, type Planned } from './planner.js';

/** All that is needed to process the chunks of one input. Plain data: a worker thread rebuilds its state from it. */
export type ProcessSetup = {
  readonly file: string;
  readonly dialect: Dialect;
  /** Column names; absent for JSONL. */
  readonly header?: readonly string[];
  /** Physical line of the header. */
  readonly headerLine?: number;
  readonly options: TransformOptions;
  readonly maxRecordBytes: number;
};

/** Pure and synchronous: the same chunk gives the same result, inline or in a thread. */
export type ChunkProcessor = (chunk: Chunk) => ChunkResult;

type RecordReader = (chunk: Chunk) => (record: number) => RowResult;

/** Compiles the processor for an input; those of several inputs may share `scratch`. Throws RunError `header_invalid` when a CSV header cannot be used. */
export function createChunkProcessor(setup: ProcessSetup, scratch = createScratch()): ChunkProcessor {
  const noticed: Issue[] = [];
  const { dialect } = setup;
  const readRecords =
    dialect.format === 'csv' ? csvReader(setup, dialect, noticed) : jsonlReader(setup, noticed);
  return function processChunk(chunk) {
    const oversized = new Set(chunk.oversized);
    const tooLarge: RowResult = invalid([
      { code: 'record_too_large', args: { limit: setup.maxRecordBytes } },
    ]);
    const read = readRecords(chunk);
    const collected = createCollector(chunk.starts.length, setup.options.maxEventBytes, scratch);
    for (let record = 0; record < chunk.starts.length; record += 1) {
      collected.add(record, oversized.has(record) ? tooLarge : read(record));
    }
    return {
      seq: chunk.seq,
      rows: chunk.starts.length,
      inputWarnings: noticed.splice(0),
      ...collected.finish(),
    };
  };
}

function csvReader(setup: ProcessSetup, dialect: CsvDialect, noticed: Issue[]): RecordReader {
  const header = setup.header ?? [];
  const planned = compileHeader(header, setup.options, {
    file: setup.file,
    line: setup.headerLine ?? 1,
  });
  noticed.push(...planned.warnings);
  const readRows = createCsvRows(dialect, header.length);
  return (chunk) => {
    const readRow = readRows(chunk);
    // The decoder has proven the bytes to be valid text, so only NUL is left to be looked for, and what stands for it.
    const suspicious = holds(chunk, '\0') || (dialect.escape !== undefined && holds(chunk, '\\0'));
    return (record) => {
      const row = readRow(record);
      if (row.length !== header.length) {
        return invalid([{ code: 'column_count', args: { cells: row.length, columns: header.length } }]);
      }
      return transformRow(row, planned, suspicious);
    };
  };
}

function jsonlReader(setup: ProcessSetup, noticed: Issue[]): RecordReader {
  const transform = createKeyedTransform(setup.options, (warnings) => noticed.push(...warnings));
  const readRecords = createJsonRecords();
  return (chunk) => {
    const readRecord = readRecords(chunk);
    let isFirst = chunk.seq === 0;
    return (record) => {
      const parsed = readRecord(record);
      if ('code' in parsed) {
        const key = parsed.args?.['key'];
        return invalid([typeof key === 'string' ? { ...parsed, column: key } : parsed]);
      }
      const result = transform(parsed, isFirst);
      isFirst = false;
      return result;
    };
  };
}

/** `Buffer` looks for bytes fifty times as fast as `Uint8Array`. */
function holds({ bytes }: Chunk, text: string): boolean {
  return asBuffer(bytes).includes(text);
}

function transformRow(row: Row, planned: Planned, suspicious: boolean): RowResult {
  const damage = suspicious ? findDamage(row, planned.names) : [];
  return damage.length > 0 ? invalid(damage) : planned.transform(row);
}

function invalid(issues: readonly Issue[]): RowResult {
  return { outcome: 'invalid', issues };
}
