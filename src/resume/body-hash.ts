import { createCipheriv } from 'node:crypto';
import { bodyParts } from '../deliver/batch.js';
import type { Batch } from '../deliver/types.js';

// There is no secret: what is guarded against is input that changed by accident.
const KEY = Buffer.alloc(16);
const NONCE = Buffer.alloc(12);

/**
 * Length and GMAC (AES-128-GCM over nothing but additional data, NIST SP 800-38D) of the request body of a batch, under a key of
 * zeros: what tells that a batch is the one a journal speaks of. It costs less than a CRC-32 and is 128 bits long. The body is read where it stands, without a copy.
 */
export function hashBody(batch: Batch): string {
  const mac = createCipheriv('aes-128-gcm', KEY, NONCE);
  for (const part of bodyParts(batch)) mac.setAAD(part);
  mac.final();
  return `${batch.bytes}-${mac.getAuthTag().toString('hex')}`;
}
