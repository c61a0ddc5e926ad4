import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { RunError } from '../errors.js';
import { EMPTY, type Blocks } from './blocks.js';
import { checkZstdFrames } from './zstd-frames.js';

export type Compression = 'gzip' | 'zstd' | 'brotli';

type Engine = Transform & { readonly bytesWritten: number };

/** Compressed bytes on their way into an engine, with the means to take back what it left. */
type Feed = {
  readonly next: () => Promise<Uint8Array | undefined>;
  /** What an engine that processed `consumed` bytes has not: the end of the last block. */
  readonly leftover: (consumed: number) => Uint8Array;
  /** Puts bytes back in front of the rest, for an engine that counts anew. */
  readonly putBack: (bytes: Uint8Array) => void;
  readonly close: () => Promise<void>;
};

const OUTPUT_BYTES = 64 * 1024;

/**
 * Decompressed blocks, one at a time however far the input expands; several gzip members or zstd frames in a row
 * are one text. Ends with RunError `input_compression` at damage or a cut, after all output before it.
 */
export async function* decompress(
  blocks: Blocks,
  compression: Compression,
  file: string,
): AsyncGenerator<Uint8Array, void> {
  const feed = createFeed(compression === 'zstd' ? checkZstdFrames(blocks, file) : blocks);
  try {
    do yield* oneStream(createEngine(compression), feed, compression, file);
    while (await goesOn(feed, compression, file));
  } finally {
    await feed.close();
  }
}

async function* oneStream(
  engine: Engine,
  feed: Feed,
  compression: Compression,
  file: string,
): AsyncGenerator<Uint8Array, void> {
  void pump(engine, feed);
  try {
    for await (const block of engine as AsyncIterable<Uint8Array>) yield block;
    feed.putBack(feed.leftover(engine.bytesWritten));
  } catch (error) {
    throw error instanceof RunError ? error : damaged(error, compression, file);
  } finally {
    engine.destroy();
  }
}

async function pump(engine: Engine, feed: Feed): Promise<void> {
  try {
    for (let block = await feed.next(); block !== undefined; block = await feed.next()) {
      await write(engine, block);
      // An engine that came to the end of its stream within the block takes no more, and may say so late.
      if (engine.destroyed || feed.leftover(engine.bytesWritten).length > 0) return;
    }
    engine.end();
  } catch (error) {
    engine.destroy(error instanceof Error ? error : new Error('source failed'));
  }
}

/** Resolves when the engine wants more, which is after all output of the block was taken. */
function write(engine: Engine, block: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    engine.write(block, () => {
      resolve();
    });
  });
}

function createEngine(compression: Compression): Engine {
  // A high-water mark of one byte keeps the engine from working ahead: on an error Node throws away what was
  // not yet taken, and complete records before a cut would be lost.
  const options = { chunkSize: OUTPUT_BYTES, readableHighWaterMark: 1 };
  if (compression === 'gzip') return zlib.createGunzip(options);
  if (compression === 'brotli') return zlib.createBrotliDecompress(options);
  const { createZstdDecompress } = zlib as unknown as {
    readonly createZstdDecompress: (given: typeof options) => Engine;
  };
  return createZstdDecompress(options);
}

function createFeed(blocks: Blocks): Feed {
  const iterator = blocks[Symbol.asyncIterator]();
  let returned: Uint8Array = EMPTY;
  let last: Uint8Array = EMPTY;
  let given = 0;
  let pulling = false;
  return {
    async next() {
      if (returned.length > 0) {
        last = returned;
        returned = EMPTY;
      } else {
        pulling = true;
        const next = await iterator.next();
        pulling = false;
        if (next.done === true) return undefined;
        last = next.value;
      }
      given += last.length;
      return last;
    },
    leftover(consumed) {
      const left = Math.min(given - consumed, last.length);
      return last.subarray(last.length - left);
    },
    putBack(bytes) {
      returned = bytes;
      given = 0;
    },
    async close() {
      const closing = iterator.return?.();
      // A pull that waits for a pipe is ended by the owner of the source, not here.
      if (pulling) closing?.catch(() => undefined);
      else await closing;
    },
  };
}

/** True when another zstd frame follows the one that ended; NULs after gzip are padding and passed over. */
async function goesOn(feed: Feed, compression: Compression, file: string): Promise<boolean> {
  for (let block = await feed.next(); block !== undefined; block = await feed.next()) {
    if (compression === 'gzip' && block.every((byte) => byte === 0)) continue;
    if (compression === 'zstd') {
      feed.putBack(block);
      return true;
    }
    throw new RunError('input_compression', `${file}: something else follows the ${compression} data`, {
      place: { file },
    });
  }
  return false;
}

const CUT = 'is cut short';

function damaged(error: unknown, compression: Compression, file: string): RunError {
  const cut = error instanceof Error && 'code' in error && error.code === 'Z_BUF_ERROR';
  return new RunError('input_compression', `${file}: the ${compression} data ${cut ? CUT : 'is damaged'}`, {
    place: { file },
  });
}

/** True for the error of data that ended too early. */
export function isCut(error: unknown): boolean {
  return error instanceof RunError && error.code === 'input_compression' && error.message.endsWith(CUT);
}
