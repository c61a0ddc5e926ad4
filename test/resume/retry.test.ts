import { createCipheriv } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config.js';
import { encodeBody } from '../../src/deliver/batch.js';
import type { Batch } from '../../src/deliver/types.js';
import type { BatchRecord, Range, RecoveredRun } from '../../src/journal/types.js';
import { createLedger, type Ledger } from '../../src/ledger.js';
import { bytesInput } from '../../src/read/index.js';
import { createRetryFeed } from '../../src/resume/retry.js';
import { createRowFeed, type RowFeedOptions } from '../../src/row-feed.js';
import { openSources } from '../../src/sources.js';

const AS_OF_MS = Date.parse('2026-11-20T12:00:00Z');
const CONFIG = {
  type: 'snapchat_conversion',
  auth_method: 'api_token',
  api_token: 'token-1',
  event_source_id: 'x',
  batch_size: 10,
};
const ROWS = Array.from(
  { length: 300 },
  (_, index) =>
    `{"event_name":"PAGE_VIEW","event_time":"2026-11-19T12:00:00Z","event_source_url":"https://e.com/","madid":"m","event_id":"id-${index}"}\n`,
);

async function feedOptions(
  rows: readonly string[] = ROWS,
): Promise<RowFeedOptions & { readonly ledger: Ledger }> {
  const config = parseConfig(JSON.stringify(CONFIG), { name: 'c.json', env: {} });
  const inputs = [bytesInput('rows.jsonl', rows.join(''))];
  const sources = await openSources({ inputs, config, asOfMs: AS_OF_MS, read: { chunkBytes: 4096 } });
  const observer = () => undefined;
  const ledger = createLedger({ observer, sink: undefined, inputs: [], keepRaw: false, asOfMs: AS_OF_MS });
  return { sources, config, mode: 'deliver', ledger, observer, signal: undefined, earlyStop: true };
}

async function collect(batches: AsyncIterable<Batch>): Promise<readonly Batch[]> {
  const all: Batch[] = [];
  for await (const batch of batches) all.push(batch);
  return all;
}

const bodyOf = (batch: Batch) => Buffer.from(encodeBody(batch)).toString();
const idsOf = (batch: Batch) => [...bodyOf(batch).matchAll(/"id-(\d+)"/g)].map(([, id]) => Number(id));

/** A run whose batches ended as `inDoubtOf` says; a batch it gives nothing for has no record. */
function runOf(
  batches: readonly Batch[],
  inDoubtOf: (batch: Batch) => readonly Range[] | undefined,
): RecoveredRun {
  const records = new Map<number, BatchRecord>();
  for (const batch of batches) {
    const inDoubt = inDoubtOf(batch);
    if (inDoubt === undefined) continue;
    const body = encodeBody(batch);
    const mac = createCipheriv('aes-128-gcm', Buffer.alloc(16), Buffer.alloc(12)).setAAD(body);
    mac.final();
    const bodyHash = `${body.length}-${mac.getAuthTag().toString('hex')}`;
    const intent = { batch: batch.number, attempt: 1, rows: [], events: batch.events, bodyHash, atMs: 0 };
    const parts = { sent: 0, refused: [], inDoubt, notAttempted: [] };
    records.set(batch.number, { intent, state: 'partial', parts });
  }
  return { batches: records } as unknown as RecoveredRun;
}

async function firstBatches(): Promise<readonly Batch[]> {
  return collect(createRowFeed(await feedOptions()).batches());
}

describe('the row feed of a retry', () => {
  it('gives what was left, in few batches within the limits, and counts only that', async () => {
    const run = runOf(await firstBatches(), () => [[3, 3]]);
    const options = await feedOptions();
    const batches = await collect(createRetryFeed(options, [run]).batches());
    expect(batches.flatMap(idsOf)).toEqual(Array.from({ length: 30 }, (_, index) => index * 10 + 3));
    expect(batches.map((batch) => [batch.number, batch.events])).toEqual([
      [1, 10],
      [2, 10],
      [3, 10],
    ]);
    expect(options.ledger.rowsRead()).toBe(30);
  });

  it('gives whole batches of which there is no record, and nothing of those that are settled', async () => {
    const run = runOf(await firstBatches(), ({ number }) => (number === 30 || number === 2 ? undefined : []));
    const batches = await collect(createRetryFeed(await feedOptions(), [run]).batches());
    expect(batches.map(idsOf)).toEqual([
      [10, 11, 12, 13, 14, 15, 16, 17, 18, 19],
      [290, 291, 292, 293, 294, 295, 296, 297, 298, 299],
    ]);
  });

  it('makes the same batches again, also for a retry of a retry', async () => {
    const first = runOf(await firstBatches(), () => [[0, 1]]);
    const retried = await collect(createRetryFeed(await feedOptions(), [first]).batches());
    const again = await collect(createRetryFeed(await feedOptions(), [first]).batches());
    expect(again.map(bodyOf)).toEqual(retried.map(bodyOf));
    const second = runOf(retried, ({ number }) => (number === 1 ? [[9, 9]] : []));
    const last = await collect(createRetryFeed(await feedOptions(), [first, second]).batches());
    expect(last.map(idsOf)).toEqual([[41]]);
  });

  it('refuses rows that are not what they were', async () => {
    const run = runOf(await firstBatches(), () => [[0, 0]]);
    const changed = ROWS.map((row, index) => (index === 57 ? row.replace('"m"', '"n"') : row));
    const feed = createRetryFeed(await feedOptions(changed), [run]);
    await expect(collect(feed.batches())).rejects.toMatchObject({ code: 'run_changed' });
  });
});
