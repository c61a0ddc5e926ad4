import { asBuffer } from './blocks.js';
import { CR, LF } from './scan.js';

/** Position of the first hit at or after `from`, the length of the block when there is none. `from` never goes back. */
export type Finder = (from: number) => number;

/**
 * Finds a byte in a block. Built on the search of Buffer, which is twenty times as fast as a loop; a hit is kept
 * until it is passed, so that a byte that is rare or missing is not searched for again at every record.
 */
export function createByteFinder(block: Uint8Array, byte: number): Finder {
  const bytes = asBuffer(block);
  let found = -1;
  return (from) => {
    if (found >= from) return found;
    const at = bytes.indexOf(byte, from);
    found = at === -1 ? bytes.length : at;
    return found;
  };
}

/** Finds the next LF or CR of a block. */
export function createLineEndFinder(block: Uint8Array): Finder {
  const findLf = createByteFinder(block, LF);
  const findCr = createByteFinder(block, CR);
  return (from) => Math.min(findLf(from), findCr(from));
}
