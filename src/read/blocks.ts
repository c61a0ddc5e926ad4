/** Bytes on their way through the reader: pull-based, in blocks of any size that are not changed after they are given. */
export type Blocks = AsyncIterable<Uint8Array>;

export const EMPTY: Uint8Array = new Uint8Array(0);

/** The same bytes with the methods of Buffer, without a copy. */
export function asBuffer({ buffer, byteOffset, length }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, length);
}

/** `held` followed by `block`, without a copy when nothing was held. */
export function join(held: Uint8Array, block: Uint8Array): Uint8Array {
  return held.length === 0 ? block : Buffer.concat([held, block]);
}

export type Peeked = {
  /** The first bytes: at least as many as asked for, unless the blocks ended or failed earlier. */
  readonly head: Uint8Array;
  /** Everything, the head included. */
  readonly blocks: Blocks;
};

/**
 * Looks at the first bytes without taking them. A failure of the blocks is not thrown here but where it stands,
 * after the head, so that what came before it is not lost.
 */
export async function peek(blocks: Blocks, atLeast: number): Promise<Peeked> {
  const iterator = blocks[Symbol.asyncIterator]();
  const parts: Uint8Array[] = [];
  let size = 0;
  let failure: { readonly error: unknown } | undefined;
  try {
    while (size < atLeast) {
      const next = await iterator.next();
      if (next.done === true) break;
      parts.push(next.value);
      size += next.value.length;
    }
  } catch (error) {
    failure = { error };
  }
  const head = parts.length === 1 ? (parts[0] ?? EMPTY) : Buffer.concat(parts);
  return { head, blocks: replay(parts, iterator, failure) };
}

async function* replay(
  parts: readonly Uint8Array[],
  iterator: AsyncIterator<Uint8Array>,
  failure: { readonly error: unknown } | undefined,
): AsyncGenerator<Uint8Array, void> {
  try {
    yield* parts;
    if (failure !== undefined) throw failure.error;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
  } finally {
    await iterator.return?.();
  }
}

/** The blocks without their first `count` bytes. */
export async function* dropFirst(blocks: Blocks, count: number): AsyncGenerator<Uint8Array, void> {
  let left = count;
  for await (const block of blocks) {
    const dropped = Math.min(left, block.length);
    left -= dropped;
    if (dropped < block.length) yield block.subarray(dropped);
  }
}
