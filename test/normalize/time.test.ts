import { describe, expect, it } from 'vitest';
import { eventTime, parseCustomDatetime, parseEventTime } from '../../src/normalize/time.js';

const NOON = Date.parse('2024-02-29T12:00:00.000Z');
const MILLI = Date.parse('2024-02-29T12:00:00.123Z');

function refused(reason: string): unknown {
  return { code: 'invalid_event_time', args: { reason } };
}

describe('parseEventTime: Unix time', () => {
  it.each([
    ['1705508777', 1705508777000],
    [' 1705508777 ', 1705508777000],
    ['17055087770', 17055087770000],
    ['170550877700', 170550877700],
    ['1705508777123', 1705508777123],
    ['17055087771234', 17055087771234],
    ['170550877712345', 170550877712],
    ['1705508777123999', 1705508777123],
    ['17055087771239999', 17055087771239],
    ['170550877712399999', 170550877712],
    ['1705508777123999999', 1705508777123],
    ['9999999999999999999', 9999999999999],
    ['0001705508777', 1705508777000],
    ['1.7e9', 1700000000000],
    ['1.7E+9', 1700000000000],
    ['1.705508777123E12', 1705508777123],
    ['1700000000.0', 1700000000000],
    ['1700000000.000', 1700000000000],
    ['17000000000e-1', 1700000000000],
    ['1705508777123.0', 1705508777123],
    ['1.705508777123999999e18', 1705508777123],
    ['0.0017e12', 1700000000000],
  ])('%s', (text, ms) => {
    expect(parseEventTime(text)).toBe(ms);
  });

  it.each([
    ['0', 'fewer than 10 digits'],
    ['170550877', 'fewer than 10 digits'],
    ['20240229', 'fewer than 10 digits'],
    ['0000000001', 'fewer than 10 digits'],
    ['1.7e8', 'fewer than 10 digits'],
    ['0e99', 'fewer than 10 digits'],
    ['17055087771239999990', 'more than 19 digits'],
    ['1e19', 'more than 19 digits'],
    ['1e999999999999', 'more than 19 digits'],
    ['1.5', 'not a whole number'],
    ['1700000000123.5', 'not a whole number'],
    ['1e-999999999999', 'not a whole number'],
    ['1.70000000001e9', 'not a whole number'],
    ['-1705508777', 'a negative number'],
    ['+1705508777', 'not a known format'],
    ['1700000000.', 'not a known format'],
    ['1,705,508,777', 'not a known format'],
    ['0x65A7A6A9', 'not a known format'],
    ['١٧٠٥٥٠٨٧٧٧', 'not a known format'],
    ['1705508777s', 'not a known format'],
    ['NaN', 'not a known format'],
  ])('%s is refused: %s', (text, reason) => {
    expect(parseEventTime(text)).toEqual(refused(reason));
  });
});

describe('parseEventTime: text', () => {
  it.each([
    ['2024-02-29T12:00:00Z', NOON],
    ['2024-02-29T12:00:00.123Z', MILLI],
    ['2024-02-29T12:00:00.123999999Z', MILLI],
    ['2024-02-29T12:00:00,123Z', MILLI],
    ['2024-02-29T12:00:00.1Z', NOON + 100],
    ['2024-02-29T12:00:00.02Z', NOON + 20],
    ['2024-02-29T12:00Z', NOON],
    ['2024-02-29T12Z', NOON],
    ['2024-02-29t12:00:00z', NOON],
    ['2024-02-29T12:00:00', NOON],
    ['2024-02-29T12:00', NOON],
    ['2024-02-29T14:00:00+02:00', NOON],
    ['2024-02-29T14:00:00+0200', NOON],
    ['2024-02-29T14:00+02', NOON],
    ['2024-02-28T22:30:00-13:30', NOON],
    ['2024-02-29T12:00:00-00:00', NOON],
    ['20240229T120000Z', NOON],
    ['20240229T120000.123+0000', MILLI],
    ['2024-W09-4T12:00:00Z', NOON],
    ['2024W094T120000Z', NOON],
    ['2024-060T12:00:00Z', NOON],
    ['2024060T12Z', NOON],
    [' 2024-02-29 12:00:00 ', NOON],
    ['2024-02-29 12:00:00.123', MILLI],
    ['2024-02-29 12:00:00.123456789', MILLI],
    ['2024-02-29 12:00:00 UTC', NOON],
    ['2024-02-29 12:00:00.123 UTC', MILLI],
    ['2024-02-29 12:00:00 utc', NOON],
    ['2024-02-29 12:00:00Z', NOON],
    ['2024-02-29 14:00:00+02', NOON],
    ['2024-02-29 14:00:00.123+02:00', MILLI],
    ['2024-02-29 14:00:00 +0200', NOON],
    ['2024-02-29 07:00:00.123 America/New_York', MILLI],
    ['2024-02-29 17:45:00 Asia/Kathmandu', NOON],
    ['2024-02-29 17:30:00 asia/kolkata', NOON],
    ['2024-02-29 12:00:00 GMT', NOON],
    ['2024-02-29 14:00:00 Etc/GMT-2', NOON],
    ['2024-02-29', Date.parse('2024-02-29T00:00:00Z')],
    ['2024-W09-4', Date.parse('2024-02-29T00:00:00Z')],
    ['2024-060', Date.parse('2024-02-29T00:00:00Z')],
    ['1969-12-31T23:59:59.999Z', -1],
    ['0000-01-01', -62167219200000],
    ['0099-03-01', Date.parse('0099-03-01T00:00:00Z')],
    ['9999-12-31T23:59:59.999Z', 253402300799999],
    ['2000-02-29', Date.parse('2000-02-29T00:00:00Z')],
  ])('%s', (text, ms) => {
    expect(parseEventTime(text)).toBe(ms);
    expect(eventTime(text, {})).toBe(ms);
  });

  it.each([
    ['2024-02-30', 'no such day'],
    ['2023-02-29T00:00:00Z', 'no such day'],
    ['1900-02-29 00:00:00', 'no such day'],
    ['2024-13-01T00:00:00Z', 'no such day'],
    ['0000-00-00 00:00:00', 'no such day'],
    ['2024-04-31 00:00:00 America/New_York', 'no such day'],
    ['2024-W53-1', 'no such day'],
    ['2023-366', 'no such day'],
    ['20240230T000000Z', 'no such day'],
    ['2024-02-29T24:00:00Z', 'no such time of day'],
    ['2024-02-29T12:60:00Z', 'no such time of day'],
    ['2024-02-29T12:00:60Z', 'no such time of day'],
    ['2024-02-29T12:00:00+24:00', 'no such time of day'],
    ['20240229T120000+0060', 'no such time of day'],
    ['2024-02-29 12:00:00 America/Springfield', 'unknown time zone'],
    ['2024-02-29 12:00:00 PST', 'unknown time zone'],
    ['2024-02-29 12:00:00 IST', 'unknown time zone'],
    ['2024-03-10 02:30:00 America/New_York', 'the clocks of its time zone skip it'],
    ['2011-12-30 12:00:00 Pacific/Apia', 'the clocks of its time zone skip it'],
    ['2024-02', 'not a known format'],
    ['2024-W09', 'not a known format'],
    ['2024-02-29T', 'not a known format'],
    ['2024-02-29T12:00:00.Z', 'not a known format'],
    ['2024-02-29T12:00:00.1234567890Z', 'not a known format'],
    ['2024-02-29T12:00:00 UTC', 'not a known format'],
    ['2024-02-29T12:00:00+02:00[Europe/Paris]', 'not a known format'],
    ['2024-02-29 12:00', 'not a known format'],
    ['2024-02-29 12', 'not a known format'],
    ['2024-02-29  12:00:00', 'not a known format'],
    ['2024-2-9', 'not a known format'],
    ['2024/02/29', 'not a known format'],
    ['02/29/2024', 'not a known format'],
    ['29 Feb 2024 12:00:00', 'not a known format'],
    ['Thu, 29 Feb 2024 12:00:00 GMT', 'not a known format'],
    ['12:00:00', 'not a known format'],
    ['T12:00:00Z', 'not a known format'],
    ['+002024-02-29T12:00:00Z', 'not a known format'],
    ['2024-02-29T12:00:00−02:00', 'not a known format'],
    ['now', 'not a known format'],
    ['', 'not a known format'],
    [`2024-02-29 12:00:00 ${'a'.repeat(100_000)}`, 'not a known format'],
  ])('%.60s is refused: %s', (text, reason) => {
    expect(parseEventTime(text)).toEqual(refused(reason));
  });

  it('takes the first of two instants in the hour that comes twice', () => {
    expect(parseEventTime('2024-11-03 01:30:00 America/New_York')).toBe(Date.parse('2024-11-03T05:30:00Z'));
    expect(parseEventTime('2024-10-27 02:30:00 Europe/Berlin')).toBe(Date.parse('2024-10-27T00:30:00Z'));
    expect(parseEventTime('2024-04-07 02:30:00 Australia/Sydney')).toBe(Date.parse('2024-04-06T15:30:00Z'));
  });

  it('knows the clocks right beside a change', () => {
    expect(parseEventTime('2024-03-10 01:59:59.999 America/New_York')).toBe(
      Date.parse('2024-03-10T06:59:59.999Z'),
    );
    expect(parseEventTime('2024-03-10 03:00:00 America/New_York')).toBe(Date.parse('2024-03-10T07:00:00Z'));
    expect(parseEventTime('2024-11-03 02:00:00 America/New_York')).toBe(Date.parse('2024-11-03T07:00:00Z'));
    expect(parseEventTime('2024-07-01 12:00:00 America/New_York')).toBe(Date.parse('2024-07-01T16:00:00Z'));
  });

  it('counts every day of four centuries', () => {
    let wrong = 0;
    for (let day = -60_000; day < 86_097; day++) {
      const ms = day * 86_400_000;
      if (parseEventTime(new Date(ms).toISOString().slice(0, 10)) !== ms) wrong++;
    }
    expect(wrong).toBe(0);
  });
});

describe('parseCustomDatetime', () => {
  it.each([
    ['2024-08-28T00:00:00Z', 1724803200000],
    ['2024-05-28T15:30:00.123Z', 1716910200123],
    ['2024-02-28T15:30:00Z', 1709134200000],
    ['2024-08-28T15:30Z', 1724859000000],
    ['20240828T153000Z', 1724859000000],
    ['2024-W35-3T15:30:00Z', 1724859000000],
    ['2024241T15Z', 1724857200000],
    ['2024-08-28 15:30:00.000', 1724859000000],
    ['2024-08-28 15:30:00.1', 1724859000100],
    ['2024-08-28 15:30:00.123456789', 1724859000123],
    ['2024-08-28 15:30:00 UTC', 1724859000000],
    ['2024-08-28 15:30:00.123456 UTC', 1724859000123],
    ['1970-01-01T00:00:00Z', 0],
  ])('%s is %d', (text, ms) => {
    expect(parseCustomDatetime(text)).toBe(ms);
  });

  it.each([
    '2024-08-28',
    '2024-08-28 15:30:00',
    '2024-08-28T15:30:00',
    '2024-08-28T15:30:00+00:00',
    '2024-08-28T15:30:00z',
    '2024-08-28t15:30:00Z',
    '2024-08-28 15:30:00Z',
    '2024-08-28 15:30:00.123Z',
    '2024-08-28 15:30:00 utc',
    '2024-08-28 15:30:00.123 +00:00',
    '2024-08-28 15:30:00.123+00',
    '2024-08-28 15:30:00.123 America/New_York',
    '2024-08-28 15:30:00.',
    '2024-08-28 15:30:00.1234567890',
    '2024-08-28 15:30 UTC',
    '2024-08-28T15:30:00 UTC',
    '2024-08-28 UTC',
    '2024-02-30T00:00:00Z',
    '2024-02-30 00:00:00.000',
    '2024-02-30 00:00:00 UTC',
    '2024-08-28T25:00:00Z',
    '2024-08-28Z',
    ' 2024-08-28T00:00:00Z',
    '2024-08-28T00:00:00Z ',
    '"2024-08-28T00:00:00Z"',
    'T00:00:00Z',
    '1705508777',
    '1705508777123',
    '12345678901 UTC',
    '2024-08-28 12:00:00 NZ',
    '2024-08-28 12:00:00 AMERICA/LA_PAZ',
    'red, size Z',
    'QUIZ',
    '',
    '2'.repeat(100_000),
  ])('%.60s stays text', (text) => {
    expect(parseCustomDatetime(text)).toBeUndefined();
  });
});

describe('parseEventTime: seconds with a fraction', () => {
  it.each([
    ['1795779005.123456', 1795779005123],
    ['1795779005.1', 1795779005100],
    ['1795779005.0009', 1795779005000],
    ['1795779005.', undefined],
    ['17957790051.25', 17957790051250],
  ])('%s', (text, ms) => {
    const value = parseEventTime(text);
    expect(typeof value === 'number' ? value : undefined).toBe(ms);
  });
});

describe('parseEventTime: a time without a zone is in time_zone', () => {
  const KOLKATA = 'Asia/Kolkata';
  it.each([
    ['2026-11-19 18:04:11', KOLKATA, '2026-11-19T12:34:11.000Z'],
    ['2026-11-19 18:04:11.25', KOLKATA, '2026-11-19T12:34:11.250Z'],
    ['2026-11-19T18:04', KOLKATA, '2026-11-19T12:34:00.000Z'],
    ['2026-11-19', KOLKATA, '2026-11-18T18:30:00.000Z'],
    ['2026-W47-4', KOLKATA, '2026-11-18T18:30:00.000Z'],
    ['20261119T180411', KOLKATA, '2026-11-19T12:34:11.000Z'],
    // A text that names its zone is left alone.
    ['2026-11-19 18:04:11 UTC', KOLKATA, '2026-11-19T18:04:11.000Z'],
    ['2026-11-19 18:04:11 Z', KOLKATA, '2026-11-19T18:04:11.000Z'],
    ['2026-11-19 18:04:11+00', KOLKATA, '2026-11-19T18:04:11.000Z'],
    ['2026-11-19T18:04:11Z', KOLKATA, '2026-11-19T18:04:11.000Z'],
    ['2026-11-19 18:04:11 Europe/Berlin', KOLKATA, '2026-11-19T17:04:11.000Z'],
    ['1795111451', KOLKATA, '2026-11-19T18:04:11.000Z'],
    // Midnight that the clocks skip: the day begins at 01:00.
    ['2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z'],
  ])('%s in %s', (text, zone, iso) => {
    const value = parseEventTime(text, zone);
    expect(typeof value === 'number' ? new Date(value).toISOString() : value).toBe(iso);
  });

  it('reports a time that the clocks of the zone skip', () => {
    expect(parseEventTime('2026-03-29 02:30:00', 'Europe/Berlin')).toMatchObject({
      code: 'invalid_event_time',
    });
  });
});
