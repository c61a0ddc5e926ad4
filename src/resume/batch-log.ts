import { selectEvents, sliceBatch } from '../deliver/batch.js';
import type { Known } from '../deliver/hooks.js';
import type { Batch, EventSpan, Settled } from '../deliver/types.js';
import { RunError } from '../errors.js';
import { indexesOf, joinRanges } from '../journal/ranges.js';
import type { BatchRecord, NackRecord, Range, RefusedEvents, RowSpan } from '../journal/types.js';
import type { Journal } from '../journal/writer.js';
import type { Origin } from '../ledger.js';
import { DAY_MS } from '../time-units.js';
import { hashBody } from './body-hash.js';
import { hiddenFate, type Fate, type HiddenBatches } from './hidden.js';

/** The API deduplicates by `event_id` for 48 hours; a repeat after that would be counted again. */
const DEDUPLICATION_MS = 2 * DAY_MS;

/** What to do with events of an earlier attempt of which nobody knows whether they arrived. */
export type InDoubtPolicy = 'resend' | 'hold' | 'drop';

export type BatchLogOptions = {
  readonly journal: Journal;
  /** What the journal knew when this process began. */
  readonly known: ReadonlyMap<number, BatchRecord>;
  /** What it may have known in lines that are damaged. */
  readonly hidden?: HiddenBatches;
  /** Absent: resend what carries an `event_id` and is younger than 48 hours, hold the rest. */
  readonly inDoubt: InDoubtPolicy | undefined;
  /** Whether every event carries an `event_id`, or is only validated. */
  readonly repeatable: boolean;
  /** Wall clock, epoch ms. */
  readonly clock: () => number;
};

/** Writes each batch to the journal before and after it is sent, and answers for batches of an earlier process. */
export type BatchLog = {
  readonly begin: (batch: Batch) => Promise<Known | undefined>;
  readonly finish: (batch: Batch, parts: readonly Settled[]) => Promise<void>;
  /** Events that an earlier process delivered. */
  readonly sentBefore: () => number;
};

/** Makes the log of one run. `begin` throws RunError `run_changed` when a batch is not the one the journal speaks of. */
export function createBatchLog(options: BatchLogOptions): BatchLog {
  const { journal, known, hidden, clock } = options;
  const keptParts = new Map<number, readonly Settled[]>();
  let sentBefore = 0;

  async function begin(batch: Batch): Promise<Known | undefined> {
    const bodyHash = hashBody(batch);
    const record = known.get(batch.number);
    if (record !== undefined && record.intent.bodyHash !== bodyHash) throw changedBatch(batch);
    const fate = record === undefined ? hiddenFate(batch, hidden) : fateOf(record);
    const answer = fate === undefined ? undefined : answerFor(batch, fate, options);
    if (answer !== undefined) {
      sentBefore += answer.parts.reduce(
        (sum, part) => sum + (part.outcome === 'sent' ? part.batch.events : 0),
        0,
      );
      if (answer.rest === undefined) return answer;
      // Only until the rest is settled: parts hold the bytes of their batch.
      keptParts.set(batch.number, answer.parts);
    }
    await journal.intent({
      batch: batch.number,
      attempt: (record?.intent.attempt ?? 0) + 1,
      rows: rowSpans(batch),
      events: batch.events,
      bodyHash,
      atMs: clock(),
    });
    return answer;
  }

  async function finish(batch: Batch, parts: readonly Settled[]): Promise<void> {
    const record = recordOf(batch, [...(keptParts.get(batch.number) ?? []), ...parts], clock());
    keptParts.delete(batch.number);
    if (record.inDoubt.length + record.notAttempted.length > 0) return journal.nack(record);
    const { inDoubt: _, notAttempted: __, reason: ___, ...ack } = record;
    return journal.ack(ack);
  }

  return { begin, finish, sentBefore: () => sentBefore };
}

/** What is already known of a batch: parts that need no request, and the rest that does. */
function answerFor(batch: Batch, fate: Fate, options: BatchLogOptions): Known | undefined {
  const { refused, inDoubt, notAttempted, sent } = fate.parts;
  const resend = inDoubt.length === 0 || mayResend(fate, options);
  const open = joinRanges(resend ? [...inDoubt, ...notAttempted] : notAttempted);
  if (sent === 0 && refused.length === 0 && resend) return undefined;
  const held = resend ? [] : inDoubt;
  const listed = new Set(indexesOf([...refused.flatMap((part) => part.events), ...inDoubt, ...notAttempted]));
  const others = Array.from({ length: batch.events }, (_, index) => index).filter(
    (index) => !listed.has(index),
  );
  const parts: Settled[] = [];
  if (others.length > 0) parts.push({ outcome: 'sent', batch: selectEvents(batch, others), answers: [] });
  for (const { events, reason, codes } of refused) {
    const named = selectEvents(batch, [...indexesOf(events)]);
    parts.push({ outcome: 'refused', batch: named, why: { reason, codes } });
  }
  for (const range of held) {
    parts.push({
      outcome: 'in_doubt',
      batch: sliceOf(batch, range),
      reason: fate.reason ?? 'an earlier run ended before its answer came',
    });
  }
  return open.length === 0 ? { parts } : { parts, rest: selectEvents(batch, [...indexesOf(open)]) };
}

function fateOf({ parts, reason, doubtSinceMs, intent }: BatchRecord): Fate {
  return { parts, sinceMs: doubtSinceMs ?? intent.atMs, ...(reason !== undefined && { reason }) };
}

function mayResend({ sinceMs }: Fate, { inDoubt, repeatable, clock }: BatchLogOptions): boolean {
  if (inDoubt !== undefined) return inDoubt === 'resend';
  return repeatable && clock() - sinceMs < DEDUPLICATION_MS;
}

function recordOf(batch: Batch, parts: readonly Settled[], atMs: number): NackRecord {
  const refused = new Map<string, Pick<RefusedEvents, 'reason' | 'codes'> & { readonly events: Range[] }>();
  const inDoubt: Range[] = [];
  const notAttempted: Range[] = [];
  let sent = 0;
  let reason: string | undefined;
  for (const part of parts) {
    if (part.outcome === 'sent') {
      sent += part.batch.events;
      continue;
    }
    const events = part.batch.spans.map((span) => rangeWithin(batch, span));
    if (part.outcome === 'refused') {
      const key = JSON.stringify(part.why);
      const known = refused.get(key);
      if (known === undefined) refused.set(key, { events, ...part.why });
      else known.events.push(...events);
      continue;
    }
    reason ??= part.reason;
    (part.outcome === 'in_doubt' ? inDoubt : notAttempted).push(...events);
  }
  const open = { inDoubt: joinRanges(inDoubt), notAttempted: joinRanges(notAttempted) };
  // One entry for each reason: an API that refuses a fifth of the rows would make a line of 345 bytes for each of them.
  const joined = [...refused.values()].map((one) => ({ ...one, events: joinRanges(one.events) }));
  return {
    batch: batch.number,
    sent,
    refused: joined,
    ...open,
    atMs,
    ...(reason !== undefined && { reason }),
  };
}

/** Where a span of a part stands within the whole batch. */
function rangeWithin(batch: Batch, span: EventSpan): Range {
  let base = 0;
  for (const whole of batch.spans) {
    if (whole.events === span.events && span.from >= whole.from && span.to <= whole.to) {
      return [base + span.from - whole.from, base + span.to - whole.from - 1];
    }
    base += whole.to - whole.from;
  }
  throw new RunError('internal', 'a settled event is not part of its batch');
}

function rowSpans(batch: Batch): readonly RowSpan[] {
  return batch.spans.map(({ events, origin, from, to }) => {
    const { input, chunk } = origin as Origin;
    const row = (index: number): number => chunk.firstRow + (events.records[index] ?? 0);
    return { input: input.index, first: row(from), last: row(to - 1) };
  });
}

function sliceOf(batch: Batch, [first, last]: Range): Batch {
  return sliceBatch(batch, first, last + 1);
}

function changedBatch(batch: Batch): RunError {
  return new RunError(
    'run_changed',
    `batch ${batch.number} is not what it was when the run began: its rows have changed`,
    {
      fix: 'Restore the input the run began with; or add --force to start anew (events keep their ids).',
    },
  );
}
