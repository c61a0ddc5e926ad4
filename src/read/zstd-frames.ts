import { RunError } from '../errors.js';
import { EMPTY, join, type Blocks } from './blocks.js';

/** What the walk needs next, and what it makes of these bytes: how many to pass over, and what comes then. */
type Step = { readonly needs: number; readonly read: (bytes: Uint8Array) => Move };
type Move = { readonly skip: number; readonly then: Step } | 'damaged';

/** Between two frames: the only place where the data may end. */
const FRAME: Step = { needs: 4, read: readMagic };

/**
 * Passes zstd data on, walking its frames and blocks (RFC 8878): Node ends without an error when the data is cut.
 * Ends with RunError `input_compression` at a cut, or where no frame begins.
 */
export async function* checkZstdFrames(blocks: Blocks, file: string): AsyncGenerator<Uint8Array, void> {
  let step = FRAME;
  let skip = 0;
  let held = EMPTY;
  for await (const block of blocks) {
    yield block;
    let rest = join(held, block);
    for (;;) {
      const skipped = Math.min(skip, rest.length);
      skip -= skipped;
      rest = rest.subarray(skipped);
      if (skip > 0 || rest.length < step.needs) break;
      const move = step.read(rest);
      if (move === 'damaged') throw zstdError(file, 'is damaged');
      rest = rest.subarray(step.needs);
      ({ skip, then: step } = move);
    }
    held = rest.slice();
  }
  if (step !== FRAME || skip > 0 || held.length > 0) throw zstdError(file, 'is cut short');
}

function zstdError(file: string, what: string): RunError {
  return new RunError('input_compression', `${file}: the zstd data ${what}`, { place: { file } });
}

function readMagic(bytes: Uint8Array): Move {
  const magic = littleEndian(bytes, 4);
  if (magic === 0xfd2fb528) return { skip: 0, then: { needs: 1, read: readDescriptor } };
  if (magic >>> 4 !== 0x184d2a5) return 'damaged';
  return { skip: 0, then: { needs: 4, read: (size) => ({ skip: littleEndian(size, 4), then: FRAME }) } };
}

function readDescriptor(bytes: Uint8Array): Move {
  const descriptor = bytes[0] ?? 0;
  const singleSegment = (descriptor & 0x20) !== 0;
  const window = singleSegment ? 0 : 1;
  const dictionary = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const contentSize = [singleSegment ? 1 : 0, 2, 4, 8][descriptor >>> 6] ?? 0;
  const checksum = (descriptor & 4) !== 0 ? 4 : 0;
  const block: Step = { needs: 3, read: (header) => readBlock(header, block, checksum) };
  return { skip: window + dictionary + contentSize, then: block };
}

function readBlock(bytes: Uint8Array, next: Step, checksum: number): Move {
  const header = littleEndian(bytes, 3);
  const type = (header >>> 1) & 3;
  if (type === 3) return 'damaged';
  // A block of one repeated byte stores it once.
  const size = type === 1 ? 1 : header >>> 3;
  const isLast = (header & 1) === 1;
  return isLast ? { skip: size + checksum, then: FRAME } : { skip: size, then: next };
}

function littleEndian(bytes: Uint8Array, count: number): number {
  let value = 0;
  for (let i = count - 1; i >= 0; i -= 1) value = value * 256 + (bytes[i] ?? 0);
  return value;
}
