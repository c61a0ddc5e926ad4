import { problem } from '../issues.js';
import type { Problem } from '../issues.js';
import { lowerTrimmed } from './text.js';

const INVALID_EMAIL = problem('invalid_email');
const LONGEST_LABEL = 63;
const AT = 64;
const HYPHEN = 45;
const DOT = 46;
// Surely an address, as long as the whole of it is not longer than a label may be.
const PLAIN_ADDRESS = /^[a-z0-9._+-]+@[a-z0-9]+(?:[.-][a-z0-9]+)*$/;
// Letters outside ASCII, with the marks and digits their scripts write words with.
const FOREIGN_LETTER = /^[\p{L}\p{M}\p{Nd}]$/u;
const ATOM_MARKS: ReadonlySet<number> = new Set(Array.from(".!#$%&'*+/=?^_`{|}~-", (c) => c.charCodeAt(0)));

/** Trimmed and lower case; the address is not touched otherwise (no dots removed, no plus tag cut). */
export function email(text: string): string {
  return lowerTrimmed(text);
}

/** `invalid_email` unless the value is an address by the HTML5 production, letters outside ASCII allowed. */
export function checkEmail(value: string | number): Problem | undefined {
  const address = String(value);
  if (address.length <= LONGEST_LABEL && PLAIN_ADDRESS.test(address)) return undefined;
  const at = address.indexOf('@');
  if (at <= 0) return INVALID_EMAIL;
  return isLocalPart(address, at) && isDomain(address, at + 1) ? undefined : INVALID_EMAIL;
}

function isLocalPart(address: string, end: number): boolean {
  for (let i = 0; i < end;) {
    const point = address.codePointAt(i) ?? AT;
    if (!isLetterOrDigit(point) && !ATOM_MARKS.has(point)) return false;
    i += point > 0xffff ? 2 : 1;
  }
  return true;
}

/** Labels of 1 to 63 characters between dots, none with a hyphen at its start or end. One label is enough. */
function isDomain(address: string, start: number): boolean {
  let length = 0;
  let last = DOT;
  for (let i = start; i < address.length;) {
    const point = address.codePointAt(i) ?? AT;
    if (point === DOT) {
      if (length === 0 || last === HYPHEN) return false;
      length = 0;
    } else {
      if (point === HYPHEN ? length === 0 : !isLetterOrDigit(point)) return false;
      if (++length > LONGEST_LABEL) return false;
    }
    last = point;
    i += point > 0xffff ? 2 : 1;
  }
  return length > 0 && last !== HYPHEN;
}

function isLetterOrDigit(point: number): boolean {
  if (point > 127) return FOREIGN_LETTER.test(String.fromCodePoint(point));
  return (point >= 97 && point <= 122) || (point >= 48 && point <= 57) || (point >= 65 && point <= 90);
}
