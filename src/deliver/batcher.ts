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

/**
 * Fills batches across chunk borders: each takes as many events as its two limits allow, so that the same
 * events always make the same batches. An event too large for a body of its own is the caller's mistake (`internal`).
 */
export function createBatcher(limits: BatchLimits): Batcher {
  const { batchSize, maxBatchBytes } = limits;
  let spans: EventSpan[] = [];
  let count = 0;
  let bytes = BODY_FRAME_BYTES;
  let number = 0;

  function close(): Batch {
    number += 1;
    const batch = makeBatch(number, spans);
    spans = [];
    count = 0;
    bytes = BODY_FRAME_BYTES;
    return batch;
  }

  function add(events: EncodedEvents, origin: unknown): Batch[] {
    const full: Batch[] = [];
    const total = events.ends.length;
    let from = 0;

    function cut(to: number): void {
      if (to > from) spans.push({ events, origin, from, to });
      from = to;
    }

    for (let index = 0; index < total; index += 1) {
      const size = eventEnd(events, index) - eventStart(events, index);
      if (size + BODY_FRAME_BYTES > maxBatchBytes) throw tooLarge(size);
      if (count > 0 && bytes + size + 1 > maxBatchBytes) {
        cut(index);
        full.push(close());
      }
      bytes += count === 0 ? size : size + 1;
      count += 1;
      if (count === batchSize) {
        cut(index + 1);
        full.push(close());
      }
    }
    cut(total);
    return full;
  }

  function flush(): Batch | undefined {
    return count === 0 ? undefined : close();
  }

  return { add, flush };
}

function tooLarge(bytes: number): RunError {
  return new RunError(
    'internal',
    `an event of ${bytes} bytes, larger than a request may be, reached the batches`,
  );
}
