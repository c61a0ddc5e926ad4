import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csv, cutAt, inBlocks, jsonl } from './support.js';

const TEXT = 'näme,wert\r\nÄöü,€ 5\r\n"𝄞\n",ß\r\n';
const CELLS = [
  ['Äöü', '€ 5'],
  ['𝄞\n', 'ß'],
];

function utf16be(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16();
}

function hex(text: string): Buffer {
  return Buffer.from(text.replace(/ /g, ''), 'hex');
}

describe('the same text in every encoding, cut at every byte', () => {
  const latin = TEXT.replace('€', 'E').replace('𝄞', 'T');
  const latinCells = [
    ['Äöü', 'E 5'],
    ['T\n', 'ß'],
  ];
  test.each([
    ['UTF-8', Buffer.from(TEXT), undefined, CELLS, false],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${TEXT}`), undefined, CELLS, false],
    ['UTF-8 by name', Buffer.from(TEXT), 'UTF8', CELLS, false],
    ['UTF-16LE with a mark', Buffer.from(`\ufeff${TEXT}`, 'utf16le'), undefined, CELLS, true],
    ['UTF-16BE with a mark', utf16be(`\ufeff${TEXT}`), undefined, CELLS, true],
    ['UTF-16LE by name', Buffer.from(TEXT, 'utf16le'), 'utf-16', CELLS, true],
    ['UTF-16BE by name', utf16be(TEXT), 'utf-16be', CELLS, true],
    ['latin1 by name', Buffer.from(latin, 'latin1'), 'latin1', latinCells, true],
    ['UTF-8 with a mark, whatever the name', Buffer.from(`\ufeff${TEXT}`), 'latin1', CELLS, false],
    ['UTF-16 with a mark, whatever the name', Buffer.from(`\ufeff${TEXT}`, 'utf16le'), 'utf-8', CELLS, true],
  ])('%s', async (_, bytes, encoding, cells, transcoded) => {
    const options = encoding === undefined ? {} : { encoding };
    for (let at = 0; at <= bytes.length; at += 1) {
      const result = await csv(cutAt(bytes, at), options);
      expect(result.error).toBeUndefined();
      expect(result.opened?.header).toEqual(['näme', 'wert']);
      expect(result.cells).toEqual(cells);
      expect(result.opened?.transcoded).toBe(transcoded);
    }
    expect((await csv(inBlocks(bytes, 1), options)).cells).toEqual(cells);
  });

  // Bytes written by hand from the code charts, not by the library under test.
  test.each([
    ['windows-1252', '80 2c 9c', ['€', 'œ']],
    ['shift_jis', '93 fa 96 7b 2c b1 5c', ['日本', 'ｱ\\']],
    ['gb18030', 'd6 d0 2c 81 30 81 30', ['中', '\u0080']],
    ['koi8-r', 'f2 d5 2c d3', ['Ру', 'с']],
  ])('%s', async (encoding, cells, expected) => {
    const bytes = Buffer.concat([hex('61 2c 62 0d 0a'), hex(cells), hex('0a')]);
    for (let at = 0; at <= bytes.length; at += 1) {
      expect((await csv(cutAt(bytes, at), { encoding })).cells).toEqual([expected]);
    }
  });
});

describe('bytes that are not valid', () => {
  const before = Buffer.from('a,b\r\n1,é\r\n2,"x\ny"\r\n');
  test.each([
    ['a stray continuation', '33 80 0a', 1],
    ['an overlong sequence', '33 c0 af', 1],
    ['half a surrogate pair', '33 2c ed a0 80', 2],
    ['beyond Unicode', 'f4 90 80 80', 0],
    ['a cut sequence before ASCII', '33 2c e2 82 0a 34', 2],
    ['a cut sequence at the end', '33 2c f0 9d 84', 2],
    ['latin1', '66 fc 72 0a', 1],
  ])('UTF-8: %s', async (_, damage, offset) => {
    const bytes = Buffer.concat([before, hex(damage)]);
    for (let at = 0; at <= bytes.length; at += 1) {
      const { error, cells } = await csv(cutAt(bytes, at));
      expect(error?.code).toBe('input_encoding');
      expect(error?.place).toEqual({ file: 'rows.csv', byte: before.length + offset, line: 5 });
      expect(error?.message).toContain('UTF-8');
      expect(cells).toEqual([
        ['1', 'é'],
        ['2', 'x\ny'],
      ]);
    }
  });

  test('the record before the damage is whole even where its CR could be half of a CRLF', async () => {
    const { error, cells } = await csv(Buffer.concat([Buffer.from('a\r1\r'), hex('ff')]));
    expect(cells).toEqual([['1']]);
    expect(error?.place.line).toBe(3);
  });

  test('a line that holds damage does not come out, in JSONL neither', async () => {
    const bytes = Buffer.concat([Buffer.from('{"a":1}\n{"a":"'), hex('ff'), Buffer.from('"}\n')]);
    const { error, texts } = await jsonl(bytes);
    expect(texts).toEqual(['{"a":1}']);
    expect(error?.place).toEqual({ file: 'rows.jsonl', byte: 14, line: 2 });
  });

  test.each([
    ['half a surrogate pair', Buffer.from('\ufeffa\n1\n\ud834x\n', 'utf16le'), 10],
    ['the second half alone', Buffer.from('\ufeffa\n1\nx\udd1e\n', 'utf16le'), 12],
    ['the first half at the end', Buffer.from('\ufeffa\n1\nx\ud834', 'utf16le'), 12],
    ['an odd byte at the end', Buffer.from('\ufeffa\n1\nx', 'utf16le').subarray(0, -1), 10],
  ])('UTF-16: %s', async (_, bytes, byte) => {
    for (let at = 0; at <= bytes.length; at += 1) {
      const { error, cells } = await csv(cutAt(bytes, at));
      expect(error?.code).toBe('input_encoding');
      expect(error?.place).toEqual({ file: 'rows.csv', byte, line: 3 });
      expect(cells).toEqual([['1']]);
    }
  });

  test.each([
    ['windows-1252', '78 81', 1],
    ['ascii', '78 79 e4', 2],
    ['shift_jis', '93 fa 96 7b 2c 81 20 41', 5],
    ['shift_jis', '93 fa 96', 2],
    ['gb18030', 'd6 d0 2c 81 30 81 0a', 3],
  ])('%s: %s', async (encoding, damage, offset) => {
    const head = Buffer.from('a,b\n1,2\n');
    const bytes = Buffer.concat([head, hex(damage)]);
    for (let at = 0; at <= bytes.length; at += 1) {
      const { error, cells } = await csv(cutAt(bytes, at), { encoding });
      expect(error?.code).toBe('input_encoding');
      expect(error?.place).toEqual({ file: 'rows.csv', byte: head.length + offset, line: 3 });
      expect(cells).toEqual([['1', '2']]);
    }
  });

  test('the place is right in any text', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme', maxLength: 30 }).map((text) => text.replace(/["\r\n,]/g, 'x')),
        fc.constantFrom(0x80, 0xbf, 0xc1, 0xf5, 0xff),
        fc.integer({ min: 1, max: 7 }),
        async (text, bad, size) => {
          const valid = Buffer.from(`h\n${text}`);
          const bytes = Buffer.concat([valid, Buffer.from([bad]), Buffer.from('x\n')]);
          const { error } = await csv(inBlocks(bytes, size));
          expect(error?.place.byte).toBe(valid.length);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('what is taken for another encoding', () => {
  test.each([
    ['utf-16le', Buffer.from('email,näme\nx,y\n', 'utf16le'), 1],
    ['utf-16be', utf16be('email,näme\nx,y\n'), 0],
  ])('%s without a mark is named', async (order, bytes, byte) => {
    const { error } = await csv(bytes);
    expect(error?.code).toBe('input_encoding');
    expect(error?.message).toContain('UTF-16');
    expect(error?.fix).toContain(`--encoding ${order}`);
    expect(error?.place).toEqual({ file: 'rows.csv', byte, line: 1 });
  });

  test('single NULs are no sign of it', async () => {
    const { cells, error } = await csv('a\0b,c\n1\0,2\n');
    expect(error).toBeUndefined();
    expect(cells).toEqual([['1\0', '2']]);
  });

  test('UTF-32 is refused', async () => {
    const { error } = await csv(hex('ff fe 00 00 61 00 00 00 0a 00 00 00'));
    expect(error?.code).toBe('input_encoding');
    expect(error?.message).toContain('UTF-32');
  });

  test.each([
    ['utf-9', 'utf-8'],
    ['windows1522', 'windows-1252'],
    ['shift-jas', 'shift_jis'],
    ['base64', undefined],
    ['utf-7', undefined],
    ['', undefined],
    ['__proto__', undefined],
  ])('the label %j is not known', async (encoding, near) => {
    const { error } = await csv('a\n', { encoding });
    expect(error?.code).toBe('unknown_encoding');
    expect(error?.exitCode).toBe(64);
    if (near !== undefined) expect(error?.message).toContain(`did you mean ${near}?`);
  });
});
