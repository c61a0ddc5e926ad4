import type { Sha256Hex } from '../types.js';

// A regular expression reads a cell, which is a slice of its row, several times faster than a loop of `charCodeAt`.
// Left out are letters that NFC neither changes nor composes with what stands before them: Latin, Vietnamese, and the
// plain ones of Greek, Cyrillic, Hebrew, Arabic, Thai, kana, Han and Hangul. Unicode promises that this never changes.
const NOT_SURELY_NFC =
  /[^\0-\u02ff\u0391-\u03a1\u03a3-\u03c9\u0400-\u0482\u048a-\u052f\u05d0-\u05ea\u0621-\u063a\u0641-\u064a\u0e01-\u0e30\u1e00-\u1ef9\u2010-\u2027\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fef\uac00-\ud7a3]/;
const ASCII_LETTERS_AND_DIGITS = /^[A-Za-z0-9]+$/;
const ASCII_WITHOUT_CAPITALS = /^[\0-@[-\x7f]*$/;
// Up to this length V8 lowers a text in the time it takes to look at it.
const QUICKLY_LOWERED = 24;
// Written out digit by digit, because a counted repetition is four times as slow.
const SHA256_HEX = new RegExp(`^${'[0-9A-Fa-f]'.repeat(64)}$`);

/** Unicode NFC. Text of the usual letters only is NFC already and comes back as it is. */
export function nfc(text: string): string {
  return NOT_SURELY_NFC.test(text) ? text.normalize('NFC') : text;
}

/** Tells text of white space only (and the empty text) from text with something in it. */
export function isBlank(text: string): boolean {
  const first = text.charCodeAt(0);
  const isPrintableAscii = first > 32 && first < 127;
  return !isPrintableAscii && text.trim() === '';
}

/** Trimmed, lower case (of no locale), NFC: lowering can undo NFC, as with the letter H with a macron below. */
export function lowerTrimmed(text: string): string {
  const trimmed = text.trim();
  const isLower = trimmed.length > QUICKLY_LOWERED && ASCII_WITHOUT_CAPITALS.test(trimmed);
  return isLower ? trimmed : nfc(trimmed.toLowerCase());
}

/**
 * Tells text of ASCII letters and digits only (at least one): trimming, NFC and every removal of characters leave it as it is,
 * so that of a rule made of these only lowering is left to do.
 */
export function isPlainWord(text: string): boolean {
  return ASCII_LETTERS_AND_DIGITS.test(text);
}

/** Tells whether text is exactly 64 hexadecimal characters, in any case: a value that was hashed already. */
export function isSha256Hex(text: string): boolean {
  return text.length === 64 && SHA256_HEX.test(text);
}

/** The lower-case hash when trimmed text is one already (also as PostgreSQL prints binary: `\\x…`), else `undefined`. */
export function readyHash(text: string): Sha256Hex | undefined {
  const hex = text.length === 66 && text.startsWith('\\x') ? text.slice(2) : text;
  if (!isSha256Hex(hex)) return undefined;
  return (ASCII_WITHOUT_CAPITALS.test(hex) ? hex : hex.toLowerCase()) as Sha256Hex;
}
