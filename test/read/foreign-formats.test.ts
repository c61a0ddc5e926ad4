import { Buffer } from 'node:buffer';
import * as zlib from 'node:zlib';
import { expect, test } from 'vitest';
import { bytesInput } from '../../src/read/index.js';
import { readAll } from './support.js';

const FORMATS: readonly (readonly [string, Uint8Array, string])[] = [
  ['Parquet', Buffer.from('PAR1\x15\x04\x15\x10\xff', 'latin1'), 'duckdb'],
  ['Arrow file', Buffer.from('ARROW1\0\0\xff\xff\xff\xff', 'latin1'), 'pyarrow.feather'],
  ['Arrow stream', Buffer.from('ffffffff7801000010000000', 'hex'), 'pyarrow.ipc'],
  ['ORC', Buffer.from('ORC\x0a\x0b\x0a\x03\0\0', 'latin1'), 'pyarrow.orc'],
  ['Avro', Buffer.from('Obj\x01\x04\x14avro.codec', 'latin1'), 'read_avro'],
  ['SQLite', Buffer.from('SQLite format 3\0\x10\0', 'latin1'), 'sqlite3 -csv -header'],
  ['zip', zipOf('rows.csv'), 'unzip -p'],
  ['workbook', zipOf('[Content_Types].xml'), 'CSV UTF-8'],
  ['workbook', zipOf('xl/workbook.xml'), 'CSV UTF-8'],
  ['Excel', Buffer.from('d0cf11e0a1b11ae10000', 'hex'), 'CSV UTF-8'],
  ['xz', Buffer.from('fd377a585a000004', 'hex'), 'xz -dc'],
  ['bzip2', Buffer.from('425a68393141592653590000', 'hex'), 'bzip2 -dc'],
];

function zipOf(entry: string): Uint8Array {
  const fixed = Buffer.from('504b0304140000000800000021000000000000000000000000000000', 'hex');
  fixed.writeUInt16LE(entry.length, 26);
  return Buffer.concat([fixed, Buffer.alloc(2), Buffer.from(entry), Buffer.from([0xff, 0xfe])]);
}

test.each(FORMATS)('%s is recognized by its first bytes', async (format, bytes, words) => {
  for (const given of [bytes, zlib.gzipSync(bytes)]) {
    for (const encoding of [undefined, 'latin1']) {
      const { error } = await readAll(
        bytesInput('dir/rows.csv', given),
        encoding === undefined ? {} : { encoding },
      );
      expect(error?.code).toBe('unsupported_format');
      expect(error?.exitCode).toBe(65);
      expect(error?.place).toEqual({ file: 'dir/rows.csv' });
      expect(error?.message).toContain(format);
      expect(error?.fix).toContain(words);
    }
  }
});

test('the name of the file stands in the command as the shell and SQL take it', async () => {
  const parquet = Buffer.from('PAR1\x15\x04', 'latin1');
  const fixOf = async (name: string, bytes: Uint8Array): Promise<string | undefined> =>
    (await readAll(bytesInput(name, bytes))).error?.fix;
  expect(await fixOf("a b'$c.parquet", parquet)).toContain(`(FROM 'a b''\\$c.parquet')`);
  expect(await fixOf("it's.xz", Buffer.from('fd377a585a000004', 'hex'))).toContain(`xz -dc 'it'\\''s.xz' |`);
  expect(await fixOf('-', parquet)).toContain(`(FROM 'FILE')`);
});

test.each([
  'PAR1,em\n1,2\n',
  'ORC,em\n1,2\n',
  'ORCHID\n1\n',
  'Objects\n1\n',
  'SQLite format 3\n1\n',
  'PK,em\n',
])('%j is text', async (text) => {
  const { error, opened } = await readAll(bytesInput('rows.csv', text));
  expect(error).toBeUndefined();
  expect(opened?.format).toBe('csv');
});
