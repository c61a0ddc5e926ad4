import * as zlib from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { bytesInput } from '../../src/read/index.js';
import { csv, cutAt, inBlocks, jsonl, readAll } from './support.js';

describe('a last CSV record without a line end', () => {
  test.each(['1,a\n2,b', '1,a\n2,"b"', '1,a\r\n2', '1,a\n"2\n",b'])(
    'is given, with a warning at the end: %j',
    async (rows) => {
      const bytes = Buffer.from(`id,name\n${rows}`);
      for (let at = 0; at <= bytes.length; at += 1) {
        const { cells, opened } = await csv(cutAt(bytes, at));
        expect(cells.length).toBe(2);
        expect(opened?.warnings).toEqual([]);
        expect(opened?.lateWarnings()).toEqual([{ code: 'no_final_line_end' }]);
      }
    },
  );

  test.each(['id\n1\n', 'id\n1\r\n', 'id\n1\r', 'id\n1\n\n', 'id\n'])('%j has its line end', async (text) => {
    for (const size of [1, 100]) {
      const options = { requireFinalNewline: true };
      const { opened, error } = await csv(inBlocks(Buffer.from(text), size), options);
      expect(error).toBeUndefined();
      expect(opened?.lateWarnings()).toEqual([]);
    }
  });

  test('is refused where a line end is required', async () => {
    const bytes = Buffer.from('id,name\n1,a\n\n2,"b\n"');
    for (let at = 0; at <= bytes.length; at += 1) {
      const { cells, error, opened } = await csv(cutAt(bytes, at), { requireFinalNewline: true });
      expect(cells).toEqual([['1', 'a']]);
      expect(error?.code).toBe('cut_short');
      expect(error?.exitCode).toBe(65);
      expect(error?.place).toEqual({ file: 'rows.csv', row: 2, line: 4 });
      expect(opened?.lateWarnings()).toEqual([]);
    }
  });

  test('may be the header', async () => {
    expect((await csv('id,na')).opened?.lateWarnings()).toEqual([{ code: 'no_final_line_end' }]);
    const { error } = await csv('id,na', { requireFinalNewline: true });
    expect(error?.code).toBe('cut_short');
    expect(error?.place).toEqual({ file: 'rows.csv', line: 1 });
  });

  test('is no matter in JSONL, unless it is no JSON', async () => {
    const whole = await jsonl('{"a":1}\n{"a":2}', { requireFinalNewline: true });
    expect(whole.error).toBeUndefined();
    expect(whole.texts).toEqual(['{"a":1}', '{"a":2}']);
    const cut = await jsonl('{"a":1}\n{"a":');
    expect(cut.texts).toEqual(['{"a":1}']);
    expect(cut.error).toMatchObject({ code: 'cut_short', place: { line: 2 } });
    const damaged = await jsonl('{"a":1}\n{"a":\n');
    expect(damaged.error).toBeUndefined();
    expect(damaged.texts).toHaveLength(2);
  });
});

describe('an input without bytes', () => {
  test.each(['rows.csv', 'rows.tsv', 'rows.txt', '-'])('%s: an error, unless it is allowed', async (name) => {
    for (const bytes of ['', '\r\n \n'.replace(' ', ''), '\ufeff', zlib.gzipSync('')]) {
      const { error } = await readAll(bytesInput(name, bytes));
      expect(error?.code).toBe('input_empty');
      expect(error?.place).toEqual({ file: name });
      const { opened, chunks } = await readAll(bytesInput(name, bytes), { allowEmpty: true });
      expect(opened?.empty).toBe(true);
      expect(opened?.warnings).toEqual([{ code: 'empty_input' }]);
      expect(opened?.headerLine).toBeUndefined();
      expect(chunks).toEqual([]);
    }
  });

  test.each(['rows.jsonl', 'rows.ndjson', 'rows.json'])('%s: an empty result and a warning', async (name) => {
    const { opened, error } = await readAll(bytesInput(name, '\n'));
    expect(error).toBeUndefined();
    expect(opened?.empty).toBe(true);
    expect(opened?.warnings).toEqual([{ code: 'empty_input' }]);
  });

  test('a header without rows is an empty result', async () => {
    const { opened, error } = await csv('id\n');
    expect(error).toBeUndefined();
    expect(opened?.empty).toBe(false);
    expect(opened?.warnings).toEqual([]);
  });
});

describe('the line sep=', () => {
  test.each([
    ['sep=;\nid;name\n1;a,b\n', ';', 'sep=;\n'],
    ['sep=;\r\nid;name\r\n1;a,b\r\n', ';', 'sep=;\r\n'],
    ['\ufeff"Sep=§"\nid§name\n1§a,b\n', '§', '"Sep=§"\n'],
    ['sep=\t\nid\tname\n1\ta,b\n', '\t', 'sep=\t\n'],
  ])('%j sets the delimiter', async (text, delimiter, line) => {
    const bytes = Buffer.from(text);
    for (let at = 0; at <= bytes.length; at += 1) {
      const { opened, cells, lines } = await csv(cutAt(bytes, at));
      expect(opened?.header).toEqual(['id', 'name']);
      expect(opened?.headerLine).toBe(2);
      expect(opened?.dialect).toEqual({ format: 'csv', delimiter, columnCount: 2 });
      expect(Buffer.from(opened?.headerBytes ?? []).toString()).toBe(`${line}id${delimiter}name`);
      expect(cells).toEqual([['1', 'a,b']]);
      expect(lines).toEqual([3]);
    }
  });

  test('gives way to a delimiter that is given, and is no record then either', async () => {
    const { opened, cells } = await csv('sep=;\nid,name\n1,a;b\n', { delimiter: ',' });
    expect(opened?.header).toEqual(['id', 'name']);
    expect(Buffer.from(opened?.headerBytes ?? []).toString()).toBe('id,name');
    expect(cells).toEqual([['1', 'a;b']]);
  });

  test('goes before the name of the file, and with backslash escapes', async () => {
    const { opened, cells } = await readAll(bytesInput('rows.tsv', 'sep=|\nid|name\n1|a\\|b\n'), {
      escape: 'backslash',
    });
    expect(opened?.header).toEqual(['id', 'name']);
    expect(cells).toEqual([['1', 'a|b']]);
  });

  test.each(['sep=;x\n1\n', 'sep=\n1\n', '\nsep=;\n1\n', 'sep=,,\n1\n'])('%j has none', async (text) => {
    expect((await csv(text)).opened?.header?.[0]).toMatch(/^sep=/);
  });

  test('alone is an empty input', async () => {
    expect((await csv('sep=;\n')).error?.code).toBe('input_empty');
  });
});

test('the line of the header is known behind blank lines', async () => {
  expect((await csv('\n\r\nid\n1\n')).opened?.headerLine).toBe(3);
  expect((await csv('id\n1\n')).opened?.headerLine).toBe(1);
});
