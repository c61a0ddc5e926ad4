import type { Chunk } from '../types.js';
import { EMPTY, join, type Blocks } from './blocks.js';
import type { Chunker } from './chunker.js';
import { withLine } from './damage.js';
import { CR, type RecordSink, type Scanner } from './scan.js';

/** The records of a text, pulled. */
export type RecordReader = {
  /**
   * Reads until the sink asks for a pause (true) or the text ends (false). Rejects with the RunError of the
   * blocks, or that of damage the scanner found; what came before was given to the sink.
   */
  readonly advance: (sink: RecordSink) => Promise<boolean>;
};

/** Drives a scanner over blocks of UTF-8. `errorOf` makes the error for what the scanner found damaged. */
export function createRecordReader<Damage>(
  blocks: Blocks,
  scanner: Scanner<Damage>,
  errorOf: (damage: Damage) => Error,
): RecordReader {
  const iterator = blocks[Symbol.asyncIterator]();
  const { state } = scanner;
  let block = EMPTY;
  let last = false;
  let ended = false;

  async function pull(sink: RecordSink): Promise<void> {
    const held = block.slice(state.at);
    scanner.nextBlock();
    block = held;
    try {
      const next = await iterator.next();
      last = next.done === true;
      if (next.done !== true) block = join(held, next.value);
    } catch (error) {
      throw withLine(error, settle(held, sink));
    }
  }

  /** At a failure, ends the record whose CR was held back in case of a LF; gives the line reached. */
  function settle(held: Uint8Array, sink: RecordSink): number {
    if (!scanner.endsAtCr || held[0] !== CR) return state.line;
    const before = state.line;
    scanner.scan(held.subarray(0, 1), true, sink);
    return before + 1;
  }

  return {
    async advance(sink) {
      while (!ended) {
        const stop = scanner.scan(block, last, sink);
        if (stop === 'paused') return true;
        if (state.damage !== undefined) throw errorOf(state.damage);
        if (last) ended = true;
        else await pull(sink);
      }
      return false;
    },
  };
}

/** Cuts the records into chunks. What came before a failure is given before it is thrown. */
export async function* readChunks(reader: RecordReader, chunker: Chunker): AsyncGenerator<Chunk, void> {
  try {
    while (chunker.isFull() || (await reader.advance(chunker))) yield chunker.take();
  } catch (error) {
    if (!chunker.isEmpty()) yield chunker.take();
    throw error;
  }
  if (!chunker.isEmpty()) yield chunker.take();
}
