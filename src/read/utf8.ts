import { isUtf8 } from 'node:buffer';
import { EMPTY, join, type Blocks } from './blocks.js';
import { invalidBytes } from './damage.js';

/**
 * Passes blocks of valid UTF-8 on, cut between characters. `start` is the offset of the first byte in the input.
 * Ends with RunError `input_encoding` at the first ill-formed sequence, after everything before it.
 */
export async function* checkUtf8(
  blocks: Blocks,
  file: string,
  start: number,
): AsyncGenerator<Uint8Array, void> {
  let offset = start;
  let held: Uint8Array = EMPTY;
  for await (const given of blocks) {
    const block = join(held, given);
    const end = block.length - incompleteTail(block);
    const whole = block.subarray(0, end);
    if (!isUtf8(whole)) {
      const bad = firstIllFormed(whole);
      if (bad > 0) yield whole.subarray(0, bad);
      throw invalidBytes(file, 'UTF-8', offset + bad);
    }
    if (end > 0) yield whole;
    offset += end;
    held = block.slice(end);
  }
  if (held.length > 0) throw invalidBytes(file, 'UTF-8', offset);
}

/** How many bytes at the end begin a character that is not complete. */
export function incompleteTail(bytes: Uint8Array): number {
  const longest = Math.min(3, bytes.length);
  for (let count = 1; count <= longest; count += 1) {
    const byte = bytes[bytes.length - count] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return needed > count ? count : 0;
  }
  return 0;
}

function firstIllFormed(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length) {
    const length = sequenceLength(bytes, at);
    if (length === 0) return at;
    at += length;
  }
  return at;
}

/** Length of the well-formed sequence at a position, 0 when there is none (Unicode, table 3-7). */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  const second = bytes[at + 1] ?? 0;
  const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return 0;
  if (lead < 0xe0) return 2;
  if (!continues(bytes[at + 2])) return 0;
  if (lead < 0xf0) return 3;
  return continues(bytes[at + 3]) ? 4 : 0;
}

function continues(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}
