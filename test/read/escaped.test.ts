import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csv, cutAt, inBlocks } from './support.js';

const ESCAPED = { escape: 'backslash' } as const;

type Cell = string | null;

/** Writes cells as one of the programs does. */
type Writer = (cells: readonly Cell[]) => string;

const SHORT: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\t': '\\t',
  '\r': '\\r',
  '\0': '\\0',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\v': '\\v',
};

/** mysql -B writes these and no CR; its NULL is the text NULL, so there is none here. */
const mysqlBatch: Writer = (cells) =>
  cells.map((cell) => (cell ?? '').replace(/[\n\t\0\\]/g, (char) => SHORT[char] ?? '')).join('\t');

function copyText(delimiter: string): Writer {
  return (cells) =>
    cells
      .map((cell) => {
        if (cell === null) return '\\N';
        return cell
          .replace(/[\b\f\n\r\t\v\\]/g, (char) => SHORT[char] ?? '')
          .replaceAll(delimiter, `\\${delimiter}`);
      })
      .join(delimiter);
}

/** SELECT … INTO OUTFILE: a backslash and the character itself; within quotes the delimiter stays as it is. */
function outfile(delimiter: string, quote: '' | '"'): Writer {
  const special = quote === '' ? new Set(['\\', '\n', '\0', delimiter]) : new Set(['\\', '\n', '\0', quote]);
  const escape = (cell: string): string =>
    Array.from(cell)
      .map((char) => (special.has(char) ? `\\${char === '\0' ? '0' : char}` : char))
      .join('');
  return (cells) =>
    cells.map((cell) => (cell === null ? '\\N' : `${quote}${escape(cell)}${quote}`)).join(delimiter);
}

/** UNLOAD … ESCAPE, with ADDQUOTES or without. */
function unload(quote: '' | '"'): Writer {
  const special = new Set(['\\', '\n', '\r', '|', ...(quote === '' ? [] : ['"', "'"])]);
  const escape = (cell: string): string =>
    Array.from(cell)
      .map((char) => (special.has(char) ? `\\${char}` : char))
      .join('');
  return (cells) => cells.map((cell) => `${quote}${escape(cell ?? '')}${quote}`).join('|');
}

/** Heavy in what is special to any of them. */
const text = fc
  .array(
    fc.constantFrom(
      'a',
      'N',
      'n',
      '0',
      '\\',
      '"',
      "'",
      ',',
      '|',
      '\t',
      '\n',
      '\r',
      '\0',
      ' ',
      'é',
      '😀',
      '\b',
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(''));

/** Records end at a CRLF as well, so that one that is not escaped cannot be told from a CR at the end of a cell. */
const withoutCrAtEnd = (cell: string): boolean => !cell.endsWith('\r');

describe('backslash escapes', () => {
  const writers: readonly (readonly [string, string, Writer, { quotes: boolean; nulls: boolean }])[] = [
    ['mysql -B', '\t', mysqlBatch, { quotes: false, nulls: false }],
    ['COPY text', '\t', copyText('\t'), { quotes: false, nulls: true }],
    ['COPY text', '|', copyText('|'), { quotes: false, nulls: true }],
    ['OUTFILE', '\t', outfile('\t', ''), { quotes: false, nulls: true }],
    ['OUTFILE ENCLOSED BY', '\t', outfile('\t', '"'), { quotes: true, nulls: true }],
    ['OUTFILE ENCLOSED BY', ',', outfile(',', '"'), { quotes: true, nulls: true }],
    ['UNLOAD ESCAPE', '|', unload(''), { quotes: false, nulls: false }],
    ['UNLOAD ESCAPE ADDQUOTES', '|', unload('"'), { quotes: true, nulls: false }],
  ];

  test.each(writers)('are read as %s (%j) writes them', async (_, delimiter, write, { quotes, nulls }) => {
    const cell = nulls ? fc.option(text, { freq: 6 }) : text;
    // Of a program that never quotes, a cell in quotes can be told only between tabs, beside a text without.
    const isClear = (value: Cell): boolean =>
      value === null || (withoutCrAtEnd(value) && (quotes || delimiter === '\t' || !value.startsWith('"')));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(cell.filter(isClear), { minLength: 2, maxLength: 2 }), { maxLength: 4 }),
        fc.constantFrom('\n', '\r\n'),
        fc.integer({ min: 1, max: 9 }),
        async (rows, lineEnd, size) => {
          const records = rows.map((cells) => ['x', ...cells]);
          const header = ['h', 'i', 'j'];
          const body = [header, ...records].map((cells) => write(cells) + lineEnd).join('');
          const result = await csv(inBlocks(Buffer.from(body), size), { ...ESCAPED, delimiter });
          expect(result.error).toBeUndefined();
          expect(result.opened?.header).toEqual(header);
          expect(result.cells).toEqual(records);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('every escape, in quoted and unquoted cells', async () => {
    const cell = '\\n\\t\\r\\0\\\\\\"\\\'\\b\\f\\v\\Z\\q\\N\\\n\\,é\\é';
    const expected = '\n\t\r\0\\"\'\b\f\v\x1aqN\n,éé';
    const { cells, lines } = await csv(`a,b\n${cell},"${cell}"\n1,2\n`, ESCAPED);
    expect(cells).toEqual([
      [expected, expected],
      ['1', '2'],
    ]);
    expect(lines).toEqual([2, 5]);
  });

  test('\\N alone is NULL; \\\\N is text', async () => {
    const { cells } = await csv('a,b,c,d\n\\N,\\\\N,\\Nx,"\\N"\n', ESCAPED);
    expect(cells).toEqual([[null, '\\N', 'Nx', null]]);
  });

  test('quotes inside quoted cells may be doubled', async () => {
    const { cells } = await csv('a,b\n"x ""y"" \\"z\\"""","\\\\"\n', ESCAPED);
    expect(cells).toEqual([['x "y" "z""', '\\']]);
  });

  test('a quote that is never closed makes the row invalid: the cell may go on behind a raw line end', async () => {
    const { cells } = await csv('a,b\nx,"Smith\nJones"\n', ESCAPED);
    expect(cells).toEqual([[], ['Jones"']]);
  });

  test.each([
    ['5",x\n', ',', ['5"', 'x']],
    ['"5" tube,x\n', ',', ['"5" tube', 'x']],
    ['"a,b",x\n', ',', ['a,b', 'x']],
    // COPY text and mysql -B: a text without quotes is beside it.
    ['"exact phrase"\tPURCHASE\n', '\t', ['"exact phrase"', 'PURCHASE']],
    ['"a\tb"\n', '\t', ['a\tb']],
    // OUTFILE OPTIONALLY ENCLOSED BY: only texts have quotes.
    ['"a\tb"\t2026-11-19 18:04:11\t-1.5\t\\N\n', '\t', ['a\tb', '2026-11-19 18:04:11', '-1.5', null]],
  ])('a quote in %j is read by what writes it', async (line, delimiter, expected) => {
    const header = expected.map((__, i) => `c${i}`).join(delimiter);
    const { cells, error } = await csv(`${header}\n${line}`, { ...ESCAPED, delimiter });
    expect(error).toBeUndefined();
    expect(cells).toEqual([expected]);
  });

  test('the last record may lack its line end, or be cut within an escape', async () => {
    const bytes = Buffer.from('a,b\r\n1,x\\\r\r\n2,y\\');
    for (let at = 0; at <= bytes.length; at += 1) {
      const { cells, opened } = await csv(cutAt(bytes, at), ESCAPED);
      expect(cells).toEqual([
        ['1', 'x\r'],
        ['2', 'y\\'],
      ]);
      expect(opened?.lateWarnings()).toEqual([{ code: 'no_final_line_end' }]);
      const strict = await csv(cutAt(bytes, at), { ...ESCAPED, requireFinalNewline: true });
      expect(strict.cells).toEqual([['1', 'x\r']]);
      expect(strict.error?.code).toBe('cut_short');
      expect(strict.error?.place).toEqual({ file: 'rows.csv', row: 2, line: 3 });
    }
  });

  test('what came before damaged bytes is given, and no piece of a record', async () => {
    const bytes = Buffer.concat([Buffer.from('a,b\n1,2\n3,\r'), Buffer.from([0xff])]);
    for (let at = 0; at <= bytes.length; at += 1) {
      const { cells, error } = await csv(cutAt(bytes, at), ESCAPED);
      expect(cells).toEqual([['1', '2']]);
      expect(error?.code).toBe('input_encoding');
    }
  });

  test('records above the limit are left out; the delimiter cannot be the escape', async () => {
    const { texts, chunks } = await csv(`a\n${'x\\\n'.repeat(20)}\nb\n`, { ...ESCAPED, maxRecordBytes: 10 });
    expect(texts).toEqual(['', 'b']);
    expect(chunks[0]?.oversized).toEqual([0]);
    expect((await csv('a\n', { ...ESCAPED, delimiter: '\\' })).error?.code).toBe('usage');
  });
});
