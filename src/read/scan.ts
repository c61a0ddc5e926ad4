export const LF = 10;
export const CR = 13;

/** Takes the records a scanner finds. Positions are those of the block at hand. */
export type RecordSink = {
  /** Bytes of a record that goes on in the next block. */
  readonly part: (block: Uint8Array, from: number, to: number) => void;
  /** The record at hand is above the limit, or a blank line: its parts are to be forgotten. */
  readonly forget: () => void;
  /**
   * A record ends at `end`, its line end at `next`; what comes before `from` was given as parts. `line` is the
   * physical line it begins on. True asks the scanner to pause.
   */
  readonly record: (block: Uint8Array, from: number, end: number, next: number, line: number) => boolean;
  /** A record above the limit ends. True asks the scanner to pause. */
  readonly oversized: (line: number) => boolean;
};

/** What is wrong with a CSV text: a quote, or (`no_line_end`) the end, where a line end is required. */
export type CsvDamage = {
  readonly kind: 'stray' | 'after_close' | 'unclosed' | 'too_large' | 'no_line_end';
  /** Physical line of the quote; for a cell that is not closed, of the quote that opens it. */
  readonly line: number;
  /** Number of the cell in its record, from 1. */
  readonly column: number;
};

/** What is wrong with a JSON array, outside of its elements. `line`: for `cut`, where the last element begins. */
export type ArrayDamage = {
  readonly kind:
    | 'no_array'
    | 'missing_comma'
    | 'missing_element'
    | 'trailing_comma'
    | 'wrong_bracket'
    | 'text_after'
    | 'cut';
  readonly line: number;
};

export type ScanStop = 'block_end' | 'paused' | 'damaged';

/**
 * Where a scanner stands. Positions count from the start of the block at hand and are negative for what began in
 * an earlier one.
 */
export type ScanState<Damage = never> = {
  /** Up to here the block is done. */
  at: number;
  /** Physical line (from 1) of the byte at `at`. */
  line: number;
  recordStart: number;
  recordLine: number;
  /** Records so far, those above the limit and the header included. */
  records: number;
  /** The record at hand is known to be above the limit. */
  oversized: boolean;
  damage: Damage | undefined;
  /** The last record of the text has no line end. Known when all is scanned. */
  unterminated: boolean;
};

/**
 * Finds the records of a text that comes in blocks. After `block_end` the caller puts the bytes from `state.at` in
 * front of the next block and calls `nextBlock`; after `paused` it goes on with the same block.
 */
export type Scanner<Damage = never> = {
  readonly state: Readonly<ScanState<Damage>>;
  /** Whether a CR alone ends a record. */
  readonly endsAtCr: boolean;
  /** `last`: no block follows. */
  readonly scan: (block: Uint8Array, last: boolean, sink: RecordSink) => ScanStop;
  readonly nextBlock: () => void;
};

/** At the beginning of a text whose first line has that number. */
export function initialState(firstLine = 1): ScanState {
  return {
    at: 0,
    line: firstLine,
    recordStart: 0,
    recordLine: firstLine,
    records: 0,
    oversized: false,
    damage: undefined,
    unterminated: false,
  };
}

/** Hands a record to the sink, or only counts it when it is larger than `limit` bytes. True: pause. */
export function endRecord(
  state: ScanState<unknown>,
  block: Uint8Array,
  end: number,
  next: number,
  limit: number,
  sink: RecordSink,
): boolean {
  const { recordStart, recordLine } = state;
  state.records += 1;
  if (end - recordStart > limit) return sink.oversized(recordLine);
  return sink.record(block, recordStart < 0 ? 0 : recordStart, end, next, recordLine);
}

/** Begins a record on the line after the one that ended at `next`. */
export function beginRecord(state: ScanState<unknown>, next: number): void {
  state.at = next;
  state.line += 1;
  state.recordStart = next;
  state.recordLine = state.line;
  state.oversized = false;
}

/** Gives what there is of the record at hand, up to `to`, to the sink; the rest waits for the next block. */
export function endBlock(
  state: ScanState<unknown>,
  block: Uint8Array,
  to: number,
  limit: number,
  sink: RecordSink,
): ScanStop {
  state.at = to;
  if (!state.oversized && to - state.recordStart > limit) {
    state.oversized = true;
    sink.forget();
  }
  if (!state.oversized) sink.part(block, state.recordStart < 0 ? 0 : state.recordStart, to);
  return 'block_end';
}

/**
 * Ends a CSV text. A last record without a line end is given to the sink, or is damage if the line end
 * is required; `column` is the number of its last cell.
 */
export function endText(
  state: ScanState<CsvDamage>,
  block: Uint8Array,
  limit: number,
  sink: RecordSink,
  column: number,
  requiresLineEnd: boolean,
): ScanStop {
  const end = block.length;
  if (end > state.recordStart) {
    if (requiresLineEnd) {
      state.damage = { kind: 'no_line_end', line: state.recordLine, column };
      return 'damaged';
    }
    state.unterminated = true;
    endRecord(state, block, end, end, limit, sink);
  }
  state.at = end;
  state.recordStart = end;
  return 'block_end';
}

/** Makes positions count from the start of the next block, which begins with the bytes from `at`. */
export function toNextBlock(state: ScanState<unknown>): void {
  state.recordStart -= state.at;
  state.at = 0;
}

/** Position after the line end at `at`, where a CRLF is one. */
export function afterLineEnd(block: Uint8Array, at: number): number {
  return block[at] === CR && block[at + 1] === LF ? at + 2 : at + 1;
}
