import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as identity from '../../src/normalize/identity.js';
import { appId, lowerCased, url, uuid } from '../../src/normalize/plain.js';
import { COUNTRY_ALIASES } from '../../src/normalize/tables/country-aliases.js';
import { DIGIT_ZEROS } from '../../src/normalize/tables/digits.js';
import { US_STATE_CODES } from '../../src/normalize/tables/us-states.js';
import { isBlank, isSha256Hex, nfc } from '../../src/normalize/text.js';
import { eventTime } from '../../src/normalize/time.js';

// The rules once more, step by step with the means of the language and without a thought for speed: what is quick
// about the normalizers must never show in a result.
type Rule = (text: string, country: string | undefined) => unknown;

const PUNCTUATION = /[.,!?;:\-—"'()[\]{}/_&*+=@#$%^~|]/gu;
const WHITE_SPACE = /[\s\u0085]/gu;
const LOCAL_PART = /^[\p{L}\p{M}\p{Nd}.!#$%&'*+/=?^_`{|}~-]+$/u;
const LABEL = /^(?!-)[\p{L}\p{M}\p{Nd}-]{1,63}(?<!-)$/u;

function without(text: string, ...classes: readonly RegExp[]): string {
  return classes.reduce((rest, removed) => rest.replace(removed, '').normalize('NFC'), text);
}

function lowered(text: string): string {
  return text.trim().toLowerCase().normalize('NFC');
}

function cityName(text: string): string {
  return without(lowered(text), PUNCTUATION, WHITE_SPACE);
}

function stateName(text: string, country: string | undefined): string {
  const name = cityName(text);
  return country === undefined || country === 'us' ? (US_STATE_CODES.get(name) ?? name) : name;
}

function postalCode(text: string, country: string | undefined): string {
  const code = without(lowered(text).replace(/-/g, ''), WHITE_SPACE);
  const isZipPlusFour = /^[0-9]{5}-[0-9]{4}$/.test(lowered(text));
  const isUs = country === 'us' || (country === undefined && isZipPlusFour);
  return isUs && /^[0-9]{5}/.test(code) ? code.slice(0, 5) : code;
}

function phoneDigits(text: string): string {
  if (/^\s*[1-9][0-9]*[.,]0+\s*$/.test(text)) return /[0-9]+/.exec(text)?.[0] ?? '';
  if (/^\s*[1-9][0-9]{7,}[.,][0-9]+\s*$/.test(text)) return 'phone_lost_digits';
  const digits = Array.from(text, (character) => {
    const point = character.codePointAt(0) ?? 0;
    const zero = DIGIT_ZEROS.find((start) => point >= start && point < start + 10);
    return zero === undefined ? '' : String(point - zero);
  });
  return digits.join('').replace(/^0+/, '') || 'invalid_phone';
}

function isAddress(text: string): unknown {
  const [local = '', domain, ...rest] = text.split('@');
  const isValid = LOCAL_PART.test(local) && domain !== undefined && rest.length === 0;
  return isValid && domain.split('.').every((label) => LABEL.test(label)) ? undefined : 'invalid_email';
}

function isHttpUrl(text: string): string {
  const value = text.trim();
  const hasHost = /^https?:\/\/[^/\\?#]/i.test(value);
  return hasHost && !/[\x00-\x1f\x7f]/.test(value) && URL.canParse(value) ? value : 'invalid_url';
}

function unixTime(text: string): number | string {
  const digits = text.trim().replace(/^0+/, '');
  const scales = [NaN, 1000, 1, 1e-3, 1e-6];
  const scale = scales[[9, 11, 14, 17, 19].findIndex((longest) => digits.length <= longest)] ?? NaN;
  if (Number.isNaN(scale)) return 'invalid_event_time';
  return Number(scale >= 1 ? BigInt(digits) * BigInt(scale) : BigInt(digits) / BigInt(Math.round(1 / scale)));
}

function result(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'code' in value ? value.code : value;
}

const words = fc.constantFrom(
  ...[
    'Mary',
    'New York',
    "O'Brien-Smith",
    'Zoë',
    'ŁUKASZ',
    'Иван',
    'さくら',
    'e\u0301',
    'H\u0331',
    '\u212a',
    'ſ',
    'İ',
  ],
  ...[
    '94105',
    '94105-1234',
    'SW1A 1AA',
    'CA',
    'N.Y.',
    'Washington, D.C.',
    '=\u0338',
    '\u037e',
    '\u1fef',
    '\ud800',
    '😀',
  ],
  ...[
    '+1 (212) 555-0100',
    '0044 (0) 20',
    '٠٠٤٤',
    '𝟗',
    '０',
    '\ud835',
    'ab.c',
    'x'.repeat(31),
    '@',
    '.',
    '-',
    '_',
    '--',
  ],
  ...[
    'http://',
    'https://',
    'HTTP://',
    'a.example',
    'shop-1.example.com',
    'xn--',
    '1.2.3',
    '0x7f.1',
    ':80',
    '[::1]',
  ],
  ...[
    '/a?b#c',
    '\\',
    '#',
    '?',
    '%',
    '%41',
    '1705508777',
    '1705508777123',
    '0',
    '7',
    'f0'.repeat(31),
    'AB',
    '12345678-',
  ],
  ...['123e4567-e89b-12d3-a456-42661417400'],
);
const spaces = fc.constantFrom(...Array.from(' \t\n\u0085\u00a0\u1680\u2000\u2003\u2028\u3000\ufeff\u200b'));
const texts = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'grapheme-ascii' }),
  fc.string({ unit: fc.nat({ max: 255 }).map((unit) => String.fromCharCode(unit)) }),
  fc.array(words, { maxLength: 4 }).map((parts) => parts.join('')),
  fc.array(fc.oneof(words, spaces), { maxLength: 6 }).map((parts) => parts.join('')),
  fc
    .tuple(words, fc.nat({ max: 40 }), fc.string({ unit: 'binary', maxLength: 1 }))
    .map(([text, at, piece]) => text.slice(0, at) + piece + text.slice(at + 1)),
  fc.stringMatching(/^[0-9]{8,21}$/),
);
const hosts = fc
  .array(
    fc.constantFrom(
      'a',
      'b',
      'com',
      '0',
      '1',
      '0x',
      'xn',
      'xn--',
      '.',
      '.',
      '-',
      '/',
      '?',
      ':',
      '@',
      'A',
      ' ',
    ),
    {
      maxLength: 12,
    },
  )
  .map((parts) => `https://${parts.join('')}`);
const addresses = fc
  .array(fc.constantFrom('a', '7', 'é', '.', '-', '+', '_', ' ', 'x'.repeat(30)), { maxLength: 5 })
  .chain((local) =>
    fc
      .array(fc.constantFrom('a', '7', 'é', '.', '-', '_', 'x'.repeat(31)), { maxLength: 6 })
      .map((domain) => `${local.join('')}@${domain.join('')}`),
  );
const countries = fc.constantFrom(undefined, 'us', 'de', 'zz');

describe.each<readonly [string, fc.Arbitrary<string>, Rule, Rule]>([
  ['isBlank', texts, isBlank, (text) => text.trim() === ''],
  ['nfc', texts, nfc, (text) => text.normalize('NFC')],
  ['isSha256Hex', texts, isSha256Hex, (text) => /^[0-9a-f]{64}$/i.test(text)],
  ['lowerCased', texts, lowerCased, lowered],
  ['email', texts, identity.email, lowered],
  ['checkEmail', addresses, identity.checkEmail, isAddress],
  ['phone', texts, (text) => identity.phone(text, { country: undefined }), phoneDigits],
  ['personName', texts, identity.personName, (text) => without(lowered(text), PUNCTUATION).trim()],
  ['city', texts, identity.city, cityName],
  ['state', texts, (text, country) => identity.state(text, { country }), stateName],
  ['postalCode', texts, (text, country) => identity.postalCode(text, { country }), postalCode],
  [
    'uuid',
    texts,
    uuid,
    (text) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.exec(text.trim())?.[0] ?? 'invalid_uuid',
  ],
  [
    'appId',
    fc.string({ unit: fc.constantFrom('a', 'Z', '_', '.', '7', '-', 'ſ'), maxLength: 8 }),
    appId,
    (text) =>
      /^(?:[0-9]+|[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+)$/i.exec(text.trim())?.[0] ?? 'invalid_app_id',
  ],
  ['url', texts, url, isHttpUrl],
  ['url', hosts, url, isHttpUrl],
  ['eventTime', fc.stringMatching(/^[0-9]{5,22}$/), (text) => eventTime(text, {}), unixTime],
])('%s', (_name, inputs, normalize, rule) => {
  it('does what the rule says', () => {
    fc.assert(
      fc.property(inputs, countries, (text, country) => {
        expect(result(normalize(text, country))).toBe(rule(text, country));
      }),
      { numRuns: 1500 },
    );
  });
});

it('takes no stack for long text', () => {
  const parts = 'a.'.repeat(4_000_000);
  for (const normalize of [appId, url, uuid, identity.city, identity.email, identity.postalCode]) {
    expect(() => normalize(`https://${parts}`, { country: 'us' })).not.toThrow();
    expect(() => normalize(parts, { country: 'us' })).not.toThrow();
  }
  expect(appId(`${parts}b`)).toBe(`${parts}b`);
});

describe('country', () => {
  const require = createRequire(import.meta.url);
  const english = require('i18n-iso-countries/langs/en.json') as {
    readonly countries: Readonly<Record<string, string | readonly string[]>>;
  };
  const named = new Map<string, string>();
  for (const [code, names] of [...Object.entries(COUNTRY_ALIASES), ...Object.entries(english.countries)]) {
    for (const name of [names].flat()) if (!named.has(key(name))) named.set(key(name), code.toLowerCase());
  }

  function key(name: string): string {
    const letters = name.normalize('NFD').trim().toLowerCase().replace(/^the /, '').replaceAll('&', 'and');
    return letters.replace(/[^\p{L}\p{N}]/gu, '');
  }

  it('knows each listed name as it is listed, in any case, and with other punctuation', () => {
    for (const name of [...Object.values(COUNTRY_ALIASES), ...Object.values(english.countries)].flat()) {
      const code = named.get(key(name));
      const spellings = [name, name.toUpperCase(), ` ${name.toLowerCase()} `, name.replaceAll(' ', ' - ')];
      for (const spelling of spellings) expect(identity.country(spelling), spelling).toBe(code);
      expect(identity.country(key(name))).toBe(code);
    }
  });
});
