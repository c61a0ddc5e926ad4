import { joinBatches, selectEvents } from '../deliver/batch.js';
import type { Batch } from '../deliver/types.js';
import { RunError } from '../errors.js';
import { indexesOf, joinRanges } from '../journal/ranges.js';
import type { BatchRecord, RecoveredRun } from '../journal/types.js';
import { createLedger, type Ledger, type Origin } from '../ledger.js';
import { createRowFeed, type RowFeed, type RowFeedOptions } from '../row-feed.js';
import { hashBody } from './body-hash.js';

/** Most pieces of the input that one batch keeps in memory: each may hold a whole chunk for the sake of one event. */
const MOST_SPANS = 16;

type Batches = AsyncIterable<Batch>;

/**
 * The row feed of a retry. It makes the batches of the runs before it from the same rows, picks the events that none of
 * them delivered, and fills new batches with those. Only rows picked are entered in the books; all others stand in the
 * books of the first run. `batches` throws RunError `run_changed` when a batch is not what it was.
 */
export function createRetryFeed(options: RowFeedOptions, earlier: readonly RecoveredRun[]): RowFeed {
  const { maxRejected: _, ...config } = options.config;
  const observer = (): void => undefined;
  const aside = createLedger({ observer, sink: undefined, inputs: [], keepRaw: false, asOfMs: 0 });
  const feed = createRowFeed({ ...options, config, ledger: aside });
  const isWhole = (): boolean => options.signal?.aborted !== true && feed.error()?.code !== 'mostly_invalid';

  async function* batches(): AsyncGenerator<Batch> {
    let picked: Batches = feed.batches();
    for (const run of earlier) picked = filled(undelivered(picked, run), options, isWhole);
    for await (const batch of picked) {
      enterRead(batch, options.ledger);
      yield batch;
    }
  }

  return { ...feed, batches };
}

/** What a run did not deliver of its batches: all of those it has no record of. */
async function* undelivered(batches: Batches, run: RecoveredRun): AsyncGenerator<Batch> {
  for await (const batch of batches) {
    const record = run.batches.get(batch.number);
    if (record === undefined) {
      yield batch;
      continue;
    }
    checkBody(batch, record);
    const { refused, inDoubt, notAttempted } = record.parts;
    const open = joinRanges([...refused.flatMap((part) => part.events), ...inDoubt, ...notAttempted]);
    if (open.length > 0) yield selectEvents(batch, [...indexesOf(open)]);
  }
}

/** Puts picked events together to batches within the limits, numbered from 1; the same events make the same batches. */
async function* filled(
  picked: Batches,
  { config }: RowFeedOptions,
  isWhole: () => boolean,
): AsyncGenerator<Batch> {
  let number = 1;
  let held: Batch | undefined;
  for await (const batch of picked) {
    const grown = joinBatches(number, held === undefined ? [batch] : [held, batch]);
    const fits =
      grown.events <= config.batchSize &&
      grown.bytes <= config.maxBatchBytes &&
      grown.spans.length <= MOST_SPANS;
    if (held === undefined || fits) {
      held = grown;
      continue;
    }
    yield held;
    number += 1;
    held = joinBatches(number, [batch]);
  }
  // A batch cut short would be another one when the retry goes on.
  if (held !== undefined && isWhole()) yield held;
}

function enterRead(batch: Batch, ledger: Ledger): void {
  for (const { origin, from, to } of batch.spans) ledger.read((origin as Origin).input, to - from);
}

function checkBody(batch: Batch, { intent }: BatchRecord): void {
  if (hashBody(batch) === intent.bodyHash) return;
  throw new RunError('run_changed', `batch ${batch.number} is not what it was: its rows have changed`, {
    fix: 'Restore the input of the run; or export it anew with --force (events keep their ids).',
  });
}
