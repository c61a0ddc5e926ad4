import type { Problem } from '../issues.js';
import { parseEpoch } from './epoch.js';
import { NEGATIVE_NUMBER, UNKNOWN_FORMAT } from './time-problems.js';
import { inZone, parseAnyTimestamp, startOfDayInZone } from './timestamp-any.js';
import { parseCommonTimestamp } from './timestamp.js';
import type { NormalizeContext } from './types.js';

export { isTimeZone } from './timestamp-any.js';

const DOT = 46;
const SHORTEST = '2024060T00Z'.length;
const LONGEST = '2024-02-29 00:00:00.000000000 UTC'.length;
const LOCAL_DAY = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;
const LOCAL_TIME = /^[0-9]{4}-[0-9]{2}-[0-9]{2}[ Tt][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?$/;
const BEGINS_LIKE_TIMESTAMP = /^[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}/;

/**
 * A point in time as epoch milliseconds (an integer, cut): Unix time of 10 to 19 digits, seconds with a fraction, ISO
 * 8601, or timestamp text as query engines print it. A text without a zone is in `timeZone` (IANA name; default UTC).
 * `invalid_event_time` names the reason.
 */
export function parseEventTime(text: string, timeZone?: string): number | Problem {
  const value = text.trim();
  const first = value.charCodeAt(0);
  if (first < 48 || first > 57) return /^-[0-9]/.test(value) ? NEGATIVE_NUMBER : UNKNOWN_FORMAT;
  const common = parseCommonTimestamp(value);
  if (typeof common === 'number' && timeZone !== undefined) return fromLocal(common, value, timeZone);
  return common ?? parseEpoch(value) ?? parseAnyTimestamp(value, timeZone);
}

/** A time that was read as UTC, moved to the zone unless its text names one. */
function fromLocal(utcMs: number, text: string, timeZone: string): number | Problem {
  if (LOCAL_DAY.test(text)) return startOfDayInZone(utcMs, timeZone);
  return LOCAL_TIME.test(text) ? inZone(utcMs, timeZone) : utcMs;
}

/** `parseEventTime` as the normalizer of `event_time`. */
export function eventTime(text: string, context: Pick<NormalizeContext, 'timeZone'>): number | Problem {
  return parseEventTime(text, context.timeZone);
}

/**
 * Epoch milliseconds of a custom cell that is a date-time: ISO 8601 with `T` and a final `Z`, or a printed timestamp
 * column (`YYYY-MM-DD hh:mm:ss` with a fraction, a final ` UTC`, or both; without it in `timeZone`, default UTC).
 * `undefined`: plain text, such as any text with blanks around it, and a day that does not exist.
 */
export function parseCustomDatetime(text: string, timeZone?: string): number | undefined {
  const { length } = text;
  if (length < SHORTEST || length > LONGEST) return undefined;
  const first = text.charCodeAt(0);
  if (first < 48 || first > 57) return undefined;
  const ms = text.charAt(10) === ' ' ? printedTimestamp(text, timeZone) : zuluTime(text);
  return typeof ms === 'number' ? ms : undefined;
}

/** Whether a custom cell is a point in time in a shape that `parseCustomDatetime` leaves as text. */
export function looksLikeTimestamp(text: string): boolean {
  return BEGINS_LIKE_TIMESTAMP.test(text) && typeof parseEventTime(text) === 'number';
}

function zuluTime(text: string): number | Problem | undefined {
  if (!text.endsWith('Z') || !text.includes('T')) return undefined;
  return parseCommonTimestamp(text) ?? parseAnyTimestamp(text);
}

/** Only with a fraction and no zone, or with a final ` UTC`. */
function printedTimestamp(text: string, timeZone: string | undefined): number | Problem | undefined {
  if (text.endsWith(' UTC')) return parseCommonTimestamp(text);
  if (text.charCodeAt(19) !== DOT) return undefined;
  for (let i = 20; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 48 || unit > 57) return undefined;
  }
  const ms = parseCommonTimestamp(text);
  return typeof ms === 'number' && timeZone !== undefined ? inZone(ms, timeZone) : ms;
}
