import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ON_INVALID, parseFaults, type OnInvalid } from '../../src/simulator/index.js';
import { inTemporaryFolder, runCli } from '../support/cli.js';
import { AS_OF, BAD, exportThrough, type ExportRun } from '../support/exports.js';
import { shopRows, toCsv, toJsonl } from '../support/shop-rows.js';

const MIXED = shopRows(3000, (row) => row % 1400 === 333);
/** The API's own words for a refused event, as far as it gives any; here they stand in a cell, which is not repeated. */
const REASONS: Readonly<Record<OnInvalid, string>> = {
  whole: '***',
  'whole-silent': 'At least one of the events is invalid.',
  partial: '***',
  'partial-200': '***',
};
const CONFIG = join(BAD, 'config.json');

const idsOf = (run: ExportRun): readonly string[] => run.events.map((event) => event.eventId ?? '').sort();
const sorted = (ids: readonly string[]): readonly string[] => [...ids].sort();

/** What must hold whatever the API does: every row ends as it must, and every valid event is stored once. */
function expectAllAccounted(run: ExportRun, onInvalid: OnInvalid): void {
  expect(run.summary?.outcomes).toEqual({
    sent: MIXED.good.length,
    invalid: MIXED.invalid.length,
    expired: MIXED.expired.length,
    refused: MIXED.poison.length,
    in_doubt: 0,
    not_attempted: 0,
  });
  expect(idsOf(run)).toEqual(sorted(MIXED.good));
  expect(run.code).toBe(0);
  const refused = run.rejects.filter((reject) => reject.outcome === 'refused');
  expect(refused.map((reject) => `id-${reject.row - 1}`).sort()).toEqual(sorted(MIXED.poison));
  for (const { issues } of refused) expect(issues[0]?.message).toContain(REASONS[onInvalid]);
}

describe('every valid event arrives once', () => {
  const files = [
    { name: 'rows.csv', bytes: Buffer.from(toCsv(MIXED)) },
    { name: 'rows.csv.gz', bytes: gzipSync(toCsv(MIXED)) },
    { name: 'rows.jsonl', bytes: Buffer.from(toJsonl(MIXED)) },
    { name: 'rows.jsonl.gz', bytes: gzipSync(toJsonl(MIXED)) },
  ];
  const faults = ['503@every:7', 'reset-after@every:7', 'cut@every:7', '429:retry=0@every:7'];

  it.each(ON_INVALID.map((onInvalid, i) => [onInvalid, files[i]!, faults[i]!] as const))(
    'when the API answers %s, from a file, with faults',
    async (onInvalid, file, fault) => {
      await inTemporaryFolder(async (folder) => {
        const path = join(folder, file.name);
        writeFileSync(path, file.bytes);
        const simulator = { onInvalid, faults: parseFaults(fault) };
        expectAllAccounted(
          await exportThrough({ args: [path, '--batch-size', '500'], simulator }),
          onInvalid,
        );
      });
    },
  );

  it.each(ON_INVALID.map((onInvalid, i) => [onInvalid, files[3 - i]!] as const))(
    'when the API answers %s, from standard input',
    async (onInvalid, file) => {
      const simulator = { onInvalid, faults: parseFaults('html:502@every:7') };
      expectAllAccounted(await exportThrough({ args: ['-'], stdin: file.bytes, simulator }), onInvalid);
    },
  );
});

describe('one event among 2,000 that only the API refuses', () => {
  const rows = shopRows(2200, (row) => row === 1234);

  it.each(ON_INVALID)('costs only itself, within 25 requests, when the API answers %s', async (onInvalid) => {
    const one = await exportThrough({ args: ['-'], stdin: toCsv(rows), simulator: { onInvalid } });
    expect(one.summary?.outcomes).toMatchObject({ sent: rows.good.length, refused: 1 });
    expect(idsOf(one)).toEqual(sorted(rows.good));
    // One request more: what is left of the rows above 2,000 is a batch of its own.
    expect(one.stats.requests).toBeLessThanOrEqual(26);
    const refused = one.rejects.filter((reject) => reject.outcome === 'refused');
    expect(refused).toMatchObject([{ row: 1235, issues: [{ code: 'refused_by_api' }] }]);
    expect(refused[0]?.issues[0]?.message).toContain(REASONS[onInvalid]);
  });
});

describe('what preview shows', () => {
  it('is what the API receives, byte for byte', async () => {
    const stdin = toJsonl(shopRows(300, () => false));
    const [run, preview, bodies] = await Promise.all([
      exportThrough({ args: ['-', '--format', 'jsonl'], stdin }),
      runCli(['preview', '-', '-n', 'all', '--config', CONFIG, '--as-of', AS_OF], { stdin, env: LOOPBACK }),
      runCli(['preview', '-', '-n', 'all', '--bodies', '--config', CONFIG, '--as-of', AS_OF], {
        stdin,
        env: LOOPBACK,
      }),
    ]);
    const events = preview.stdout.split('\n').flatMap((line) => {
      const match = /^\{"row":\d+,"line":\d+,"outcome":"ok","event":(.*),"warnings":\[.*\]\}$/.exec(line);
      return match?.[1] === undefined ? [] : [match[1]];
    });
    expect(events).toEqual(run.events.map((event) => event.text));
    expect(events.length).toBeGreaterThan(280);
    expect(bodies.stdout).toBe(`{"data":[${events.join(',')}]}\n`);
  });
});

describe('skip_invalid_records false', () => {
  const rows = shopRows(900, () => false);
  const config = (folder: string): string => {
    const path = join(folder, 'config.json');
    const base = { type: 'snapchat_conversion', auth_method: 'api_token', api_token: 'token-1' };
    const id = { event_source_type: 'web', event_source_id: '11111111-2222-3333-4444-555555555555' };
    writeFileSync(path, JSON.stringify({ ...base, ...id, skip_invalid_records: false, batch_size: 3 }));
    return path;
  };

  it('delivers the rows before the first invalid one and reads nothing after it', async () => {
    await inTemporaryFolder(async (folder) => {
      const run = await exportThrough({ args: ['-'], stdin: toCsv(rows), config: config(folder) });
      expect(run.code).toBe(65);
      // Row 6 is expired, which does not stop a run; row 8 is invalid.
      expect(run.summary).toMatchObject({ rowsRead: 8, outcomes: { sent: 6, invalid: 1, expired: 1 } });
      expect(idsOf(run)).toEqual(['id-0', 'id-1', 'id-2', 'id-3', 'id-4', 'id-6']);
      expect(run.stderr).toMatch(/error\[invalid_row_stop\].*row 8.*"em".*e-mail/s);
      expect(run.stderr).toContain('skip_invalid_records');
    });
  });

  it('stops at the first row that the API refuses', async () => {
    await inTemporaryFolder(async (folder) => {
      const poisoned = shopRows(12, (row) => row === 4);
      for (const onInvalid of ON_INVALID) {
        const run = await exportThrough({
          args: ['-'],
          stdin: toCsv(poisoned),
          config: config(folder),
          simulator: { onInvalid },
        });
        expect(run.code).toBe(65);
        expect(run.stderr).toMatch(/error\[refused_row_stop\].*row 5/s);
        expect(run.summary?.outcomes).toMatchObject({ refused: 1 });
        for (const id of ['id-0', 'id-1', 'id-2', 'id-3']) expect(idsOf(run)).toContain(id);
        // An API that keeps the good events of a refused batch may have kept those after the refused one.
        for (const id of ['id-8', 'id-9', 'id-10', 'id-11']) expect(idsOf(run)).not.toContain(id);
      }
    });
  });
});

const LOOPBACK = { SNAPCAPI_API_BASE_URL: 'http://127.0.0.1:9' };
