import {
  CR,
  LF,
  endBlock,
  endRecord,
  initialState,
  toNextBlock,
  type ArrayDamage,
  type RecordSink,
  type Scanner,
  type ScanState,
  type ScanStop,
} from './scan.js';

const QUOTE = 34;
const COMMA = 44;
const OPEN_BRACKET = 91;
const BACKSLASH = 92;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

/** Deeper, brackets are counted but no longer compared: such an element is refused for its depth anyway. */
const DEEPEST_COMPARED = 1000;

/** What may come next. `first` and `next`: an element; only the first one may be missing. */
type Place = 'array' | 'first' | 'next' | 'inside' | 'after' | 'end';

type ArrayState = ScanState<ArrayDamage> & {
  place: Place;
  /** Open brackets and braces of the element at hand; 0 for a text, a number or a word. */
  depth: number;
  /** What closes them, the innermost last. */
  readonly closers: number[];
  inString: boolean;
  /** The byte before is a backslash in a string. */
  escaped: boolean;
  /** The last byte of the block before. */
  lastByte: number;
};

/** `begun`: the array has begun, so the text is not empty. */
export type ArrayScanner = Scanner<ArrayDamage> & { readonly begun: () => boolean };

/**
 * Finds the elements of one JSON array, whatever white space stands between and inside them. What an element is, and
 * whether it is JSON, is left to the parser of records; here only strings and nesting count. Takes no memory for
 * what is above `limit` bytes.
 */
export function createArrayScanner(limit: number): ArrayScanner {
  const state: ArrayState = {
    ...initialState(),
    place: 'array',
    depth: 0,
    closers: [],
    inString: false,
    escaped: false,
    lastByte: 0,
  };
  return {
    state,
    endsAtCr: false,
    begun: () => state.place !== 'array',
    scan: (block, last, sink) => scanArray(state, block, last, limit, sink),
    nextBlock: () => {
      toNextBlock(state);
    },
  };
}

function scanArray(
  state: ArrayState,
  block: Uint8Array,
  last: boolean,
  limit: number,
  sink: RecordSink,
): ScanStop {
  while (state.at < block.length) {
    if (state.place === 'inside') {
      const closed = scanElement(state, block);
      if (state.damage !== undefined) return 'damaged';
      if (closed && endElement(state, block, limit, sink)) return 'paused';
    } else if (!scanBetween(state, block)) {
      return 'damaged';
    }
  }
  if (last) return endText(state);
  state.lastByte = block[block.length - 1] ?? state.lastByte;
  if (state.place === 'inside') return endBlock(state, block, block.length, limit, sink);
  return 'block_end';
}

/** A word or number has no end of its own, but one that may be cut short is not given as if it were whole. */
function endText(state: ArrayState): ScanStop {
  if (state.place === 'end' || state.place === 'array') return 'block_end';
  damaged(state, 'cut', state.place === 'inside' ? state.recordLine : state.line);
  return 'damaged';
}

function endElement(state: ArrayState, block: Uint8Array, limit: number, sink: RecordSink): boolean {
  state.place = 'after';
  return endRecord(state, block, state.at, state.at, limit, sink);
}

/** Takes one byte between elements; false when it is out of place. */
function scanBetween(state: ArrayState, block: Uint8Array): boolean {
  const byte = block[state.at] ?? 0;
  if (isBlank(byte)) {
    countLine(state, block, byte);
    state.at += 1;
    return true;
  }
  switch (state.place) {
    case 'array':
      return byte === OPEN_BRACKET ? pass(state, 'first') : damaged(state, 'no_array', state.line);
    case 'after':
      if (byte === COMMA) return pass(state, 'next');
      if (byte === CLOSE_BRACKET) return pass(state, 'end');
      return damaged(state, byte === CLOSE_BRACE ? 'wrong_bracket' : 'missing_comma', state.line);
    case 'end':
      return damaged(state, 'text_after', state.line);
    default:
      return beginElement(state, byte);
  }
}

function pass(state: ArrayState, place: Place): true {
  state.place = place;
  state.at += 1;
  return true;
}

function beginElement(state: ArrayState, byte: number): boolean {
  if (byte === CLOSE_BRACKET) {
    return state.place === 'first' ? pass(state, 'end') : damaged(state, 'trailing_comma', state.line);
  }
  if (byte === COMMA) return damaged(state, 'missing_element', state.line);
  if (byte === CLOSE_BRACE) return damaged(state, 'wrong_bracket', state.line);
  state.place = 'inside';
  state.recordStart = state.at;
  state.recordLine = state.line;
  state.oversized = false;
  return true;
}

/** Goes to the end of the element (true), or to that of the block or to damage (false). */
function scanElement(state: ArrayState, block: Uint8Array): boolean {
  const { length } = block;
  for (let { at } = state; at < length; at += 1) {
    const byte = block[at] ?? 0;
    if (byte === LF || byte === CR) {
      state.at = at;
      if (endsWord(state)) return true;
      countLine(state, block, byte);
      state.escaped = false;
    } else if (state.inString) {
      if (state.escaped) state.escaped = false;
      else if (byte === BACKSLASH) state.escaped = true;
      else if (byte === QUOTE && closeString(state, at)) return true;
    } else if (byte === QUOTE) {
      state.inString = true;
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      open(state, byte === OPEN_BRACE ? CLOSE_BRACE : CLOSE_BRACKET);
    } else if (state.depth > 0) {
      if ((byte === CLOSE_BRACE || byte === CLOSE_BRACKET) && close(state, byte, at)) {
        return state.damage === undefined;
      }
    } else if (byte === COMMA || byte === CLOSE_BRACKET || byte === CLOSE_BRACE || isBlank(byte)) {
      state.at = at;
      return true;
    }
  }
  state.at = length;
  return false;
}

/** A number or a word ends at white space; nothing else does. */
function endsWord({ depth, inString }: ArrayState): boolean {
  return depth === 0 && !inString;
}

/** True when the element was nothing but this string. */
function closeString(state: ArrayState, at: number): boolean {
  state.inString = false;
  state.at = at + 1;
  return state.depth === 0;
}

function open(state: ArrayState, closer: number): void {
  if (state.depth < DEEPEST_COMPARED) state.closers[state.depth] = closer;
  state.depth += 1;
}

/** True at the end of the element, or when the bracket is the wrong one. */
function close(state: ArrayState, byte: number, at: number): boolean {
  state.depth -= 1;
  if (state.depth < DEEPEST_COMPARED && state.closers[state.depth] !== byte) {
    damaged(state, 'wrong_bracket', state.line);
    return true;
  }
  state.at = at + 1;
  return state.depth === 0;
}

function isBlank(byte: number): boolean {
  return byte === 32 || byte === 9 || byte === LF || byte === CR;
}

/** Counts a LF, a CR, and both in this order, as one line end. */
function countLine(state: ArrayState, block: Uint8Array, byte: number): void {
  const before = state.at > 0 ? block[state.at - 1] : state.lastByte;
  if (byte === CR || (byte === LF && before !== CR)) state.line += 1;
}

function damaged(state: ArrayState, kind: ArrayDamage['kind'], line: number): false {
  state.damage = { kind, line };
  return false;
}
