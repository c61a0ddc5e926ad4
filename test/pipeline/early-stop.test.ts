import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config.js';
import { exportRows, type ExportOptions } from '../../src/pipeline.js';
import { bytesInput } from '../../src/read/index.js';

const CONFIG = parseConfig(
  JSON.stringify({
    type: 'snapchat_conversion',
    auth_method: 'api_token',
    api_token: 'token-1',
    event_source_id: 'x',
    batch_size: 20,
  }),
  { name: 'c.json', env: {} },
);
const HEADER = 'event_name,event_time,event_source_url,madid,em\n';

function row(isValid: boolean): string {
  return `PAGE_VIEW,2026-11-19T12:00:00Z,https://example.com/,ab-1,${isValid ? 'a@example.com' : 'no address'}\n`;
}

/** Rows of which those before `until` are invalid, but for every `every`-th. */
function rows(count: number, until: number, every: number): string {
  const lines = Array.from({ length: count }, (_, index) => row(index >= until || index % every === 0));
  return HEADER + lines.join('');
}

async function exported(text: string, more: Partial<ExportOptions> = {}) {
  const { error, rowsRead, outcomes, exitCode } = await exportRows({
    inputs: [bytesInput('rows.csv', text)],
    config: CONFIG,
    mode: 'dry_run',
    asOfMs: Date.parse('2026-11-20T12:00:00Z'),
    read: { chunkBytes: 8 * 1024 },
    ...more,
  });
  return { code: error?.code, exitCode, rowsRead, outcomes };
}

describe('an input of which the first 1,000 rows are nearly all invalid', () => {
  it('is not read to its end, and what was read is accounted for', async () => {
    const run = await exported(rows(20_000, 20_000, 11));
    expect(run).toMatchObject({ code: 'mostly_invalid', exitCode: 65 });
    expect(run.rowsRead).toBeGreaterThanOrEqual(1000);
    expect(run.rowsRead).toBeLessThan(1400);
    const { invalid, not_attempted } = run.outcomes;
    expect(invalid).toBeGreaterThan(900);
    expect(not_attempted).toBeGreaterThan(80);
    expect(invalid + not_attempted).toBe(run.rowsRead);
  });

  it('is read to its end when asked to, and always by a check, which fails all the same', async () => {
    const text = rows(3000, 3000, 11);
    expect(await exported(text, { earlyStop: false })).toMatchObject({ code: undefined, rowsRead: 3000 });
    const check = await exported(text, { mode: 'check' });
    expect(check).toMatchObject({ code: 'mostly_invalid', exitCode: 65, rowsRead: 3000 });
    const lenient = await exported(text, { mode: 'check', earlyStop: false });
    expect(lenient).toMatchObject({ code: undefined, rowsRead: 3000 });
  });

  it('ends the same run whatever the size of its chunks', async () => {
    for (const chunkBytes of [700, 64 * 1024]) {
      const run = await exported(rows(3000, 3000, 11), { read: { chunkBytes } });
      expect(run.code).toBe('mostly_invalid');
    }
  });
});

describe('an input that is', () => {
  it.each([
    ['invalid in 900 of the first 1,000 rows', rows(3000, 3000, 10)],
    ['invalid only after its first 1,000 rows', HEADER + row(true).repeat(1000) + row(false).repeat(9000)],
    ['shorter than 1,000 rows', rows(999, 999, 500)],
  ])('%s is read to its end', async (_, text) => {
    const run = await exported(text);
    expect(run.code).toBeUndefined();
    expect(run.rowsRead).toBe(text.trimEnd().split('\n').length - 1);
  });
});
