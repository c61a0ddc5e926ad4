import * as zlib from 'node:zlib';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { bytesInput, DEFAULT_READ_OPTIONS, openInput } from '../../src/read/index.js';
import type { Cell } from '../../src/types.js';
import { csv, cutAt, inBlocks, jsonl, readAll, type ReadResult } from './support.js';

const TEXT = `id,note\n${Array.from({ length: 200 }, (_, i) => `${i},"naïve ${i * 7919}"\n`).join('')}`;
const IDS = Array.from({ length: 200 }, (_, i) => String(i));

function ids(result: ReadResult): readonly Cell[] {
  return result.cells.map((row) => row[0]);
}

describe('gzip', () => {
  test('is recognized by content, in blocks of any size', async () => {
    const bytes = zlib.gzipSync(TEXT);
    for (const size of [1, 7, 100_000]) {
      const result = await csv(inBlocks(bytes, size));
      expect(result.error).toBeUndefined();
      expect(ids(result)).toEqual(IDS);
      expect(result.opened?.bytesRead()).toBe(bytes.length);
    }
  });

  test('several members in a row are one text, cut at every byte', async () => {
    const middle = TEXT.length >> 1;
    const first = zlib.gzipSync(TEXT.slice(0, middle));
    const bytes = Buffer.concat([first, zlib.gzipSync(TEXT.slice(middle))]);
    for (let at = first.length - 12; at < first.length + 12; at += 1) {
      expect(ids(await csv(cutAt(bytes, at)))).toEqual(IDS);
    }
    expect(ids(await csv(inBlocks(bytes, 1)))).toEqual(IDS);
  });

  test('NULs after it are padding, other bytes are damage', async () => {
    const bytes = zlib.gzipSync(TEXT);
    const padded = Buffer.concat([bytes, Buffer.alloc(600)]);
    for (const size of [5, 64, 100_000]) {
      const result = await csv(inBlocks(padded, size));
      expect(result.error).toBeUndefined();
      expect(ids(result)).toEqual(IDS);
    }
    // What comes out of the engine together with the damage is lost with it; nothing wrong comes out.
    for (const rest of ['tail', '\0\0tail']) {
      const result = await csv(Buffer.concat([bytes, Buffer.from(rest)]));
      expect(result.error?.code).toBe('input_compression');
      expect(ids(result)).toEqual(IDS.slice(0, result.cells.length));
    }
  });

  test('cut short anywhere: the complete records before the cut, then the error, never half a row', async () => {
    const text = `id,note\n${Array.from({ length: 40 }, (_, i) => `${i},${i * 7919}\n`).join('')}`;
    const bytes = zlib.gzipSync(text);
    let most = 0;
    for (let length = 18; length < bytes.length; length += 1) {
      const cut = bytes.subarray(0, length);
      const plain = zlib.gunzipSync(cut, { finishFlush: zlib.constants.Z_SYNC_FLUSH }).toString();
      const complete = Math.max(0, plain.split('\n').length - 2);
      const result = await csv(inBlocks(cut, 16));
      expect(result.error?.code).toBe('input_compression');
      expect(result.error?.message).toBe('rows.csv: the gzip data is cut short');
      expect(result.error?.place).toEqual({ file: 'rows.csv' });
      expect(ids(result)).toEqual(IDS.slice(0, complete));
      most = Math.max(most, complete);
    }
    expect(most).toBe(40);
  });

  test('cut short after many blocks, read slowly: nothing that was decompressed is lost', async () => {
    const text = `id\n${Array.from({ length: 30_000 }, (_, i) => `${i},${(i * 7919) % 1013}\n`).join('')}`;
    const whole = zlib.gzipSync(text);
    // The last piece of output is larger or smaller than what a stream holds back, depending on the cut.
    for (let missing = 1000; missing < 16_000; missing += 1500) {
      const bytes = whole.subarray(0, whole.length - missing);
      const plain = zlib.gunzipSync(bytes, { finishFlush: zlib.constants.Z_SYNC_FLUSH }).toString();
      const options = { ...DEFAULT_READ_OPTIONS, chunkBytes: 20_000 };
      const opened = await openInput(bytesInput('rows.csv', bytes), 0, options);
      let rows = 0;
      const consume = async (): Promise<void> => {
        for await (const chunk of opened.chunks) {
          rows += chunk.starts.length;
          for (let turn = 0; turn < 20; turn += 1) await setImmediate();
        }
      };
      await expect(consume()).rejects.toThrow('cut short');
      expect(rows).toBe(plain.split('\n').length - 2);
    }
  });

  test('damaged', async () => {
    const bytes = zlib.gzipSync(TEXT);
    bytes[bytes.length - 6] = (bytes[bytes.length - 6] ?? 0) ^ 1;
    const result = await csv(bytes);
    expect(result.error?.code).toBe('input_compression');
    expect(result.error?.message).toContain('is damaged');
  });

  test('in JSONL, and in UTF-16', async () => {
    expect((await jsonl(zlib.gzipSync('{"a":1}\n{"a":2}\n'))).texts).toEqual(['{"a":1}', '{"a":2}']);
    expect(ids(await csv(zlib.gzipSync(Buffer.from(`\ufeff${TEXT}`, 'utf16le'))))).toEqual(IDS);
  });

  test('is decompressed only as far as records are pulled', async () => {
    // 64 MB of rows in 64 KB: read at once they would fill memory.
    const bytes = zlib.gzipSync(`id\n${'x\n'.repeat(32 * 1024 * 1024)}`);
    let given = 0;
    async function* blocks(): AsyncGenerator<Uint8Array, void> {
      for await (const block of inBlocks(bytes, 1024)) {
        given += block.length;
        yield block;
      }
    }
    const opened = await openInput(bytesInput('rows.csv', blocks()), 0, DEFAULT_READ_OPTIONS);
    for await (const chunk of opened.chunks) {
      expect(chunk.bytes.length).toBeLessThan(DEFAULT_READ_OPTIONS.chunkBytes + 2048);
      break;
    }
    expect(given).toBeLessThan(bytes.length / 8);
    await opened.close();
    await opened.close();
  });
});

describe('brotli', () => {
  test('is recognized when the bytes are no text', async () => {
    for (const quality of [1, 5, 11]) {
      const bytes = zlib.brotliCompressSync(TEXT, {
        params: { [zlib.constants.BROTLI_PARAM_QUALITY]: quality },
      });
      expect(ids(await csv(inBlocks(bytes, 50)))).toEqual(IDS);
    }
  });

  test('cut short', async () => {
    const bytes = zlib.brotliCompressSync(TEXT).subarray(0, -3);
    const named = await readAll(bytesInput('rows.csv.br', bytes));
    expect(named.error?.code).toBe('input_compression');
    expect(named.error?.message).toContain('brotli data is cut short');
    expect(ids(named)).toEqual(IDS.slice(0, named.cells.length));
    // Without the name it is not distinguishable from text in an unknown encoding.
    expect((await csv(bytes)).error?.code).toBe('input_encoding');
  });

  test('larger than the part that is looked at', async () => {
    const rows = Array.from({ length: 20_000 }, (_, i) => `${(i * 7919) % 104729},${Math.sin(i)}`);
    const bytes = zlib.brotliCompressSync(`a,b\n${rows.join('\n')}\n`, {
      params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 2 },
    });
    expect(bytes.length).toBeGreaterThan(100_000);
    expect((await csv(inBlocks(bytes, 10_000))).texts).toEqual(rows);
    const cut = await csv(bytes.subarray(0, -500));
    expect(cut.error?.message).toContain('brotli data is cut short');
    expect(cut.texts).toEqual(rows.slice(0, cut.texts.length));
  });

  test('something behind it', async () => {
    const bytes = zlib.brotliCompressSync(TEXT);
    const result = await readAll(bytesInput('rows.csv.br', Buffer.concat([bytes, Buffer.from('x')])));
    expect(result.error?.code).toBe('input_compression');
    expect(result.error?.message).toContain('something else follows');
    expect(ids(result)).toEqual(IDS);
  });

  test('text whose first bytes a brotli decoder accepts is not taken for it', async () => {
    const { error } = await csv(Buffer.from('ame,,RCHASE,d,RCHASE,\xe9', 'latin1'));
    expect(error?.code).toBe('input_encoding');
  });

  test('latin1 text without --encoding is not taken for it', async () => {
    for (let byte = 0; byte < 256; byte += 1) {
      const { error } = await csv(
        Buffer.concat([Buffer.from([byte]), Buffer.from(';stra\xdfe;\xe9\n1;2;3\n', 'latin1')]),
      );
      expect(error?.code).toBe('input_encoding');
    }
  });
});

describe('zstd', () => {
  const compress = (zlib as unknown as Record<string, ((text: string) => Buffer) | undefined>)[
    'zstdCompressSync'
  ];
  const magic = Buffer.from('28b52ffd', 'hex');

  test.runIf(compress === undefined)('names the versions of Node that read it', async () => {
    const { error } = await csv(Buffer.concat([magic, Buffer.alloc(40)]));
    expect(error?.code).toBe('input_compression');
    expect(error?.message).toContain('zstd');
    expect(error?.fix).toContain('Node 22.15');
  });

  test.skipIf(compress === undefined)(
    'is recognized, one frame or several, in blocks of any size',
    async () => {
      const one = compress!(TEXT);
      const two = Buffer.concat([compress!(TEXT.slice(0, 999)), compress!(TEXT.slice(999))]);
      const skippable = Buffer.concat([
        compress!(TEXT.slice(0, 999)),
        Buffer.from('502a4d18030000006e6f77', 'hex'),
        compress!(TEXT.slice(999)),
      ]);
      for (const bytes of [one, two, skippable]) {
        for (const size of [1, 64, 100_000]) expect(ids(await csv(inBlocks(bytes, size)))).toEqual(IDS);
      }
    },
  );

  test.skipIf(compress === undefined)('cut short anywhere', async () => {
    const bytes = Buffer.concat([compress!(TEXT.slice(0, 999)), compress!(TEXT.slice(999))]);
    const border = compress!(TEXT.slice(0, 999)).length;
    for (let length = 4; length < bytes.length; length += 13) {
      if (length === border) continue;
      const result = await csv(inBlocks(bytes.subarray(0, length), 60));
      expect(result.error?.code).toBe('input_compression');
      expect(result.error?.message).toContain('zstd data is cut short');
      expect(ids(result)).toEqual(IDS.slice(0, result.cells.length));
      if (length > border) expect(result.cells.length).toBeGreaterThan(50);
    }
  });

  test.skipIf(compress === undefined)('something else behind it, and damage within', async () => {
    const behind = await csv(Buffer.concat([compress!(TEXT), Buffer.from('tail')]));
    expect(behind.error?.code).toBe('input_compression');
    expect(ids(behind)).toEqual(IDS);
    const damaged = compress!(TEXT);
    damaged.fill(0xff, 30, 60);
    expect((await csv(damaged)).error?.code).toBe('input_compression');
  });
});
