import { createLineEndFinder } from './find-byte.js';
import {
  CR,
  afterLineEnd,
  beginRecord,
  endBlock,
  endRecord,
  initialState,
  toNextBlock,
  type RecordSink,
  type Scanner,
  type ScanState,
  type ScanStop,
} from './scan.js';

const TAB = 9;
const SPACE = 32;

type LineState = ScanState & {
  /** All of the line at hand that was in earlier blocks is blank. */
  blank: boolean;
};

/** Finds the lines of a JSONL text; blank ones are no records. LF, CRLF and CR end a line. */
export function createLineScanner(limit: number): Scanner {
  const state: LineState = { ...initialState(), blank: true };
  return {
    state,
    endsAtCr: true,
    scan: (block, last, sink) => scanLines(state, block, last, limit, sink),
    nextBlock: () => {
      toNextBlock(state);
    },
  };
}

function scanLines(
  state: LineState,
  block: Uint8Array,
  last: boolean,
  limit: number,
  sink: RecordSink,
): ScanStop {
  const findLineEnd = createLineEndFinder(block);
  let at = state.at;
  for (;;) {
    at = findLineEnd(at);
    if (at >= block.length && !last) return endLineBlock(state, block, at, limit, sink);
    // The LF of a CRLF may be the first byte of the next block.
    if (block[at] === CR && at + 1 === block.length && !last) {
      return endLineBlock(state, block, at, limit, sink);
    }
    const end = at;
    const done = end >= block.length;
    at = done ? end : afterLineEnd(block, end);
    const blank = isBlank(state, block, end);
    if (blank && state.recordStart < 0) sink.forget();
    const paused = !blank && endRecord(state, block, end, at, limit, sink);
    if (done) {
      state.unterminated = !blank;
      state.at = end;
      state.recordStart = end;
      return 'block_end';
    }
    beginRecord(state, at);
    state.blank = true;
    if (paused) return 'paused';
  }
}

function endLineBlock(
  state: LineState,
  block: Uint8Array,
  to: number,
  limit: number,
  sink: RecordSink,
): ScanStop {
  state.blank = isBlank(state, block, to);
  return endBlock(state, block, to, limit, sink);
}

function isBlank(state: LineState, block: Uint8Array, end: number): boolean {
  if (!state.blank) return false;
  for (let i = state.recordStart < 0 ? 0 : state.recordStart; i < end; i += 1) {
    const byte = block[i];
    if (byte !== SPACE && byte !== TAB) return false;
  }
  return true;
}
