import { constants, createReadStream, openSync, statSync } from 'node:fs';
import { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { RunError } from '../errors.js';
import type { Blocks } from './blocks.js';
import type { Input } from './types.js';

/** Larger blocks are cut, so that no later step needs memory in proportion to what a program hands over at once. */
const BLOCK_BYTES = 256 * 1024;

const NOT_THERE: Readonly<Record<string, string>> = Object.freeze({
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist',
  EISDIR: 'is a directory',
  EACCES: 'may not be read (no permission)',
  EPERM: 'may not be read (no permission)',
  ELOOP: 'is a loop of links',
  ENAMETOOLONG: 'has a name that is too long',
  ERR_INVALID_ARG_VALUE: 'has a name that no file can have',
});

/** A file by its path. Nothing is opened before the input is read. */
export function fileInput(path: string): Input {
  const open = () => openPipe(path) ?? createReadStream(path, { highWaterMark: BLOCK_BYTES });
  return { name: path, path, open };
}

/**
 * A named pipe, or `undefined` for anything else, also for one that cannot be opened. Opening or reading one the usual way holds
 * a thread of Node until somebody writes, and the process cannot end before that thread.
 */
function openPipe(path: string): Readable | undefined {
  try {
    if (statSync(path, { throwIfNoEntry: false })?.isFIFO() !== true) return undefined;
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    return new Socket({ fd, readable: true, writable: false });
  } catch {
    return undefined;
  }
}

/** Standard input, under the name `-`. */
export function stdinInput(stream?: AsyncIterable<Uint8Array>): Input {
  // process.stdin is made on first touch and fails when the descriptor is closed: touch it only when it is read.
  return { name: '-', open: () => stream ?? process.stdin };
}

/** Bytes or text a program holds or makes; text is taken as UTF-8. */
export function bytesInput(
  name: string,
  bytes: Uint8Array | string | AsyncIterable<Uint8Array | string>,
): Input {
  return { name, open: () => eachBlock(bytes) };
}

async function* eachBlock(
  bytes: Uint8Array | string | AsyncIterable<Uint8Array | string>,
): AsyncGenerator<Uint8Array, void> {
  if (typeof bytes === 'string' || bytes instanceof Uint8Array) {
    yield toBytes(bytes);
    return;
  }
  for await (const block of bytes) yield toBytes(block);
}

function toBytes(block: Uint8Array | string): Uint8Array {
  return typeof block === 'string' ? Buffer.from(block) : block;
}

/** The opened bytes of an input, errors mapped. */
export type Source = {
  readonly blocks: Blocks;
  readonly bytesRead: () => number;
  readonly close: () => Promise<void>;
};

/**
 * Opens an input on the first pull. The blocks end with RunError `input_missing` when it cannot be opened and
 * `input_io` when reading fails later.
 */
export function openSource(input: Input): Source {
  let bytes = 0;
  let closed = false;
  let pulling = false;
  let iterable: AsyncIterable<Uint8Array> | undefined;

  async function* read(): AsyncGenerator<Uint8Array, void> {
    pulling = true;
    try {
      iterable = input.open();
      for await (const given of iterable) {
        const block = toBytes(given);
        bytes += block.length;
        pulling = false;
        for (let at = 0; at < block.length; at += BLOCK_BYTES) yield block.subarray(at, at + BLOCK_BYTES);
        pulling = true;
      }
    } catch (error) {
      if (!closed) throw sourceError(input.name, error);
    } finally {
      pulling = false;
    }
  }

  const blocks = read();
  return {
    blocks,
    bytesRead: () => bytes,
    async close() {
      if (closed) return;
      closed = true;
      destroy(iterable);
      // A pull that waits (for a terminal, a pipe) would keep this from ever returning; the stream is destroyed already.
      if (!pulling) await blocks.return();
    },
  };
}

function destroy(iterable: AsyncIterable<Uint8Array> | undefined): void {
  if (iterable instanceof Readable) iterable.destroy();
}

function sourceError(file: string, error: unknown): RunError {
  if (error instanceof RunError) return error;
  const code = errorCode(error);
  const missing = NOT_THERE[code];
  const name = file === '-' ? 'standard input' : file;
  if (missing !== undefined) return new RunError('input_missing', `${name} ${missing}`, { place: { file } });
  if (code === 'EMFILE' || code === 'ENFILE') {
    const what = `${name} cannot be opened: too many open files (${code})`;
    return new RunError('open_files_limit', what, { place: { file } });
  }
  const reason = /^[A-Z0-9_]{1,40}$/.test(code) ? ` (${code})` : '';
  return new RunError('input_io', `Reading ${name} failed${reason}`, { place: { file } });
}

function errorCode(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}
