import type { Chunk } from '../types.js';
import { EMPTY } from './blocks.js';
import type { RecordSink } from './scan.js';

const FIRST_RECORDS = 1024;
/** Room for the record that crosses the border of a chunk, so that most chunks never grow. */
const SLACK_BYTES = 16 * 1024;

/** Collects records into chunks. */
export type Chunker = RecordSink & {
  readonly isFull: () => boolean;
  readonly isEmpty: () => boolean;
  /** The complete records collected so far. A record that has not ended is dropped. */
  readonly take: () => Chunk;
  /** Takes back the bytes of a chunk that nobody reads any more; they are written over. */
  readonly reuse: (bytes: Uint8Array) => void;
};

type Spans = { readonly starts: Uint32Array; readonly ends: Uint32Array; readonly lines: Uint32Array };

/** A chunker for the input of that number, full at the first record end at or after `chunkBytes`. */
export function createChunker(input: number, chunkBytes: number): Chunker {
  let seq = 0;
  let firstRow = 1;
  /** Got with the first byte of a chunk: by then the one before it may have been given back. */
  let bytes = EMPTY;
  const spare: Uint8Array[] = [];
  let filled = 0;
  /** Bytes that belong to complete records; parts of the record at hand stand behind them. */
  let complete = 0;
  /** Records that stand side by side in a block are copied in one go: those from `regionFrom` to `regionTo`. */
  let region = EMPTY;
  let regionFrom = 0;
  let regionTo = 0;
  let spans = newSpans(FIRST_RECORDS);
  let count = 0;
  let oversized: number[] = [];

  function append(block: Uint8Array, from: number, to: number): void {
    const needed = filled + to - from;
    if (bytes === EMPTY) bytes = spare.pop() ?? newBytes(chunkBytes + SLACK_BYTES);
    if (needed > bytes.length) bytes = grow(bytes, filled, needed);
    bytes.set(block.subarray(from, to), filled);
    filled = needed;
  }

  function copyRegion(): void {
    if (region === EMPTY) return;
    append(region, regionFrom, regionTo);
    region = EMPTY;
    complete = filled;
  }

  function addSpan(start: number, end: number, line: number): void {
    if (count === spans.starts.length) spans = widen(spans);
    spans.starts[count] = start;
    spans.ends[count] = end;
    spans.lines[count] = line;
    count += 1;
  }

  function isFull(): boolean {
    const size = region === EMPTY ? complete : filled + regionTo - regionFrom;
    // Records above the limit take no bytes, but must not pile up either.
    return size >= chunkBytes || count >= chunkBytes;
  }

  return {
    isFull,
    isEmpty: () => count === 0,
    part(block, from, to) {
      copyRegion();
      append(block, from, to);
    },
    forget() {
      copyRegion();
      filled = complete;
    },
    record(block, from, end, next, line) {
      if (region !== EMPTY && from !== regionTo) copyRegion();
      let start = complete;
      if (region === EMPTY) {
        region = block;
        regionFrom = from;
      } else {
        start = filled + from - regionFrom;
      }
      regionTo = next;
      addSpan(start, filled + end - regionFrom, line);
      return isFull();
    },
    oversized(line) {
      copyRegion();
      filled = complete;
      oversized.push(count);
      addSpan(complete, complete, line);
      return isFull();
    },
    take() {
      copyRegion();
      // A buffer that is mostly empty is not worth keeping alive or sending to a thread.
      const isMostlyEmpty = 2 * complete < bytes.length;
      const chunk: Chunk = {
        seq,
        input,
        bytes: isMostlyEmpty ? bytes.slice(0, complete) : bytes.subarray(0, complete),
        starts: spans.starts.slice(0, count),
        ends: spans.ends.slice(0, count),
        lines: spans.lines.slice(0, count),
        firstRow,
        oversized,
      };
      seq += 1;
      firstRow += count;
      if (!isMostlyEmpty) bytes = EMPTY;
      filled = 0;
      complete = 0;
      count = 0;
      oversized = [];
      return chunk;
    },
    reuse({ buffer }) {
      if (buffer.byteLength >= chunkBytes + SLACK_BYTES) spare.push(new Uint8Array(buffer));
    },
  };
}

/** Uninitialized bytes with a buffer of their own: a view of Node's pool could not be transferred to a thread. */
function newBytes(length: number): Uint8Array {
  return new Uint8Array(Buffer.allocUnsafeSlow(length).buffer);
}

function grow(bytes: Uint8Array, filled: number, needed: number): Uint8Array {
  const larger = newBytes(Math.max(needed, 2 * bytes.length));
  larger.set(bytes.subarray(0, filled));
  return larger;
}

function newSpans(length: number): Spans {
  return { starts: new Uint32Array(length), ends: new Uint32Array(length), lines: new Uint32Array(length) };
}

function widen(spans: Spans): Spans {
  const wider = newSpans(2 * spans.starts.length);
  wider.starts.set(spans.starts);
  wider.ends.set(spans.ends);
  wider.lines.set(spans.lines);
  return wider;
}
