import type { IssueCode } from '../../src/issues.js';
import type { OpenedInput } from '../../src/read/types.js';
import type { Rejection, RunSummary } from '../../src/summary.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function* noChunks(): AsyncGenerator<never> {
  // An opened input of these tests has nothing more to read.
}

/** An opened CSV input, or a JSONL one when there is no header. */
export function openedInput(index: number, name: string, header?: string, transcoded = false): OpenedInput {
  return {
    name,
    index,
    format: header === undefined ? 'jsonl' : 'csv',
    dialect:
      header === undefined
        ? { format: 'jsonl' }
        : { format: 'csv', delimiter: ',', columnCount: header.split(',').length },
    ...(header === undefined ? {} : { header: header.split(','), headerBytes: bytes(header) }),
    transcoded,
    empty: false,
    warnings: [],
    lateWarnings: () => [],
    bytesRead: () => 0,
    chunks: noChunks(),
    reuse: () => undefined,
    close: () => Promise.resolve(),
  };
}

/** A rejected row of input 0 unless told otherwise. */
export function rejection(
  row: number,
  code: IssueCode,
  more: Partial<Rejection> & { readonly column?: string; readonly text?: string } = {},
): Rejection {
  const { column, text, ...rest } = more;
  return {
    place: { file: 'rows.csv', row, line: row + 1 },
    input: 0,
    outcome: 'invalid',
    issues: [{ code, ...(column === undefined ? {} : { column }) }],
    ...(text === undefined ? {} : { raw: bytes(text) }),
    ...rest,
  };
}

/** The summary of a delivery in which everything went well, with changes. */
export function summaryOf(changes: Partial<RunSummary> = {}): RunSummary {
  return {
    mode: 'deliver',
    exitCode: 0,
    rowsRead: 12_345,
    outcomes: { sent: 12_300, invalid: 40, expired: 5, refused: 0, in_doubt: 0, not_attempted: 0 },
    inputs: [{ file: 'rows.csv', format: 'csv', rows: 12_345, bytes: 1_000_000, columns: 9 }],
    warnings: [],
    inputWarnings: [],
    events: { count: 0, identifiers: [], ageDays: [] },
    eventSourceType: 'WEB',
    endpoint: 'events',
    asOf: '2026-11-20T12:00:00.000Z',
    startedAt: '2026-11-20T12:00:00.000Z',
    durationMs: 3210,
    batches: 7,
    requests: 8,
    retries: 1,
    bytesSent: 12_345_678,
    ...changes,
  };
}
