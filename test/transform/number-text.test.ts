import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonNumber } from '../../src/transform/number-text.js';

describe('jsonNumber', () => {
  it.each([
    [12.5, '12.5'],
    [305.07, '305.07'],
    [0.01, '0.01'],
    [0.005, '0.005'],
    [-3.25, '-3.25'],
    [-0, '0'],
    [1795175940007, '1795175940007'],
    [1795005040007, '1795005040007'],
    [2147483647, '2147483647'],
    [2147483648, '2147483648'],
    [2147483647999, '2147483647999'],
    [2147483648000, '2147483648000'],
    [21474836.48, '21474836.48'],
    [1e21, '1e+21'],
  ])('writes %s', (value, text) => {
    expect(jsonNumber(value)).toBe(text);
  });

  it('writes what JSON.stringify writes', () => {
    const hundredths = fc.integer().map((cents) => cents / 100);
    const largeIntegers = fc.maxSafeInteger();
    const anyNumbers = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(fc.oneof(hundredths, largeIntegers, anyNumbers), (value) => {
        expect(jsonNumber(value)).toBe(JSON.stringify(value));
      }),
      { numRuns: 2000 },
    );
  });
});
