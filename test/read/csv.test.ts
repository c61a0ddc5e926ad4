import { describe, expect, test } from 'vitest';
import { formatIssue } from '../../src/issues.js';
import { csv, cutAt, inBlocks } from './support.js';

describe('records', () => {
  test('quoted cells hold delimiters, line ends and doubled quotes', async () => {
    const { cells, lines } = await csv('id,note\n1,"a, ""b""\r\nc"\n2,"\r"\n3,\n');
    expect(cells).toEqual([
      ['1', 'a, "b"\r\nc'],
      ['2', '\r'],
      ['3', ''],
    ]);
    expect(lines).toEqual([2, 4, 6]);
  });

  test('LF, CRLF and CR may be mixed; blank lines are counted, but are no records', async () => {
    const { cells, lines, opened } = await csv('\n\r\nid\r1\r\n\n2\n\r\r3');
    expect(opened?.header).toEqual(['id']);
    expect(cells).toEqual([['1'], ['2'], ['3']]);
    expect(lines).toEqual([4, 6, 9]);
    const { chunks } = await csv('id\n1\n\n\r\n2\n');
    expect(Buffer.from(chunks[0]?.bytes ?? []).toString()).toBe('1\n2\n');
  });

  test('a quoted empty cell is a record, a line of blanks too', async () => {
    const { cells } = await csv('id\n""\n \n');
    expect(cells).toEqual([[''], [' ']]);
  });

  test('rows of another length than the header come as they are', async () => {
    const { cells, opened } = await csv('a,b\n1\n1,2,3\n1,2\n');
    expect(cells).toEqual([['1'], ['1', '2', '3'], ['1', '2']]);
    expect(opened?.dialect).toEqual({ format: 'csv', delimiter: ',', columnCount: 2 });
  });

  test.each([
    ['\t', 'a\tb\n1\t"x\ty"\n'],
    ['||', 'a||b\n1||"x||y"\n'],
    ['§', 'a§b\n1§"x§y"\n'],
  ])('delimiter %j', async (delimiter, text) => {
    const { opened, cells } = await csv(inBlocks(Buffer.from(text), 1), { delimiter });
    expect(opened?.header).toEqual(['a', 'b']);
    expect(cells).toEqual([['1', `x${delimiter}y`]]);
  });

  test.each(['"', '\r', '\n', '', '|"', '\n\n'])('delimiter %j is refused', async (delimiter) => {
    const { error } = await csv('a\n', { delimiter });
    expect(error?.code).toBe('usage');
  });

  test('5,000 columns', async () => {
    const names = Array.from({ length: 5000 }, (_, i) => `column_${i}`);
    const { opened, cells } = await csv(`${names.join(',')}\n${names.map(() => 'x').join(',')}\n`);
    expect(opened?.header).toEqual(names);
    expect(cells[0]?.length).toBe(5000);
  });
});

describe('the header', () => {
  test.each([
    ['no bytes', ''],
    ['a byte-order mark alone', '\ufeff'],
    ['blank lines', '\r\n\n\n'],
  ])('%s: an error, unless it is allowed', async (_, text) => {
    const { error } = await csv(text);
    expect(error?.code).toBe('input_empty');
    expect(error?.exitCode).toBe(65);
    const { opened, chunks } = await csv(text, { allowEmpty: true });
    expect(opened?.empty).toBe(true);
    expect(opened?.warnings).toEqual([{ code: 'empty_input' }]);
    expect(opened?.header).toEqual([]);
    expect(opened?.headerBytes).toBeUndefined();
    expect(chunks).toEqual([]);
  });

  test.each(['em, ph ', 'em, ph \r\n', '\ufeffem, ph \n\n'])('%j has no rows', async (text) => {
    const { opened, chunks } = await csv(text);
    expect(opened?.empty).toBe(false);
    expect(opened?.header).toEqual(['em', ' ph ']);
    expect(Buffer.from(opened?.headerBytes ?? []).toString()).toBe('em, ph ');
    expect(chunks).toEqual([]);
  });

  test('is kept verbatim', async () => {
    const { opened } = await csv('"e""m",\nx\n');
    expect(opened?.header).toEqual(['e"m', '']);
    expect(Buffer.from(opened?.headerBytes ?? []).toString()).toBe('"e""m",');
  });

  test('above the limit is an error', async () => {
    const { error } = await csv(`\n${'a,'.repeat(20)}\n1\n`, { maxRecordBytes: 30 });
    expect(error?.code).toBe('header_invalid');
    expect(error?.place).toEqual({ file: 'rows.csv', line: 2 });
    expect(error?.fix).toContain('--max-record-bytes');
  });

  test.each([
    ['em;ph', 'semicolon', "';'"],
    ['em\tph', 'tab', 'tab'],
    ['em|ph', 'vertical bar', "'|'"],
  ])('%j hints at another delimiter', async (header, delimiter, flag) => {
    const { opened } = await csv(`${header}\n`);
    expect(opened?.warnings).toEqual([{ code: 'semicolon_header', args: { delimiter, flag } }]);
    expect(formatIssue(opened!.warnings[0]!)).toContain(delimiter);
  });

  test.each(['em', 'em;x,ph'])('%j gives no hint', async (header) => {
    expect((await csv(`${header}\n`)).opened?.warnings).toEqual([]);
  });
});

describe('broken quotes end the run after the records before them', () => {
  const before = 'id,name\n1,"a\nb"\n2,c\n';
  test.each([
    ['a quote inside an unquoted cell', '3,12" tv\n4,x\n', 5, 'inside a cell'],
    ['a quote after a quoted cell with a line end', '3,"x\ny" "\n', 6, 'between the closing quote'],
    ['text after a closing quote', '3,"x"y\n', 5, 'between the closing quote'],
    ['NUL after a closing quote', '3,"x"\0\n', 5, 'between the closing quote'],
    ['a quote that is not closed', '3,"x\n4,y\n', 5, 'never closed'],
    ['a quote that ends in a doubled one', '3,"x""', 5, 'never closed'],
  ])('%s', async (_, damage, line, words) => {
    const bytes = Buffer.from(before + damage);
    for (let at = 0; at <= bytes.length; at += 1) {
      const { error, cells } = await csv(cutAt(bytes, at));
      expect(cells).toEqual([
        ['1', 'a\nb'],
        ['2', 'c'],
      ]);
      expect(error?.code).toBe('broken_quote');
      expect(error?.exitCode).toBe(65);
      expect(error?.place).toEqual({ file: 'rows.csv', row: 3, line });
      expect(error?.message).toMatch(`rows.csv, row 3, line ${line}, column 2: `);
      expect(error?.message).toContain(words);
      expect(error?.fix).not.toBe('');
    }
  });

  test('the column is named by its position, because the header may be a row', async () => {
    const { error } = await csv('a@example.com,b\n1"\n');
    expect(error?.place).toEqual({ file: 'rows.csv', row: 1, line: 2 });
    expect(error?.message).toContain('line 2, column 1:');
    expect(error?.message).not.toContain('example');
  });

  test('in the header', async () => {
    const { error, opened } = await csv('\na,b "x"\n1,2\n');
    expect(opened).toBeUndefined();
    expect(error?.code).toBe('broken_quote');
    expect(error?.place).toEqual({ file: 'rows.csv', line: 2 });
    expect(error?.message).toContain('the header, line 2, column 2');
  });

  test('no cell value is in the message', async () => {
    const { error } = await csv('a\nCANARY"CANARY\n');
    expect(`${error?.message} ${error?.fix} ${error?.stack}`).not.toContain('CANARY');
  });
});

describe('records above the limit', () => {
  const limit = { maxRecordBytes: 10 };

  test('are left out without a trace of their bytes; rows and lines go on', async () => {
    const text = `h\naaaa\n${'b'.repeat(11)}\ncccc\n${'d'.repeat(10)}\n${'e'.repeat(500)}`;
    for (const size of [1, 3, 10, 11, 1000]) {
      const { chunks, cells, lines } = await csv(inBlocks(Buffer.from(text), size), limit);
      expect(cells).toEqual([['aaaa'], [], ['cccc'], ['dddddddddd'], []]);
      expect(lines).toEqual([2, 3, 4, 5, 6]);
      expect(chunks.length).toBe(1);
      expect(chunks[0]?.oversized).toEqual([1, 4]);
      expect(Buffer.from(chunks[0]?.bytes ?? []).toString()).toBe('aaaa\ncccc\ndddddddddd\n');
      expect(chunks[0]?.starts[1]).toBe(chunks[0]?.ends[1]);
    }
  });

  test('may hold quoted cells, as long as each ends within the limit', async () => {
    const text = `h\n${'b'.repeat(11)},"x\ny",z\nc\n`;
    for (const size of [1, 4, 1000]) {
      const { chunks, lines, error } = await csv(inBlocks(Buffer.from(text), size), limit);
      expect(error).toBeUndefined();
      expect(chunks[0]?.oversized).toEqual([0]);
      expect(lines).toEqual([2, 4]);
    }
  });

  test.each([
    ['a cell that is too large', 'x,"\n12345678"\nz\n'],
    ['a quote that is never closed', `x,"${'y\n'.repeat(50)}`],
    ['a cell that begins beyond the limit', `${'x'.repeat(20)},"${'y\n'.repeat(50)}`],
  ])('within quotes are broken quoting: %s', async (_, damage) => {
    for (const size of [1, 4, 1000]) {
      const { error, cells } = await csv(inBlocks(Buffer.from(`h,i\na\n${damage}`), size), limit);
      expect(cells).toEqual([['a']]);
      expect(error?.code).toBe('broken_quote');
      expect(error?.place).toEqual({ file: 'rows.csv', row: 2, line: 3 });
      expect(error?.message).toContain('larger than 10 bytes');
      expect(error?.fix).toContain('--max-record-bytes');
    }
  });

  test('a closing quote beyond the limit is too late', async () => {
    for (const size of [1, 1000]) {
      const { error } = await csv(inBlocks(Buffer.from('h\n"123456789"\n'), size), limit);
      expect(error?.code).toBe('broken_quote');
    }
  });

  test('a record that fills the limit with its quotes is fine', async () => {
    const { cells, error } = await csv('h\n"12345678"\n', limit);
    expect(error).toBeUndefined();
    expect(cells).toEqual([['12345678']]);
  });
});
