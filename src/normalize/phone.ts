import { problem } from '../issues.js';
import type { Problem } from '../issues.js';
import { callingCode, completeNumber } from './phone-countries.js';
import { DIGIT_ZEROS } from './tables/digits.js';
import type { NormalizeContext } from './types.js';

const INVALID_PHONE = problem('invalid_phone');
const LOST_DIGITS = problem('phone_lost_digits');
const WITHOUT_COUNTRY_CODE = problem('phone_without_country_code');
const SUSPICIOUS_PHONE = problem('suspicious_phone');
const PLUS = 43;
const FEWEST_DIGITS = 8;
const MOST_DIGITS = 15;
const KEPT_ZERO = /[(（]\s*[0０]\s*[)）]/;
const NUMBER = /^\s*(\+?[0-9]+)(?:[.,]([0-9]+))?(?:[eE]\+?([0-9]{1,2}))?\s*$/;
// `+` of any width before the first digit, whatever brackets stand around it.
const PLUS_FIRST = /^[^0-9]*[+＋]/;

/**
 * ASCII digits only, without leading zeros; digits of other scripts become ASCII. A number as spreadsheets and data
 * frames write it (`442079460958.0`, `4.42079460958E11`) is its exact integer. With `phoneCountry`, a number without
 * a country code gets that of the row, else that of `phoneCountry`; otherwise none is guessed.
 * `invalid_phone`: no digits; `phone_lost_digits`: a number that is not a whole one or has lost digits.
 */
export function phone(text: string, context: NormalizeContext): string | Problem {
  const number = wholeNumber(text);
  if (typeof number === 'object') return number;
  const written = asciiDigits(number);
  const digits = withoutZeros(written);
  if (digits === '') return INVALID_PHONE;
  if (context.phoneCountry === undefined || isInternational(number, written)) return digits;
  return completeNumber(written, context.rowCountry ?? context.phoneCountry) ?? digits;
}

/**
 * `phone_without_country_code` for a number without `+` or `00` that begins with 0, or not with the calling code of
 * its row's country; `suspicious_phone` for fewer than 8 or more than 15 digits, or a `(0)` kept after the country code.
 */
export function checkPhone(
  value: string | number,
  text: string,
  context: NormalizeContext,
): Problem | undefined {
  const digits = String(value);
  if (lacksCountryCode(digits, text, context)) return WITHOUT_COUNTRY_CODE;
  if (digits.length < FEWEST_DIGITS || digits.length > MOST_DIGITS) return SUSPICIOUS_PHONE;
  const zero = KEPT_ZERO.exec(text);
  if (zero === null || wasCompleted(digits, writtenDigits(text), context)) return undefined;
  return withoutZeros(asciiDigits(text.slice(0, zero.index))) === '' ? undefined : SUSPICIOUS_PHONE;
}

function lacksCountryCode(digits: string, text: string, context: NormalizeContext): boolean {
  // Most numbers begin with `+`: one look at the first character decides.
  if (text.charCodeAt(0) === PLUS) return false;
  const written = writtenDigits(text);
  if (isInternational(text, written) || wasCompleted(digits, written, context)) return false;
  if (written.startsWith('0')) return true;
  const code = context.rowCountry === undefined ? undefined : callingCode(context.rowCountry);
  return code !== undefined && !digits.startsWith(code);
}

/** Whether the country code was added to the digits that are written. */
function wasCompleted(digits: string, written: string, { phoneCountry }: NormalizeContext): boolean {
  return phoneCountry !== undefined && digits !== withoutZeros(written);
}

function writtenDigits(text: string): string {
  const number = wholeNumber(text);
  return typeof number === 'string' ? asciiDigits(number) : '';
}

/** Whether a number, whose digits are `written`, begins with `+` or `00`. */
function isInternational(text: string, written: string): boolean {
  return PLUS_FIRST.test(text) || written.startsWith('00');
}

/** The text without a fraction of zeros or an exponent, when it is a number; other text as it is. */
function wholeNumber(text: string): string | Problem {
  const match = NUMBER.exec(text);
  if (match === null) return text;
  const [, whole = '', fraction = '', exponent] = match;
  const scale = Number(exponent ?? 0);
  // With fewer digits than its exponent says, the last ones of the number are not there.
  if (fraction.length >= scale && /^0*$/.test(fraction.slice(scale))) return whole + fraction.slice(0, scale);
  // A short whole part is an area code with a dot behind it (`212.5550187`), not a number that was measured.
  return exponent === undefined && whole.length < FEWEST_DIGITS ? text : LOST_DIGITS;
}

function withoutZeros(digits: string): string {
  let start = 0;
  while (start < digits.length && digits.charCodeAt(start) === 48) start++;
  return start === 0 ? digits : digits.slice(start);
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
