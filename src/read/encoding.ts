import { RunError } from '../errors.js';
import { quoteName } from '../printable.js';
import { nearest } from '../nearest.js';
import type { LegacyDecoder } from './legacy.js';

/** How to read text; a byte-order mark overrules it. */
export type TextEncoding = { readonly kind: 'utf-8' | 'utf-16le' | 'utf-16be' } | LegacyEncoding;

/** An encoding of bytes that iconv-lite knows. */
export type LegacyEncoding = {
  readonly kind: 'legacy';
  readonly label: string;
  readonly createDecoder: () => LegacyDecoder;
};

const UTF8: TextEncoding = Object.freeze({ kind: 'utf-8' });
const UTF16LE: TextEncoding = Object.freeze({ kind: 'utf-16le' });
const UTF16BE: TextEncoding = Object.freeze({ kind: 'utf-16be' });

/** Labels without punctuation. UTF-16 without a byte order is little-endian, as everywhere on the web. */
const UNICODE: Readonly<Record<string, TextEncoding>> = Object.freeze({
  utf8: UTF8,
  unicode11utf8: UTF8,
  utf16: UTF16LE,
  utf16le: UTF16LE,
  ucs2: UTF16LE,
  utf16be: UTF16BE,
});

/** Known to iconv-lite, but no encodings of text, or ones in which a line feed is no byte of its own. */
const REFUSED = /^(?:base64|hex|cesu8|(?:unicode11)?utf7(?:imap)?|(?:utf32|ucs4)(?:le|be)?)$/;

const USUAL = [
  'utf-8',
  'utf-16le',
  'utf-16be',
  'latin1',
  'ascii',
  'iso-8859-1',
  'iso-8859-2',
  'iso-8859-15',
  'windows-1250',
  'windows-1251',
  'windows-1252',
  'windows-1253',
  'windows-1254',
  'windows-1256',
  'shift_jis',
  'euc-jp',
  'euc-kr',
  'gbk',
  'gb18030',
  'big5',
  'koi8-r',
  'macintosh',
  'cp437',
  'cp850',
] as const;

/**
 * The encoding of a label; UTF-8 without one. Encodings other than Unicode are decoded with iconv-lite, not with
 * ICU, whose tables differ between versions of Node and would change hashes. Throws RunError `unknown_encoding`.
 */
export async function resolveEncoding(label: string | undefined): Promise<TextEncoding> {
  if (label === undefined) return UTF8;
  const plain = label.toLowerCase().replace(/[^0-9a-z]/g, '');
  const unicode = Object.hasOwn(UNICODE, plain) ? UNICODE[plain] : undefined;
  if (unicode !== undefined) return unicode;
  const { default: iconv } = await import('iconv-lite');
  if (plain === '' || REFUSED.test(plain) || !iconv.encodingExists(label)) throw unknownEncoding(label);
  return { kind: 'legacy', label, createDecoder: () => iconv.getDecoder(label) };
}

function unknownEncoding(label: string): RunError {
  const near = nearest(label, USUAL);
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  return new RunError('unknown_encoding', `The encoding ${quoteName(label)} is not known${hint}`);
}

/** The encoding a byte-order mark declares, and the length of the mark in bytes. */
export function detectBom(
  head: Uint8Array,
): { readonly encoding: TextEncoding; readonly length: number } | undefined {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: UTF8, length: 3 };
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: UTF16LE, length: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: UTF16BE, length: 2 };
  return undefined;
}
