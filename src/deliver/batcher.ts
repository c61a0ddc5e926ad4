import { RunError } from '../errors.js';
import type { EncodedEvents } from '../types.js';
import { BODY_FRAME_BYTES, eventEnd, eventStart, makeBatch } from './batch.js';
import type { Batch, EventSpan } from './types.js';

export type BatchLimits = {
  /** Most events of a batch. */
  readonly batchSize: number;
  /** Most bytes of a request body. */
  readonly maxBatchBytes: number;
};

export type Batcher = {
  /** Takes all events of a chunk result; gives the batches that became full, in order. */
  readonly add: (events: EncodedEvents, origin: unknown) => Batch[];
  /** Gives what is left as a last, smaller batch. */
  readonly flush: () => Batch | undefined;
};

type OpenBatch = { readonly spans: EventSpan[]; events: number; bytes: number };

/**
 * Fills batches across chunk borders: each takes as many events as its two limits allow, so that the same
 * events always make the same batches. An event too large for a body of its own is the caller's mistake (`internal`).
 */
export function createBatcher(limits: BatchLimits): Batcher {
  let open = emptyBatch();
  let number = 0;

  function close(): Batch {
    number += 1;
    const batch = makeBatch(number, open.spans);
    open = emptyBatch();
    return batch;
  }

  function add(events: EncodedEvents, origin: unknown): Batch[] {
    const full: Batch[] = [];
    const total = events.ends.length;
    let from = 0;
    while (from < total) {
      const to = fill(open, events, from, limits);
      if (to > from) open.spans.push({ events, origin, from, to });
      from = to;
      if (from < total || open.events === limits.batchSize) full.push(close());
    }
    return full;
  }

  function flush(): Batch | undefined {
    return open.events === 0 ? undefined : close();
  }

  return { add, flush };
}

function emptyBatch(): OpenBatch {
  return { spans: [], events: 0, bytes: BODY_FRAME_BYTES };
}

/** Counts in as many events as fit, from index `from`; gives the index of the first that does not. */
function fill(open: OpenBatch, events: EncodedEvents, from: number, limits: BatchLimits): number {
  const { batchSize, maxBatchBytes } = limits;
  const total = events.ends.length;
  let index = from;
  while (index < total && open.events < batchSize) {
    const size = eventEnd(events, index) - eventStart(events, index);
    const grown = open.bytes + size + (open.events === 0 ? 0 : 1);
    if (grown > maxBatchBytes && open.events === 0) throw tooLarge(size);
    if (grown > maxBatchBytes) break;
    open.bytes = grown;
    open.events += 1;
    index += 1;
  }
  return index;
}

function tooLarge(bytes: number): RunError {
  return new RunError(
    'internal',
    `an event of ${bytes} bytes, larger than a request may be, reached the batches`,
  );
}
