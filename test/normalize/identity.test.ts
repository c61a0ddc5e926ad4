import { describe, expect, it } from 'vitest';
import { city, externalId, gender, personName, postalCode, state } from '../../src/normalize/identity.js';
import { US_STATE_CODES } from '../../src/normalize/tables/us-states.js';

const NO_COUNTRY = { country: undefined };
const US = { country: 'us' };
const DE = { country: 'de' };
const UNKNOWN = { country: 'zz' };

describe('personName', () => {
  it.each([
    ['John', 'john'],
    ['  Mary Jane ', 'mary jane'],
    ["O'Brien-Smith", 'obriensmith'],
    ['O’Brien', 'o’brien'],
    ['Dr. J. R. "Bob" Dobbs, Jr.', 'dr j r bob dobbs jr'],
    ['Raphaël', 'raphaël'],
    ['ÅSA', 'åsa'],
    ['ΓΙΏΡΓΟΣ', 'γιώργος'],
    ['李', '李'],
    ['. John .', 'john'],
    ['-—_', ''],
    ['a\\b`c<d>', 'a\\b`c<d>'],
  ])('%o → %o', (input, output) => {
    expect(personName(input)).toBe(output);
  });

  it('is NFC even where lower case or removed punctuation would undo it', () => {
    expect(personName('H\u0331')).toBe('\u1e96');
    expect(personName('e-\u0301')).toBe('\u00e9');
  });
});

describe('gender', () => {
  it.each([
    ['f', 'f'],
    ['F', 'f'],
    [' Female ', 'f'],
    ['m', 'm'],
    ['MALE', 'm'],
  ])('%o → %o', (input, output) => {
    expect(gender(input)).toBe(output);
  });

  it.each(['x', 'woman', 'fe male', 'f.', 'diverse', '0'])('%o is not known', (input) => {
    expect(gender(input)).toEqual({ code: 'unknown_gender' });
  });
});

describe('city', () => {
  it.each([
    ['New York', 'newyork'],
    ['St. John’s', 'stjohn’s'],
    ['Saint-Denis', 'saintdenis'],
    ['São Paulo', 'sãopaulo'],
    ['  Los\u00a0Angeles\u3000', 'losangeles'],
    ['Winston–Salem', 'winston–salem'],
    ['Winston—Salem', 'winstonsalem'],
    ['?', ''],
  ])('%o → %o', (input, output) => {
    expect(city(input)).toBe(output);
  });
});

describe('state', () => {
  it.each([
    ['California', 'ca'],
    ['CA', 'ca'],
    ['New York', 'ny'],
    ['N.Y.', 'ny'],
    ['district of columbia', 'dc'],
    ['Washington, D.C.', 'dc'],
    ['Washington', 'wa'],
    ['West Virginia', 'wv'],
    ['Puerto Rico', 'pr'],
    ['U.S. Virgin Islands', 'vi'],
  ])('%o → %o for the US and for no country', (input, output) => {
    expect(state(input, US)).toBe(output);
    expect(state(input, NO_COUNTRY)).toBe(output);
  });

  it.each([DE, UNKNOWN])('keeps the name elsewhere', (context) => {
    expect(state('New York', context)).toBe('newyork');
    expect(state('Georgia', context)).toBe('georgia');
  });

  it.each([
    ['Bayern', 'bayern'],
    ['Île-de-France', 'îledefrance'],
    ['Nova Scotia', 'novascotia'],
    ['東京都', '東京都'],
  ])('%o, no US state, → %o', (input, output) => {
    expect(state(input, NO_COUNTRY)).toBe(output);
  });

  it('knows 50 states, the federal district and six territories', () => {
    const codes = new Set(US_STATE_CODES.values());
    expect(codes.size).toBe(57);
    for (const code of codes) expect(code).toMatch(/^[a-z]{2}$/);
    for (const name of US_STATE_CODES.keys()) expect(city(name)).toBe(name);
  });
});

describe('postalCode', () => {
  it.each([
    ['94105', US, '94105'],
    ['94105-1234', US, '94105'],
    ['941051234', US, '94105'],
    ['94105 1234', US, '94105'],
    ['9410', US, '9410'],
    ['SW1A 1AA', US, 'sw1a1aa'],
    ['94105-1234', NO_COUNTRY, '94105'],
    [' 94105-1234 ', NO_COUNTRY, '94105'],
    ['941051234', NO_COUNTRY, '941051234'],
    ['94105-12', NO_COUNTRY, '9410512'],
    ['94105-1234', DE, '941051234'],
    ['94105-1234', UNKNOWN, '941051234'],
    ['00000', NO_COUNTRY, '00000'],
    ['SW1A 1AA', NO_COUNTRY, 'sw1a1aa'],
    ['100-0001', { country: 'jp' }, '1000001'],
    ['D-10115', DE, 'd10115'],
    ['12.345', DE, '12.345'],
    ['-', NO_COUNTRY, ''],
  ])('%o in %o → %o', (input, context, output) => {
    expect(postalCode(input, context)).toBe(output);
  });
});

describe('externalId', () => {
  it('is only trimmed', () => {
    expect(externalId(' Ab-C 12! ')).toBe('Ab-C 12!');
  });
});
