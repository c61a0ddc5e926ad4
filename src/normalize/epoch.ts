import type { Problem } from '../issues.js';
import { digitsAt } from './calendar.js';
import { NOT_WHOLE, TOO_FEW_DIGITS, TOO_MANY_DIGITS } from './time-problems.js';

const PLAIN_DIGITS = /^[1-9][0-9]*$/;
const NUMBER = /^([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?$/;
const SECONDS = /^[1-9][0-9]{9,10}$/;
const FEWEST_DIGITS = 10;
const MOST_DIGITS = 19;

/**
 * Unix time without a sign to epoch milliseconds, cut. The unit follows from the number of digits: 10–11 seconds,
 * 12–14 milliseconds, 15–17 microseconds, 18–19 nanoseconds. Seconds may have a fraction (`extract(epoch …)` prints
 * one); any other fraction and an exponent must denote a whole number. `undefined`: not a number at all.
 */
export function parseEpoch(text: string): number | Problem | undefined {
  if (PLAIN_DIGITS.test(text)) return epochMs(text);
  const match = NUMBER.exec(text);
  if (match === null) return undefined;
  const [, whole = '', fraction = '', exponent] = match;
  if (exponent === undefined && SECONDS.test(whole)) {
    return digitsAt(whole, 0, whole.length) * 1000 + digitsAt(fraction.padEnd(3, '0'), 0, 3);
  }
  const digits = exactDigits(whole + fraction, Number(exponent ?? 0) - fraction.length);
  return typeof digits === 'string' ? epochMs(digits) : digits;
}

/** `digits` times ten to the power of `scale` as text without leading zeros. */
function exactDigits(digits: string, scale: number): string | Problem {
  let start = 0;
  while (start < digits.length && digits.charCodeAt(start) === 48) start++;
  const significant = digits.slice(start);
  if (significant === '') return TOO_FEW_DIGITS;
  if (significant.length + scale > MOST_DIGITS && scale >= 0) return TOO_MANY_DIGITS;
  if (scale >= 0) return significant + '0'.repeat(scale);
  const end = significant.length + scale;
  for (let i = Math.max(end, 0); i < significant.length; i++) {
    if (significant.charCodeAt(i) !== 48) return NOT_WHOLE;
  }
  return significant.slice(0, end);
}

function epochMs(digits: string): number | Problem {
  const { length } = digits;
  if (length < FEWEST_DIGITS) return TOO_FEW_DIGITS;
  if (length <= 11) return digitsAt(digits, 0, length) * 1000;
  if (length <= 14) return digitsAt(digits, 0, length);
  if (length <= 17) return digitsAt(digits, 0, length - 3);
  return length <= MOST_DIGITS ? digitsAt(digits, 0, length - 6) : TOO_MANY_DIGITS;
}
