import { afterEach, expect, test } from 'vitest';
import { bytesInput, DEFAULT_READ_OPTIONS, openInput } from '../../src/read/index.js';
import { createChunkPool, type ChunkPool } from '../../src/run/pool.js';
import type { ProcessSetup } from '../../src/run/process-chunk.js';
import { createChunkRunner } from '../../src/run/runner.js';
import type { Chunk } from '../../src/types.js';
import { RECENT, WEB } from '../transform/support.js';

const HEADER = 'event_name,event_time,event_source_url,event_id,em\n';
/** The threads of the built program. */
const WORKER = new URL('../../dist/run/worker.js', import.meta.url);

let pool: ChunkPool | undefined;

afterEach(async () => pool?.close());

/** Two chunks alike, of some hundred valid rows each, and what processes them. */
async function twoChunks(): Promise<{ readonly setup: ProcessSetup; readonly chunks: readonly Chunk[] }> {
  const row = `PAGE_VIEW,${RECENT},https://example.com/,id-1,a@example.com\n`;
  const text = HEADER + row.repeat(1200);
  const input = await openInput(bytesInput('a.csv', text), 0, {
    ...DEFAULT_READ_OPTIONS,
    chunkBytes: (text.length - HEADER.length) / 2,
  });
  const chunks: Chunk[] = [];
  for await (const chunk of input.chunks) chunks.push(chunk);
  expect(chunks.map(({ starts }) => starts.length)).toEqual([600, 600]);
  const { maxRecordBytes } = DEFAULT_READ_OPTIONS;
  const setup = {
    file: 'a.csv',
    dialect: input.dialect,
    header: input.header ?? [],
    options: WEB,
    maxRecordBytes,
  };
  return { setup, chunks };
}

test('memory that is given back holds the next events', async () => {
  const { setup, chunks } = await twoChunks();
  const runner = createChunkRunner({ setups: [setup], threads: 0 });
  const [first, second] = chunks.map((chunk) => async () => (await runner.process(chunk)).result.events);
  const before = await first!();
  const text = Buffer.from(before.bytes).toString();
  runner.reuse(before);
  const after = await second!();
  expect(after.bytes.buffer).toBe(before.bytes.buffer);
  expect(Buffer.from(after.bytes).toString()).toBe(text);
});

test('a thread puts the next events into the memory it gets', async () => {
  const { setup, chunks } = await twoChunks();
  const rooms: ArrayBuffer[] = [];
  pool = createChunkPool({ setups: [setup], threads: 1, takeRoom: () => rooms.pop(), module: WORKER });
  const before = (await pool.process(chunks[0]!)).result.events;
  rooms.push(new ArrayBuffer(Math.ceil(before.bytes.length * 1.3)));
  const after = (await pool.process(chunks[1]!)).result.events;
  expect(after.bytes.buffer.byteLength).toBe(Math.ceil(before.bytes.length * 1.3));
  expect(Buffer.from(after.bytes).equals(Buffer.from(before.bytes))).toBe(true);
});
