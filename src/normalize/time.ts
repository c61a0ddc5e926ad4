import type { Problem } from '../issues.js';
import { parseEpoch } from './epoch.js';
import { NEGATIVE_NUMBER, UNKNOWN_FORMAT } from './time-problems.js';
import { parseAnyTimestamp } from './timestamp-any.js';
import { parseCommonTimestamp } from './timestamp.js';

export { isTimeZone } from './timestamp-any.js';

const DOT = 46;
const SHORTEST = '2024060T00Z'.length;
const LONGEST = '2024-02-29 00:00:00.000000000 UTC'.length;

/**
 * A point in time as epoch milliseconds (an integer, cut): Unix time of 10 to 19 digits, ISO 8601, or timestamp text as
 * query engines print it; without a zone it is UTC. `invalid_event_time` names the reason.
 */
export function parseEventTime(text: string): number | Problem {
  const value = text.trim();
  const first = value.charCodeAt(0);
  if (first < 48 || first > 57) return /^-[0-9]/.test(value) ? NEGATIVE_NUMBER : UNKNOWN_FORMAT;
  return parseCommonTimestamp(value) ?? parseEpoch(value) ?? parseAnyTimestamp(value);
}

/** `parseEventTime` as the normalizer of `event_time`. */
export function eventTime(text: string): number | Problem {
  return parseEventTime(text);
}

/**
 * Epoch milliseconds of a custom cell that is a date-time: ISO 8601 with `T` and a final `Z`, or a printed timestamp
 * column (`YYYY-MM-DD hh:mm:ss` with a fraction, a final ` UTC`, or both). `undefined`: plain text, such as any text
 * with blanks around it, and a day that does not exist.
 */
export function parseCustomDatetime(text: string): number | undefined {
  const { length } = text;
  if (length < SHORTEST || length > LONGEST) return undefined;
  const first = text.charCodeAt(0);
  if (first < 48 || first > 57) return undefined;
  const ms = text.charAt(10) === ' ' ? printedTimestamp(text) : zuluTime(text);
  return typeof ms === 'number' ? ms : undefined;
}

function zuluTime(text: string): number | Problem | undefined {
  if (!text.endsWith('Z') || !text.includes('T')) return undefined;
  return parseCommonTimestamp(text) ?? parseAnyTimestamp(text);
}

/** Only with a fraction and no zone, or with a final ` UTC`. */
function printedTimestamp(text: string): number | Problem | undefined {
  if (text.endsWith(' UTC')) return parseCommonTimestamp(text);
  if (text.charCodeAt(19) !== DOT) return undefined;
  for (let i = 20; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 48 || unit > 57) return undefined;
  }
  return parseCommonTimestamp(text);
}
