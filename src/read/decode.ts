import { RunError } from '../errors.js';
import { dropFirst, peek, type Blocks } from './blocks.js';
import { detectBom, type TextEncoding } from './encoding.js';
import { decodeLegacy } from './legacy.js';
import { decodeUtf16 } from './utf16.js';
import { checkUtf8 } from './utf8.js';

const HEAD_BYTES = 64;

/** Valid UTF-8, cut between characters, without a byte-order mark. */
export type DecodedText = { readonly blocks: Blocks; readonly transcoded: boolean };

/**
 * Turns (decompressed) bytes into valid UTF-8. A byte-order mark wins over `encoding`. The blocks end with RunError
 * `input_encoding` at the first invalid byte; text that looks like UTF-16 without its mark is refused at once.
 */
export async function decodeText(raw: Blocks, file: string, encoding: TextEncoding): Promise<DecodedText> {
  const { head, blocks } = await peek(raw, HEAD_BYTES);
  const bom = detectBom(head);
  const chosen = bom?.encoding ?? encoding;
  const start = bom?.length ?? 0;
  const rest = start === 0 ? blocks : dropFirst(blocks, start);
  if (chosen.kind === 'legacy') {
    refuseUtf16(head, file);
    return { blocks: decodeLegacy(rest, file, chosen), transcoded: true };
  }
  if (chosen.kind === 'utf-8') {
    refuseUtf16(head, file);
    return { blocks: checkUtf8(rest, file, start), transcoded: false };
  }
  refuseUtf32(head, file);
  return { blocks: decodeUtf16(rest, file, start, chosen.kind), transcoded: true };
}

/** The byte-order mark of little-endian UTF-32 begins like that of UTF-16. */
function refuseUtf32(head: Uint8Array, file: string): void {
  if (head[0] !== 0xff || head[2] !== 0 || head[3] !== 0) return;
  throw new RunError('input_encoding', `${file} is UTF-32, which is not supported`, {
    place: { file, byte: 0, line: 1 },
    fix: 'Export it as UTF-8.',
  });
}

/** ASCII in UTF-16 has a NUL in every second byte. */
function refuseUtf16(head: Uint8Array, file: string): void {
  const pairs = Math.min(head.length, HEAD_BYTES) >>> 1;
  if (pairs < 2) return;
  let even = 0;
  let odd = 0;
  for (let i = 0; i < 2 * pairs; i += 2) {
    if (head[i] === 0) even += 1;
    if (head[i + 1] === 0) odd += 1;
  }
  // A quarter of the characters may be non-ASCII; both bytes NUL would be no text at all.
  if (Math.max(even, odd) < 0.75 * pairs || Math.min(even, odd) > 0) return;
  const order = odd > even ? 'utf-16le' : 'utf-16be';
  throw new RunError(
    'input_encoding',
    `${file} looks like UTF-16 without a byte-order mark: every second byte is NUL`,
    {
      place: { file, byte: head.indexOf(0), line: 1 },
      fix: `Add --encoding ${order}, or export it as UTF-8.`,
    },
  );
}
