import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { bytesInput, DEFAULT_READ_OPTIONS, fileInput, openInput, stdinInput } from '../../src/read/index.js';
import { inBlocks, readAll } from './support.js';

const folder = mkdtempSync(join(tmpdir(), 'snapcapi-read-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe('files', () => {
  test('are read under the name given', async () => {
    const path = file('rows.csv', 'a\n1\n');
    const { opened, cells } = await readAll(fileInput(path));
    expect(opened?.name).toBe(path);
    expect(opened?.bytesRead()).toBe(4);
    expect(cells).toEqual([['1']]);
  });

  test.each([
    ['missing', () => join(folder, 'none.csv'), 'does not exist'],
    ['a directory', () => folder, 'is a directory'],
    ['below a file', () => join(file('x', ''), 'y.csv'), 'does not exist'],
    ['a NUL in the name', () => 'a\0b.csv', 'no file can have'],
    ['a loop', () => loop(), 'loop'],
  ])('%s', async (_, path, words) => {
    const name = path();
    const { error } = await readAll(fileInput(name));
    expect(error?.code).toBe('input_missing');
    expect(error?.exitCode).toBe(66);
    expect(error?.place).toEqual({ file: name });
    expect(error?.message).toContain(words);
  });
});

function loop(): string {
  const path = join(folder, 'loop.csv');
  symlinkSync(path, path);
  return path;
}

describe('failures on the way', () => {
  test('end the chunks after the complete records, with the code of the system alone', async () => {
    // eslint-disable-next-line @typescript-eslint/require-await -- an async iterable is wanted
    async function* failing(): AsyncGenerator<string, void> {
      yield 'a\n1\n2\n3';
      throw Object.assign(new Error('CANARY'), { code: 'EIO' });
    }
    const { error, cells } = await readAll(bytesInput('rows.csv', failing()));
    expect(cells).toEqual([['1'], ['2']]);
    expect(error?.code).toBe('input_io');
    expect(error?.message).toBe('Reading rows.csv failed (EIO)');
    expect(error?.cause).toBeUndefined();
  });

  test('before the header reject the opening', async () => {
    const stream = new Readable({
      read() {
        this.destroy(new Error('CANARY'));
      },
    });
    const { error, opened } = await readAll(stdinInput(stream));
    expect(opened).toBeUndefined();
    expect(error?.code).toBe('input_io');
    expect(error?.message).toBe('Reading standard input failed');
  });
});

describe('closing', () => {
  test('ends a pull that waits for standard input', async () => {
    const stream = new PassThrough();
    stream.write(`a\n${'1\n'.repeat(2000)}`);
    const opened = await openInput(stdinInput(stream), 0, { ...DEFAULT_READ_OPTIONS, chunkBytes: 100 });
    let rows = 0;
    const consumed = (async () => {
      for await (const chunk of opened.chunks) rows += chunk.starts.length;
    })();
    for (let turn = 0; turn < 50; turn += 1) await setImmediate();
    expect(rows).toBe(2000);
    await opened.close();
    expect(stream.destroyed).toBe(true);
    await consumed;
  });

  test('does not wait for a program that gives nothing more', async () => {
    async function* stuck(): AsyncGenerator<string, void> {
      yield `a\n${'1\n'.repeat(1000)}`;
      await new Promise(() => undefined);
    }
    const opened = await openInput(bytesInput('rows.csv', stuck()), 0, {
      ...DEFAULT_READ_OPTIONS,
      format: 'csv',
    });
    void opened.chunks[Symbol.asyncIterator]().next();
    await setImmediate();
    await opened.close();
    expect(opened.bytesRead()).toBe(2002);
  });

  test('happens by itself when the chunks are no longer wanted, and after the last', async () => {
    for (const stopEarly of [true, false]) {
      const stream = Readable.from(inBlocks(Buffer.from(`a\n${'1\n'.repeat(5000)}`), 1024));
      const opened = await openInput(stdinInput(stream), 0, { ...DEFAULT_READ_OPTIONS, chunkBytes: 100 });
      for await (const chunk of opened.chunks) {
        expect(chunk.starts.length).toBeGreaterThan(0);
        if (stopEarly) break;
      }
      expect(stream.destroyed).toBe(true);
      await opened.close();
      await opened.close();
    }
  });

  test('happens when the head is damaged', async () => {
    const stream = Readable.from(inBlocks(Buffer.from(`a"\n${'1\n'.repeat(5000)}`), 1024));
    await expect(openInput(stdinInput(stream), 0, DEFAULT_READ_OPTIONS)).rejects.toThrow();
    expect(stream.destroyed).toBe(true);
  });
});

describe('the format', () => {
  test.each([
    ['rows.csv', '{a}\n', 'csv'],
    ['rows.TSV', 'a\tb\n', 'csv'],
    ['dir.jsonl/rows.csv.gz', 'a\n', 'csv'],
    ['rows.jsonl', 'a\n', 'jsonl'],
    ['rows.ndjson.zst', 'a\n', 'jsonl'],
    ['rows.jsonl.br', 'a\n', 'jsonl'],
    ['rows', ' \r\n\t{"a":1}\n', 'jsonl'],
    ['rows.txt', 'a,{\n', 'csv'],
    ['-', '{"a":1}', 'jsonl'],
    ['-', '\n', 'csv'],
    ['rows.json', '{"a":1}\n', 'jsonl'],
    ['rows.json', ' [1]', 'json'],
    ['rows.json', '', 'jsonl'],
    ['rows.json.gz', '[1]', 'json'],
    ['-', ' [\n{"a":1}]', 'json'],
    ['-', '[]', 'json'],
    ['-', `[${' \n'.repeat(9000)}{}]`, 'json'],
    ['-', '[em],[ph]\n', 'csv'],
    ['-', `${' \n'.repeat(9000)}{}`, 'jsonl'],
  ])('%s, %j: %s', async (name, text, format) => {
    const { opened } = await readAll(bytesInput(name, text), { allowEmpty: true });
    expect(opened?.format).toBe(format);
  });

  test('an option overrules the name; a .tsv has tabs', async () => {
    const asJsonl = await readAll(bytesInput('rows.csv', '{}\n'), { format: 'jsonl' });
    expect(asJsonl.opened?.dialect).toEqual({ format: 'jsonl' });
    const tabs = await readAll(bytesInput('rows.tsv', 'a\tb\n'));
    expect(tabs.opened?.header).toEqual(['a', 'b']);
    const other = await readAll(bytesInput('rows.tsv', 'a;b\n'), { delimiter: ';' });
    expect(other.opened?.header).toEqual(['a', 'b']);
  });
});
