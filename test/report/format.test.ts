import { describe, expect, it } from 'vitest';

import {
  formatBytes,
  formatCount,
  formatDuration,
  formatShare,
  printableName,
} from '../../src/report/format.js';

describe('numbers for people', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [1000, '1,000'],
    [1234567, '1,234,567'],
  ])('count %d', (count, text) => {
    expect(formatCount(count)).toBe(text);
  });

  it.each([
    [999, '999 B'],
    [1000, '1.0 kB'],
    [999_949, '999.9 kB'],
    [999_950, '1.0 MB'],
    [5e15, '5000.0 TB'],
  ])('bytes %d', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it.each([
    [0, '0 ms'],
    [999, '999 ms'],
    [3210, '3.2 s'],
    [59_940, '59.9 s'],
    [59_960, '1 min 00 s'],
    [3_599_000, '59 min 59 s'],
    [7_380_000, '2 h 03 min'],
  ])('duration %d', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it.each([
    [0, 0, ''],
    [0, 9, '0.0 %'],
    [9, 9, '100.0 %'],
    [1, 100_000, '<0.1 %'],
    [99_999, 100_000, '>99.9 %'],
    [1, 3, '33.3 %'],
  ])('share %d of %d', (part, whole, text) => {
    expect(formatShare(part, whole)).toBe(text);
  });
});

describe('printableName', () => {
  it('quotes what is not plain', () => {
    expect(printableName('data/rows-1.csv')).toBe('data/rows-1.csv');
    expect(printableName('my rows.csv')).toBe('"my rows.csv"');
    expect(printableName('a\nb')).toBe('"a\\nb"');
  });
});
