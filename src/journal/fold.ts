import { areDisjoint, countOf, joinRanges } from './ranges.js';
import type { AckRecord, BatchParts, BatchRecord, IntentRecord, NackRecord, RowSpan } from './types.js';

type Batches = Map<number, BatchRecord>;

/**
 * Enters an intent. What earlier attempts settled stays settled; everything else may be on its way now. Returns
 * false when it does not describe the batch as an earlier intent did: then the earlier records count for nothing.
 */
export function foldIntent(batches: Batches, intent: IntentRecord): boolean {
  const before = batches.get(intent.batch);
  if (before === undefined || !isSameBatch(before.intent, intent)) {
    batches.set(intent.batch, {
      intent,
      state: 'open',
      parts: allInDoubt(intent.events),
      doubtSinceMs: intent.atMs,
    });
    return before === undefined;
  }
  const { sent, refused, inDoubt, notAttempted } = before.parts;
  const open = joinRanges([...inDoubt, ...notAttempted]);
  const doubtSinceMs = before.doubtSinceMs ?? intent.atMs;
  const parts = { sent, refused, inDoubt: open, notAttempted: [] };
  // An intent for a batch that is all settled sends nothing, so it puts nothing in doubt.
  if (open.length === 0) batches.set(intent.batch, { ...before, intent });
  else batches.set(intent.batch, { intent, state: 'open', parts, doubtSinceMs });
  return true;
}

/** Enters an answer. Returns false, and enters nothing, when it has no intent or its parts do not cover the batch. */
export function foldOutcome(batches: Batches, outcome: AckRecord | NackRecord): boolean {
  const before = batches.get(outcome.batch);
  if (before === undefined) return false;
  const { inDoubt, notAttempted, reason } = {
    inDoubt: [],
    notAttempted: [],
    ...outcome,
  } as Partial<NackRecord> & Pick<NackRecord, 'inDoubt' | 'notAttempted'>;
  const { sent, refused } = outcome;
  const parts = { sent, refused, inDoubt, notAttempted };
  if (!covers(parts, before.intent.events)) return false;
  const settled = inDoubt.length === 0 && notAttempted.length === 0;
  const { doubtSinceMs = before.intent.atMs } = before;
  batches.set(outcome.batch, {
    intent: before.intent,
    state: settled ? 'settled' : 'partial',
    parts,
    ...(inDoubt.length > 0 && { doubtSinceMs }),
    ...(reason !== undefined && { reason }),
  });
  return true;
}

/**
 * Enters that lines cannot be read: one of them may have begun any batch once more, so that what was not attempted
 * by then may have been sent.
 */
export function foldDamage(batches: Batches): void {
  for (const [number, before] of batches) {
    const { inDoubt, notAttempted } = before.parts;
    if (notAttempted.length === 0) continue;
    const parts = { ...before.parts, inDoubt: joinRanges([...inDoubt, ...notAttempted]), notAttempted: [] };
    const { doubtSinceMs = before.intent.atMs } = before;
    batches.set(number, { ...before, parts, doubtSinceMs });
  }
}

/** Whether every event is in exactly one part; `sent` events are those in no list. */
function covers({ sent, refused, inDoubt, notAttempted }: BatchParts, events: number): boolean {
  const listed = [...refused.flatMap((part) => part.events), ...inDoubt, ...notAttempted];
  return areDisjoint(listed, events) && sent + countOf(listed) === events;
}

function allInDoubt(events: number): BatchParts {
  return { sent: 0, refused: [], inDoubt: [[0, events - 1]], notAttempted: [] };
}

function isSameBatch(a: IntentRecord, b: IntentRecord): boolean {
  return a.bodyHash === b.bodyHash && a.events === b.events && rowsText(a.rows) === rowsText(b.rows);
}

function rowsText(rows: readonly RowSpan[]): string {
  return rows.map(({ input, first, last }) => `${input}:${first}-${last}`).join();
}
