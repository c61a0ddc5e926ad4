import { createHash } from 'node:crypto';
import { interruption, RunError } from '../errors.js';
import type { FileFacts } from '../files/fs.js';
import { quoteName } from '../printable.js';
import { codeOf } from './fault.js';
import type { JournalFile, JournalFs } from './fs.js';

const READ_BYTES = 1024 * 1024;
const BLOCK_BYTES = 64 * 1024;
const BLOCKS = 16;

export type FileFingerprint = {
  /** Size, time and place when the reading began. They are not part of the fingerprint: a copy is the same input. */
  readonly facts: FileFacts;
  /** 32 hexadecimal characters: the beginning of SHA-256 over the size, a line feed and the content. */
  readonly fingerprint: string;
  /** The same over 16 blocks of a file over 1 MiB, which programs recorded before they hashed the whole. */
  readonly sampled?: string;
};

/**
 * A short text that is the same for the same content. It reads the whole file, because a corrected value anywhere makes another
 * input. Links are followed. Throws RunError input_missing, or input_io, also when it is no regular file, and when the signal
 * aborts its reason.
 */
export async function fingerprintFile(
  path: string,
  fs: JournalFs,
  signal?: AbortSignal,
): Promise<FileFingerprint> {
  const file = await fs.open(path, 'input').catch((error: unknown) => {
    throw new RunError('input_missing', `${quoteName(path)} cannot be opened (${codeOf(error)})`);
  });
  try {
    const facts = await file.facts();
    if (facts.kind !== 'file') throw new RunError('input_io', `${quoteName(path)} is not a regular file`);
    const fingerprint = await hashWhole(file, facts.size, signal);
    if (facts.size <= BLOCKS * BLOCK_BYTES) return { facts, fingerprint };
    return { facts, fingerprint, sampled: await hashSamples(file, facts.size) };
  } catch (error) {
    if (error instanceof RunError) throw error;
    throw new RunError('input_io', `reading ${quoteName(path)} failed (${codeOf(error)})`);
  } finally {
    await file.close().catch(() => undefined);
  }
}

async function hashWhole(file: JournalFile, size: number, signal: AbortSignal | undefined): Promise<string> {
  const hash = createHash('sha256').update(`${size}\n`);
  const block = Buffer.alloc(Math.min(READ_BYTES, size));
  for (let position = 0; position < size; position += block.length) {
    if (signal?.aborted === true) throw interruption(signal);
    const read = await file.read(block, position);
    hash.update(block.subarray(0, read));
    if (read < block.length) break;
  }
  return hash.digest('hex').slice(0, 32);
}

async function hashSamples(file: JournalFile, size: number): Promise<string> {
  const hash = createHash('sha256').update(`${size}\n`);
  const block = Buffer.alloc(BLOCK_BYTES);
  const step = (size - BLOCK_BYTES) / (BLOCKS - 1);
  for (let index = 0; index < BLOCKS; index += 1) {
    hash.update(block.subarray(0, await file.read(block, Math.floor(index * step))));
  }
  return hash.digest('hex').slice(0, 32);
}
