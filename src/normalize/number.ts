import { problem } from '../issues.js';
import type { Problem } from '../issues.js';

const INVALID_NUMBER = problem('invalid_number');
const INVALID_INTEGER = problem('invalid_integer');
const NEGATIVE_INTEGER = problem('negative_integer');
const OUT_OF_RANGE = problem('integer_out_of_range');

const DECIMAL = /^[+-]?[0-9]+(?:\.[0-9]+)?$/;
const INTEGER = /^[+-]?[0-9]+(?:\.0+)?$/;
const CANONICAL = /^[1-9][0-9]*$/;
const ZERO = 48;
const NINE = 57;
const DOT = 46;
/** Every number of so many digits is exact in a double, and so is the power of ten it may have to be divided by. */
const MOST_EXACT_DIGITS = 15;
const POWERS_OF_TEN = Array.from({ length: MOST_EXACT_DIGITS + 1 }, (_, exponent) => 10 ** exponent);
const INT64_MAX = '9223372036854775807';
const INT64_MIN_DIGITS = '9223372036854775808';

/** Optional sign, digits, optional fraction of digits; rounded to the nearest double, never -0. */
export function decimal(text: string): number | Problem {
  const plain = plainDecimal(text);
  if (plain >= 0) return plain;
  const value = text.trim();
  if (!DECIMAL.test(value)) return INVALID_NUMBER;
  const number = Number(value);
  if (!Number.isFinite(number)) return INVALID_NUMBER;
  return number === 0 ? 0 : number;
}

/**
 * Digits with at most one dot between them, read ten times as fast as `Number` does; NaN for other text and for more digits.
 * The quotient of two exact integers is the double nearest to the fraction, as IEEE 754 rounds.
 */
function plainDecimal(text: string): number {
  const { length } = text;
  if (length > MOST_EXACT_DIGITS) return NaN;
  let digits = 0;
  let point = -1;
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= ZERO && unit <= NINE) digits = digits * 10 + unit - ZERO;
    else if (unit === DOT && point < 0 && i > 0) point = i;
    else return NaN;
  }
  if (point < 0) return length > 0 ? digits : NaN;
  return point === length - 1 ? NaN : digits / (POWERS_OF_TEN[length - 1 - point] ?? NaN);
}

/** Canonical text of an integer: no plus sign, no leading zeros, no fraction (which may only hold zeros), no -0. */
function canonicalInteger(text: string): string | undefined {
  if (CANONICAL.test(text)) return text;
  const value = text.trim();
  if (!INTEGER.test(value)) return undefined;
  const negative = value.startsWith('-');
  const point = value.indexOf('.');
  const end = point === -1 ? value.length : point;
  let start = negative || value.startsWith('+') ? 1 : 0;
  while (start < end - 1 && value.charCodeAt(start) === ZERO) start++;
  const digits = value.slice(start, end);
  return negative && digits !== '0' ? `-${digits}` : digits;
}

/** A whole number within ±(2^53 - 1); a fraction of only zeros is accepted. */
export function integer(text: string): number | Problem {
  const canonical = canonicalInteger(text);
  if (canonical === undefined) return INVALID_INTEGER;
  const number = Number(canonical);
  return Number.isSafeInteger(number) ? number : OUT_OF_RANGE;
}

/** A whole number from 0 to 2^53 - 1; a fraction of only zeros is accepted. */
export function count(text: string): number | Problem {
  const canonical = canonicalInteger(text);
  if (canonical === undefined) return INVALID_INTEGER;
  if (canonical.startsWith('-')) return NEGATIVE_INTEGER;
  const number = Number(canonical);
  return Number.isSafeInteger(number) ? number : OUT_OF_RANGE;
}

/** A whole number within ±(2^53 - 1) as its canonical decimal text. */
export function integerText(text: string): string | Problem {
  const canonical = canonicalInteger(text);
  if (canonical === undefined) return INVALID_INTEGER;
  return Number.isSafeInteger(Number(canonical)) ? canonical : OUT_OF_RANGE;
}

/** A signed 64-bit integer as its canonical decimal text. */
export function int64Text(text: string): string | Problem {
  const canonical = canonicalInteger(text);
  if (canonical === undefined) return INVALID_INTEGER;
  const negative = canonical.startsWith('-');
  const digits = negative ? canonical.slice(1) : canonical;
  const limit = negative ? INT64_MIN_DIGITS : INT64_MAX;
  if (digits.length < limit.length) return canonical;
  // Digit texts of equal length compare like their numbers.
  return digits.length === limit.length && digits <= limit ? canonical : OUT_OF_RANGE;
}
