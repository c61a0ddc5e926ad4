import type { Problem } from '../issues.js';
import { DAY_MS } from '../time-units.js';
import { digitsAt, epochDay, isRealDay, twoDigitsAt } from './calendar.js';
import { NO_SUCH_DAY, NO_SUCH_TIME } from './time-problems.js';

const MOST_FRACTION_DIGITS = 9;
const PLUS = 43;
const HYPHEN = 45;
const DOT = 46;
const COLON = 58;
const SPACE = 32;

/**
 * The usual shapes, read character by character, as epoch milliseconds: `YYYY-MM-DD`; with `T` and `hh:mm[:ss[.f]]` and
 * perhaps `Z` or an offset; with a space and `hh:mm:ss[.f]` and perhaps ` UTC`, `Z`, ` Z` or an offset. `undefined`: another
 * shape, for `parseAnyTimestamp`, which accepts and refuses the same texts a hundred times slower.
 */
export function parseCommonTimestamp(text: string): number | Problem | undefined {
  if (text.charCodeAt(4) !== HYPHEN || text.charCodeAt(7) !== HYPHEN) return undefined;
  const century = twoDigitsAt(text, 0);
  const yearOfCentury = twoDigitsAt(text, 2);
  const month = twoDigitsAt(text, 5);
  const day = twoDigitsAt(text, 8);
  if (century < 0 || yearOfCentury < 0 || month < 0 || day < 0) return undefined;
  const timeMs = text.length === 10 ? 0 : timeAndZone(text);
  if (timeMs === undefined) return undefined;
  const year = century * 100 + yearOfCentury;
  if (!isRealDay(year, month, day)) return NO_SUCH_DAY;
  return Number.isNaN(timeMs) ? NO_SUCH_TIME : epochDay(year, month, day) * DAY_MS + timeMs;
}

/** Milliseconds from midnight UTC of the written day; NaN for an hour, minute or second that does not exist. */
function timeAndZone(text: string): number | undefined {
  const separator = text.charCodeAt(10) | 32;
  const isIso = separator === 116;
  if (!isIso && text.charCodeAt(10) !== SPACE) return undefined;
  const hour = twoDigitsAt(text, 11);
  const minute = twoDigitsAt(text, 14);
  if (hour < 0 || minute < 0 || text.charCodeAt(13) !== COLON) return undefined;

  const hasSecond = text.charCodeAt(16) === COLON;
  const second = hasSecond ? twoDigitsAt(text, 17) : 0;
  if (second < 0 || (!hasSecond && !isIso)) return undefined;
  let end = hasSecond ? 19 : 16;
  let milli = 0;
  if (hasSecond && text.charCodeAt(19) === DOT) {
    end = endOfDigits(text, 20);
    if (end === 20 || end > 20 + MOST_FRACTION_DIGITS) return undefined;
    milli = millisecond(text, 20, end);
  }

  const offset = zoneOffset(text, end, isIso);
  if (offset === undefined) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return NaN;
  return (hour * 60 + minute - offset) * 60_000 + second * 1000 + milli;
}

function endOfDigits(text: string, start: number): number {
  let end = start;
  for (; end < text.length; end++) {
    const unit = text.charCodeAt(end);
    if (unit < 48 || unit > 57) break;
  }
  return end;
}

function millisecond(text: string, start: number, end: number): number {
  const cut = Math.min(end, start + 3);
  const value = digitsAt(text, start, cut);
  return cut === start + 3 ? value : cut === start + 2 ? value * 10 : value * 100;
}

/** Minutes east of UTC of what stands from `start` to the end of the text; NaN beyond 23:59. */
function zoneOffset(text: string, start: number, isIso: boolean): number | undefined {
  const left = text.length - start;
  if (left === 0) return 0;
  if (left === 1) return (text.charCodeAt(start) | 32) === 122 ? 0 : undefined;
  if (isIso || text.charCodeAt(start) !== SPACE) return numericOffset(text, start);
  if (left === 2) return (text.charCodeAt(start + 1) | 32) === 122 ? 0 : undefined;
  return left === 4 && text.endsWith(' UTC') ? 0 : numericOffset(text, start + 1);
}

/** `+hh`, `+hhmm`, `+hh:mm` or the same with a minus, in minutes. */
function numericOffset(text: string, start: number): number | undefined {
  const sign = text.charCodeAt(start);
  if (sign !== PLUS && sign !== HYPHEN) return undefined;
  const hours = twoDigitsAt(text, start + 1);
  if (hours < 0) return undefined;
  const left = text.length - start;
  const minutesAt = text.charCodeAt(start + 3) === COLON ? start + 4 : start + 3;
  const minutes = left === 3 ? 0 : twoDigitsAt(text, minutesAt);
  if (minutes < 0 || (left !== 3 && minutesAt + 2 !== text.length)) return undefined;
  if (hours > 23 || minutes > 59) return NaN;
  return sign === PLUS ? hours * 60 + minutes : -(hours * 60 + minutes);
}
