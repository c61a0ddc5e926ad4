import type { IncomingMessage } from 'node:http';

/** A body, undefined when it was above the limit, and its size. */
type Read = { readonly body: Buffer | undefined; readonly bytes: number; readonly isComplete: boolean };

/**
 * Reads a body to its end, so that the client can finish; one above the limit is counted and thrown away.
 * It is incomplete when the client went away.
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Read> {
  const parts: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const part of request as AsyncIterable<Buffer>) {
      bytes += part.length;
      if (bytes <= maxBytes) parts.push(part);
      else parts.length = 0;
    }
  } catch {
    return { body: undefined, bytes, isComplete: false };
  }
  return { body: bytes <= maxBytes ? Buffer.concat(parts, bytes) : undefined, bytes, isComplete: true };
}
