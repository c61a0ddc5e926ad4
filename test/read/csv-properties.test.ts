import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { recordBytes } from '../../src/read/index.js';
import type { Row } from '../../src/types.js';
import { csv, cutAt, inBlocks, type ReadResult } from './support.js';

/** Heavy in what matters to a scanner. */
const token = fc.constantFrom(
  'a',
  '"',
  '""',
  ',',
  ';',
  '|',
  '||',
  '\r',
  '\n',
  '\r\n',
  ' ',
  'é',
  '€',
  '𝄞',
  '\ufeff',
  '"a"',
  ',"',
  '",',
  '"\n',
);
const anyText = fc.array(token, { maxLength: 40 }).map((tokens) => tokens.join(''));

/** Text that is well-formed CSV most of the time. */
const cell = fc.oneof(
  fc.constantFrom('', 'a', 'é', 'x y', '""', '"\r\n"', '"a,b"', '"say ""hi"""', '"\r"', '"\n\n"', '"€"'),
  fc.stringMatching(/^[a-z]{0,8}$/),
);
const tidyText = fc
  .array(fc.tuple(fc.array(cell, { minLength: 1, maxLength: 4 }), fc.constantFrom('\n', '\r\n', '\r')), {
    maxLength: 8,
  })
  .map((rows) => rows.map(([cells, end]) => cells.join(',') + end).join(''));

const text = fc.oneof(anyText, tidyText);

function reference(input: string, delimiter: string): readonly (readonly string[])[] | undefined {
  try {
    return parse(input, {
      delimiter,
      relax_column_count: true,
      skip_empty_lines: true,
      record_delimiter: ['\r\n', '\n', '\r'],
    });
  } catch {
    return undefined;
  }
}

function allRecords(result: ReadResult): readonly Row[] {
  const header = result.opened?.header;
  return header === undefined || result.opened?.empty === true ? result.cells : [header, ...result.cells];
}

describe('the CSV scanner', () => {
  test('finds the records csv-parse finds, however the bytes are cut into blocks', async () => {
    await fc.assert(
      fc.asyncProperty(text, fc.constantFrom(',', ';', '||', '€'), async (input, delimiter) => {
        // A leading byte-order mark is taken off before the scanner sees it.
        const expected = reference(input.replace(/^\ufeff/, ''), delimiter);
        const bytes = Buffer.from(input);
        for (let at = 0; at <= bytes.length; at += 1) {
          const result = await csv(cutAt(bytes, at), { delimiter, allowEmpty: true });
          if (expected === undefined) {
            expect(result.error?.code).toBe('broken_quote');
          } else {
            expect(result.error).toBeUndefined();
            expect(allRecords(result)).toEqual(expected);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  test('gives the same records, lines and damage for every block and chunk size', async () => {
    await fc.assert(
      fc.asyncProperty(
        text,
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 3, max: 30 }),
        async (rest, sizes, chunkBytes, maxRecordBytes) => {
          const bytes = Buffer.from(`h\n${rest}`);
          const whole = await csv(bytes, { maxRecordBytes });
          const cut = await csv(inBlocks(bytes, ...sizes), { chunkBytes, maxRecordBytes });
          expect(cut.error).toEqual(whole.error);
          expect(cut.error?.place).toEqual(whole.error?.place);
          expect(cut.texts).toEqual(whole.texts);
          expect(cut.lines).toEqual(whole.lines);
          expect(cut.cells).toEqual(whole.cells);
          expect(cut.chunks.slice(0, -1).every((chunk) => isCutRight(chunk, chunkBytes))).toBe(true);
        },
      ),
      { numRuns: 250 },
    );
  });

  test('leaves every record verbatim, and rows and lines numbered without a gap', async () => {
    await fc.assert(
      fc.asyncProperty(tidyText, fc.integer({ min: 1, max: 40 }), async (rest, chunkBytes) => {
        const result = await csv(`h\n${rest}`, { chunkBytes });
        let row = 1;
        for (const [seq, chunk] of result.chunks.entries()) {
          expect(chunk.seq).toBe(seq);
          expect(chunk.firstRow).toBe(row);
          expect(chunk.ends.length).toBe(chunk.starts.length);
          expect(chunk.lines.length).toBe(chunk.starts.length);
          row += chunk.starts.length;
        }
        expect(result.cells.length).toBe(result.texts.length);
        // What is not in a record is line ends: taking the records away from the text in order must leave nothing else.
        let remainder = '';
        let at = 0;
        const all = `h\n${rest}`;
        for (const record of ['h', ...result.texts]) {
          const found = all.indexOf(record, at);
          remainder += all.slice(at, found);
          at = found + record.length;
        }
        expect((remainder + all.slice(at)).replace(/[\r\n]/g, '')).toBe('');
        expect(result.texts.every((record) => record !== '')).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  test('counts the line of every record as an editor would', async () => {
    await fc.assert(
      fc.asyncProperty(tidyText, async (rest) => {
        const all = `h\n${rest}`;
        const result = await csv(inBlocks(Buffer.from(all), 3));
        let at = 0;
        for (const [i, record] of ['h', ...result.texts].entries()) {
          at = all.indexOf(record, at);
          const line = all.slice(0, at).replace(/\r\n/g, '\n').replace(/\r/g, '\n').split('\n').length;
          if (i > 0) expect(result.lines[i - 1]).toBe(line);
          at += record.length;
        }
      }),
      { numRuns: 150 },
    );
  });
});

function isCutRight(
  chunk: { readonly bytes: Uint8Array; readonly starts: Uint32Array },
  size: number,
): boolean {
  const lastStart = chunk.starts[chunk.starts.length - 1] ?? 0;
  const reachesSize = chunk.bytes.length >= size || chunk.starts.length >= size;
  return reachesSize && (lastStart < size || chunk.bytes.length === lastStart);
}

test('a chunk owns its bytes, so that it can be transferred', async () => {
  const { chunks } = await csv(`h\n${'a,b\n'.repeat(1000)}`, { chunkBytes: 100 });
  const [first] = chunks;
  const second = chunks[1]!;
  const before = Buffer.from(recordBytes(second, 0)).toString();
  const moved = structuredClone(first!, { transfer: [first!.bytes.buffer as ArrayBuffer] });
  expect(moved.bytes.length).toBeGreaterThanOrEqual(100);
  expect(first!.bytes.length).toBe(0);
  expect(Buffer.from(recordBytes(second, 0)).toString()).toBe(before);
  expect(Object.getPrototypeOf(second.bytes)).toBe(Uint8Array.prototype);
});
