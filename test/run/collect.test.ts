import { describe, expect, it } from 'vitest';
import { createCollector, createScratch, giveBack } from '../../src/run/collect.js';

/** They fill most of the memory a first result gets. */
const MANY = Array.from({ length: 30 }, (_, index) => `"${String(index).padEnd(1998, 'x')}"`);
const OTHERS = MANY.map((text) => text.toUpperCase());
const BYTES = MANY.join(',').length;

const ok = (text: string) => ({ outcome: 'ok', text, warnings: [], timeMs: 1, identifiers: 3 }) as const;

function collect(texts: readonly string[], maxEventBytes: number, scratch = createScratch()) {
  const collector = createCollector(texts.length, maxEventBytes, scratch);
  for (const [record, text] of texts.entries()) collector.add(record, ok(text));
  return collector.finish();
}

describe('collected events', () => {
  it('are joined by commas, with the ends in bytes of each', () => {
    const texts = ['{"a":1}', '"é"', '"😀"', `"${'x'.repeat(5000)}"`];
    const { events, facts } = collect(texts, 10_000);
    expect(Buffer.from(events.bytes).toString()).toBe(texts.join(','));
    expect([...events.ends]).toEqual([7, 12, 19, 5022]);
    expect([...facts.identifiers]).toEqual([3, 3, 3, 3]);
  });

  it('leave out those that are too large, counted in bytes', () => {
    const { events, rejections } = collect(['"éé"', '"abc"', '"ééé"', '"x"'], 6);
    expect(Buffer.from(events.bytes).toString()).toBe('"éé","abc","x"');
    expect([...events.records]).toEqual([0, 1, 3]);
    expect(rejections).toEqual([
      { record: 2, outcome: 'invalid', issues: [{ code: 'event_too_large', args: { bytes: 8, limit: 6 } }] },
    ]);
  });

  it('have memory of their own', () => {
    const scratch = createScratch();
    const first = collect(MANY, 2000, scratch);
    const second = collect(OTHERS, 2000, scratch);
    expect(Buffer.from(first.events.bytes).toString()).toBe(MANY.join(','));
    expect(second.events.bytes.buffer).not.toBe(first.events.bytes.buffer);
  });

  it('are put into memory that is given back, when they fit', () => {
    const scratch = createScratch();
    const first = collect(MANY, 2000, scratch).events.bytes;
    giveBack(scratch, first.buffer as ArrayBuffer);
    const second = collect(OTHERS, 2000, scratch).events.bytes;
    expect(second.buffer).toBe(first.buffer);
    expect(Buffer.from(second).toString()).toBe(OTHERS.join(','));
  });

  it('grow out of memory that is too small', () => {
    const scratch = createScratch();
    giveBack(scratch, new ArrayBuffer(8));
    const texts = Array.from({ length: 40 }, (_, index) => `"é${'x'.repeat(index)}"`);
    expect(Buffer.from(collect(texts, 100, scratch).events.bytes).toString()).toBe(texts.join(','));
  });

  it('hold little memory when they are few, and leave the rest to others', () => {
    const scratch = createScratch();
    collect(MANY, 2000, scratch);
    const few = collect(['"one"'], 100, scratch).events.bytes;
    expect(few.buffer.byteLength).toBe(5);
    expect(Buffer.from(few).toString()).toBe('"one"');
    expect(scratch.spare.map((room) => room.byteLength >= BYTES)).toEqual([true]);
  });

  it('leave a bounded number of pieces of memory', () => {
    const scratch = createScratch();
    for (let piece = 0; piece < 100; piece += 1) giveBack(scratch, new ArrayBuffer(1));
    expect(scratch.spare).toHaveLength(16);
  });
});
