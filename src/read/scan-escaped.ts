import { createByteFinder } from './find-byte.js';
import {
  CR,
  LF,
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
import type { CsvScanOptions } from './scan-csv.js';

const BACKSLASH = 92;

type EscapedScanOptions = Omit<CsvScanOptions, 'delimiter'>;

type EscapedState = ScanState<CsvDamage> & {
  /** Up to here the block is searched. */
  searched: number;
};

/**
 * Finds the records of a text with backslash escapes. A LF (or CRLF) ends a record unless a backslash stands before it:
 * every program that writes this dialect escapes line feeds, within quotes, too. So a quote cannot hide the end of a
 * record, and no quote can be out of place. A CR alone is text, since MySQL does not escape it.
 */
export function createEscapedScanner(options: EscapedScanOptions): Scanner<CsvDamage> {
  const state: EscapedState = { ...initialState(options.firstLine), searched: 0 };
  return {
    state,
    endsAtCr: false,
    scan: (block, last, sink) => scanEscaped(state, block, last, sink, options),
    nextBlock() {
      toNextBlock(state);
      state.searched = 0;
    },
  };
}

function scanEscaped(
  state: EscapedState,
  block: Uint8Array,
  last: boolean,
  sink: RecordSink,
  { limit, requiresLineEnd = false }: EscapedScanOptions,
): ScanStop {
  const { length } = block;
  const findLf = createByteFinder(block, LF);
  const findBackslash = createByteFinder(block, BACKSLASH);
  for (;;) {
    const lf = findLf(state.searched);
    const backslash = findBackslash(state.searched);
    if (backslash < lf) {
      // What is escaped may be the first byte of the next block.
      if (backslash + 1 >= length && !last) return endBlock(state, block, backslash, limit, sink);
      if (block[backslash + 1] === LF) state.line += 1;
      state.searched = Math.min(backslash + 2, length);
      continue;
    }
    if (lf >= length) break;
    // A CR before `searched` is escaped, so it belongs to the cell.
    const end = block[lf - 1] === CR && lf > state.searched ? lf - 1 : lf;
    const paused = end > state.recordStart && endRecord(state, block, end, lf + 1, limit, sink);
    beginRecord(state, lf + 1);
    state.searched = lf + 1;
    if (paused) return 'paused';
  }
  if (!last) {
    const heldCr = length > state.searched && block[length - 1] === CR;
    return endBlock(state, block, heldCr ? length - 1 : length, limit, sink);
  }
  return endText(state, block, limit, sink, 1, requiresLineEnd);
}
