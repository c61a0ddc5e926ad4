import { describe, expect, test } from 'vitest';
import { RunError } from '../../src/errors.js';
import { checkZstdFrames } from '../../src/read/zstd-frames.js';
import { inBlocks } from './support.js';

const MAGIC = '28b52ffd';
/** Single segment, one byte of content size (5), a raw block of `hello` that is the last. */
const RAW = `${MAGIC} 20 05 290000 68656c6c6f`;
/** With a window, a checksum and two blocks: one repeated byte 5 times, then an empty raw one. */
const TWO_BLOCKS = `${MAGIC} 04 58 2a0000 61 010000 aabbccdd`;
const SKIPPABLE = '5f2a4d18 02000000 ffff';

async function walk(hex: string, size: number): Promise<string> {
  const bytes = Buffer.from(hex.replace(/ /g, ''), 'hex');
  const passed: Uint8Array[] = [];
  try {
    for await (const block of checkZstdFrames(inBlocks(bytes, size), 'rows.csv')) passed.push(block);
  } catch (error) {
    return error instanceof RunError ? error.message : 'not a RunError';
  }
  return Buffer.concat(passed).equals(bytes) ? 'whole' : 'changed';
}

describe('the frames of zstd data', () => {
  test.each([RAW, TWO_BLOCKS, SKIPPABLE, RAW + TWO_BLOCKS + SKIPPABLE + RAW])('%s is whole', async (hex) => {
    for (const size of [1, 2, 5, 100]) expect(await walk(hex, size)).toBe('whole');
  });

  test.each([RAW, TWO_BLOCKS, SKIPPABLE])('%s is cut short anywhere', async (hex) => {
    const digits = hex.replace(/ /g, '');
    for (let length = 2; length < digits.length; length += 2) {
      for (const before of ['', RAW]) {
        expect(await walk(before + digits.slice(0, length), 3)).toBe('rows.csv: the zstd data is cut short');
      }
    }
  });

  test.each([`${RAW} 00000000`, `${MAGIC} 20 05 2f0000 68656c6c6f`])('%s is damaged', async (hex) => {
    expect(await walk(hex, 4)).toBe('rows.csv: the zstd data is damaged');
  });
});
