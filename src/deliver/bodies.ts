import { encodeBody } from './batch.js';
import type { Batch } from './types.js';

/** Request bodies, whose memory is used again: garbage of this size would pile up between collections. */
export type Bodies = {
  readonly encode: (batch: Batch) => Uint8Array;
  /** Takes back a body that nobody will read any more. What is never given back is collected. */
  readonly reuse: (body: Uint8Array) => void;
};

/** Batches of one run differ by a few percent. */
const SPARE_SHARE = 1 / 16;

/** Makes bodies; it keeps as many as were in use at the same time. */
export function createBodies(): Bodies {
  const spare: ArrayBuffer[] = [];
  return {
    encode(batch) {
      const room = spare.pop();
      if (room !== undefined && room.byteLength >= batch.bytes) return encodeBody(batch, room);
      return encodeBody(batch, new ArrayBuffer(Math.ceil(batch.bytes * (1 + SPARE_SHARE))));
    },
    reuse({ buffer }) {
      if (buffer instanceof ArrayBuffer) spare.push(buffer);
    },
  };
}
