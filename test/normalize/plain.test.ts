import { describe, expect, it } from 'vitest';
import { currency } from '../../src/normalize/currency.js';
import { isoDate } from '../../src/normalize/date.js';
import {
  CONTENT_TYPES,
  DATA_PROCESSING_OPTIONS,
  DEVICE_OS,
  EVENT_NAMES,
  eventName,
} from '../../src/normalize/names.js';
import {
  airport,
  appId,
  asIs,
  boolean01,
  contentType,
  dataProcessingOption,
  deviceOs,
  ipAddress,
  lowerCased,
  trimmed,
  url,
  uuid,
} from '../../src/normalize/plain.js';
import { CURRENCY_CODES } from '../../src/normalize/tables/currencies.js';
import type { Normalizer } from '../../src/normalize/types.js';
import type { Problem } from '../../src/issues.js';

type Case = {
  readonly name: string;
  readonly normalize: Normalizer;
  readonly good: readonly (readonly [string, string | number])[];
  readonly bad: readonly string[];
  readonly problem?: Problem;
};

const UUID = '123e4567-e89b-12d3-a456-426614174000';

const CASES: readonly Case[] = [
  { name: 'asIs', normalize: asIs, good: [[' A b ', ' A b ']], bad: [] },
  {
    name: 'trimmed',
    normalize: trimmed,
    good: [[' Chrome/87.0.4180.143\n', 'Chrome/87.0.4180.143']],
    bad: [],
  },
  {
    name: 'lowerCased',
    normalize: lowerCased,
    good: [
      ['123ABC', '123abc'],
      [' CDDA802E-FB9C-47AD-9866-0794D394C912 ', 'cdda802e-fb9c-47ad-9866-0794d394c912'],
    ],
    bad: [],
  },
  {
    name: 'uuid',
    normalize: uuid,
    good: [
      [UUID, UUID],
      [` ${UUID.toUpperCase()} `, UUID.toUpperCase()],
      ['ffffffff-ffff-ffff-ffff-ffffffffffff', 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
    ],
    bad: [`{${UUID}}`, UUID.replaceAll('-', ''), `${UUID}0`, UUID.slice(1), UUID.replace('e', 'g'), 'uuid'],
    problem: { code: 'invalid_uuid' },
  },
  {
    name: 'ipAddress',
    normalize: ipAddress,
    good: [
      ['203.0.113.195', '203.0.113.195'],
      [' 2001:db8::1 ', '2001:db8::1'],
      ['2001:DB8::A', '2001:DB8::A'],
      ['::ffff:192.0.2.1', '192.0.2.1'],
      ['::FFFF:cb00:7107', '203.0.113.7'],
      ['0:0:0:0:0:ffff:203.0.113.7', '203.0.113.7'],
      ['::ffff:0:203.0.113.7', '::ffff:0:203.0.113.7'],
    ],
    bad: [
      '203.0.113',
      '203.0.113.256',
      '203.0.113.01',
      '203.0.113.195:80',
      '[2001:db8::1]',
      'fe80::1%eth0',
      '1.2.3.4, 5.6.7.8',
      '1.2.3.4/24',
      'localhost',
      '2130706433',
    ],
    problem: { code: 'invalid_ip' },
  },
  {
    name: 'url',
    normalize: url,
    good: [
      ['https://example.com/page', 'https://example.com/page'],
      [' HTTP://Example.com ', 'HTTP://Example.com'],
      ['https://bücher.de/ä?q=a b#c', 'https://bücher.de/ä?q=a b#c'],
      ['http://[2001:db8::1]:8080/', 'http://[2001:db8::1]:8080/'],
    ],
    bad: [
      'example.com',
      '/page',
      '//example.com',
      'ftp://example.com',
      'javascript:alert(1)',
      'https:example.com',
      'https:/example.com',
      'https:///example.com',
      'https://',
      'https://?q',
      'https://exa mple.com',
      'https://example.com:99999',
      'https://exam\nple.com',
      'https://user@',
      'https:\\\\example.com',
      'app://product/1',
    ],
    problem: { code: 'invalid_url' },
  },
  {
    name: 'boolean01',
    normalize: boolean01,
    good: [
      ['1', 1],
      ['0', 0],
      ['true', 1],
      ['FALSE', 0],
      [' T ', 1],
      ['f', 0],
      ['Yes', 1],
      ['nO', 0],
    ],
    bad: ['2', '-1', 'y', 'n', 'on', 'off', '1.0', '01', 'null', 'truefalse'],
    problem: { code: 'invalid_boolean' },
  },
  {
    name: 'appId',
    normalize: appId,
    good: [
      ['447188370', '447188370'],
      [' com.snapchat.android ', 'com.snapchat.android'],
      ['com.Example.app_2', 'com.Example.app_2'],
    ],
    bad: [
      'android',
      'com.',
      '.com',
      'com..app',
      'com.2app',
      '_a.b',
      'com.my-app',
      'id447188370',
      '447 188',
      '٤٤٧',
    ],
    problem: { code: 'invalid_app_id' },
  },
  {
    name: 'airport',
    normalize: airport,
    good: [
      ['JFK', 'JFK'],
      [' lax ', 'LAX'],
    ],
    bad: ['JF', 'KJFK', 'J1K', 'ÄBC', 'ſfo', 'New York'],
    problem: { code: 'invalid_airport' },
  },
  {
    name: 'deviceOs',
    normalize: deviceOs,
    good: [
      ['i2', 'i2'],
      [' A2 ', 'a2'],
    ],
    bad: ['ios', 'a1', 'i2a2'],
    problem: { code: 'invalid_choice', args: { allowed: 'i2, a2' } },
  },
  {
    name: 'dataProcessingOption',
    normalize: dataProcessingOption,
    good: [
      ['LMU', 'LMU'],
      [' delete ', 'DELETE'],
    ],
    bad: ['LDU', 'LMU,DELETE', '["LMU"]'],
    problem: { code: 'invalid_choice', args: { allowed: 'LMU, DELETE' } },
  },
  {
    name: 'contentType',
    normalize: contentType,
    good: [
      ['product', 'product'],
      [' Product_Group ', 'product_group'],
    ],
    bad: ['products', 'product group', 'hotel'],
    problem: { code: 'invalid_choice', args: { allowed: 'product, product_group' } },
  },
  {
    name: 'eventName',
    normalize: eventName,
    good: [
      ['PURCHASE', 'PURCHASE'],
      [' purchase ', 'PURCHASE'],
      ['Custom_Event_5', 'CUSTOM_EVENT_5'],
    ],
    bad: ['CUSTOM_EVENT_6', 'CUSTOM_EVENT_0', 'CUSTOM_EVENT', 'PAGE VIEW', 'ſave', 'sıgn_up', 'constructor'],
    problem: { code: 'unknown_event_name' },
  },
  {
    name: 'currency',
    normalize: currency,
    good: [
      ['USD', 'USD'],
      [' eur ', 'EUR'],
      ['sle', 'SLE'],
      ['VED', 'VED'],
      ['ZWG', 'ZWG'],
      ['XCG', 'XCG'],
      ['ANG', 'ANG'],
      ['BGN', 'BGN'],
      ['XOF', 'XOF'],
    ],
    bad: ['US', 'USDT', 'BTC', 'HRK', 'DEM', 'XAU', 'XXX', 'XTS', '$', '840', 'uſd'],
    problem: { code: 'invalid_currency' },
  },
  {
    name: 'isoDate',
    normalize: isoDate,
    good: [
      ['2024-09-13', '2024-09-13'],
      [' 20240913 ', '2024-09-13'],
      ['2024-02-29', '2024-02-29'],
      ['20000229', '2000-02-29'],
    ],
    bad: [
      '2024-02-30',
      '2023-02-29',
      '19000229',
      '20241301',
      '2024-00-10',
      '2024-01-00',
      '2024-9-13',
      '13/09/2024',
      '2024/09/13',
      '202409',
      '2024-09-13T00:00:00Z',
      '2024-0913',
      '2024-09/13',
      '2024/09-13',
      'abcd-09-13',
      '2024-ab-13',
      '2024-09-ab',
      '٢٠٢٤٠٩١٣',
    ],
    problem: { code: 'invalid_date' },
  },
];

describe.each(CASES)('$name', ({ normalize, good, bad, problem }) => {
  it.each(good)('%o → %o', (input, output) => {
    expect(normalize(input, { country: undefined })).toBe(output);
  });

  if (bad.length > 0) {
    it.each(bad)('refuses %o', (input) => {
      expect(normalize(input, { country: undefined })).toEqual(problem);
    });
  }
});

describe('closed lists', () => {
  it('have the documented sizes and no repetition', () => {
    expect(new Set(EVENT_NAMES).size).toBe(31);
    expect(EVENT_NAMES).toHaveLength(31);
    expect(CONTENT_TYPES).toEqual(['product', 'product_group']);
    expect(DATA_PROCESSING_OPTIONS).toEqual(['LMU', 'DELETE']);
    expect(DEVICE_OS).toEqual(['i2', 'a2']);
    expect(new Set(CURRENCY_CODES).size).toBe(CURRENCY_CODES.length);
    expect(CURRENCY_CODES.length).toBeGreaterThan(160);
    for (const code of CURRENCY_CODES) expect(code).toMatch(/^[A-Z]{3}$/);
  });
});
