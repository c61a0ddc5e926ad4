import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bytesInput, exportRows, parseConfig, startSimulator } from '../../src/index.js';
import type { Journaling, RunSummary } from '../../src/index.js';
import { shopRows, toCsv } from '../support/shop-rows.js';
import { freshStateDir } from '../support/state.js';

const AS_OF_MS = Date.parse('2026-11-20T12:00:00Z');
const ROWS = shopRows(5, () => false);

/** Exports the same rows to the same simulator, time after time. */
async function withExports(
  work: (
    again: (journaling?: Partial<Journaling>) => Promise<RunSummary>,
    stateDir: string,
    received: () => number,
  ) => Promise<void>,
): Promise<void> {
  const api = await startSimulator({ clock: () => AS_OF_MS });
  const stateDir = freshStateDir();
  const text = JSON.stringify({
    type: 'snapchat_conversion',
    auth_method: 'api_token',
    api_token: 't',
    event_source_id: '11111111-2222-3333-4444-555555555555',
    api_base_url: api.url,
  });
  const config = parseConfig(text, { name: 'config', env: {} });
  try {
    await work(
      (journaling) =>
        exportRows({
          inputs: [bytesInput('-', toCsv(ROWS))],
          config,
          asOfMs: AS_OF_MS,
          journaling: { stateDir, ...journaling },
        }),
      stateDir,
      () => api.stats().received,
    );
  } finally {
    await api.close();
  }
}

function journalIn(stateDir: string): string {
  const name = readdirSync(stateDir, { recursive: true, encoding: 'utf8' }).find((path) =>
    path.endsWith('journal.jsonl'),
  );
  return join(stateDir, name ?? '');
}

describe('a complete run', () => {
  it('is not done again, unless forced to', async () => {
    await withExports(async (again, _stateDir, received) => {
      const first = await again();
      expect(first).toMatchObject({
        exitCode: 0,
        outcomes: { sent: 5 },
        run: { resumed: false, alreadyComplete: false },
      });
      const second = await again();
      expect(second).toMatchObject({
        exitCode: 0,
        rowsRead: 0,
        run: { id: first.run?.id, alreadyComplete: true },
      });
      expect(received()).toBe(5);
      expect(await again({ force: true })).toMatchObject({ exitCode: 0, outcomes: { sent: 5 } });
      expect(received()).toBe(10);
    });
  });
});

describe('a journal whose first line is damaged', () => {
  it('ends the command, and --force begins anew', async () => {
    await withExports(async (again, stateDir, received) => {
      await again();
      const path = journalIn(stateDir);
      writeFileSync(path, readFileSync(path, 'utf8').replace('"format"', '"farmat"'));
      expect(await again()).toMatchObject({ exitCode: 74, error: { code: 'journal_damaged' } });
      expect(received()).toBe(5);
      expect(await again({ force: true })).toMatchObject({ exitCode: 0, outcomes: { sent: 5 } });
    });
  });
});
