import type { Batch } from '../deliver/types.js';
import type { BatchRecord, RecoveredRun } from '../journal/types.js';

/** What is known of the events of a batch, and since when some may have arrived. */
export type Fate = Pick<BatchRecord, 'parts' | 'reason'> & { readonly sinceMs: number };

/** Batches that may have been begun although the journal has no record of them. */
export type HiddenBatches = {
  /** Number of the last one; 0 when there are none. */
  readonly upTo: number;
  /** When the first of them may have been begun, epoch ms. */
  readonly sinceMs: number;
};

/** The batches whose beginning the damaged lines of a journal may have recorded. */
export function hiddenBatches({ maybeBegun, run }: Pick<RecoveredRun, 'maybeBegun' | 'run'>): HiddenBatches {
  return { upTo: maybeBegun, sinceMs: run.createdMs };
}

/** The fate of a batch without a record: all in doubt when a damaged line may have begun it, else `undefined`. */
export function hiddenFate(batch: Batch, hidden: HiddenBatches | undefined): Fate | undefined {
  if (hidden === undefined || batch.number > hidden.upTo) return undefined;
  return {
    parts: { sent: 0, refused: [], inDoubt: [[0, batch.events - 1]], notAttempted: [] },
    reason: 'the journal is damaged, and may have said that this was sent',
    sinceMs: hidden.sinceMs,
  };
}
