import { isIP } from 'node:net';

import type { Json } from './json.js';
import { isArray } from './json.js';

/** A string with something other than blanks in it. */
export function isText(value: Json | undefined): value is string {
  if (typeof value !== 'string') return false;
  for (let index = 0; index < value.length; index++) if (!isBlankAt(value, index)) return true;
  return false;
}

/** A string that is not empty and neither starts nor ends with a blank. */
export function isTrimmed(value: Json | undefined): value is string {
  return (
    typeof value === 'string' && value !== '' && !isBlankAt(value, 0) && !isBlankAt(value, value.length - 1)
  );
}

function isBlankAt(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return code === 0x20 || (code >= 0x09 && code <= 0x0d) || code === 0xa0;
}

/** Exactly 64 characters of `0-9a-f`. */
export function isHash(value: Json | undefined): value is string {
  return typeof value === 'string' && value.length === 64 && isLowerHex(value, 0, 64);
}

function isLowerHex(text: string, from: number, to: number): boolean {
  for (let index = from; index < to; index++) {
    const code = text.charCodeAt(index);
    const digit = code >= 0x30 && code <= 0x39;
    const letter = code >= 0x61 && code <= 0x66;
    if (!digit && !letter) return false;
  }
  return true;
}

/** The 8-4-4-4-12 shape in either case, whatever the version digit. */
export function isUuidShape(value: Json | undefined): boolean {
  return typeof value === 'string' && /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value);
}

/** An IPv4 or IPv6 address without zone, port or brackets. */
export function isAddress(value: Json | undefined): boolean {
  return typeof value === 'string' && isIP(value) !== 0 && !value.includes('%');
}

/** An absolute http or https URL. */
export function isWebUrl(value: Json | undefined): boolean {
  return isTrimmed(value) && /^https?:\/\//i.test(value) && URL.canParse(value);
}

/** A finite JSON number, or one written as text the way the API's samples do. */
export function isNumeric(value: Json | undefined): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  return typeof value === 'string' && /^[+-]?(?:\d+(?:\.\d+)?|\.\d+)$/.test(value);
}

/** A safe integer, as a JSON number or as text. */
export function isInteger(value: Json | undefined): boolean {
  if (typeof value === 'number') return Number.isSafeInteger(value);
  return typeof value === 'string' && /^-?\d+$/.test(value) && Number.isSafeInteger(Number(value));
}

/** An integer that is not negative. */
export function isCount(value: Json | undefined): boolean {
  return isInteger(value) && Number(value) >= 0;
}

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

/** Text of a signed 64-bit integer. */
export function isInt64Text(text: string): boolean {
  if (!/^-?\d{1,19}$/.test(text)) return false;
  // Up to 18 digits always fit; BigInt is only needed for the nineteenth.
  if (text.length <= 18) return true;
  const value = BigInt(text);
  return value >= INT64_MIN && value <= INT64_MAX;
}

/** A day that exists, as YYYY-MM-DD. */
export function isDay(value: Json | undefined): boolean {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(value)) return false;
  const time = Date.parse(`${value}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
}

/** A non-empty array of texts. */
export function isTextArray(value: Json | undefined): boolean {
  return isArray(value) && value.length > 0 && value.every(isText);
}

/** A text, or a non-empty array of texts. */
export function isTextOrArray(value: Json | undefined): boolean {
  return isText(value) || isTextArray(value);
}

/** Exactly three capital letters A to Z: a currency or an airport. */
export function isThreeCapitals(value: Json | undefined): boolean {
  return typeof value === 'string' && /^[A-Z]{3}$/.test(value);
}
