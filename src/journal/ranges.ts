import type { Range } from './types.js';

/** Ascending distinct indexes as ranges. */
export function toRanges(indexes: Iterable<number>): readonly Range[] {
  const ranges: Range[] = [];
  let first = -1;
  let last = -1;
  for (const index of indexes) {
    if (first >= 0 && index === last + 1) {
      last = index;
      continue;
    }
    if (first >= 0) ranges.push([first, last]);
    first = index;
    last = index;
  }
  if (first >= 0) ranges.push([first, last]);
  return ranges;
}

/** How many indexes the ranges hold. */
export function countOf(ranges: readonly Range[]): number {
  return ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);
}

/** The indexes of the ranges, in their order. */
export function* indexesOf(ranges: readonly Range[]): Generator<number> {
  for (const [first, last] of ranges) {
    for (let index = first; index <= last; index += 1) yield index;
  }
}

/** All of the ranges in ascending order, with neighbors joined. They must not overlap. */
export function joinRanges(ranges: readonly Range[]): readonly Range[] {
  const joined: Range[] = [];
  for (const [first, last] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const previous = joined.at(-1);
    if (previous?.[1] === first - 1) joined[joined.length - 1] = [previous[0], last];
    else joined.push([first, last]);
  }
  return joined;
}

/** Whether the ranges stay within 0 to `size` - 1 and no index occurs twice. */
export function areDisjoint(ranges: readonly Range[], size: number): boolean {
  let next = 0;
  for (const [first, last] of ranges.toSorted((a, b) => a[0] - b[0])) {
    if (first < next || last < first) return false;
    next = last + 1;
  }
  return next <= size;
}
