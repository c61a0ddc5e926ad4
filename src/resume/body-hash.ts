import { createHash } from 'node:crypto';
import { bodyParts } from '../deliver/batch.js';
import type { Batch } from '../deliver/types.js';

/**
 * SHA-256 of the request body of a batch, hex: what tells that a batch is the one a journal speaks of. Batches that are known
 * already go by fast, and without a copy of their bodies they leave nothing to be collected.
 */
export function hashBody(batch: Batch): string {
  const hash = createHash('sha256');
  for (const part of bodyParts(batch)) hash.update(part);
  return hash.digest('hex');
}
