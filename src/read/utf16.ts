import { asBuffer, EMPTY, join, type Blocks } from './blocks.js';
import { invalidBytes } from './damage.js';

/**
 * Transcodes UTF-16 to UTF-8. `start` is the offset of the first byte in the input. Ends with RunError
 * `input_encoding` at half a surrogate pair or an odd last byte, after everything before it.
 */
export async function* decodeUtf16(
  blocks: Blocks,
  file: string,
  start: number,
  order: 'utf-16le' | 'utf-16be',
): AsyncGenerator<Uint8Array, void> {
  let offset = start;
  let held: Uint8Array = EMPTY;
  for await (const given of blocks) {
    const block = join(held, given);
    const end = completeLength(block, order);
    const text = textOf(block.subarray(0, end), order);
    if (!text.isWellFormed()) {
      const bad = firstLoneSurrogate(text);
      if (bad > 0) yield Buffer.from(text.slice(0, bad));
      throw invalidBytes(file, order.toUpperCase(), offset + 2 * bad);
    }
    if (end > 0) yield Buffer.from(text);
    offset += end;
    held = block.slice(end);
  }
  if (held.length > 0) throw invalidBytes(file, order.toUpperCase(), offset);
}

/** Length without an odd last byte and without the first half of a surrogate pair at the end. */
function completeLength(block: Uint8Array, order: 'utf-16le' | 'utf-16be'): number {
  const even = block.length & ~1;
  const high = block[order === 'utf-16le' ? even - 1 : even - 2] ?? 0;
  return (high & 0xfc) === 0xd8 ? even - 2 : even;
}

function textOf(bytes: Uint8Array, order: 'utf-16le' | 'utf-16be'): string {
  if (order === 'utf-16be') return Buffer.from(bytes).swap16().toString('utf16le');
  return asBuffer(bytes).toString('utf16le');
}

function firstLoneSurrogate(text: string): number {
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i) & 0xfc00;
    if (unit === 0xdc00) return i;
    if (unit !== 0xd800) continue;
    if ((text.charCodeAt(i + 1) & 0xfc00) !== 0xdc00) return i;
    i += 1;
  }
  return text.length;
}
