import { isUtf8 } from 'node:buffer';
import * as zlib from 'node:zlib';
import { RunError } from '../errors.js';
import { peek, type Blocks } from './blocks.js';
import { decompress, isCut, type Compression } from './decompress.js';
import type { TextEncoding } from './encoding.js';
import { refuseForeignFormat } from './foreign-formats.js';
import { hasControls, startsWith } from './magic.js';
import { checkUtf8, incompleteTail } from './utf8.js';

/** Enough to tell text from anything else, and little enough for a slow pipe. */
const HEAD_BYTES = 1024;
/** Brotli has no magic number: its decoder must be given enough to come to the first characters. */
const BROTLI_HEAD_BYTES = 64 * 1024;
const BROTLI_PROOF_BYTES = 1024 * 1024;

const GZIP = [0x1f, 0x8b] as const;
const ZSTD = [0x28, 0xb5, 0x2f, 0xfd] as const;

/**
 * Decompresses gzip, zstd and brotli, recognized by content; other input passes unchanged.
 * Throws RunError `input_compression` for a compression this Node cannot read, `unsupported_format` for a format that
 * is no text.
 */
export async function openCompressed(blocks: Blocks, file: string, encoding: TextEncoding): Promise<Blocks> {
  const peeked = await peek(blocks, HEAD_BYTES);
  const compression = compressionOf(peeked.head, file);
  if (compression !== undefined) {
    const inside = await peek(decompress(peeked.blocks, compression, file), HEAD_BYTES);
    refuseForeignFormat(inside.head, file, 'compressed');
    return inside.blocks;
  }
  refuseForeignFormat(peeked.head, file, file === '-' ? 'stdin' : 'file');
  if (isText(peeked.head, encoding)) return peeked.blocks;
  const farther = await peek(peeked.blocks, BROTLI_HEAD_BYTES);
  const brotli = await isBrotli(farther.head, file, encoding);
  return brotli ? decompress(farther.blocks, 'brotli', file) : farther.blocks;
}

function compressionOf(head: Uint8Array, file: string): Compression | undefined {
  if (startsWith(head, GZIP)) return 'gzip';
  if (startsWith(head, ZSTD)) {
    if ('createZstdDecompress' in zlib) return 'zstd';
    throw new RunError(
      'input_compression',
      `${file} is compressed with zstd, which this version of Node cannot read`,
      {
        place: { file },
        fix: 'Run with Node 22.15 (or later in 22), or 24 or later; or decompress first: zstd -dc FILE | snapcapi export -',
      },
    );
  }
  return undefined;
}

function isText(head: Uint8Array, encoding: TextEncoding): boolean {
  if (encoding.kind === 'utf-16le' || encoding.kind === 'utf-16be') return true;
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) return true;
  if (encoding.kind === 'utf-8') return isUtf8(head.subarray(0, head.length - incompleteTail(head)));
  return !hasControls(head);
}

/**
 * Some texts in legacy encodings look like the beginning of brotli data, so everything at hand must decode to text
 * without an error, unless the name promises brotli, or what is at hand is only the beginning.
 */
async function isBrotli(head: Uint8Array, file: string, encoding: TextEncoding): Promise<boolean> {
  const decompressed = decompress(once(head), 'brotli', file);
  const text = encoding.kind === 'utf-8' ? checkUtf8(decompressed, file, 0) : decompressed;
  let size = 0;
  try {
    for await (const block of text) {
      if (hasControls(block)) return false;
      size += block.length;
      if (size > BROTLI_PROOF_BYTES) return true;
    }
  } catch (error) {
    if (size === 0) return false;
    return file.toLowerCase().endsWith('.br') || (head.length >= BROTLI_HEAD_BYTES && isCut(error));
  }
  return size > 0;
}

// eslint-disable-next-line @typescript-eslint/require-await -- an async iterable is wanted, there is nothing to wait for
async function* once(block: Uint8Array): AsyncGenerator<Uint8Array, void> {
  yield block;
}
