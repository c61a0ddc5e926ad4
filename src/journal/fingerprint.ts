import { createHash } from 'node:crypto';
import { RunError } from '../errors.js';
import { quoteName } from '../printable.js';
import { codeOf } from './fault.js';
import type { JournalFile, JournalFs } from './fs.js';

const BLOCK_BYTES = 64 * 1024;
const BLOCKS = 16;

export type FileFingerprint = {
  readonly size: number;
  /** Not part of the fingerprint: a copy that kept its content is the same input. */
  readonly mtimeNs: bigint;
  /** 32 hexadecimal characters. */
  readonly fingerprint: string;
};

/**
 * A short text that is the same for the same content: a hash over the size and 16 blocks of 64 KiB, the first and
 * the last and 14 spread evenly between them; over all of a file of up to 1 MiB. It reads no more for a large
 * file, so a change between the blocks goes unseen. Links are followed. Throws RunError input_missing, or input_io,
 * also when it is no regular file.
 */
export async function fingerprintFile(path: string, fs: JournalFs): Promise<FileFingerprint> {
  const file = await fs.open(path, 'input').catch((error: unknown) => {
    throw new RunError('input_missing', `${quoteName(path)} cannot be opened (${codeOf(error)})`);
  });
  try {
    const { kind, size, mtimeNs } = await file.facts();
    if (kind !== 'file') throw new RunError('input_io', `${quoteName(path)} is not a regular file`);
    return { size, mtimeNs, fingerprint: await hashSamples(file, size) };
  } catch (error) {
    if (error instanceof RunError) throw error;
    throw new RunError('input_io', `reading ${quoteName(path)} failed (${codeOf(error)})`);
  } finally {
    await file.close().catch(() => undefined);
  }
}

async function hashSamples(file: JournalFile, size: number): Promise<string> {
  const hash = createHash('sha256').update(`${size}\n`);
  const block = Buffer.alloc(BLOCK_BYTES);
  for (const position of positionsOf(size)) {
    hash.update(block.subarray(0, await file.read(block, position)));
  }
  return hash.digest('hex').slice(0, 32);
}

function positionsOf(size: number): readonly number[] {
  const whole = Math.ceil(size / BLOCK_BYTES);
  if (whole <= BLOCKS) return Array.from({ length: whole }, (_, index) => index * BLOCK_BYTES);
  const step = (size - BLOCK_BYTES) / (BLOCKS - 1);
  return Array.from({ length: BLOCKS }, (_, index) => Math.floor(index * step));
}
