import { asBuffer, EMPTY, join, type Blocks } from './blocks.js';
import { invalidBytes } from './damage.js';
import type { LegacyEncoding } from './encoding.js';

/** The part of an iconv-lite decoder that is used; undefined bytes come out as U+FFFD. */
export type LegacyDecoder = {
  readonly write: (bytes: Buffer) => string;
  readonly end: () => string | undefined;
};

/**
 * Bytes below this one stand for themselves wherever they are, in every supported encoding, so that between
 * characters it is safe to cut after them (trail bytes begin at `0`, in GB 18030).
 */
const FIRST_TRAIL_BYTE = 0x30;
const LONGEST_HOLD = 64 * 1024;
const REPLACEMENT = '\ufffd';

/**
 * Transcodes an encoding of bytes (latin1, Shift_JIS, …) to UTF-8. Ends with RunError `input_encoding` at the
 * first byte that is not defined in it, after everything before it.
 */
export async function* decodeLegacy(
  blocks: Blocks,
  file: string,
  encoding: LegacyEncoding,
): AsyncGenerator<Uint8Array, void> {
  const decoder = encoding.createDecoder();
  let offset = 0;
  let held: Uint8Array = EMPTY;

  function* decode(bytes: Uint8Array, text: string): Generator<Uint8Array, void> {
    const bad = text.indexOf(REPLACEMENT);
    const good = bad === -1 ? text : text.slice(0, bad);
    if (good !== '') yield Buffer.from(good);
    if (bad === -1) return;
    throw invalidBytes(
      file,
      encoding.label,
      offset + encodedLength(bytes, good.length, encoding.createDecoder),
    );
  }

  for await (const given of blocks) {
    const block = join(held, given);
    const end = safeCut(block);
    const whole = block.subarray(0, end);
    if (end > 0) yield* decode(whole, decoder.write(asBuffer(whole)));
    offset += end;
    held = block.slice(end);
  }
  yield* decode(held, decoder.write(asBuffer(held)) + (decoder.end() ?? ''));
}

/** A cut between characters: only so is the position of a damaged one known for certain. */
function safeCut(block: Uint8Array): number {
  for (let end = block.length; end > 0; end -= 1) {
    if ((block[end - 1] ?? 0) < FIRST_TRAIL_BYTE) return end;
  }
  return block.length < LONGEST_HOLD ? 0 : block.length;
}

/** How many bytes the first `length` UTF-16 units of the decoded text come from. */
function encodedLength(bytes: Uint8Array, length: number, createDecoder: () => LegacyDecoder): number {
  let low = 0;
  let high = bytes.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const units = createDecoder().write(asBuffer(bytes.subarray(0, middle))).length;
    if (units < length) low = middle + 1;
    else high = middle;
  }
  return low;
}
