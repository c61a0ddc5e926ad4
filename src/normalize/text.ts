import type { Sha256Hex } from '../types.js';

const EM_DASH = 0x2014;
/** The marks that normalization removes from names, cities and states, besides the em dash. */
const ASCII_PUNCTUATION = punctuationTable('.,!?;:-"\'()[]{}/_&*+=@#$%^~|');

function punctuationTable(marks: string): Uint8Array {
  const table = new Uint8Array(128);
  for (const mark of marks) table[mark.charCodeAt(0)] = 1;
  return table;
}

/** Unicode NFC. Text without any code unit from U+0300 up is NFC already and comes back as it is. */
export function nfc(text: string): string {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) >= 0x300) return text.normalize('NFC');
  }
  return text;
}

/** Tells text of white space only (and the empty text) from text with something in it. */
export function isBlank(text: string): boolean {
  return text.trim() === '';
}

/** Trimmed, lower case (of no locale), NFC: lowering can undo NFC, as with the letter H with a macron below. */
export function lowerTrimmed(text: string): string {
  return nfc(text.trim().toLowerCase());
}

function isPunctuation(unit: number): boolean {
  return unit < 128 ? ASCII_PUNCTUATION[unit] === 1 : unit === EM_DASH;
}

/** Removes the punctuation of the source document's list and nothing else; white space stays. Result is NFC. */
export function removePunctuation(text: string): string {
  let i = 0;
  while (i < text.length && !isPunctuation(text.charCodeAt(i))) i++;
  if (i === text.length) return text;
  let kept = text.slice(0, i);
  for (i++; i < text.length; i++) {
    if (!isPunctuation(text.charCodeAt(i))) kept += text.charAt(i);
  }
  return nfc(kept);
}

/** Removes all Unicode white space, inside and around. Result is NFC. */
export function removeSpaces(text: string): string {
  // U+0085 is white space in Unicode, but not to `\s`.
  return nfc(text.replace(/[\s\u0085]+/g, ''));
}

/** Tells whether text is exactly 64 hexadecimal characters, in any case: a value that was hashed already. */
export function isSha256Hex(text: string): boolean {
  if (text.length !== 64) return false;
  for (let i = 0; i < 64; i++) {
    const unit = text.charCodeAt(i);
    const digit = unit >= 48 && unit <= 57;
    const letter = (unit | 32) >= 97 && (unit | 32) <= 102;
    if (!digit && !letter) return false;
  }
  return true;
}

/** The lower-case hash when trimmed text is one already, else `undefined`. */
export function readyHash(text: string): Sha256Hex | undefined {
  return isSha256Hex(text) ? (text.toLowerCase() as Sha256Hex) : undefined;
}
