import { nfc } from './text.js';

// Kinds of characters that rules remove; their sum removes several at once.
const PUNCTUATION = 1;
const WHITE_SPACE = 2;
const HYPHEN = 4;

const PUNCTUATION_MARKS = '.,!?;:-—"\'()[]{}/_&*+=@#$%^~|';
// What ECMAScript trims, and U+0085, which is white space to Unicode only.
const SPACES =
  '\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a' +
  '\u2028\u2029\u202f\u205f\u3000\ufeff';

/** The kinds each UTF-16 code unit belongs to. */
const KINDS = kindsByUnit();

function kindsByUnit(): Uint8Array {
  const kinds = new Uint8Array(0x10000);
  const mark = (characters: string, kind: number): void => {
    for (const character of characters) {
      const unit = character.charCodeAt(0);
      kinds[unit] = (kinds[unit] ?? 0) | kind;
    }
  };
  mark(PUNCTUATION_MARKS, PUNCTUATION);
  mark(SPACES, WHITE_SPACE);
  mark('-', HYPHEN);
  return kinds;
}

/** Removes the punctuation of the source document's list and nothing else; white space stays. NFC stays NFC. */
export function removePunctuation(text: string): string {
  return remove(text, PUNCTUATION);
}

/** Removes that punctuation and all Unicode white space. NFC stays NFC. */
export function removePunctuationAndSpaces(text: string): string {
  return remove(text, PUNCTUATION | WHITE_SPACE);
}

/** Removes `-` and all Unicode white space. NFC stays NFC. */
export function removeHyphensAndSpaces(text: string): string {
  return remove(text, HYPHEN | WHITE_SPACE);
}

function remove(text: string, removed: number): string {
  let kept = '';
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    if (((KINDS[text.charCodeAt(i)] ?? 0) & removed) === 0) continue;
    if (i > start) kept += text.slice(start, i);
    start = i + 1;
  }
  // What stood apart may compose now.
  return start === 0 ? text : nfc(kept + text.slice(start));
}
