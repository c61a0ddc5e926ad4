import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createJsonRecords } from '../../src/read/index.js';
import { bytesInput } from '../../src/read/index.js';
import type { ReadOptions } from '../../src/read/types.js';
import { cutAt, inBlocks, jsonl, readAll, type ReadResult } from './support.js';

function json(
  bytes: Uint8Array | string | AsyncIterable<Uint8Array>,
  options: Partial<ReadOptions> = {},
): Promise<ReadResult> {
  return readAll(bytesInput('rows', bytes), { format: 'json', ...options });
}

/** The records as the rows of a run see them. */
function recordsOf({ chunks }: ReadResult): readonly unknown[] {
  return chunks.flatMap((chunk) => {
    const readRecord = createJsonRecords()(chunk);
    return Array.from(chunk.starts, (_, record) => {
      const parsed = readRecord(record);
      return 'code' in parsed ? parsed : { keys: parsed.keys, cells: parsed.cells };
    });
  });
}

describe('a JSON array', () => {
  test('gives its objects, with the lines they begin on, cut at any byte', async () => {
    const text = '\r\n [ {"a":"[{\\"}"},\r{"b":\n[1,{"c":"\\\\"}]}\r\n\t,{}\n\n]\r\n ';
    const bytes = Buffer.from(text);
    for (let at = 0; at <= bytes.length; at += 1) {
      const { texts, lines, error, opened } = await json(cutAt(bytes, at));
      expect(error).toBeUndefined();
      expect(texts).toEqual(['{"a":"[{\\"}"}', '{"b":\n[1,{"c":"\\\\"}]}', '{}']);
      expect(lines).toEqual([2, 3, 5]);
      expect(opened?.format).toBe('json');
      expect(opened?.empty).toBe(false);
      expect(opened?.lateWarnings()).toEqual([]);
    }
  });

  test.each(['[]', '\ufeff[\n]\n', ' [ ] '])('%j is an empty result', async (text) => {
    const { opened, chunks, error } = await json(text);
    expect(error).toBeUndefined();
    expect(opened?.empty).toBe(true);
    expect(opened?.warnings).toEqual([]);
    expect(chunks).toEqual([]);
  });

  test.each(['', '\ufeff', ' \n'])('%j is an empty result with a warning', async (text) => {
    const { opened, chunks } = await json(text);
    expect(opened?.empty).toBe(true);
    expect(opened?.warnings).toEqual([{ code: 'empty_input' }]);
    expect(chunks).toEqual([]);
  });

  test('elements that are no objects are invalid rows', async () => {
    const result = await json('[1,"a,]\\"",null,[{"a":1}],true ,-1.5e3\n,abc,{"a":1 "b"},{"a":1}]');
    expect(result.error).toBeUndefined();
    expect(recordsOf(result)).toEqual([
      ...Array.from({ length: 6 }, () => ({ code: 'not_an_object' })),
      { code: 'not_json' },
      { code: 'not_json' },
      { keys: ['a'], cells: [1] },
    ]);
  });

  test.each([
    ['{"a":1}\n', 'broken_array', 1, []],
    ['\nCANARY', 'broken_array', 2, []],
    ['[{"a":1}\n{"a":2}]', 'broken_array', 2, [1]],
    ['[{"a":1}\nCANARY', 'broken_array', 2, [1]],
    ['[{"a":1},\n]', 'broken_array', 2, [1]],
    ['[\n,{"a":1}]', 'broken_array', 2, []],
    ['[{"a":1},\n,{"a":2}]', 'broken_array', 2, [1]],
    ['[{"a":1}]\n[{"a":2}]', 'broken_array', 2, [1]],
    ['[{"a":1},\n{"a":[2}\n]}]', 'broken_array', 2, [1]],
    ['[{"a":1}\n}', 'broken_array', 2, [1]],
    ['[', 'cut_short', 1, []],
    ['[{"a":1}', 'cut_short', 1, [1]],
    ['[{"a":1},\n', 'cut_short', 2, [1]],
    ['[{"a":1},\n{"a":\n"CANARY', 'cut_short', 2, [1]],
    ['[{"a":1},{"a":2},\n12', 'cut_short', 2, [1, 2]],
  ])('%j ends with %s in line %i, after the rows before', async (text, code, line, values) => {
    const bytes = Buffer.from(text);
    for (let at = 0; at <= bytes.length; at += 1) {
      const result = await json(cutAt(bytes, at));
      expect(result.error?.code).toBe(code);
      expect(result.error?.exitCode).toBe(65);
      expect(result.error?.place).toEqual({ file: 'rows', line });
      expect(recordsOf(result)).toEqual(values.map((value) => ({ keys: ['a'], cells: [value] })));
      expect(`${result.error?.message}${result.error?.fix}`).not.toContain('CANARY');
    }
  });

  test('elements above the limit are left out', async () => {
    const bytes = Buffer.from(`[{"a":1},{"a":"${'x]'.repeat(30)}"},\n{"a":3}]`);
    for (const size of [1, 7, 1000]) {
      const { texts, lines, chunks, error } = await json(inBlocks(bytes, size), { maxRecordBytes: 20 });
      expect(error).toBeUndefined();
      expect(texts).toEqual(['{"a":1}', '', '{"a":3}']);
      expect(lines).toEqual([1, 1, 2]);
      expect(chunks[0]?.oversized).toEqual([1]);
      expect(chunks[0]?.bytes.length).toBe(14);
    }
  });

  test('deep nesting takes no memory of its own', async () => {
    const deep = Buffer.from(`[${'['.repeat(300_000)}${']'.repeat(300_000)},{"a":1}]`);
    const result = await json(inBlocks(deep, 65_536), { maxRecordBytes: 1000 });
    expect(result.texts).toEqual(['', '{"a":1}']);
  });

  test('gives the same rows as JSONL, printed and cut in any way', async () => {
    const blank = fc.stringMatching(/^[ \t\r\n]{0,3}$/);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { maxLength: 6 }),
        fc.constantFrom(undefined, 1, '\t', ' \n'),
        fc.array(blank, { minLength: 16, maxLength: 16 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 200 }),
        async (objects, indent, blanks, sizes, chunkBytes) => {
          const pad = (i: number): string => blanks[i % blanks.length] ?? '';
          // An indent with a line feed would be rejected by no JSON parser: it is white space.
          const printed = objects.map((object) => JSON.stringify(object, null, indent));
          const body = printed.map((text, i) => `${pad(i)}${text}${pad(i + 7)}`).join(',');
          const array = Buffer.from(`${pad(3)}[${body}${objects.length === 0 ? pad(5) : ''}]${pad(11)}`);
          const lines = objects.map((object) => `${JSON.stringify(object)}\n`).join('');
          const result = await json(inBlocks(array, ...sizes), { chunkBytes });
          expect(result.error).toBeUndefined();
          expect(recordsOf(result)).toEqual(recordsOf(await jsonl(lines)));
          const before = (i: number): string =>
            `${pad(3)}[${printed
              .slice(0, i)
              .map((text, k) => `${pad(k)}${text}${pad(k + 7)},`)
              .join('')}${pad(i)}`;
          const expected = objects.map((_, i) => before(i).split(/\r\n|\r|\n/).length);
          expect(result.lines).toEqual(expected);
        },
      ),
      { numRuns: 300 },
    );
  });
});
