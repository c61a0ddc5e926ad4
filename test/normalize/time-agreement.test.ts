import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import { ZONE_NAMES } from '../../src/normalize/tables/zones.js';
import { parseAnyTimestamp } from '../../src/normalize/timestamp-any.js';
import { parseCommonTimestamp } from '../../src/normalize/timestamp.js';

const RUNS = { numRuns: 2000 };

function padded(max: number, width: number): fc.Arbitrary<string> {
  return fc.nat({ max }).map((value) => String(value).padStart(width, '0'));
}

const date = fc
  .tuple(
    fc.oneof(padded(9999, 4), fc.constantFrom('1900', '2000', '2023', '2024')),
    padded(13, 2),
    padded(32, 2),
  )
  .map((parts) => parts.join('-'));
const time = fc.oneof(
  fc.tuple(padded(24, 2), padded(60, 2), padded(60, 2)).map((parts) => parts.join(':')),
  fc.tuple(padded(24, 2), padded(60, 2)).map((parts) => parts.join(':')),
);
const fraction = fc.oneof(
  fc.constant(''),
  fc.tuple(fc.constantFrom('.', '.', ','), fc.stringMatching(/^[0-9]{0,10}$/)).map((parts) => parts.join('')),
);
const sign = fc.constantFrom('+', '-');
const zone = fc.oneof(
  fc.constantFrom(
    '',
    'Z',
    'z',
    ' Z',
    ' UTC',
    ' utc',
    'UTC',
    ' ',
    '+',
    '+1',
    '+1:00',
    '+010',
    '+01:',
    '+01:0',
    '+01:000',
  ),
  fc
    .tuple(fc.constantFrom('', '', ' '), sign, padded(24, 2), fc.constantFrom('', ':'), padded(60, 2))
    .map((parts) => parts.join('')),
  fc.tuple(fc.constantFrom('', '', ' '), sign, padded(24, 2)).map((parts) => parts.join('')),
);
const timestamp = fc
  .tuple(date, fc.constantFrom('T', 'T', 't', ' ', ' ', '_', ''), time, fraction, zone)
  .map((parts) => parts.join(''));
const damaged = fc
  .tuple(timestamp, fc.nat({ max: 40 }), fc.constantFrom('', ' ', '0', 'T', 'Z', ':', '-', '٣', 'ź'))
  .map(([text, at, piece]) => text.slice(0, at) + piece + text.slice(at + 1));

describe('the two timestamp parsers', () => {
  it.each([
    ['dates', date],
    ['timestamps', timestamp],
    ['damaged timestamps', damaged],
    ['any text', fc.string({ unit: 'binary' })],
  ])('agree on %s', (_name, texts) => {
    fc.assert(
      fc.property(texts, (text) => {
        const common = parseCommonTimestamp(text);
        if (common !== undefined) expect(parseAnyTimestamp(text)).toEqual(common);
      }),
      RUNS,
    );
  });

  it('leave nothing usual to luxon', () => {
    const offset = fc
      .tuple(sign, padded(23, 2), fc.constant(':'), padded(59, 2))
      .map((parts) => parts.join(''));
    const usual = fc.tuple(
      fc.date({ min: new Date(0), max: new Date('2999-12-31'), noInvalidDate: true }),
      fc.constantFrom('T', ' '),
      fc.oneof(fc.constantFrom('', 'Z'), offset),
    );
    fc.assert(
      fc.property(usual, ([instant, separator, suffix]) => {
        const text = instant.toISOString().replace('T', separator).replace('Z', suffix);
        expect(parseCommonTimestamp(text)).toBe(
          Date.parse(text.replace(' ', 'T') + (suffix === '' ? 'Z' : '')),
        );
      }),
      RUNS,
    );
  });

  it('agree on every millisecond of a second', () => {
    for (let milli = 0; milli < 1000; milli++) {
      const text = `2024-02-29T12:00:00.${String(milli).padStart(3, '0')}999Z`;
      const expected = Date.UTC(2024, 1, 29, 12, 0, 0, milli);
      expect(parseCommonTimestamp(text)).toBe(expected);
      expect(parseAnyTimestamp(text)).toBe(expected);
    }
  });
});

describe('zone names', () => {
  it('are known to this Node, every one', () => {
    expect(ZONE_NAMES.length).toBeGreaterThan(590);
    for (const name of ZONE_NAMES) {
      expect(parseAnyTimestamp(`2024-07-01 12:00:00 ${name}`), name).toBeTypeOf('number');
    }
  });

  it('give back an instant that luxon printed, or the earlier one of the same local time', () => {
    const instants = fc.integer({ min: Date.UTC(1950, 0), max: Date.UTC(2035, 0) });
    fc.assert(
      fc.property(instants, fc.constantFrom(...ZONE_NAMES), (instant, zone) => {
        const format = 'yyyy-MM-dd HH:mm:ss.SSS';
        const printed = DateTime.fromMillis(instant, { zone }).toFormat(format);
        const parsed = parseAnyTimestamp(`${printed} ${zone}`) as number;
        expect(parsed).toBeLessThanOrEqual(instant);
        expect(instant - parsed).toBeLessThanOrEqual(86_400_000);
        expect(DateTime.fromMillis(parsed, { zone }).toFormat(format)).toBe(printed);
      }),
      { numRuns: 500 },
    );
  });
});
