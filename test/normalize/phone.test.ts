import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { checkPhone, phone } from '../../src/normalize/identity.js';
import type { NormalizeContext } from '../../src/normalize/types.js';
import { CALLING_CODES } from '../../src/normalize/tables/calling-codes.js';
import { DIGIT_ZEROS } from '../../src/normalize/tables/digits.js';

const NO_COUNTRY: NormalizeContext = { country: undefined };
const codeOf = (text: string, context: NormalizeContext): string | undefined => {
  const digits = phone(text, context);
  return typeof digits === 'object' ? digits.code : checkPhone(digits, text, context)?.code;
};

describe('phone', () => {
  it.each([
    ['+44 844 412 4653', '448444124653'],
    ['0044-447-234-2344', '444472342344'],
    ['000 1 (447) 234.2344', '14472342344'],
    ['0171 123', '171123'],
    ['+44 (0)20 7946 0000', '4402079460000'],
    ['+39 06 698 1234', '39066981234'],
    ['tel:+1-447-234-2344', '14472342344'],
    ['٠٠٤٤٨٤٤٤١٢٤٦٥٣', '448444124653'],
    ['＋４４８４４', '44844'],
    ['𝟒𝟒𝟾𝟜', '4484'],
    ['१२३ ๔๕๖', '123456'],
    ['²①Ⅳ5', '5'],
  ])('%o → %o', (input, output) => {
    expect(phone(input, NO_COUNTRY)).toBe(output);
  });

  it.each(['n/a', '+', '0', '00', '(000)', '٠', '²'])('%o has no digits left', (input) => {
    expect(phone(input, NO_COUNTRY)).toEqual({ code: 'invalid_phone' });
  });

  it('takes the decimal digits of every script', () => {
    for (const zero of DIGIT_ZEROS) {
      const digits = Array.from({ length: 9 }, (_, i) => String.fromCodePoint(zero + 1 + i)).join('');
      expect(phone(digits, NO_COUNTRY)).toBe('123456789');
      expect(phone(`${String.fromCodePoint(zero)}1`, NO_COUNTRY)).toBe('1');
    }
  });

  it('takes nothing beside the digits of a script', () => {
    const zeros = new Set(DIGIT_ZEROS);
    for (const zero of DIGIT_ZEROS) {
      const next = zero + 10;
      if (!zeros.has(next))
        expect(phone(`1${String.fromCodePoint(next)}`, NO_COUNTRY), next.toString(16)).toBe('1');
    }
  });

  it('knows at least the digits this Node knows', () => {
    for (let point = 128; point < 0x110000; point++) {
      const text = String.fromCodePoint(point);
      if (!/\p{Nd}/u.test(text)) continue;
      expect(phone(`1${text}`, NO_COUNTRY), point.toString(16)).toMatch(/^1[0-9]$/);
    }
  });
});

describe('checkPhone', () => {
  it.each([
    '448444124653',
    '12345678',
    '123456789012345',
    '+44 844 412 4653',
    '+39 06 6981234',
    '00 44 20 79460000',
    '+00 (0) 12345678',
  ])('accepts %o', (text) => {
    expect(checkPhone(phone(text, NO_COUNTRY) as string, text, NO_COUNTRY)).toBeUndefined();
  });

  it.each([
    '1234567',
    '1234567890123456',
    '+44 (0)20 79460000',
    '0044(0)2079460000',
    '+44 ( 0 ) 2079460000',
    '+44（０）2079460000',
  ])('suspects %o', (text) => {
    expect(checkPhone(phone(text, NO_COUNTRY) as string, text, NO_COUNTRY)).toEqual({
      code: 'suspicious_phone',
    });
  });
});

describe('a number that a spreadsheet or a data frame wrote', () => {
  it.each([
    ['442079460958.0', '442079460958'],
    ['442079460958.00', '442079460958'],
    ['442079460958,0', '442079460958'],
    ['4.42079460958E11', '442079460958'],
    ['4.42079460958e+11', '442079460958'],
    ['4,42079460958E+11', '442079460958'],
    ['4.420794609580E11', '442079460958'],
    ['1.2125550187e10', '12125550187'],
    // One dot behind an area code is how people write numbers.
    ['212.5550187', '2125550187'],
  ])('%s is %s', (input, output) => {
    expect(phone(input, NO_COUNTRY)).toBe(output);
  });

  it.each(['4.42079E+11', '442079460958.5', '4E11', '4.4207946095E11'])('%s has lost digits', (input) => {
    expect(phone(input, NO_COUNTRY)).toMatchObject({ code: 'phone_lost_digits' });
  });
});

describe('a number without a country code', () => {
  const row = (rowCountry: string): NormalizeContext => ({ country: rowCountry, rowCountry });

  it.each([
    ['(212) 555-0187', row('us')],
    ['030/7654321', row('de')],
    ['030/7654321', NO_COUNTRY],
    ['7946 0958 12', row('gb')],
    ['020 7946 0958.0', row('gb')],
  ])('%s is reported', (text, context) => {
    expect(codeOf(text, context)).toBe('phone_without_country_code');
  });

  it.each([
    ['442079460958', row('gb')],
    ['+1 212 555 0187', row('gb')],
    ['(+49) 30 7654321', row('gb')],
    ['0044 20 7946 0958', row('de')],
    ['2125550187', NO_COUNTRY],
    ['442079460958.0', row('gb')],
  ])('%s is not', (text, context) => {
    expect(codeOf(text, context)).toBeUndefined();
  });
});

describe('phone_country', () => {
  const completing = (phoneCountry: string, rowCountry?: string): NormalizeContext => ({
    country: rowCountry,
    rowCountry,
    phoneCountry,
  });

  it.each([
    ['(212) 555-0187', completing('us'), '12125550187'],
    ['12125550187', completing('us'), '12125550187'],
    ['020 7946 0958', completing('gb'), '442079460958'],
    ['020 7946 0958', completing('us', 'gb'), '442079460958'],
    ['030/7654321', completing('gb', 'de'), '49307654321'],
    ['02 5550 1234', completing('au'), '61255501234'],
    // Italy keeps the 0.
    ['06 698 12345', completing('it'), '390669812345'],
    ['442079460958', completing('gb'), '442079460958'],
    ['442079460958.0', completing('gb'), '442079460958'],
    ['+1 212 555 0187', completing('gb'), '12125550187'],
    ['0044 20 7946 0958', completing('us'), '442079460958'],
  ])('completes %s', (text, context, digits) => {
    expect(phone(text, context)).toBe(digits);
    expect(codeOf(text, context)).toBeUndefined();
  });

  it.each([
    ['555-0187', completing('us'), '5550187', 'suspicious_phone'],
    ['7946 0958', completing('zz', 'gb'), '79460958', 'phone_without_country_code'],
  ])('leaves %s, which is no number there, as it is', (text, context, digits, code) => {
    expect(phone(text, context)).toBe(digits);
    expect(codeOf(text, context)).toBe(code);
  });
});

describe('calling codes', () => {
  it('are those of libphonenumber-js', () => {
    const { countries } = createRequire(import.meta.url)('libphonenumber-js/metadata.min.json') as {
      countries: Readonly<Record<string, readonly [string]>>;
    };
    const listed = CALLING_CODES.flatMap(([code, names]) => names.split(' ').map((name) => [name, code]));
    const known = Object.entries(countries).map(([name, [code]]) => [name.toLowerCase(), code]);
    expect(new Map(listed as [string, string][])).toEqual(new Map(known as [string, string][]));
    expect(listed).toHaveLength(known.length);
  });
});
