import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { inTemporaryFolder, runCli } from '../support/cli.js';
import { AS_OF, BAD } from '../support/exports.js';
import { shopRows, toCsv, toJsonl, type ShopRows } from '../support/shop-rows.js';

// More than is processed before the threads come in, and cut into chunks differently than into batches.
const ROWS = 9000;
const NOTE = 'a long note, '.repeat(40);
let shop: ShopRows;

beforeAll(() => {
  const made = shopRows(ROWS, () => false);
  const note = made.columns.indexOf('note');
  shop = { ...made, rows: made.rows.map((row) => row.with(note, NOTE)) };
});

type Sent = { readonly bodies: readonly string[]; readonly rejects: string; readonly rows: string };

/** An API that takes everything and keeps a hash of each body. */
async function startSink(): Promise<{
  readonly url: string;
  readonly bodies: string[];
  readonly close: () => void;
}> {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    const hash = createHash('sha256');
    request.on('data', (part: Buffer) => hash.update(part));
    request.on('end', () => {
      bodies.push(hash.digest('hex'));
      response.end('{"status":"VALID"}');
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bodies,
    close: () => server.close(),
  };
}

/** Exports with one request at a time, so that the order of requests tells the order of batches. */
async function exportWith(threads: number, name: string, bytes: string): Promise<Sent> {
  return inTemporaryFolder(async (folder) => {
    const sink = await startSink();
    try {
      const at = (file: string): string => join(folder, file);
      writeFileSync(at(name), bytes);
      const how = [
        '--config',
        join(BAD, 'config.json'),
        '--as-of',
        AS_OF,
        '--concurrency',
        '1',
        '--batch-size',
        '500',
      ];
      const outputs = ['--rejects', at('rejects'), '--rejected-rows', at('rows'), '--no-resume', '--quiet'];
      const run = await runCli(['export', name, ...how, ...outputs, '--threads', String(threads)], {
        env: { SNAPCAPI_API_BASE_URL: sink.url },
        cwd: folder,
      });
      expect(run).toMatchObject({ code: 0, stderr: '' });
      return {
        bodies: sink.bodies,
        rejects: readFileSync(at('rejects'), 'utf8'),
        rows: readFileSync(at('rows'), 'utf8'),
      };
    } finally {
      sink.close();
    }
  });
}

describe('threads change nothing', () => {
  it.each([
    ['CSV', 'rows.csv', () => toCsv(shop)],
    ['JSONL', 'rows.jsonl', () => toJsonl(shop)],
  ])('of what is sent, its order and the rejects: %s', async (_, name, make) => {
    const bytes = make();
    expect(bytes.length).toBeGreaterThan(16 * 256 * 1024);
    const alone = await exportWith(0, name, bytes);
    expect(alone.bodies.length).toBeGreaterThan(10);
    expect(alone.rejects.split('\n').length).toBe(shop.invalid.length + shop.expired.length + 1);
    expect(await exportWith(1, name, bytes)).toEqual(alone);
    expect(await exportWith(3, name, bytes)).toEqual(alone);
  });

  it('of where an input breaks off: what stands before is sent', async () => {
    const broken = `${toCsv(shop)}"never closed\n`;
    const outcomes = await Promise.all(
      ['0', '2'].map((threads) =>
        inTemporaryFolder(async (folder) => {
          writeFileSync(join(folder, 'rows.csv'), broken);
          const args = ['rows.csv', '--config', join(BAD, 'config.json'), '--as-of', AS_OF];
          const { code, stdout, stderr } = await runCli(['check', ...args, '--json', '--threads', threads], {
            cwd: folder,
          });
          const { outcomes } = JSON.parse(stdout) as { outcomes: object };
          return { code, outcomes, error: stderr.split('\n').filter((line) => line.startsWith('error')) };
        }),
      ),
    );
    expect(outcomes[0]).toMatchObject({ code: 65, error: [expect.stringContaining('broken_quote')] });
    expect(outcomes[1]).toEqual(outcomes[0]);
  });
});
