import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { selectEvents } from '../../src/deliver/batch.js';
import type { Batch, Settled } from '../../src/deliver/types.js';
import { foldIntent, foldOutcome } from '../../src/journal/fold.js';
import { toRanges } from '../../src/journal/ranges.js';
import type { AckRecord, BatchRecord, IntentRecord, NackRecord } from '../../src/journal/types.js';
import type { Journal } from '../../src/journal/writer.js';
import { createBatchLog, type BatchLogOptions } from '../../src/resume/batch-log.js';
import { batchOf, idsOf, outcomes, range } from '../deliver/support.js';

const HOUR_MS = 3_600_000;
const NOW = 1_000_000_000_000;
const WHY = { reason: 'no', codes: ['507'] };

/** A journal that keeps its records and folds them as recovery does. */
function memoryJournal(): {
  journal: Journal;
  records: BatchRecord[];
  batches: Map<number, BatchRecord>;
  lines: string[];
} {
  const batches = new Map<number, BatchRecord>();
  const lines: string[] = [];
  const enter = (kind: string) => (record: AckRecord | NackRecord) => {
    lines.push(kind);
    expect(foldOutcome(batches, record)).toBe(true);
    return Promise.resolve();
  };
  const journal: Journal = {
    intent: (record: IntentRecord) => {
      lines.push(`intent ${record.attempt}`);
      expect(foldIntent(batches, record)).toBe(true);
      return Promise.resolve();
    },
    ack: enter('ack'),
    nack: enter('nack'),
    end: () => Promise.resolve(),
    flush: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  return { journal, records: [], batches, lines };
}

/** The events of `batchOf` need rows to be journaled. */
function batchWithRows(count: number): Batch {
  const batch = batchOf(count);
  const spans = batch.spans.map((span) => {
    const offset = (span.origin as { offset: number }).offset;
    return { ...span, origin: { offset, input: { index: 0 }, chunk: { firstRow: 1 } } };
  });
  return { ...batch, spans };
}

function partsOf(batch: Batch, fates: readonly Settled['outcome'][]): Settled[] {
  return fates.map((outcome, index): Settled => {
    const one = selectEvents(batch, [index]);
    if (outcome === 'sent') return { outcome, batch: one, answers: [] };
    if (outcome === 'refused') return { outcome, batch: one, why: WHY };
    return { outcome, batch: one, reason: 'lost' };
  });
}

async function logged(
  fates: readonly Settled['outcome'][] | undefined,
  options: Partial<BatchLogOptions> = {},
  count = fates?.length ?? 4,
): Promise<{
  known: Awaited<ReturnType<ReturnType<typeof createBatchLog>['begin']>>;
  lines: string[];
  sentBefore: number;
}> {
  const { journal, batches, lines } = memoryJournal();
  const base = { journal, inDoubt: undefined, repeatable: true, clock: () => NOW };
  const batch = batchWithRows(count);
  const first = createBatchLog({ ...base, known: new Map() });
  await first.begin(batch);
  if (fates !== undefined) await first.finish(batch, partsOf(batch, fates));
  const second = createBatchLog({ ...base, clock: () => NOW + HOUR_MS, ...options, known: batches });
  const known = await second.begin(batch);
  return { known, lines, sentBefore: second.sentBefore() };
}

describe('a batch of an earlier process', () => {
  it('is not sent again when all of it is settled', async () => {
    const { known, lines, sentBefore } = await logged(['sent', 'refused', 'sent', 'sent']);
    expect(known?.rest).toBeUndefined();
    expect(outcomes(known?.parts ?? [])).toEqual({
      sent: [0, 2, 3],
      refused: [1],
      in_doubt: [],
      not_attempted: [],
    });
    expect(known?.parts.find((part) => part.outcome === 'refused')).toMatchObject({ why: WHY });
    expect(lines).toEqual(['intent 1', 'ack']);
    expect(sentBefore).toBe(3);
  });

  it('is sent again, whole, when no answer was recorded', async () => {
    const { known, lines } = await logged(undefined);
    expect(known).toBeUndefined();
    expect(lines).toEqual(['intent 1', 'intent 2']);
  });

  it('is sent again only in the part that is open', async () => {
    const { known, lines } = await logged(['sent', 'in_doubt', 'not_attempted', 'refused']);
    expect(idsOf(known?.rest ?? batchOf(1))).toEqual([1, 2]);
    expect(outcomes(known?.parts ?? [])).toMatchObject({
      sent: [0],
      refused: [3],
      in_doubt: [],
      not_attempted: [],
    });
    expect(lines).toEqual(['intent 1', 'nack', 'intent 2']);
  });

  it.each([
    ['by default, without an event_id', { repeatable: false }],
    ['by default, after 48 hours', { clock: () => NOW + 48 * HOUR_MS }],
    ['when told to', { inDoubt: 'hold' as const }],
    ['when doubt is given up', { inDoubt: 'drop' as const }],
  ])('keeps what is in doubt from being sent: %s', async (_, options) => {
    const { known } = await logged(['sent', 'in_doubt', 'not_attempted', 'sent'], options);
    expect(outcomes(known?.parts ?? [])).toEqual({
      sent: [0, 3],
      refused: [],
      in_doubt: [1],
      not_attempted: [],
    });
    expect(idsOf(known?.rest ?? batchOf(1))).toEqual([2]);
  });

  it('is resent after 48 hours when told to', async () => {
    const { known } = await logged(undefined, {
      inDoubt: 'resend',
      repeatable: false,
      clock: () => NOW + 99 * HOUR_MS,
    });
    expect(known).toBeUndefined();
  });

  it('is refused when its bytes are not what they were', async () => {
    const { journal, batches } = memoryJournal();
    const base = { journal, inDoubt: undefined, repeatable: true, clock: () => NOW };
    await createBatchLog({ ...base, known: new Map() }).begin(batchWithRows(4));
    const again = createBatchLog({ ...base, known: batches }).begin(batchWithRows(5));
    await expect(again).rejects.toMatchObject({ code: 'run_changed', exitCode: 75 });
  });
});

describe('a batch that a damaged line may have begun', () => {
  const SINCE = { upTo: 1, sinceMs: NOW - HOUR_MS };
  const begin = (options: Partial<BatchLogOptions>) => {
    const { journal } = memoryJournal();
    const base = { journal, known: new Map(), inDoubt: undefined, repeatable: true, clock: () => NOW };
    return createBatchLog({ ...base, hidden: SINCE, ...options }).begin(batchWithRows(3));
  };

  it.each([
    ['without an event_id', { repeatable: false }],
    ['of a run that is older than 48 hours', { hidden: { upTo: 1, sinceMs: NOW - 48 * HOUR_MS } }],
    ['when told to', { inDoubt: 'hold' as const }],
  ])('is held: %s', async (_, options) => {
    const known = await begin(options);
    expect(known?.rest).toBeUndefined();
    expect(outcomes(known?.parts ?? [])).toMatchObject({ sent: [], in_doubt: [0, 1, 2] });
  });

  it.each([
    ['with an event_id', {}],
    ['when told to', { repeatable: false, inDoubt: 'resend' as const }],
    ['when it is too late to be one', { repeatable: false, hidden: { upTo: 0, sinceMs: NOW } }],
  ])('is sent: %s', async (_, options) => {
    expect(await begin(options)).toBeUndefined();
  });
});

it('after any fates, parts and rest hold every event once, and nothing sent or refused is sent again', async () => {
  const fate = fc.constantFrom<Settled['outcome']>('sent', 'refused', 'in_doubt', 'not_attempted');
  await fc.assert(
    fc.asyncProperty(
      fc.array(fate, { minLength: 3, maxLength: 12 }),
      fc.constantFrom(undefined, 'resend', 'hold', 'drop'),
      async (fates, inDoubt) => {
        const { known } = await logged(fates, { inDoubt: inDoubt });
        const all = range(0, fates.length);
        const rest = known === undefined ? all : known.rest === undefined ? [] : idsOf(known.rest);
        const settled = Object.values(outcomes(known?.parts ?? [])).flat();
        expect([...rest, ...settled].sort((a, b) => a - b)).toEqual(all);
        for (const index of rest) expect(['in_doubt', 'not_attempted']).toContain(fates[index]);
        expect(toRanges(rest).length).toBeLessThanOrEqual(rest.length);
      },
    ),
    { numRuns: 200 },
  );
});
