import { hash } from 'node:crypto';
import type { Sha256Hex } from '../types.js';

/** SHA-256 of the UTF-8 bytes of a text, as 64 lower-case hexadecimal characters. */
export function sha256Hex(text: string): Sha256Hex {
  return hash('sha256', text, 'hex') as Sha256Hex;
}
