import type { Batch } from './types.js';

export type Source = {
  /** The next batch, or undefined when there is none, pulling has stopped, or the source failed. */
  readonly pull: () => Promise<Batch | undefined>;
  /** Ends the iteration early where that is needed; tells whether the source failed. */
  readonly close: () => Promise<PromiseSettledResult<unknown>>;
};

/**
 * Lets several workers pull from one iterable, one at a time and nothing ahead of need. After the signal nothing
 * more is pulled, but a batch already on its way is handed over, because it has left the source.
 */
export function createSource(batches: AsyncIterable<Batch>, stopping: AbortSignal): Source {
  const iterator = batches[Symbol.asyncIterator]();
  let turn: Promise<unknown> = Promise.resolve();
  let done = false;
  let failure: { readonly reason: unknown } | undefined;

  async function next(): Promise<Batch | undefined> {
    if (done || stopping.aborted) return undefined;
    try {
      const result = await iterator.next();
      if (result.done !== true) return result.value;
    } catch (reason) {
      failure = { reason };
    }
    done = true;
    return undefined;
  }

  function pull(): Promise<Batch | undefined> {
    const pulled = turn.then(next);
    turn = pulled;
    return pulled;
  }

  async function close(): Promise<PromiseSettledResult<unknown>> {
    try {
      if (!done) await iterator.return?.();
    } catch (reason) {
      failure ??= { reason };
    }
    return failure === undefined
      ? { status: 'fulfilled', value: undefined }
      : { status: 'rejected', reason: failure.reason };
  }

  return { pull, close };
}
