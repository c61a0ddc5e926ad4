import { describe, expect, it } from 'vitest';
import { isBlank, isSha256Hex, nfc, readyHash } from '../../src/normalize/text.js';

const HASH = '542d240129883c019e106e3b1b2d3f3cb3537c43c425364de8e951d5a3083345';

describe('nfc', () => {
  it('composes', () => {
    expect(nfc('Raphae\u0308l')).toBe('Rapha\u00ebl');
    expect(nfc('\u212b')).toBe('\u00c5');
    expect(nfc('plain \u00eb')).toBe('plain \u00eb');
  });
});

describe('isBlank', () => {
  it('is true of white space only', () => {
    expect(isBlank('')).toBe(true);
    expect(isBlank(' \t\u00a0\u3000')).toBe(true);
    expect(isBlank(' .')).toBe(false);
  });
});

describe('ready hashes', () => {
  it('are 64 hexadecimal characters, in any case', () => {
    expect(isSha256Hex(HASH)).toBe(true);
    expect(readyHash(HASH)).toBe(HASH);
    expect(readyHash(HASH.toUpperCase())).toBe(HASH);
  });

  it.each([
    HASH.slice(1),
    `${HASH}0`,
    ` ${HASH.slice(1)}`,
    HASH.replace('d', 'g'),
    HASH.replace('d', 'G'),
    HASH.replace('d', '@'),
    HASH.replace('d', '`'),
    HASH.replace('5', ':'),
    HASH.replace('5', '/'),
    HASH.replace('5', '\u0010'),
    HASH.replace('5', '٥'),
  ])('not %o', (text) => {
    expect(isSha256Hex(text)).toBe(false);
    expect(readyHash(text)).toBeUndefined();
  });
});
