import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { findJsonFault, lineAndColumn } from '../../src/json-fault.js';

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('findJsonFault', () => {
  it('agrees with JSON.parse on damaged JSON', () => {
    const damaged = fc
      .tuple(
        fc.json({ maxDepth: 3 }),
        fc.nat(),
        fc.constantFrom('', ',', '"', '{', ']', '1', '\\', '\n', 'e', '.'),
      )
      .map(([text, at, char]) => {
        const index = at % (text.length + 1);
        return text.slice(0, index) + char + text.slice(index + 1);
      });
    fc.assert(
      fc.property(damaged, (text) => {
        const fault = findJsonFault(text);
        if (fault?.what === 'the key is given twice in one object') return;
        expect(fault === undefined).toBe(parses(text));
      }),
      { numRuns: 500 },
    );
  });

  it('finds nothing wrong with any JSON', () => {
    fc.assert(
      fc.property(fc.json(), (text) => findJsonFault(text) === undefined),
      { numRuns: 200 },
    );
  });

  it('survives deep nesting', () => {
    expect(findJsonFault('['.repeat(100_000))).toMatchObject({ what: 'too deeply nested' });
  });
});

describe('lineAndColumn', () => {
  it('counts all kinds of line ends', () => {
    expect(lineAndColumn('a\nb\r\nc\rd', 7)).toEqual({ line: 4, column: 1 });
    expect(lineAndColumn('abc', 2)).toEqual({ line: 1, column: 3 });
  });
});
