import { problem } from '../issues.js';
import type { Problem } from '../issues.js';
import { digitsAt, isRealDay } from './calendar.js';

const INVALID_DATE = problem('invalid_date');

/** `YYYYMMDD` or `YYYY-MM-DD`, a day that exists, to `YYYY-MM-DD`. */
export function isoDate(text: string): string | Problem {
  const value = text.trim();
  const iso = value.length === 8 ? `${value.slice(0, 4)}-${value.slice(4, 6)}-${value.slice(6)}` : value;
  if (iso.length !== 10 || iso.charAt(4) !== '-' || iso.charAt(7) !== '-') return INVALID_DATE;
  const year = digitsAt(iso, 0, 4);
  const month = digitsAt(iso, 5, 7);
  const day = digitsAt(iso, 8, 10);
  return year >= 0 && isRealDay(year, month, day) ? iso : INVALID_DATE;
}
