import { expect, it } from 'vitest';
import { bytesInput, exportRows, parseConfig, startSimulator } from '../../src/index.js';
import { parseFaults } from '../../src/simulator/index.js';
import { shopRows, toCsv } from '../support/shop-rows.js';

const AS_OF_MS = Date.parse('2026-11-20T12:00:00Z');
const CSV = toCsv(shopRows(1500, () => false));

/** What arrives of the rows, as text, when they are read in chunks of so many bytes. */
async function arrived(chunkBytes: number, faults: string): Promise<readonly string[]> {
  const api = await startSimulator({
    clock: () => AS_OF_MS,
    faults: parseFaults(faults),
    seed: 1,
    latencyMs: 1,
  });
  try {
    const config = {
      type: 'snapchat_conversion',
      auth_method: 'api_token',
      api_token: 't',
      event_source_id: '11111111-2222-3333-4444-555555555555',
      batch_size: 40,
      max_requests_per_second: 1000,
      api_base_url: api.url,
    };
    const { outcomes } = await exportRows({
      inputs: [bytesInput('rows.csv', CSV)],
      config: parseConfig(JSON.stringify(config), { name: 'config', env: {} }),
      asOfMs: AS_OF_MS,
      read: { chunkBytes },
      sleep: () => new Promise(setImmediate),
      random: () => 0,
    });
    expect(outcomes).toMatchObject({ refused: 0, in_doubt: 0, not_attempted: 0 });
    expect(outcomes.sent).toBeGreaterThan(1400);
    return api.events().map(({ text }) => text);
  } finally {
    await api.close();
  }
}

it('memory that is used again spoils no event, whatever is in flight and sent again', async () => {
  // In one chunk nothing is used again before all is sent.
  const expected = [...(await arrived(10_000_000, ''))].sort();
  const faults = ['503', 'reset-before', 'reset-after', 'cut'].map((kind) => `${kind}@random:0.05`).join(',');
  for (const chunkBytes of [700, 9000]) {
    expect([...(await arrived(chunkBytes, faults))].sort()).toEqual(expected);
  }
});
