import type { IANAZone } from 'luxon';

import { DAY_MS, MINUTE_MS } from '../time-units.js';

const MOST_DAYS = 10_000;

type Zone = Pick<IANAZone, 'name' | 'offset'>;

/** The offset from UTC, in milliseconds, of a zone's clocks at an instant; by luxon, at some microseconds a call. */
export function zoneOffset(zone: Zone, instant: number): number {
  // Local mean time of the 19th century has seconds, which luxon gives as a fraction of a minute.
  return Math.round(zone.offset(instant) * MINUTE_MS);
}

/**
 * `zoneOffset`, remembering the offsets at the beginnings of days (UTC; a bounded number of them). Where they are the
 * same at both ends of a day they are the same within: since 1970 no zone has changed its clocks twice in six days.
 */
export function rememberZoneOffsets(): typeof zoneOffset {
  const midnights = new Map<string, Map<number, number>>();
  let size = 0;

  function atMidnight(zone: Zone, day: number): number {
    const days = midnights.get(zone.name);
    const known = days?.get(day);
    if (known !== undefined) return known;
    const offset = zoneOffset(zone, day * DAY_MS);
    if (++size > MOST_DAYS) {
      midnights.clear();
      size = 1;
    }
    const kept = midnights.get(zone.name) ?? new Map<number, number>();
    midnights.set(zone.name, kept.set(day, offset));
    return offset;
  }

  return function rememberedOffset(zone, instant) {
    if (instant < 0) return zoneOffset(zone, instant);
    const day = Math.floor(instant / DAY_MS);
    const offset = atMidnight(zone, day);
    return offset === atMidnight(zone, day + 1) ? offset : zoneOffset(zone, instant);
  };
}
