import { createByteFinder, createLineEndFinder, type Finder } from './find-byte.js';
import {
  CR,
  LF,
  afterLineEnd,
  beginRecord,
  endBlock,
  endRecord,
  endText,
  initialState,
  toNextBlock,
  type CsvDamage,
  type RecordSink,
  type Scanner,
  type ScanState,
  type ScanStop,
} from './scan.js';

const QUOTE = 34;

type CsvState = ScanState<CsvDamage> & {
  /** Number of the cell at hand in its record, from 1. */
  column: number;
  cellStart: number;
  /** Within a quoted cell. */
  quoted: boolean;
  quoteLine: number;
  /** A last record without a line end is damage. */
  readonly requiresLineEnd: boolean;
};

export type CsvScanOptions = {
  readonly delimiter: Uint8Array;
  /** Largest record in bytes. */
  readonly limit: number;
  /** Number of the physical line at which the text begins; default 1. */
  readonly firstLine?: number;
  /** A last record without a line end is damage (`no_line_end`) and is not given. */
  readonly requiresLineEnd?: boolean;
};

/**
 * Finds the records of a CSV text as csv-parse would (blank lines are none; LF, CRLF and CR, also mixed, end one),
 * and stops at the first quote that is out of place, which csv-parse reports too late or not at all.
 */
export function createCsvScanner(options: CsvScanOptions): Scanner<CsvDamage> {
  const { delimiter, limit, firstLine, requiresLineEnd = false } = options;
  const state: CsvState = {
    ...initialState(firstLine),
    column: 1,
    cellStart: 0,
    quoted: false,
    quoteLine: 0,
    requiresLineEnd,
  };
  return {
    state,
    endsAtCr: true,
    scan(block, last, sink) {
      const findQuote = createByteFinder(block, QUOTE);
      const findLineEnd = createLineEndFinder(block);
      for (;;) {
        const atRecordStart = state.at === state.recordStart;
        if (atRecordStart && scanQuoteless(state, block, last, findQuote, findLineEnd, limit, sink)) {
          return 'paused';
        }
        const stop = state.quoted
          ? scanQuoted(state, block, last, delimiter, limit, sink)
          : scanPlain(state, block, last, delimiter, limit, sink);
        if (stop !== undefined) return stop;
      }
    },
    nextBlock() {
      state.cellStart -= state.at;
      toNextBlock(state);
    },
  };
}

/**
 * Scans the records that have no quote and end in this block: only their ends matter, and those are found many times
 * faster than cells. Returns whether the sink asks for a pause.
 */
function scanQuoteless(
  state: CsvState,
  block: Uint8Array,
  last: boolean,
  findQuote: Finder,
  findLineEnd: Finder,
  limit: number,
  sink: RecordSink,
): boolean {
  let paused = false;
  while (!paused) {
    const end = findLineEnd(state.at);
    if (end >= block.length || findQuote(state.at) < end) break;
    // The LF of a CRLF may be the first byte of the next block.
    if (block[end] === CR && end + 1 === block.length && !last) break;
    const next = afterLineEnd(block, end);
    paused = end > state.recordStart && endRecord(state, block, end, next, limit, sink);
    beginRecord(state, next);
  }
  state.cellStart = state.at;
  return paused;
}

/** Scans up to the next opening quote or the end of the record (`undefined`), or to where the scan must stop. */
function scanPlain(
  state: CsvState,
  block: Uint8Array,
  last: boolean,
  delimiter: Uint8Array,
  limit: number,
  sink: RecordSink,
): ScanStop | undefined {
  const first = delimiter[0];
  const width = delimiter.length;
  const length = block.length;
  let at = state.at;
  for (;;) {
    let byte: number | undefined;
    while (at < length) {
      byte = block[at];
      if (byte === first || byte === LF || byte === QUOTE || byte === CR) break;
      at += 1;
    }
    if (at >= length) {
      if (!last) return endBlock(state, block, length, limit, sink);
      return endText(state, block, limit, sink, state.column, state.requiresLineEnd);
    }
    if (byte === first) {
      if (width > 1) {
        if (at + width > length && !last) return endBlock(state, block, at, limit, sink);
        if (!matches(delimiter, block, at)) {
          at += 1;
          continue;
        }
      }
      at += width;
      state.column += 1;
      state.cellStart = at;
      continue;
    }
    if (byte === QUOTE) {
      state.at = at;
      return openQuote(state);
    }
    // The LF of a CRLF may be the first byte of the next block.
    if (byte === CR && at + 1 === length && !last) return endBlock(state, block, at, limit, sink);
    const end = at;
    at = afterLineEnd(block, end);
    const paused = end > state.recordStart && endRecord(state, block, end, at, limit, sink);
    beginRecord(state, at);
    state.column = 1;
    state.cellStart = at;
    return paused ? 'paused' : undefined;
  }
}

function openQuote(state: CsvState): ScanStop | undefined {
  if (state.at !== state.cellStart) return damaged(state, 'stray', state.line);
  state.quoted = true;
  state.quoteLine = state.line;
  state.at += 1;
  return undefined;
}

/** Scans up to the end of a quoted cell (`undefined`), or to where the scan must stop. */
function scanQuoted(
  state: CsvState,
  block: Uint8Array,
  last: boolean,
  delimiter: Uint8Array,
  limit: number,
  sink: RecordSink,
): ScanStop | undefined {
  // A cell that begins beyond the limit has the limit for itself: the record is too large, but it may be closed.
  const sizeStart = state.cellStart - state.recordStart >= limit ? state.cellStart : state.recordStart;
  const width = delimiter.length;
  let at = state.at;
  for (;;) {
    at = skipQuoted(state, block, at, last);
    if (at - sizeStart >= limit) return damaged(state, 'too_large', state.quoteLine);
    if (at >= block.length && last) return damaged(state, 'unclosed', state.quoteLine);
    const undecided = !last && at + width >= block.length;
    if (block[at] !== QUOTE || (undecided && block[at + 1] !== QUOTE)) {
      return endBlock(state, block, at, limit, sink);
    }
    if (block[at + 1] === QUOTE) {
      at += 2;
      continue;
    }
    if (!endsCell(block, at + 1, delimiter)) return damaged(state, 'after_close', state.line);
    state.quoted = false;
    state.at = at + 1;
    return undefined;
  }
}

/** Position of the next quote, counting lines; or of a CR whose LF may still come; or the end of the block. */
function skipQuoted(state: CsvState, block: Uint8Array, from: number, last: boolean): number {
  const length = block.length;
  let at = from;
  while (at < length) {
    const byte = block[at];
    if (byte === QUOTE) return at;
    if (byte !== LF && byte !== CR) {
      at += 1;
      continue;
    }
    if (byte === CR && at + 1 === length && !last) return at;
    at = afterLineEnd(block, at);
    state.line += 1;
  }
  return at;
}

function endsCell(block: Uint8Array, at: number, delimiter: Uint8Array): boolean {
  if (at >= block.length || block[at] === LF || block[at] === CR) return true;
  return block[at] === delimiter[0] && matches(delimiter, block, at);
}

function matches(delimiter: Uint8Array, block: Uint8Array, at: number): boolean {
  for (let i = 1; i < delimiter.length; i += 1) {
    if (block[at + i] !== delimiter[i]) return false;
  }
  return true;
}

function damaged(state: CsvState, kind: CsvDamage['kind'], line: number): ScanStop {
  state.damage = { kind, line, column: state.column };
  return 'damaged';
}
