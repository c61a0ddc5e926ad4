import { problem } from '../issues.js';
import type { Problem } from '../issues.js';

const INVALID_NUMBER = problem('invalid_number');
const INVALID_INTEGER = problem('invalid_integer');
const NEGATIVE_INTEGER = problem('negative_integer');
const OUT_OF_RANGE = problem('integer_out_of_range');

const DECIMAL = /^[+-]?[0-9]+(?:\.[0-9]+)?$/;
const INTEGER = /^[+-]?[0-9]+(?:\.0+)?$/;
const ZERO = 48;
const INT64_MAX = '9223372036854775807';
const INT64_MIN_DIGITS = '9223372036854775808';

/** Optional sign, digits, optional fraction of digits; rounded to the nearest double, never -0. */
export function decimal(text: string): number | Problem {
  const value = text.trim();
  if (!DECIMAL.test(value)) return INVALID_NUMBER;
  const number = Number(value);
  if (!Number.isFinite(number)) return INVALID_NUMBER;
  return number === 0 ? 0 : number;
}

/** Canonical text of an integer: no plus sign, no leading zeros, no fraction (which may only hold zeros), no -0. */
function canonicalInteger(text: string): string | undefined {
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
