import { expect, test } from 'vitest';
import { makeBatch } from '../../src/deliver/batch.js';
import { createBodies } from '../../src/deliver/bodies.js';
import type { Batch } from '../../src/deliver/types.js';

function batchOf(...texts: readonly string[]): Batch {
  const bytes = Buffer.from(texts.join(','));
  let end = -1;
  const ends = Uint32Array.from(texts, (text) => (end += 1 + text.length));
  const events = { bytes, ends, records: ends };
  return makeBatch(1, [{ events, origin: undefined, from: 0, to: texts.length }]);
}

const textOf = (body: Uint8Array) => Buffer.from(body).toString();

test('memory that is given back takes the next body that fits', () => {
  const bodies = createBodies();
  const first = bodies.encode(batchOf('"one"', '"two"'));
  const beside = bodies.encode(batchOf('"six"'));
  bodies.reuse(first);
  const second = bodies.encode(batchOf('"ten"'));
  expect(second.buffer).toBe(first.buffer);
  expect(textOf(second)).toBe('{"data":["ten"]}');
  expect(textOf(beside)).toBe('{"data":["six"]}');
  bodies.reuse(second);
  expect(textOf(bodies.encode(batchOf('"seven"', '"eleven"', '"twelve"')))).toBe(
    '{"data":["seven","eleven","twelve"]}',
  );
});

test('bodies that are not given back stay as they are', () => {
  const bodies = createBodies();
  const kept = [1, 2, 3].map((number) => bodies.encode(batchOf(String(number))));
  expect(kept.map(textOf)).toEqual(['{"data":[1]}', '{"data":[2]}', '{"data":[3]}']);
});
