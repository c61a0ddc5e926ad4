import { describe, expect, it } from 'vitest';
import { bytesInput, exportRows, parseConfig, RunError, startSimulator } from '../../src/index.js';
import type { ExportOptions, RunSummary, SimulatorOptions } from '../../src/index.js';
import { parseFaults, type SimulatorStats } from '../../src/simulator/index.js';
import { shopRows, toCsv } from '../support/shop-rows.js';

const AS_OF_MS = Date.parse('2026-11-20T12:00:00Z');
const CONFIG = {
  type: 'snapchat_conversion',
  auth_method: 'api_token',
  api_token: 't',
  event_source_type: 'web',
  event_source_id: '11111111-2222-3333-4444-555555555555',
};

type Result = { readonly summary: RunSummary; readonly stats: SimulatorStats };

/** Exports as a program would, without the command line. */
async function run(
  csv: string,
  config: object,
  simulator: SimulatorOptions = {},
  more: Partial<ExportOptions> = {},
): Promise<Result> {
  const api = await startSimulator({ clock: () => AS_OF_MS, ...simulator });
  try {
    const text = JSON.stringify({ ...CONFIG, api_base_url: api.url, ...config });
    const summary = await exportRows({
      inputs: [bytesInput('rows.csv', csv)],
      config: parseConfig(text, { name: 'config', env: {} }),
      asOfMs: AS_OF_MS,
      ...more,
    });
    return { summary, stats: api.stats() };
  } finally {
    await api.close();
  }
}

describe('a limit for rejected rows', () => {
  const poisoned = toCsv(shopRows(6, (row) => row < 2));

  it('counts rows that the API refused', async () => {
    const failed = await run(poisoned, { max_rejected: 1 });
    expect(failed.summary).toMatchObject({ exitCode: 65, error: { code: 'too_many_rejected' } });
    const passed = await run(poisoned, { max_rejected: 2 });
    expect(passed.summary).toMatchObject({ exitCode: 0, outcomes: { refused: 2 } });
  });
});

describe('events without an id', () => {
  it('are not sent again when their answer is lost, and are reported as in doubt', async () => {
    const rows = shopRows(4, () => false);
    const without = toCsv({
      ...rows,
      columns: rows.columns.map((name) => (name === 'event_id' ? 'reference' : name)),
    });
    const faults = { faults: parseFaults('reset-after@1') };
    const none = await run(without, { event_id: 'none' }, faults);
    expect(none.summary.outcomes).toMatchObject({ in_doubt: 4, sent: 0 });
    expect(none.summary.exitCode).toBe(75);
    expect(none.stats).toMatchObject({ received: 4, repeats: 0 });
    const derived = await run(without, {}, faults);
    expect(derived.summary).toMatchObject({ exitCode: 0, outcomes: { sent: 4 } });
    expect(derived.stats).toMatchObject({ stored: 4, repeats: 4 });
  });
});

describe('an event larger than a request may be', () => {
  it('is invalid, to the byte', async () => {
    const csv = (note: string): string =>
      `event_name,event_time,event_source_url,event_id,em,note\nPAGE_VIEW,2026-11-20T10:00:00Z,https://example.com/,1,a@example.com,${note}\n`;
    const fitting = await run(csv('x'.repeat(900)), { max_batch_bytes: 2000 });
    const { bytesSent } = fitting.summary;
    expect(fitting.summary.outcomes).toMatchObject({ sent: 1 });
    const exact = await run(csv('x'.repeat(900)), { max_batch_bytes: bytesSent });
    expect(exact.summary.outcomes).toMatchObject({ sent: 1 });
    const larger = await run(csv('x'.repeat(901)), { max_batch_bytes: bytesSent });
    expect(larger.summary.outcomes).toMatchObject({ invalid: 1 });
  });
});

describe('an abort signal', () => {
  it('ends the run with its reason, and what was read is in the books', async () => {
    const stop = new AbortController();
    stop.abort(new RunError('terminated', 'told to end'));
    const { summary, stats } = await run(toCsv(shopRows(50, () => false)), {}, {}, { signal: stop.signal });
    expect(summary.error?.code).toBe('terminated');
    expect(summary.exitCode).toBe(143);
    expect(stats.received).toBe(0);
    expect(Object.values(summary.outcomes).reduce((sum, count) => sum + count, 0)).toBe(summary.rowsRead);
  });
});
