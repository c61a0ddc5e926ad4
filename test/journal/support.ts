import type { JournalFs } from '../../src/journal/fs.js';
import { createJournal, openJournal } from '../../src/journal/journal.js';
import { openStateDir } from '../../src/journal/state-dir.js';
import type { AckRecord, IntentRecord, NackRecord, RunFacts } from '../../src/journal/types.js';
import type { Journal } from '../../src/journal/writer.js';

export const STATE = '/state';
const SLOT = '00112233aabbccdd';
const RUN_ID = '20261123T133000-4f9a';
export const JOURNAL = `${STATE}/runs/${SLOT}/${RUN_ID}/journal.jsonl`;
export const HASH = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';

export const RUN: RunFacts = {
  version: '0.2.0',
  transformVersion: 1,
  runId: RUN_ID,
  createdMs: 1_795_440_600_000,
  asOfMs: 1_795_440_600_000,
  inputs: [{ name: 'orders.csv', realPath: '/data/orders.csv', fingerprint: 'abc' }],
  settings: { event_source_id: 'f00d', concurrency: '4' },
  batchSize: 10,
  maxBatchBytes: 1_000_000,
};

/** An intent for a batch of ten events. */
export function intentOf(batch: number, more: Partial<IntentRecord> = {}): IntentRecord {
  const first = (batch - 1) * 10 + 1;
  return {
    batch,
    attempt: 1,
    rows: [{ input: 0, first, last: first + 9, bytes: [first * 100, first * 100 + 1000] }],
    events: 10,
    bodyHash: HASH,
    atMs: 1000 + batch,
    ...more,
  };
}

/** All ten events of a batch were sent. */
export function ackOf(batch: number, more: Partial<AckRecord> = {}): AckRecord {
  return { batch, sent: 10, refused: [], atMs: 2000 + batch, ...more };
}

/** Six events sent, one refused, two in doubt, one not attempted. */
export function nackOf(batch: number, more: Partial<NackRecord> = {}): NackRecord {
  return {
    batch,
    sent: 6,
    refused: [{ events: [[6, 6]], reason: 'bad currency', codes: ['E1'] }],
    inDoubt: [[7, 8]],
    notAttempted: [[9, 9]],
    reason: 'the answer was cut short',
    atMs: 3000 + batch,
    ...more,
  };
}

/** A new journal in a state directory that is durable. */
export async function start(fs: JournalFs): Promise<Journal> {
  await openStateDir(STATE, fs, 0);
  return createJournal(JOURNAL, RUN, fs);
}

/** Goes on with the journal, which must be there. */
export async function resume(fs: JournalFs) {
  const opened = await openJournal(JOURNAL, fs);
  if (opened === undefined) throw new Error('there is no journal');
  return opened;
}
