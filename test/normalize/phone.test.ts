import { describe, expect, it } from 'vitest';
import { checkPhone, phone } from '../../src/normalize/identity.js';
import { DIGIT_ZEROS } from '../../src/normalize/tables/digits.js';

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
    expect(phone(input)).toBe(output);
  });

  it.each(['n/a', '+', '0', '00', '(000)', '٠', '²'])('%o has no digits left', (input) => {
    expect(phone(input)).toEqual({ code: 'invalid_phone' });
  });

  it('takes the decimal digits of every script', () => {
    for (const zero of DIGIT_ZEROS) {
      const digits = Array.from({ length: 9 }, (_, i) => String.fromCodePoint(zero + 1 + i)).join('');
      expect(phone(digits)).toBe('123456789');
      expect(phone(`${String.fromCodePoint(zero)}1`)).toBe('1');
    }
  });

  it('takes nothing beside the digits of a script', () => {
    const zeros = new Set(DIGIT_ZEROS);
    for (const zero of DIGIT_ZEROS) {
      const next = zero + 10;
      if (!zeros.has(next)) expect(phone(`1${String.fromCodePoint(next)}`), next.toString(16)).toBe('1');
    }
  });

  it('knows at least the digits this Node knows', () => {
    for (let point = 128; point < 0x110000; point++) {
      const text = String.fromCodePoint(point);
      if (!/\p{Nd}/u.test(text)) continue;
      expect(phone(`1${text}`), point.toString(16)).toMatch(/^1[0-9]$/);
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
    '(0) 171 1234567',
    '+00 (0) 12345678',
  ])('accepts %o', (text) => {
    expect(checkPhone(phone(text) as string, text)).toBeUndefined();
  });

  it.each([
    '1234567',
    '1234567890123456',
    '+44 (0)20 79460000',
    '0044(0)2079460000',
    '+44 ( 0 ) 2079460000',
    '+44（０）2079460000',
  ])('suspects %o', (text) => {
    expect(checkPhone(phone(text) as string, text)).toEqual({ code: 'suspicious_phone' });
  });
});
