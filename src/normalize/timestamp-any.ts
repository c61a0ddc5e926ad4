import type { Problem } from '../issues.js';
import { DAY_MS, HOUR_MS } from '../time-units.js';
import { luxon } from './luxon.js';
import { NO_SUCH_DAY, NO_SUCH_TIME, SKIPPED_TIME, UNKNOWN_FORMAT, UNKNOWN_ZONE } from './time-problems.js';
import { ZONE_NAMES } from './tables/zones.js';
import { parseCommonTimestamp } from './timestamp.js';
import { rememberZoneOffsets } from './zone-offset.js';

const DATE = String.raw`[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{8}|[0-9]{4}-?W[0-9]{2}-?[0-9]|[0-9]{4}-?[0-9]{3}`;
const OFFSET = String.raw`[+-][0-9]{2}(?::?[0-9]{2})?`;
const ISO = new RegExp(
  String.raw`^(?<date>${DATE})(?:[Tt](?<hour>[0-9]{2})(?::?(?<minute>[0-9]{2})(?::?(?<second>[0-9]{2})(?:[.,](?<fraction>[0-9]{1,9}))?)?)?(?<offset>[Zz]|${OFFSET})?)?$`,
);
const PRINTED = new RegExp(
  String.raw`^(?<date>[0-9]{4}-[0-9]{2}-[0-9]{2}) (?<hour>[0-9]{2}):(?<minute>[0-9]{2}):(?<second>[0-9]{2})(?:\.(?<fraction>[0-9]{1,9}))?(?:(?<offset> ?[Zz]| ?${OFFSET})| (?<zone>[A-Za-z][A-Za-z0-9_+/-]*))?$`,
);
const LONGEST = 80;

// A memo of what never changes: three offsets for each row with a zone would cost more than all its other cells.
const offsetMs = rememberZoneOffsets();

const ZONES: ReadonlyMap<string, string> = new Map(ZONE_NAMES.map((name) => [name.toLowerCase(), name]));

/** Whether this is the name of a known IANA time zone, in any case. */
export function isTimeZone(name: string): boolean {
  return ZONES.has(name.toLowerCase());
}

/**
 * Any accepted timestamp text as epoch milliseconds, by luxon: the shapes of `parseCommonTimestamp`, ISO 8601 basic
 * form, week and ordinal dates, and an IANA zone name after a space. A text without a zone is in `timeZone` (IANA name;
 * default UTC). Not accepted: hour 24, second 60, a date that is cut short, a year that has not four digits.
 */
export function parseAnyTimestamp(text: string, timeZone?: string): number | Problem {
  if (text.length > LONGEST) return UNKNOWN_FORMAT;
  const parts = (ISO.exec(text) ?? PRINTED.exec(text))?.groups;
  if (parts === undefined) return UNKNOWN_FORMAT;
  if (parts['zone'] !== undefined) return parseInZone(text, parts['zone']);
  const { date = '', hour = '00', minute = '00', second = '00', fraction = '', offset = 'Z' } = parts;
  const isLocal = parts['offset'] === undefined && timeZone !== undefined;
  const { DateTime } = luxon();
  const day = DateTime.fromISO(date, { zone: 'utc' });
  if (!day.isValid) return NO_SUCH_DAY;
  if (hour > '23' || minute > '59' || second > '59' || !isOffset(offset)) return NO_SUCH_TIME;
  const milli = fraction.slice(0, 3).padEnd(3, '0');
  const time = `${hour}:${minute}:${second}.${milli}${offset.trim()}`;
  const ms = DateTime.fromISO(`${day.toISODate()}T${time}`, { zone: 'utc' }).toMillis();
  if (!isLocal) return ms;
  return parts['hour'] === undefined ? startOfDayInZone(ms, timeZone) : inZone(ms, timeZone);
}

/** The first instant of a day in a zone: some zones skip midnight when their clocks change. */
export function startOfDayInZone(localMs: number, zoneName: string): number | Problem {
  const midnight = inZone(localMs, zoneName);
  if (midnight !== SKIPPED_TIME) return midnight;
  return inZone(localMs + HOUR_MS, zoneName);
}

/** Text that ends in a space and the zone name; what stands before is of a common shape. */
function parseInZone(text: string, zoneName: string): number | Problem {
  const local = parseCommonTimestamp(text.slice(0, -1 - zoneName.length)) ?? UNKNOWN_FORMAT;
  return typeof local === 'number' ? inZone(local, zoneName) : local;
}

function isOffset(offset: string): boolean {
  const digits = offset.replace(/[^0-9]/g, '');
  return digits.slice(0, 2) <= '23' && digits.slice(2) <= '59';
}

/**
 * The instant at which the clocks of a zone show a local time (given as if it were UTC, ms). Of the two instants of an
 * hour that comes twice the earlier one counts; a local time the clocks skip is a problem. Not left to luxon, whose
 * choice for the hour that comes twice depends on the offset of the present moment.
 */
export function inZone(localMs: number, zoneName: string): number | Problem {
  const name = ZONES.get(zoneName.toLowerCase());
  if (name === undefined) return UNKNOWN_ZONE;
  const zone = luxon().IANAZone.create(name);
  if (!zone.isValid) return UNKNOWN_ZONE;
  const before = localMs - offsetMs(zone, localMs - DAY_MS);
  const after = localMs - offsetMs(zone, localMs + DAY_MS);
  for (const instant of before < after ? [before, after] : [after, before]) {
    if (instant + offsetMs(zone, instant) === localMs) return instant;
  }
  return SKIPPED_TIME;
}
