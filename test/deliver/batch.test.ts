import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import {
  BODY_FRAME_BYTES,
  encodeBody,
  eventsOf,
  halveBatch,
  joinBatches,
  omitEvents,
  selectEvents,
  sliceBatch,
} from '../../src/deliver/batch.js';
import { createBatcher } from '../../src/deliver/batcher.js';
import type { Batch } from '../../src/deliver/types.js';
import { RunError } from '../../src/errors.js';
import { batchOf, encoded, idsOf, range } from './support.js';

function fill(chunks: readonly (readonly string[])[], batchSize: number, maxBatchBytes: number): Batch[] {
  const batcher = createBatcher({ batchSize, maxBatchBytes });
  const batches = chunks.flatMap((texts, chunk) => batcher.add(encoded(texts), chunk));
  const last = batcher.flush();
  return last === undefined ? batches : [...batches, last];
}

function textOf(batch: Batch): string {
  return Buffer.from(encodeBody(batch)).toString();
}

function dataOf(batch: Batch): unknown[] {
  return (JSON.parse(textOf(batch)) as { data: unknown[] }).data;
}

const chunkLists = fc.array(fc.array(fc.string({ unit: 'grapheme', maxLength: 12 }), { maxLength: 12 }), {
  maxLength: 8,
});

describe('batches', () => {
  test('are filled across chunk borders, by count', () => {
    const batches = fill([['1', '2', '3'], [], ['4'], ['5', '6', '7', '8']], 3, 1000);
    expect(batches.map(textOf)).toEqual(['{"data":[1,2,3]}', '{"data":[4,5,6]}', '{"data":[7,8]}']);
    expect(batches.map(({ number }) => number)).toEqual([1, 2, 3]);
  });

  test('take an event that fits to the byte, and not one byte more', () => {
    const exact = '{"data":["aaaa","bb"]}'.length;
    expect(fill([['"aaaa"', '"bb"']], 10, exact).map(textOf)).toEqual(['{"data":["aaaa","bb"]}']);
    expect(fill([['"aaaa"', '"bb"']], 10, exact - 1).map(textOf)).toEqual([
      '{"data":["aaaa"]}',
      '{"data":["bb"]}',
    ]);
  });

  test('come out as soon as they are full', () => {
    const batcher = createBatcher({ batchSize: 2, maxBatchBytes: 1000 });
    expect(batcher.add(encoded(['1', '2']), 0)).toHaveLength(1);
    expect(batcher.flush()).toBeUndefined();
  });

  test('never hold an event larger than a body may be', () => {
    const batcher = createBatcher({ batchSize: 2, maxBatchBytes: BODY_FRAME_BYTES + 5 });
    expect(batcher.add(encoded(['12345']), 0)).toEqual([]);
    expect(() => batcher.add(encoded(['123456']), 0)).toThrow(RunError);
  });

  test('keep the limits and lose, repeat or reorder nothing', () => {
    const limits = fc.record({
      batchSize: fc.integer({ min: 1, max: 9 }),
      maxBatchBytes: fc.integer({ min: 60, max: 150 }),
    });
    fc.assert(
      fc.property(chunkLists, limits, (lists, { batchSize, maxBatchBytes }) => {
        const chunks = lists.map((list) =>
          list.map((text) => JSON.stringify(text)).filter((text) => Buffer.byteLength(text) < 48),
        );
        const batches = fill(chunks, batchSize, maxBatchBytes);
        for (const batch of batches) {
          const body = encodeBody(batch);
          expect(body.length).toBe(batch.bytes);
          expect(body.length).toBeLessThanOrEqual(maxBatchBytes);
          expect(batch.events).toBeLessThanOrEqual(batchSize);
          expect(batch.events).toBe(dataOf(batch).length);
          expect(batch.events).toBeGreaterThan(0);
        }
        expect(batches.flatMap(dataOf)).toEqual(chunks.flat().map((text): unknown => JSON.parse(text)));
        const places = batches.flatMap((batch) => [...eventsOf(batch)]);
        expect(places).toEqual(
          chunks.flatMap((list, origin) => list.map((_, index) => ({ origin, index, record: index * 10 }))),
        );
      }),
      { numRuns: 200 },
    );
  });

  test('do not depend on how the events are cut into chunks', () => {
    fc.assert(
      fc.property(chunkLists, (lists) => {
        const chunks = lists.map((list) => list.map((_, index) => `${index}`.repeat(index + 1)));
        expect(fill(chunks, 4, 40).map(textOf)).toEqual(fill([chunks.flat()], 4, 40).map(textOf));
      }),
      { numRuns: 100 },
    );
  });
});

describe('parts of a batch', () => {
  const batch = batchOf(23);

  test('slices partition it', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(23), { maxLength: 5 }), (cuts) => {
        const borders = [0, ...cuts.sort((a, b) => a - b), 23];
        const parts = borders.slice(1).map((to, index) => sliceBatch(batch, borders[index] ?? 0, to));
        expect(parts.flatMap(idsOf)).toEqual(range(0, 23));
        for (const part of parts) expect(encodeBody(part).length).toBe(part.bytes);
        expect(
          textOf(
            joinBatches(
              1,
              parts.filter((part) => part.events > 0),
            ),
          ),
        ).toBe(textOf(batch));
      }),
    );
  });

  test('selecting and omitting the same indexes partition it', () => {
    fc.assert(
      fc.property(fc.subarray(range(0, 23)), (indexes) => {
        const chosen = selectEvents(batch, indexes);
        const others = omitEvents(batch, indexes);
        expect(idsOf(chosen)).toEqual(indexes);
        expect(idsOf(others)).toEqual(range(0, 23).filter((id) => !indexes.includes(id)));
        expect(dataOf(chosen)).toHaveLength(chosen.events);
        expect(encodeBody(chosen).length).toBe(chosen.bytes);
      }),
    );
  });

  test('halves are as equal as can be', () => {
    expect(halveBatch(batch).map(idsOf)).toEqual([range(0, 12), range(12, 23)]);
  });
});
