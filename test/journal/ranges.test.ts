import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areDisjoint, countOf, indexesOf, joinRanges, toRanges } from '../../src/journal/ranges.js';

describe('ranges', () => {
  it('join neighbors', () => {
    expect(toRanges([0, 1, 2, 5, 7, 8])).toEqual([
      [0, 2],
      [5, 5],
      [7, 8],
    ]);
    expect(toRanges([])).toEqual([]);
    expect(toRanges([0])).toEqual([[0, 0]]);
    expect(
      joinRanges([
        [7, 8],
        [0, 2],
        [3, 3],
      ]),
    ).toEqual([
      [0, 3],
      [7, 8],
    ]);
  });

  it('hold exactly the indexes they were made from', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat({ max: 60 })), (drawn) => {
        const indexes = drawn.toSorted((a, b) => a - b);
        const ranges = toRanges(indexes);
        expect([...indexesOf(ranges)]).toEqual(indexes);
        expect(countOf(ranges)).toBe(indexes.length);
        expect(joinRanges(ranges.toReversed())).toEqual(ranges);
        expect(areDisjoint(ranges.toReversed(), 61)).toBe(true);
      }),
    );
  });

  it.each([
    [
      'overlap',
      [
        [0, 3],
        [3, 4],
      ],
      5,
    ],
    ['leave the batch', [[0, 5]], 5],
    ['run backward', [[3, 2]], 5],
  ] as const)('are not disjoint when they %s', (_, ranges, size) => {
    expect(areDisjoint(ranges, size)).toBe(false);
  });
});
