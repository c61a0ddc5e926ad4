import { problem } from '../issues.js';
import type { Problem } from '../issues.js';
import { DIGIT_ZEROS } from './tables/digits.js';

const INVALID_PHONE = problem('invalid_phone');
const SUSPICIOUS_PHONE = problem('suspicious_phone');
const FEWEST_DIGITS = 8;
const MOST_DIGITS = 15;
const KEPT_ZERO = /[(（]\s*[0０]\s*[)）]/;

/**
 * ASCII digits only, without leading zeros; digits of other scripts become ASCII. No country code is added or guessed.
 * `invalid_phone` when nothing is left.
 */
export function phone(text: string): string | Problem {
  const digits = asciiDigits(text);
  let start = 0;
  while (start < digits.length && digits.charCodeAt(start) === 48) start++;
  return start === digits.length ? INVALID_PHONE : digits.slice(start);
}

/** `suspicious_phone` for fewer than 8 or more than 15 digits, or a `(0)` kept after the country code. */
export function checkPhone(value: string | number, text: string): Problem | undefined {
  const { length } = String(value);
  if (length < FEWEST_DIGITS || length > MOST_DIGITS) return SUSPICIOUS_PHONE;
  const zero = KEPT_ZERO.exec(text);
  if (zero === null) return undefined;
  const countryCode = phone(text.slice(0, zero.index));
  return typeof countryCode === 'string' ? SUSPICIOUS_PHONE : undefined;
}

function asciiDigits(text: string): string {
  let digits = '';
  let end = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 48 && unit <= 57) continue;
    if (i > end) digits += text.slice(end, i);
    end = i + 1;
    if (unit < 128) continue;
    const point = text.codePointAt(i) ?? unit;
    if (point > 0xffff) end = ++i + 1;
    const value = digitValue(point);
    if (value >= 0) digits += String(value);
  }
  return end === 0 ? text : digits + text.slice(end);
}

/** Value of a decimal digit outside ASCII, else -1. Binary search for the last zero at or below the code point. */
function digitValue(point: number): number {
  let low = 0;
  let high = DIGIT_ZEROS.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((DIGIT_ZEROS[middle] ?? 0) <= point) low = middle + 1;
    else high = middle;
  }
  const value = point - (DIGIT_ZEROS[low - 1] ?? -Infinity);
  return value <= 9 ? value : -1;
}
