import { describe, expect, test } from 'vitest';

import { createCleaner } from '../../src/deliver/clean.js';
import { createSecrets } from '../../src/secrets.js';

const clean = createCleaner(createSecrets(['tok/en+1=']));

describe('API text', () => {
  test('is one line without control and direction characters', () => {
    expect(clean(' a\r\nb\tc\u0000\u001b[31md\u202ee\u2066f\u200bg\u2028h\u0085i ')).toBe('a b c[31mdefg hi');
  });

  test('loses the token in every spelling', () => {
    expect(clean('x tok/en+1= y tok%2Fen%2B1%3D z tok%2fen%2b1%3d')).toBe('x *** y *** z ***');
  });

  test('loses a token that hidden characters interrupt', () => {
    expect(clean('tok/\u200ben\u0000+1=')).toBe('***');
  });

  test('is cut to 300 characters, and never through a token or a character', () => {
    expect(clean('a'.repeat(300))).toBe('a'.repeat(300));
    expect(clean('a'.repeat(301))).toBe(`${'a'.repeat(299)}…`);
    expect(clean(`${'a'.repeat(295)}tok/en+1=`)).toBe(`${'a'.repeat(295)}***`);
    expect(clean(`${'a'.repeat(298)}😀😀`)).toBe(`${'a'.repeat(298)}…`);
  });

  test('survives an empty token and broken characters', () => {
    expect(createCleaner(createSecrets(['']))('abc')).toBe('abc');
    expect(createCleaner(createSecrets(['\ud800']))('a\ud800b')).toBe('a\ufffdb');
  });
});
