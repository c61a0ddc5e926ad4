import fc from 'fast-check';
import { IANAZone } from 'luxon';
import { describe, expect, it } from 'vitest';
import { ZONE_NAMES } from '../../src/normalize/tables/zones.js';
import { parseEventTime } from '../../src/normalize/time.js';
import { rememberZoneOffsets, zoneOffset } from '../../src/normalize/zone-offset.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const ZONES = ZONE_NAMES.map((name) => IANAZone.create(name));

/** The first instant after the clocks of a zone changed, if they read differently at the two ends; else the end. */
function changeBetween(zone: IANAZone, from: number, to: number): number {
  const before = zoneOffset(zone, from);
  let low = from;
  let high = to;
  while (high - low > 1 && zoneOffset(zone, to) !== before) {
    const middle = Math.floor((low + high) / 2);
    if (zoneOffset(zone, middle) === before) low = middle;
    else high = middle;
  }
  return high;
}

const instants = fc.integer({ min: Date.UTC(1960, 0), max: Date.UTC(2060, 0) });
const zones = fc.constantFrom(...ZONES);
const nearChanges = fc
  .tuple(
    zones,
    instants.filter((instant) => instant > 0),
    fc.integer({ min: 30, max: 200 }),
    fc.oneof(
      fc.integer({ min: -30, max: 30 }).map((n) => (n * HOUR_MS) / 4),
      fc.integer({ min: -2, max: 2 }),
    ),
  )
  .map(
    ([zone, from, days, shift]) => [zone, changeBetween(zone, from, from + days * DAY_MS) + shift] as const,
  );

/** The earliest instant at which the clocks show a local time, tried out with every offset of the days around. */
function earliest(zone: IANAZone, localMs: number): number | undefined {
  const hours = Array.from({ length: 61 }, (_, index) => localMs + (index - 30) * HOUR_MS);
  const offsets = new Set(hours.map((instant) => zoneOffset(zone, instant)));
  const found = [...offsets].map((offset) => localMs - offset);
  return found
    .filter((instant) => instant + zoneOffset(zone, instant) === localMs)
    .sort((a, b) => a - b)
    .at(0);
}

describe('remembered offsets', () => {
  it.each([
    ['around the changes of clocks', nearChanges],
    ['at any time', fc.tuple(zones, instants)],
  ])('are those of luxon %s', (_name, places) => {
    const remembered = rememberZoneOffsets();
    fc.assert(
      fc.property(places, ([zone, instant]) => {
        // The second reading comes from memory.
        expect(remembered(zone, instant)).toBe(zoneOffset(zone, instant));
        expect(remembered(zone, instant)).toBe(zoneOffset(zone, instant));
      }),
      { numRuns: 300 },
    );
  });

  it.each(['Australia/Lord_Howe', 'Pacific/Apia'])('are those of luxon all through a year of %s', (name) => {
    const zone = IANAZone.create(name);
    const remembered = rememberZoneOffsets();
    for (let instant = Date.UTC(2011, 0); instant < Date.UTC(2012, 0); instant += HOUR_MS / 2) {
      expect(remembered(zone, instant)).toBe(zoneOffset(zone, instant));
    }
  });

  it('are asked for once a day, and forgotten when there are too many', () => {
    let asked = 0;
    const zone = IANAZone.create('Europe/Berlin');
    const counted = {
      name: zone.name,
      offset(instant: number) {
        asked += 1;
        return zone.offset(instant);
      },
    };
    const remembered = rememberZoneOffsets();
    for (let minute = 0; minute < 1440; minute++) remembered(counted, minute * 60_000);
    expect(asked).toBe(2);
    for (let day = 0; day < 10_500; day++) remembered(counted, day * DAY_MS);
    asked = 0;
    for (let day = 0; day < 100; day++) {
      expect(remembered(counted, day * DAY_MS)).toBe(zoneOffset(zone, day * DAY_MS));
    }
    expect(asked).toBe(101);
  });
});

describe('times with a zone name', () => {
  it('are the earliest instant at which the clocks show them', () => {
    fc.assert(
      fc.property(nearChanges, ([zone, instant]) => {
        const localMs = instant + zoneOffset(zone, instant);
        const printed = new Date(localMs).toISOString().replace('T', ' ').replace('Z', ` ${zone.name}`);
        const parsed = parseEventTime(printed);
        expect(typeof parsed === 'number' ? parsed : undefined).toBe(earliest(zone, localMs));
        const skipped = new Date(localMs + HOUR_MS)
          .toISOString()
          .replace('T', ' ')
          .replace('Z', ` ${zone.name}`);
        const next = parseEventTime(skipped);
        expect(typeof next === 'number' ? next : undefined).toBe(earliest(zone, localMs + HOUR_MS));
      }),
      { numRuns: 200 },
    );
  });
});
