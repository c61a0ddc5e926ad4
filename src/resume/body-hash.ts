import { crc32 } from 'node:zlib';
import { bodyParts } from '../deliver/batch.js';
import type { Batch } from '../deliver/types.js';

/**
 * Length and CRC-32 of the request body of a batch: what tells that a batch is the one a journal speaks of. It guards against
 * input that changed by accident, of which it misses one in four billion; a cryptographic hash would cost several times as
 * much, on every batch of every run. The body is read where it stands, without a copy.
 */
export function hashBody(batch: Batch): string {
  let sum = 0;
  for (const part of bodyParts(batch)) sum = crc32(part, sum);
  return `${batch.bytes}-${sum.toString(16).padStart(8, '0')}`;
}
