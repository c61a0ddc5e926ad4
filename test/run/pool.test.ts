import { afterEach, describe, expect, test } from 'vitest';

import { RunError } from '../../src/errors.js';
import { createChunkPool, type ChunkPool } from '../../src/run/pool.js';
import type { ChunkResult } from '../../src/transform/index.js';
import type { Chunk } from '../../src/types.js';

const pools: ChunkPool[] = [];

afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.close();
});

/** A pool whose threads run this source text in place of the worker. */
function poolOf(source: string, threads = 2, rooms: ArrayBuffer[] = []): ChunkPool {
  const module = new URL(`data:text/javascript,${encodeURIComponent(source)}`);
  const pool = createChunkPool({ setups: [], threads, takeRoom: () => rooms.pop(), module });
  pools.push(pool);
  return pool;
}

function chunkOf(seq: number): Chunk {
  return {
    seq,
    input: 0,
    bytes: new Uint8Array([seq]),
    starts: new Uint32Array([0]),
    ends: new Uint32Array([1]),
    lines: new Uint32Array([1]),
    firstRow: 1,
    oversized: [],
  };
}

const ECHO = `
  import { parentPort } from 'node:worker_threads';
  parentPort.on('message', ({ chunk, room }) =>
    parentPort.postMessage({ chunk, result: { seq: chunk.bytes[0], room: room?.byteLength } }));
`;

describe('threads', () => {
  test('process every chunk, whatever their number', async () => {
    const pool = poolOf(ECHO);
    const chunks = Array.from({ length: 20 }, (_, seq) => chunkOf(seq));
    const done = await Promise.all(chunks.map(pool.process));
    expect(done.map(({ result }) => result.seq)).toEqual(chunks.map(({ seq }) => seq));
    // Nothing is copied on the way: the bytes given are no longer here.
    expect(chunks.map(({ bytes }) => bytes.byteLength)).toEqual(chunks.map(() => 0));
  });

  test.each([
    ['ends', 'process.exit(0)', 'a thread ended before its work was done'],
    ['throws', "throw new TypeError('CANARY-CELL')", 'a thread failed (TypeError)'],
  ])('that %s fails what is in all of them, at once and afterwards', async (_, action, message) => {
    const pool = poolOf(`
      import { parentPort } from 'node:worker_threads';
      parentPort.on('message', ({ chunk }) => { const seq = chunk.seq; ${action}; });
    `);
    const failed = await Promise.allSettled([0, 1, 2, 3].map((seq) => pool.process(chunkOf(seq))));
    for (const one of failed) {
      expect(one).toMatchObject({ status: 'rejected', reason: { code: 'internal', exitCode: 70 } });
      expect((one as PromiseRejectedResult).reason.message).toContain(message);
      expect((one as PromiseRejectedResult).reason.message).not.toContain('CANARY');
    }
    await expect(pool.process(chunkOf(9))).rejects.toMatchObject({ code: 'internal' });
  });

  test('get memory with a chunk, as long as there is some', async () => {
    const rooms = [new ArrayBuffer(10), new ArrayBuffer(20)];
    const pool = poolOf(ECHO, 2, [...rooms]);
    const done = await Promise.all([0, 1, 2].map((seq) => pool.process(chunkOf(seq))));
    expect(done.map(({ result }) => (result as { room?: number }).room)).toEqual([20, 10, undefined]);
    expect(rooms.map(({ byteLength }) => byteLength)).toEqual([0, 0]);
  });

  test('have the next chunk at hand, and no more', async () => {
    const pool = poolOf('setInterval(() => undefined, 1000);', 2);
    const chunks = Array.from({ length: 7 }, (_, seq) => chunkOf(seq));
    const waiting = Promise.allSettled(chunks.map(pool.process));
    // What a thread has is no longer here.
    expect(chunks.map(({ bytes }) => bytes.byteLength)).toEqual([0, 0, 0, 0, 1, 1, 1]);
    await pool.close();
    expect((await waiting).map(({ status }) => status)).toEqual(chunks.map(() => 'rejected'));
  });

  test('can be helped with what they have not got yet, the oldest first', async () => {
    const pool = poolOf(ECHO, 1);
    const chunks = [0, 1, 2, 3, 4].map(chunkOf);
    const processed = Promise.allSettled(chunks.map(pool.process));
    const helped: number[] = [];
    const help = (): boolean =>
      pool.help((chunk) => {
        helped.push(chunk.seq);
        if (chunk.seq === 3) throw new RunError('header_invalid', 'no');
        return { chunk, result: { seq: 100 + chunk.seq } as ChunkResult };
      });
    expect([help(), help(), help(), help()]).toEqual([true, true, true, false]);
    expect(helped).toEqual([2, 3, 4]);
    expect(await processed).toMatchObject([
      ...[0, 1, 102].map((seq) => ({ value: { result: { seq } } })),
      { status: 'rejected', reason: { code: 'header_invalid' } },
      { value: { result: { seq: 104 } } },
    ]);
  });

  test('hand on what was wrong with a chunk', async () => {
    const pool = poolOf(`
      import { parentPort } from 'node:worker_threads';
      parentPort.on('message', () => parentPort.postMessage({ error: { code: 'header_invalid', message: 'no' } }));
    `);
    await expect(pool.process(chunkOf(0))).rejects.toMatchObject({ code: 'header_invalid', message: 'no' });
  });

  test('see no environment variable', async () => {
    expect(Object.keys(process.env)).not.toEqual([]);
    const pool = poolOf(`
      import { parentPort } from 'node:worker_threads';
      parentPort.on('message', ({ chunk }) =>
        parentPort.postMessage({ chunk, result: { names: Object.keys(process.env) } }));
    `);
    const { result } = await pool.process(chunkOf(0));
    expect(result).toEqual({ names: [] });
  });

  test('that are closed leave nobody waiting', async () => {
    const pool = poolOf('setInterval(() => undefined, 1000);');
    const waiting = pool.process(chunkOf(0));
    const outcome = expect(waiting).rejects.toMatchObject({ code: 'internal' });
    await pool.close();
    await outcome;
  });
});
