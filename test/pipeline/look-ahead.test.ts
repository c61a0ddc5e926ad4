import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endWith } from '../../src/cli/inputs.js';
import { parseConfig } from '../../src/config.js';
import { RunError } from '../../src/errors.js';
import { bytesInput, DEFAULT_READ_OPTIONS, fileInput, openInput, type Input } from '../../src/read/index.js';
import { canReopen } from '../../src/reopen.js';
import { readFirstChunks, sampleRows } from '../../src/sample.js';
import { closeSources, openSources, processSources } from '../../src/sources.js';
import { inTemporaryFolder } from '../support/cli.js';

const HEADER = 'event_name,event_time,event_source_url,em,note';
const CONFIG = parseConfig(
  JSON.stringify({ type: 'snapchat_conversion', auth_method: 'api_token', event_source_id: 'p' }),
  { name: 'c.json', env: {} },
);

function csv(rows: number): string {
  const lines = Array.from(
    { length: rows },
    (_, i) => `PAGE_VIEW,2026-11-19T10:00:00Z,https://example.com/${i},p${i}@example.com,x`,
  );
  return [HEADER, ...lines, ''].join('\n');
}

async function rowsOf(input: Input, changeBefore?: () => void): Promise<number> {
  const sources = await openSources({ inputs: [input], config: CONFIG, asOfMs: 0 });
  try {
    changeBefore?.();
    let rows = 0;
    for await (const { result } of processSources(sources, () => undefined)) rows += result.rows;
    return rows;
  } finally {
    await closeSources(sources);
  }
}

/** The code of the RunError that the promise rejects with. */
async function codeOf(promise: Promise<unknown>): Promise<string | undefined> {
  const error: unknown = await promise.catch((problem: unknown) => problem);
  return error instanceof RunError ? error.code : undefined;
}

describe('an input that is looked at first', () => {
  it('gives all its rows afterwards, opened once when it is a stream', async () => {
    let opened = 0;
    const stream: Input = {
      name: '-',
      open: () => {
        opened += 1;
        return Readable.from([Buffer.from(csv(5000))]);
      },
    };
    expect(await rowsOf(stream)).toBe(5000);
    expect(opened).toBe(1);
  });

  it('gives the rows before a damage, and then the damage', async () => {
    expect(await codeOf(rowsOf(bytesInput('a.csv', `${csv(10)}"x`)))).toBe('broken_quote');
  });

  it('is refused when its header was changed in between', async () => {
    await inTemporaryFolder(async (folder) => {
      const path = join(folder, 'a.csv');
      writeFileSync(path, csv(10));
      expect(await rowsOf(fileInput(path))).toBe(10);
      const change = (): void => {
        writeFileSync(path, csv(10).replace('em,note', 'note,em'));
      };
      expect(await codeOf(rowsOf(fileInput(path), change))).toBe('input_io');
    });
  });

  it('leaves no listener at a signal that inputs share', async () => {
    await inTemporaryFolder(async (folder) => {
      const path = join(folder, 'a.csv');
      writeFileSync(path, csv(3));
      const { signal } = new AbortController();
      let listeners = 0;
      const counted = Object.assign(Object.create(signal) as AbortSignal, {
        addEventListener: () => (listeners += 1),
        removeEventListener: () => (listeners -= 1),
      });
      Object.defineProperty(counted, 'aborted', { value: false });
      expect(await rowsOf(endWith(counted, fileInput(path)))).toBe(3);
      expect(listeners).toBe(0);
    });
  });

  it('ends an export that is interrupted while rows are sampled', async () => {
    const controller = new AbortController();
    const stream: Input = {
      name: '-',
      open: () =>
        Readable.from(
          (function* () {
            yield Buffer.from(csv(2));
            controller.abort();
          })(),
        ),
    };
    const opening = openSources({ inputs: [stream], config: CONFIG, asOfMs: 0, signal: controller.signal });
    expect(await codeOf(opening)).toBe('interrupted');
  });
});

it('an empty input has no header that could be wrong', async () => {
  const mapping = { all: true, list: [{ from: 'mail', to: 'em' }] };
  const config = { ...CONFIG, mapping };
  const read = { allowEmpty: true };
  const sources = await openSources({ inputs: [bytesInput('a.csv', '')], config, read, asOfMs: 0 });
  expect(sources.inputs[0]?.empty).toBe(true);
  await closeSources(sources);
});

describe('what can be opened again', () => {
  it('is a file, and nothing else', async () => {
    await inTemporaryFolder(async (folder) => {
      const path = join(folder, 'a.csv');
      writeFileSync(path, 'x');
      expect(await canReopen(fileInput(path))).toBe(true);
      expect(await canReopen({ name: path, open: fileInput(path).open })).toBe(false);
      expect(await canReopen(fileInput(folder))).toBe(false);
      expect(await canReopen(fileInput(join(folder, 'none')))).toBe(false);
      if (process.platform !== 'win32') expect(await canReopen(fileInput('/dev/null'))).toBe(false);
    });
  });
});

describe('the sample', () => {
  it('depends on the rows only, not on the chunks', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'binary-ascii', maxLength: 40 }), { maxLength: 40 }),
        fc.integer({ min: 1, max: 400 }),
        fc.constantFrom('csv', 'jsonl'),
        async (cells, chunkBytes, format) => {
          const quoted = cells.map((cell) => `x,"${cell.replaceAll('"', '""')}"`);
          const lines = cells.map((cell) => JSON.stringify({ em: 'x', note: cell }));
          const text = format === 'csv' ? `em,note\n${quoted.join('\n')}\n` : `${lines.join('\n')}\n`;
          const sampled = async (bytes: number) => {
            const options = { ...DEFAULT_READ_OPTIONS, chunkBytes: bytes };
            const input = await openInput(bytesInput(`a.${format}`, text), 0, options);
            return [...sampleRows(input, await readFirstChunks(input))].map((row) => row.cells);
          };
          const expected = await sampled(1024 * 1024);
          expect(expected).toHaveLength(cells.length);
          expect(await sampled(chunkBytes)).toEqual(expected);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('ends after 1,000 rows, or after 4 MiB', async () => {
    const sampled = async (text: string) => {
      const input = await openInput(bytesInput('a.csv', text), 0, DEFAULT_READ_OPTIONS);
      return [...sampleRows(input, await readFirstChunks(input))].length;
    };
    expect(await sampled(csv(5000))).toBe(1000);
    const long = `x,${'y'.repeat(512 * 1024 - 2)}\n`;
    expect(await sampled(`em,note\n${long.repeat(20)}`)).toBe(8);
  });
});
