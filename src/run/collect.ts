import type { ChunkResult, RowRejection, RowResult, RowWarning } from '../transform/index.js';

type Collected = Pick<ChunkResult, 'events' | 'facts' | 'rejections' | 'warnings'>;

export type Collector = {
  readonly add: (record: number, result: RowResult) => void;
  readonly finish: () => Collected;
};

const COMMA = 44;
/** No UTF-16 code unit takes more bytes of UTF-8. */
const MOST_BYTES_PER_UNIT = 3;

/** Memory that is used again and again, since fresh memory costs more and piles up between collections. */
export type Scratch = {
  /** Where the texts of a chunk are put together. */
  bytes: Buffer;
  /** What earlier results were in. Given back, it may be written over. */
  readonly spare: ArrayBuffer[];
};

/** Memory for the next result may be a little larger than it, so that it has room for others. */
const SPARE_SHARE = 1 / 16;

export function createScratch(): Scratch {
  return { bytes: Buffer.allocUnsafeSlow(0), spare: [] };
}

/** Gathers row results into one buffer of finished JSON text with offsets. */
export function createCollector(rows: number, maxEventBytes: number, scratch: Scratch): Collector {
  const ends = new Uint32Array(rows);
  const records = new Uint32Array(rows);
  const identifiers = new Uint8Array(rows);
  const timesMs = new Float64Array(rows);
  const rejections: RowRejection[] = [];
  const warnings: RowWarning[] = [];
  let size = 0;
  let events = 0;

  /** Writes the text at a position; gives the number of its bytes. */
  function write(text: string, at: number): number {
    const needed = at + text.length * MOST_BYTES_PER_UNIT;
    if (needed > scratch.bytes.length) scratch.bytes = enlarged(scratch.bytes, size, needed);
    return scratch.bytes.write(text, at);
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
      if (events > 0) scratch.bytes[size] = COMMA;
      size = at + length;
      ends[events] = size;
      records[events] = record;
      identifiers[events] = result.identifiers;
      timesMs[events] = result.timeMs;
      events += 1;
    },
    finish() {
      return {
        events: {
          bytes: copyOf(scratch, size),
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

function enlarged(bytes: Buffer, used: number, needed: number): Buffer {
  const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * bytes.length));
  larger.set(bytes.subarray(0, used));
  return larger;
}

/** A copy in memory of its own, which can be transferred. */
function copyOf({ bytes, spare }: Scratch, size: number): Uint8Array {
  let room = spare.pop();
  if (room === undefined || room.byteLength < size) room = newRoom(size);
  const copy = new Uint8Array(room, 0, size);
  copy.set(bytes.subarray(0, size));
  return copy;
}

/** Uninitialized memory. */
function newRoom(size: number): ArrayBuffer {
  return Buffer.allocUnsafeSlow(Math.floor(size * (1 + SPARE_SHARE))).buffer;
}
