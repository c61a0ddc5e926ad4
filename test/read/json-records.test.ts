import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createJsonRecords, parseJsonRecord } from '../../src/read/index.js';
import { findDamage } from '../../src/transform/damage.js';
import type { Chunk } from '../../src/types.js';

function chunkOf(texts: readonly string[]): Chunk {
  const ends: number[] = [];
  let size = 0;
  for (const text of texts) ends.push((size += Buffer.byteLength(text)));
  return {
    seq: 0,
    input: 0,
    bytes: new Uint8Array(Buffer.from(texts.join(''))),
    starts: Uint32Array.from([0, ...ends.slice(0, -1)]),
    ends: Uint32Array.from(ends),
    lines: new Uint32Array(texts.length),
    firstRow: 1,
    oversized: [],
  };
}

function read(texts: readonly string[]) {
  const record = createJsonRecords()(chunkOf(texts));
  return texts.map((_, i) => record(i));
}

/** The same record as the careful way gives, and suspicious whenever there is damage to find. */
function expectSame(texts: readonly string[]): void {
  for (const [i, found] of read(texts).entries()) {
    const expected = parseJsonRecord(texts[i] ?? '');
    if ('code' in found || 'code' in expected) {
      expect(found).toEqual(expected);
      continue;
    }
    expect(found).toEqual({ ...expected, suspicious: found.suspicious });
    if (!found.suspicious) expect(findDamage(found.cells, found.keys)).toEqual([]);
  }
}

const digits = fc.stringMatching(/^(?:0|[1-9]\d{0,17}|[1-9]0{0,12})$/);
const numbers = fc
  .tuple(
    fc.constantFrom('', '-'),
    digits,
    fc.constantFrom('', '.0', '.5', '.000000', '.0000012', '.1234567890123456789'),
    fc.constantFrom('', '', 'e5', 'E-7', 'e+12', 'e400'),
  )
  .map((parts) => parts.join(''));
const strings = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 6 }).map((text) => JSON.stringify(text)),
  fc.constantFrom(
    '""',
    '":"',
    '"\\u0000"',
    '"\\ud800"',
    '"\\ud83d\\ude00"',
    '"\\u0041"',
    '"a\\"b\\":1"',
    '"\\\\"',
  ),
);
const scalars = fc.oneof(strings, numbers, fc.constantFrom('true', 'false', 'null'));
const nested = fc.constantFrom(
  '[]',
  '{}',
  '[1,null]',
  '{"a":1,"a":2}',
  '[9007199254740993]',
  '["\\u0000"]',
  '[1e400]',
);
const values = fc.oneof({ weight: 9, arbitrary: scalars }, { weight: 1, arbitrary: nested });
const keys = fc.constantFrom(
  '""',
  '"a"',
  '"b"',
  '"A"',
  '" a"',
  '"\\u0061"',
  '"em"',
  '"1"',
  '"__proto__"',
  '"é"',
);
const blanks = fc.constantFrom('', '', '', '', ' ', '\t ');
const members = fc
  .tuple(keys, blanks, values, blanks)
  .map(([key, before, value, after]) => `${key}${before}:${after}${value}`);
const objects = fc
  .tuple(fc.array(members, { maxLength: 5 }), blanks)
  .map(([list, blank]) => `${blank}{${list.join(`,${blank}`)}${blank}}`);
const others = fc.constantFrom(
  '',
  '1',
  'null',
  '"a"',
  '[]',
  '{"a":1',
  '{"a":01}',
  '{a:1}',
  '[1,2',
  `${'['.repeat(501)}${']'.repeat(501)}`,
);
const texts = fc.array(fc.oneof({ weight: 9, arbitrary: objects }, { weight: 1, arbitrary: others }), {
  minLength: 1,
  maxLength: 6,
});

describe('records of a chunk', () => {
  test('are those of the careful way, for whatever stands in the lines', () => {
    fc.assert(fc.property(texts, expectSame), { numRuns: 3000 });
  });

  test.each([
    // Each of these leaves just room for a key that JSON.parse hides.
    '{"a":1,"a":2}',
    '{"":1,"":2}',
    '{"a":1,"a":100000}',
    '{"a":1,"a":1e20,"b":"x"}',
    '{"a":1000000,"a":1e6}',
    '{"a":0.000001,"a":1e-6}',
    '{"a":false,"a":null}',
    '{"a":1,"\\u0061":2}',
    '{"a":[1],"a":2}',
    // Written shorter than JavaScript writes them.
    '{"a":1e15,"b":1,"b":2}',
    '{"a":1e-5,"b":12e10,"b":2}',
  ])('%s is no shorter than it seems', (text) => {
    expectSame([text]);
    expect(read([text])).toEqual([expect.objectContaining({ code: 'duplicate_key' })]);
  });

  test('with the same keys share them', () => {
    const [first, second, other, again] = read([
      '{"a":1,"b":2}',
      '{"a":"x","b":null}',
      '{"b":1,"a":2}',
      '{"a":1,"b":2}',
    ]);
    const keysOf = (record: typeof first) =>
      record !== undefined && 'keys' in record ? record.keys : undefined;
    expect(keysOf(second)).toBe(keysOf(first));
    expect(keysOf(other)).toEqual(['b', 'a']);
    expect(keysOf(again)).toEqual(['a', 'b']);
  });

  test('are not suspicious when they are plain', () => {
    expect(read(['{"a":"é","b":1.5,"c":null}', '{"a":"\\u0000"}', '{"a":1e400}'])).toEqual([
      { keys: ['a', 'b', 'c'], cells: ['é', 1.5, null], suspicious: false },
      { keys: ['a'], cells: ['\0'], suspicious: true },
      { keys: ['a'], cells: [Infinity], suspicious: true },
    ]);
  });
});
