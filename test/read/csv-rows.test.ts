import { isDeepStrictEqual } from 'node:util';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RunError } from '../../src/errors.js';
import { isPlainDelimiter, splitRecord } from '../../src/read/split-record.js';
import type { Chunk, CsvDialect } from '../../src/types.js';
import { cellsOf, csv, inBlocks } from './support.js';

const DELIMITERS = [',', ';', '\t', '|', ' ', 'a', '\0', '||', ',,', '€', 'é', ', '] as const;
const delimiters = fc.constantFrom(...DELIMITERS);

/** Pieces of bytes that mean something to a CSV parser or a decoder, well-formed or not. */
const piece = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('"', '""', '"""', '"a"', '""""', ',"', '",', '","', '"\n') },
  { weight: 4, arbitrary: fc.constantFrom(',', ',,', ';', '\t', '|', '||', ', ') },
  { weight: 2, arbitrary: fc.constantFrom('\n', '\r\n', '\r', '\n\n', '\r\r\n', '\n\r') },
  { weight: 3, arbitrary: fc.constantFrom('a', 'a b', ' ', '  ', '\0', '\x7f', "'", '\\', '#') },
  { weight: 2, arbitrary: fc.constantFrom('é', '€', '𝄞', '\ufeff', '\u2028', '\x85', '\ufffd') },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 6 }) },
);
const text = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));

/** Not UTF-8: lone continuation bytes, cut sequences, surrogates, overlong forms. */
const brokenPiece = fc
  .constantFrom(
    [0x80],
    [0xc3],
    [0xe2, 0x82],
    [0xed, 0xa0, 0x80],
    [0xc0, 0xa2],
    [0xf0, 0x9d],
    [0xff],
    [0xef, 0xbb],
  )
  .map((bytes) => Buffer.from(bytes));
const anyBytes = fc
  .array(fc.oneof({ weight: 4, arbitrary: piece.map((part) => Buffer.from(part)) }, brokenPiece), {
    maxLength: 20,
  })
  .map((parts) => Buffer.concat(parts));

/** Rows of a tidy writer that quotes where it must, and sometimes where it need not. */
const tidyCell = fc.tuple(
  fc.oneof(fc.constantFrom('', 'a', 'x y', '12" tv', '"', '\r\n', 'é', ','), fc.string({ maxLength: 12 })),
  fc.boolean(),
);
const tidyRows = fc.array(fc.array(tidyCell, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 });

function write(
  rows: readonly (readonly (readonly [string, boolean])[])[],
  delimiter: string,
  end: string,
): string {
  const writeCell = ([value, quote]: readonly [string, boolean]): string =>
    quote ||
    value === '' ||
    /["\r\n]/.test(value) ||
    Array.from(delimiter).some((part) => value.includes(part))
      ? `"${value.replaceAll('"', '""')}"`
      : value;
  return rows.map((row) => row.map(writeCell).join(delimiter) + end).join('');
}

function dialect(delimiter: string, engine: 'auto' | 'csv-parse'): CsvDialect {
  return { format: 'csv', delimiter, columnCount: 1, engine };
}

const LINE_ENDS = ['\r\n', '\n', '\r'];
const NO_LINE_END = ['\x01\x02\x03'];

function parsed(
  bytes: Uint8Array,
  delimiter: string,
  lineEnds: string[] = LINE_ENDS,
): readonly (readonly string[])[] | undefined {
  try {
    return parse(Buffer.from(bytes), {
      delimiter,
      relax_column_count: true,
      skip_empty_lines: true,
      record_delimiter: lineEnds,
    });
  } catch {
    return undefined;
  }
}

/** Whether a scanner could give this record: it is not empty, and no line end stands outside of its quotes. */
function isOneRecord(bytes: Uint8Array, delimiter: string): boolean {
  const blind = parsed(bytes, delimiter, NO_LINE_END);
  return bytes.length > 0 && isDeepStrictEqual(parsed(bytes, delimiter), blind);
}

/** A chunk of these records, whatever a scanner would think of them. */
function chunkOf(records: readonly Uint8Array[]): Chunk {
  const ends: number[] = [];
  const starts: number[] = [];
  let at = 0;
  for (const record of records) {
    starts.push(at);
    ends.push(at + record.length);
    at += record.length + 1;
  }
  return {
    seq: 0,
    input: 0,
    bytes: Buffer.concat(records.flatMap((record) => [record, Buffer.from('\n')])),
    starts: Uint32Array.from(starts),
    ends: Uint32Array.from(ends),
    lines: Uint32Array.from(starts, (_, i) => i + 1),
    firstRow: 1,
    oversized: [],
  };
}

function attempt<T>(read: () => T): T | string {
  try {
    return read();
  } catch (error) {
    if (error instanceof RunError) return error.code;
    throw error;
  }
}

describe('rows split directly are the rows of csv-parse', () => {
  test('for every chunk of a text, cut into blocks and chunks anywhere, records above the limit included', async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(
        text,
        delimiters,
        sizes,
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 3, max: 40 }),
        async (rest, delimiter, blocks, chunkBytes, maxRecordBytes) => {
          const options = { delimiter, chunkBytes, maxRecordBytes };
          const { chunks } = await csv(inBlocks(Buffer.from(`h\n${rest}`), ...blocks), options);
          for (const chunk of chunks) {
            const rows = cellsOf(chunk, dialect(delimiter, 'auto'));
            expect(rows).toEqual(cellsOf(chunk, dialect(delimiter, 'csv-parse')));
          }
        },
      ),
      { numRuns: 800 },
    );
  });

  test('for tidy texts, against csv-parse on the whole text, with blocks that end at every byte', async () => {
    const lineEnds = fc.constantFrom('\n', '\r\n', '\r');
    await fc.assert(
      fc.asyncProperty(tidyRows, delimiters, lineEnds, async (rows, delimiter, end) => {
        const bytes = Buffer.from(`h${end}${write(rows, delimiter, end)}`);
        const expected = parsed(bytes, delimiter)?.slice(1);
        expect(expected).toBeDefined();
        for (let at = 1; at < bytes.length; at += 1) {
          const { cells, error } = await csv(inBlocks(bytes, at, bytes.length), {
            delimiter,
            chunkBytes: at,
          });
          expect(error).toBeUndefined();
          expect(cells).toEqual(expected);
        }
      }),
      { numRuns: 40 },
    );
  });

  test('for records of any bytes, plain and others in one chunk: the same cells, or the same failure', () => {
    const records = fc.array(anyBytes, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(records, delimiters, (given, delimiter) => {
        const auto = dialect(delimiter, 'auto');
        const sound: Uint8Array[] = [];
        for (const record of given.filter((bytes) => isOneRecord(bytes, delimiter))) {
          const expected = parsed(record, delimiter);
          if (expected !== undefined) sound.push(record);
          expect(attempt(() => cellsOf(chunkOf([record]), auto))).toEqual(expected ?? 'internal');
        }
        const expected = sound.flatMap((record) => parsed(record, delimiter) ?? []);
        expect(cellsOf(chunkOf(sound), auto)).toEqual(expected);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a record is split directly', () => {
  test('when it is plain, whatever is in its cells', () => {
    const plain = DELIMITERS.filter(isPlainDelimiter);
    expect(plain).toEqual([',', ';', '\t', '|', ' ', 'a', '\0']);
    fc.assert(
      fc.property(
        fc.array(tidyCell, { minLength: 1 }),
        fc.constantFrom(...plain),
        fc.nat(6),
        (cells, delimiter, columns) => {
          const values = cells.map(([value]) => value);
          expect(splitRecord(write([cells], delimiter, ''), delimiter, columns)).toEqual(values);
        },
      ),
    );
  });

  test.each(['a"b', '"a"b', '"a" ,b', ' "a"', '"a', '"a""', '"""', 'a,"', '"a"\0,b', '"a","b"c', 'a",b'])(
    'but not %j',
    (record) => {
      expect(splitRecord(record, ',', 2)).toBeUndefined();
    },
  );

  test('and csv-parse judges the others of its chunk', () => {
    const records = ['a,b', '"x"\0,y', '"c,""d""",e'].map((record) => Buffer.from(record));
    const auto = dialect(',', 'auto');
    const expected = [
      ['a', 'b'],
      ['x\0', 'y'],
      ['c,"d"', 'e'],
    ];
    expect(cellsOf(chunkOf(records), auto)).toEqual(expected);
    const broken = chunkOf([Buffer.from('SECRET"x')]);
    expect(() => cellsOf(broken, auto)).toThrow(RunError);
    expect(() => cellsOf(broken, auto)).not.toThrow(/SECRET/);
    expect(() => cellsOf(chunkOf([Buffer.from('"a"\n"b"')]), auto)).toThrow(RunError);
  });

  test('unless csv-parse is asked for, which goes with the input to whoever splits it', async () => {
    const { opened } = await csv('h\n1\n', { csvEngine: 'csv-parse' });
    expect(opened?.dialect).toEqual({ format: 'csv', delimiter: ',', columnCount: 1, engine: 'csv-parse' });
    // A line end that no scanner would leave there is noticed by csv-parse alone.
    const chunk = chunkOf([Buffer.from('a\nb')]);
    expect(() => cellsOf(chunk, dialect(',', 'csv-parse'))).toThrow(RunError);
    expect(cellsOf(chunk, dialect(',', 'auto'))).toEqual([['a\nb']]);
  });
});
