import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fileInput, parseConfig, previewRows } from '../../src/index.js';
import { TRANSFORM_VERSION } from '../../src/transform/version.js';
import { ROOT } from '../support/cli.js';

/** The version under which the fixtures give these events. */
const GOLDEN = { version: 2, hash: '532d97f6e8d284d6fc5f971a61fbe3f2646dedb5f5ab3a2c532871ba17bf1518' };

const DEMO: readonly (readonly [config: string, file: string])[] = [
  ['web.json', 'page_views.csv'],
  ['web.json', 'purchases.csv'],
  ['web.json', 'signups.csv'],
  ['app.json', 'app.jsonl'],
  ['offline.json', 'offline.csv'],
];

/** Inputs of the source document, each with the config of its name. */
function sourceInputs(): readonly (readonly [config: string, file: string])[] {
  const names = readdirSync(join(ROOT, 'fixtures', 'source')).filter((name) => !name.includes('.expected.'));
  const files = names.filter((name) => /\.(csv|jsonl)$/.test(name)).sort();
  return files.map((file) => [file.replace(/\.(csv|jsonl)$/, '.config.json'), file]);
}

async function eventsOf(folder: string, config: string, file: string): Promise<readonly string[]> {
  const text = readFileSync(join(ROOT, 'fixtures', folder, config), 'utf8');
  const env = { SNAPCAPI_DEMO_URL: 'http://127.0.0.1:1', SNAPCAPI_API_TOKEN: 't' };
  const rows = previewRows({
    inputs: [fileInput(join(ROOT, 'fixtures', folder, file))],
    config: parseConfig(text, { name: config, env, credentials: 'optional' }),
    asOfMs: Date.parse('2026-11-20T12:00:00Z'),
  });
  const events: string[] = [];
  for await (const row of rows) if (row.outcome === 'ok') events.push(row.eventText);
  return events;
}

/**
 * Fails when the same rows become other events. Then raise TRANSFORM_VERSION and write both new values into GOLDEN: a run that
 * is complete must not be sent again under other rules without a word. A fixture that is added changes the hash only.
 */
it('makes the events that TRANSFORM_VERSION stands for', async () => {
  const hash = createHash('sha256');
  let count = 0;
  const inputs = [
    ...DEMO.map((names) => ['demo', ...names] as const),
    ...sourceInputs().map((names) => ['source', ...names] as const),
  ];
  for (const [folder, config, file] of inputs) {
    for (const event of await eventsOf(folder, config, file)) {
      hash.update(`${event}\n`);
      count += 1;
    }
  }
  expect(count).toBeGreaterThan(200);
  expect({ version: TRANSFORM_VERSION, hash: hash.digest('hex') }).toEqual(GOLDEN);
});
