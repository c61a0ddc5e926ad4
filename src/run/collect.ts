import type { ChunkResult, RowRejection, RowResult, RowWarning } from '../transform/index.js';

type Collected = Pick<ChunkResult, 'events' | 'facts' | 'rejections' | 'warnings'>;

export type Collector = {
  readonly add: (record: number, result: RowResult) => void;
  readonly finish: () => Collected;
};

const COMMA = 44;
/** No UTF-16 code unit takes more bytes of UTF-8. */
const MOST_BYTES_PER_UNIT = 3;

/** Memory for results, used again and again: fresh memory costs more, and piles up between collections. */
export type Scratch = {
  /** What earlier results were in. Given back, it may be written over. */
  readonly spare: ArrayBuffer[];
  /** What the largest result so far took, bytes. */
  used: number;
};

/** For the first result, bytes; it grows. */
const FIRST_ROOM = 64 * 1024;
/** Results differ by a few percent. */
const SPARE_SHARE = 1 / 16;
/** About as many as are in use at the same time. */
const MOST_SPARE = 16;
/** Memory so many times as large as what is used was made for a single large event. */
const MOST_TIMES = 4;

export function createScratch(): Scratch {
  return { spare: [], used: 0 };
}

/** Takes back what a result was in, when the usual result fits in it without much ado. */
export function giveBack({ spare, used }: Scratch, room: ArrayBuffer): void {
  const fits = room.byteLength >= used && room.byteLength <= MOST_TIMES * Math.max(used, FIRST_ROOM);
  if (fits && spare.length < MOST_SPARE) spare.push(room);
}

/** Memory that was given back, to be written over. */
export function takeRoom({ spare }: Scratch): ArrayBuffer | undefined {
  return spare.pop();
}

/** Gathers row results into one buffer of finished JSON text with offsets. */
export function createCollector(rows: number, maxEventBytes: number, scratch: Scratch): Collector {
  const ends = new Uint32Array(rows);
  const records = new Uint32Array(rows);
  const identifiers = new Uint8Array(rows);
  const timesMs = new Float64Array(rows);
  const rejections: RowRejection[] = [];
  const warnings: RowWarning[] = [];
  let bytes = roomFrom(scratch);
  let size = 0;
  let events = 0;

  /** Writes the text at a position; gives the number of its bytes. */
  function write(text: string, at: number): number {
    const needed = at + text.length * MOST_BYTES_PER_UNIT;
    if (needed > bytes.length) bytes = enlarged(bytes, size, needed);
    return bytes.write(text, at);
  }

  return {
    add(record, result) {
      if (result.outcome !== 'ok') {
        rejections.push({ record, outcome: result.outcome, issues: result.issues });
        return;
      }
      const at = events === 0 ? 0 : size + 1;
      const length = write(result.text, at);
      if (length > maxEventBytes) {
        const args = { bytes: length, limit: maxEventBytes };
        rejections.push({ record, outcome: 'invalid', issues: [{ code: 'event_too_large', args }] });
        return;
      }
      for (const issue of result.warnings) warnings.push({ record, issue });
      if (events > 0) bytes[size] = COMMA;
      size = at + length;
      ends[events] = size;
      records[events] = record;
      identifiers[events] = result.identifiers;
      timesMs[events] = result.timeMs;
      events += 1;
    },
    finish() {
      scratch.used = Math.max(scratch.used, size);
      return {
        events: {
          bytes: contentOf(bytes, size, scratch),
          ends: ends.slice(0, events),
          records: records.slice(0, events),
        },
        facts: { identifiers: identifiers.slice(0, events), timesMs: timesMs.slice(0, events) },
        rejections,
        warnings,
      };
    },
  };
}

function enlarged(bytes: Buffer, used: number, needed: number): Buffer<ArrayBuffer> {
  const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * bytes.length));
  larger.set(bytes.subarray(0, used));
  return larger;
}

/** A spare one, or uninitialized memory of its own, which can be transferred to another thread. */
function roomFrom(scratch: Scratch): Buffer<ArrayBuffer> {
  const { used } = scratch;
  const room = takeRoom(scratch);
  if (room !== undefined && room.byteLength >= used) return Buffer.from(room);
  return Buffer.allocUnsafeSlow(Math.max(FIRST_ROOM, Math.ceil(used * (1 + SPARE_SHARE))));
}

/** The bytes that are used. A few events, which may wait long for their batch to fill, must not hold much memory. */
function contentOf(bytes: Buffer<ArrayBuffer>, size: number, scratch: Scratch): Uint8Array {
  if (2 * size >= bytes.length) return new Uint8Array(bytes.buffer, 0, size);
  giveBack(scratch, bytes.buffer);
  return new Uint8Array(bytes.subarray(0, size));
}
