import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJsonRecord, parseJsonValue } from '../../src/read/index.js';
import { cutAt, inBlocks, jsonl } from './support.js';

describe('lines', () => {
  test('LF, CRLF and CR end them; blank ones are no records', async () => {
    const bytes = Buffer.from('\n {"a":1} \r\n\t \r\n\r{"a":2}\r\n\n[]\n \n{"a":"é"}');
    for (let at = 0; at <= bytes.length; at += 1) {
      const { texts, lines, opened } = await jsonl(cutAt(bytes, at));
      expect(texts).toEqual([' {"a":1} ', '{"a":2}', '[]', '{"a":"é"}']);
      expect(lines).toEqual([2, 5, 7, 9]);
      expect(opened?.empty).toBe(false);
      expect(opened?.header).toBeUndefined();
    }
  });

  test.each(['{"a":1}', '\n{"a":1}', '{"a":1}\r\n'])('%j is one', async (text) => {
    for (const size of [1, 3, 100]) {
      expect((await jsonl(inBlocks(Buffer.from(text), size))).texts).toEqual(['{"a":1}']);
    }
  });

  test.each(['', '\n \n\t\r\n', '  ', '\ufeff'])('%j is empty', async (text) => {
    const { opened, chunks } = await jsonl(text);
    expect(opened?.empty).toBe(true);
    expect(chunks).toEqual([]);
  });

  test('above the limit are left out', async () => {
    const bytes = Buffer.from(`{"a":1}\n${' '.repeat(30)}\n{"a":"${'x'.repeat(30)}"}\n{"a":2}\n`);
    for (const size of [1, 5, 1000]) {
      const { texts, lines, chunks } = await jsonl(inBlocks(bytes, size), { maxRecordBytes: 12 });
      expect(texts).toEqual(['{"a":1}', '', '{"a":2}']);
      expect(lines).toEqual([1, 3, 4]);
      expect(chunks[0]?.oversized).toEqual([1]);
    }
  });

  test('come out the same for every block and chunk size', async () => {
    const line = fc.constantFrom('', ' ', '{}', '{"a":"é"}', 'x'.repeat(40), '\t', '{"b":[1,2]} ');
    const end = fc.constantFrom('\n', '\r\n', '\r');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(line, end), { maxLength: 12 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 60 }),
        async (pairs, size, chunkBytes) => {
          const text = pairs.map(([content, lineEnd]) => content + lineEnd).join('');
          const physical = text.split(/\r\n|\r|\n/);
          const expected = physical.flatMap((content, i) =>
            content.trim() === '' ? [] : [{ line: i + 1, content: content.length > 30 ? '' : content }],
          );
          const result = await jsonl(inBlocks(Buffer.from(text), size), { chunkBytes, maxRecordBytes: 30 });
          expect(result.texts).toEqual(expected.map(({ content }) => content));
          expect(result.lines).toEqual(expected.map((record) => record.line));
        },
      ),
      { numRuns: 200 },
    );
  });
});

/** Such integers, also with an exponent, come as bigint, not as JSON.parse gives them. */
const LONG_INTEGER = /\d{16}|\de\+/;

describe('parseJsonRecord', () => {
  test('gives keys in order and values with their type', () => {
    expect(parseJsonRecord(' {"b":"x","a":[1,{"c":null}],"d":true,"e":-0.5} ')).toEqual({
      keys: ['b', 'a', 'd', 'e'],
      cells: ['x', [1, { c: null }], true, -0.5],
    });
    expect(parseJsonRecord('{}')).toEqual({ keys: [], cells: [] });
  });

  test.each([
    '{',
    '{"a":1,}',
    "{'a':1}",
    '{"a":NaN}',
    '{"a":01}',
    'CANARY',
    '{"a":1} {"b":2}',
    '',
    '{"a":"\n"}',
  ])('%j is not JSON', (text) => {
    expect(parseJsonRecord(text)).toEqual({ code: 'not_json' });
  });

  test.each(['[]', '[{"a":1}]', '"x"', '1', '12345678901234567890', 'true', 'null'])(
    '%j is not an object',
    (text) => {
      expect(parseJsonRecord(text)).toEqual({ code: 'not_an_object' });
    },
  );

  test.each([
    ['{"em":1,"em":2}', 'em'],
    ['{"em":1,"em":1}', 'em'],
    ['{"em":1,"EM":2}', 'EM'],
    ['{"em":1," em ":2}', ' em '],
    ['{"em":1,"x":{"em":1},"\\u0065m":2}', 'em'],
    ['{"em":1,"x":{"y":1},"eM":2}', 'eM'],
    ['{"É":1,"é":2}', 'é'],
    ['{"__proto__":1,"__proto__":2}', '__proto__'],
    ['{"a\\"b":1,"c":":","a\\"b":12345678901234567890}', 'a"b'],
  ])('%s has a key twice', (text, key) => {
    expect(parseJsonRecord(text)).toEqual({ code: 'duplicate_key', args: { key } });
  });

  test.each(['{"a":{"b":1,"b":2}}', '{"a":[{"b":1},{"b":2}],"b":"a:b:{}[]\\\\"}', '{"a":"\\"a\\":1"}'])(
    '%s has no key twice',
    (text) => {
      expect(parseJsonRecord(text)).toHaveProperty('keys');
    },
  );

  test('keeps integers beyond 2^53 digit for digit, wherever they stand', () => {
    const text =
      '{"id":9007199254740993,"safe":9007199254740991,"deep":[{"n":-12345678901234567890}],"text":"9007199254740993",' +
      '"decimal":9007199254740993.0,"exponent":9007199254740993e0,"small":0.12345678901234567,"zero":-0,"x":{"y":1,"y":2}}';
    expect(parseJsonRecord(text)).toEqual({
      keys: ['id', 'safe', 'deep', 'text', 'decimal', 'exponent', 'small', 'zero', 'x'],
      cells: [
        9007199254740993n,
        9007199254740991,
        [{ n: -12345678901234567890n }],
        '9007199254740993',
        9007199254740993n,
        9007199254740993n,
        0.12345678901234567,
        -0,
        { y: 2 },
      ],
    });
    expect(parseJsonValue('[9007199254740992, -9007199254740992]')).toEqual([
      9007199254740992n,
      -9007199254740992n,
    ]);
  });

  test.each([
    ['1e20', 100000000000000000000n],
    ['-1.5E+17', -150000000000000000n],
    ['9007199254740993.00e0', 9007199254740993n],
    ['900719925474099300e-2', 9007199254740993n],
    ['0.00009007199254740993e20', 9007199254740993n],
    ['90071992547409.93e2', 9007199254740993n],
    ['9007199254740993.5', 9007199254740994],
    ['1e5', 100000],
    ['1.5e300', 15n * 10n ** 299n],
    ['1e-400', 0],
    ['1e400', Infinity],
    ['-1e999999999999999999999', -Infinity],
    ['0e400', 0],
  ])('%s comes exactly', (number, expected) => {
    for (const text of [`{"a":${number}}`, `{"a":[${number}],"b":true}`]) {
      const record = parseJsonRecord(text);
      if ('code' in record) throw new Error('a problem');
      expect([record.cells[0]].flat()).toEqual([expected]);
    }
  });

  test('a number too large for a double is infinite, on both paths', () => {
    expect(parseJsonRecord('{"a":1e400}')).toEqual({ keys: ['a'], cells: [Infinity] });
    expect(parseJsonRecord('{"a":-1e400,"b":9007199254740993}')).toEqual({
      keys: ['a', 'b'],
      cells: [-Infinity, 9007199254740993n],
    });
  });

  test.each(['1', '12345678901234567890'])('names of the prototype are data (%s)', (number) => {
    const text = `{"__proto__":{"polluted":${number}},"constructor":{"prototype":{"polluted":1}},"toString":{"__proto__":{"polluted":1}}}`;
    const record = parseJsonRecord(text);
    if ('code' in record) throw new Error('a problem');
    expect(record.keys).toEqual(['__proto__', 'constructor', 'toString']);
    expect(Object.hasOwn(record.cells[2] as object, '__proto__')).toBe(true);
    expect(Object.getPrototypeOf(record.cells[2])).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test.each(['1', '12345678901234567890'])(
    'nesting that would overflow the stack is refused (%s)',
    (number) => {
      for (const depth of [501, 10_000, 200_000]) {
        expect(parseJsonRecord(`{"a":${'['.repeat(depth)}${number}${']'.repeat(depth)}}`)).toEqual({
          code: 'nested_too_deep',
        });
      }
      expect(parseJsonRecord(`{"a":${'['.repeat(499)}${number}${']'.repeat(499)}}`)).toHaveProperty('keys');
    },
  );

  test('agrees with JSON.parse on any object without long integers', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.boolean(), (object, spaced) => {
        const text = JSON.stringify(object, null, spaced ? 1 : undefined);
        fc.pre(!LONG_INTEGER.test(text));
        const folded = new Set(Object.keys(object).map((key) => key.trim().toLowerCase()));
        const record = parseJsonRecord(text);
        if (folded.size < Object.keys(object).length) {
          expect(record).toHaveProperty('code', 'duplicate_key');
        } else {
          const value = JSON.parse(text) as Record<string, unknown>;
          expect(record).toEqual({ keys: Object.keys(value), cells: Object.values(value) });
        }
      }),
      { numRuns: 300 },
    );
  });

  test('values survive the path for long integers unchanged', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.bigInt({ min: 2n ** 53n, max: 2n ** 200n }), (value, big) => {
        fc.pre(!LONG_INTEGER.test(JSON.stringify(value)));
        const text = `{"value":${JSON.stringify(value)},"big":${big}}`;
        expect(parseJsonRecord(text)).toEqual({
          keys: ['value', 'big'],
          cells: [JSON.parse(JSON.stringify(value)), big],
        });
      }),
      { numRuns: 300 },
    );
  });
});

test('parseJsonValue gives undefined for what is not JSON', () => {
  expect(parseJsonValue('[1,"a",null]')).toEqual([1, 'a', null]);
  expect(parseJsonValue('[1,')).toBeUndefined();
});
