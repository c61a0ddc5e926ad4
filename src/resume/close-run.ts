import { EXIT } from '../errors.js';
import { openJournal } from '../journal/journal.js';
import { nodeFs } from '../journal/node-fs.js';
import { countEvents, type RunRef } from '../journal/runs.js';
import type { ClosedRunRecord } from '../summary.js';
import type { Closing } from './decide.js';
import { copyAt } from './opened.js';

/** Gives a run an end, so that it keeps its counts; it is not resumed afterwards. A journal that cannot be written stays as it is. */
export async function closeRun(
  ref: RunRef,
  { reason, isLoss }: Closing,
  nowMs: number,
): Promise<ClosedRunRecord> {
  const copy = await copyAt(ref.spool);
  const closed = { id: ref.runId, reason, isLoss, ...(copy !== undefined && { copy }) };
  const found = await openJournal(ref.journal, nodeFs).catch(() => undefined);
  if (found === undefined) return { ...closed, outcomes: {} };
  const { journal, recovered } = found;
  const { sent, refused, inDoubt, notAttempted } = countEvents(recovered.batches.values());
  const outcomes = recovered.end?.outcomes ?? {
    sent,
    refused,
    in_doubt: inDoubt,
    not_attempted: notAttempted,
  };
  if (recovered.end === undefined) {
    const end = { status: 'incomplete', outcomes, exitCode: EXIT.temporary, atMs: nowMs } as const;
    await journal.end(end).catch(() => undefined);
  }
  await journal.close().catch(() => undefined);
  return { ...closed, outcomes };
}
