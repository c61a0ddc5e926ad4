import { expect, test } from 'vitest';
import { openInput, bytesInput, DEFAULT_READ_OPTIONS } from '../../src/read/index.js';

const LINES = Array.from({ length: 3000 }, (_, i) => `{"row":${i},"text":"${'x'.repeat(i % 90)}"}`);

async function read(reuse: boolean) {
  const options = { ...DEFAULT_READ_OPTIONS, chunkBytes: 20_000 };
  const opened = await openInput(bytesInput('rows.jsonl', LINES.join('\n')), 0, options);
  const buffers = new Set<ArrayBufferLike>();
  let text = '';
  for await (const { bytes } of opened.chunks) {
    buffers.add(bytes.buffer);
    text += Buffer.from(bytes).toString();
    if (reuse) opened.reuse(bytes);
  }
  return { text, buffers: buffers.size };
}

test('bytes that are given back are filled again, with the same records', async () => {
  const [fresh, reused] = [await read(false), await read(true)];
  expect(reused.text).toBe(fresh.text);
  expect(reused.text).toBe(LINES.join('\n'));
  expect(fresh.buffers).toBeGreaterThan(5);
  // One is filled again and again; the last chunk, which is mostly empty, may have its own.
  expect(reused.buffers).toBeLessThanOrEqual(2);
});
