import { RunError } from '../errors.js';
import { nodeFs } from '../journal/node-fs.js';
import { isUnfinished, peekJournal, type PeekedRun } from '../journal/peek.js';
import { recoverJournal } from '../journal/recover.js';
import { countEvents, spoolOf, type RunRef } from '../journal/runs.js';
import type { Input } from '../read/index.js';
import type { KnownRun } from './decide.js';
import { recordedInputs } from './inputs.js';

/** A run of the job with its place, and its inputs as they can be read now; none when they cannot. */
export type KnownRunAt = KnownRun & { readonly ref: RunRef; readonly inputs: readonly Input[] };

type PeekedAt = PeekedRun & { readonly ref: RunRef };

/**
 * The runs of a job as a decision needs them, oldest first. Throws RunError journal_damaged when the newest one cannot be read:
 * nobody knows whether it was complete. Damaged older ones are left out.
 */
export async function knownRuns(
  refs: readonly RunRef[],
  { signal, skipDamaged }: { readonly signal: AbortSignal | undefined; readonly skipDamaged: boolean },
): Promise<readonly KnownRunAt[]> {
  const peeked: PeekedAt[] = [];
  for (const ref of refs) {
    try {
      peeked.push({ ...(await peekJournal(ref.journal, nodeFs)), ref });
    } catch (error) {
      const isSkipped = skipDamaged || ref !== refs.at(-1);
      if (!isSkipped || !(error instanceof RunError)) throw error;
    }
  }
  const open = openIds(peeked);
  const known: KnownRunAt[] = [];
  for (const one of peeked)
    known.push(await describe(one, peeked, { isOpen: open.has(one.run.runId), signal }));
  return known;
}

/** The newest run when it is unfinished, and unfinished ones that it was to wait for. Any other was given up. */
function openIds(peeked: readonly PeekedAt[]): ReadonlySet<string> {
  const latest = peeked.at(-1);
  if (latest === undefined || !isUnfinished(latest)) return new Set();
  const before = peeked.filter((one) => latest.run.after?.includes(one.run.runId) === true);
  return new Set([...before.filter(isUnfinished), latest].map(({ run }) => run.runId));
}

async function describe(
  one: PeekedAt,
  all: readonly PeekedAt[],
  { isOpen, signal }: { readonly isOpen: boolean; readonly signal: AbortSignal | undefined },
): Promise<KnownRunAt> {
  if (!isOpen) return { ...one, isOpen, isUntouched: false, isReadable: false, inputs: [] };
  const spool = spoolOf(
    one.ref.runId,
    all.map(({ ref, run }) => ({ ...ref, run })),
  );
  const inputs = await recordedInputs(one.run, spool, signal);
  return {
    ...one,
    isOpen,
    isUntouched: await hasSentNothing(one.ref),
    isReadable: inputs !== undefined,
    inputs: inputs ?? [],
  };
}

async function hasSentNothing({ journal }: RunRef): Promise<boolean> {
  const recovered = await recoverJournal(journal, nodeFs);
  if (recovered === undefined) return true;
  const { sent, refused, inDoubt } = countEvents(recovered.batches.values());
  return sent + refused + inDoubt + recovered.maybeBegun === 0;
}
