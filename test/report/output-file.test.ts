import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { createAtomicFile, createOutputFile } from '../../src/report/output-file.js';

let folder = '';
let nextFile = 0;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'snapcapi-'));
});

type Step = (...args: readonly unknown[]) => Promise<unknown>;

/** Until the end of the test every step on any file takes `turns()` turns of the event loop more. */
async function slowDisk(path: string): Promise<{ turns: () => number }> {
  const disk = { turns: () => 0 };
  const handle = await open(path, 'w');
  const steps = Object.getPrototypeOf(handle) as Record<'truncate' | 'write', Step>;
  await handle.close();
  for (const name of ['truncate', 'write'] as const) {
    const step = Reflect.get(steps, name);
    vi.spyOn(steps, name).mockImplementation(async function (this: unknown, ...args) {
      for (let turns = disk.turns(); turns > 0; turns--) await new Promise(setImmediate);
      return step.call(this, ...args);
    });
  }
  return disk;
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('createOutputFile', () => {
  it('writes all of it, small and large', async () => {
    const file = await createOutputFile(join(folder, 'out'));
    const large = 'x'.repeat(200_000);
    await file.write('a');
    await file.write(new Uint8Array([0x62]));
    await file.write(large);
    await file.write('c');
    await file.close();
    await file.close();
    expect(readFileSync(join(folder, 'out'), 'utf8')).toBe(`ab${large}c`);
  });

  it('keeps every write in one piece and in order, whoever writes or flushes at the same time', async () => {
    const disk = await slowDisk(join(folder, 'any'));
    const sizes = fc.array(fc.oneof(fc.nat(200), fc.integer({ min: 60_000, max: 140_000 })), {
      maxLength: 30,
    });
    await fc.assert(
      fc.asyncProperty(sizes, fc.infiniteStream(fc.nat(5)), async (lengths, chance) => {
        const next = (): number => Number(chance.next().value);
        disk.turns = next;
        const path = join(folder, `out-${nextFile++}`);
        writeFileSync(path, 'what stood there before'.repeat(10));
        const file = await createOutputFile(path);
        const texts = lengths.map((length, i) => `${i}:${'x'.repeat(length)}\n`);
        const pending: Promise<void>[] = [];
        for (const text of texts) {
          pending.push(file.write(text));
          const what = next();
          if (what === 0) pending.push(file.flush());
          if (what === 1) await pending.at(-1);
        }
        await Promise.all([...pending, file.close()]);
        expect(readFileSync(path, 'utf8') === texts.join('')).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it.skipIf(process.platform !== 'linux')('reports a failure to everybody who writes', async () => {
    const file = await createOutputFile('/dev/full');
    const large = 'x'.repeat(100_000);
    const ends = await Promise.allSettled([file.write(large), file.write(large), file.flush(), file.close()]);
    for (const end of ends) expect(end).toMatchObject({ status: 'rejected', reason: { code: 'output_io' } });
    await file.leave();
  });

  it('says at once when the place is impossible', async () => {
    await expect(createOutputFile(join(folder, 'no', 'out'))).rejects.toMatchObject({
      code: 'output_not_writable',
      exitCode: 74,
      message: expect.stringContaining('its directory does not exist'),
    });
    await expect(createOutputFile(folder)).rejects.toMatchObject({ code: 'output_not_writable' });
  });

  it.skipIf(process.platform !== 'linux')('says when the disk is full', async () => {
    const file = await createOutputFile('/dev/full');
    await file.write('x');
    await expect(file.close()).rejects.toMatchObject({ code: 'output_io', exitCode: 74 });
  });
});

describe('createAtomicFile', () => {
  it('keeps the old file until it is complete', async () => {
    const path = join(folder, 'report.json');
    writeFileSync(path, 'old');
    const file = await createAtomicFile(path);
    expect(readFileSync(path, 'utf8')).toBe('old');
    await file.commit('new');
    await file.discard();
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(readdirSync(folder)).toEqual(['report.json']);
  });

  it('leaves nothing behind when it is discarded', async () => {
    const file = await createAtomicFile(join(folder, 'report.json'));
    await file.discard();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is for its owner alone; one that is replaced hands on its mode', async () => {
    const path = join(folder, 'report.json');
    const modeOf = (file: string): string => (statSync(file).mode & 0o777).toString(8);
    await (await createAtomicFile(path)).commit('new');
    expect(modeOf(path)).toBe('600');
    chmodSync(path, 0o644);
    await (await createAtomicFile(path)).commit('newer');
    expect(modeOf(path)).toBe('644');
    await (await createOutputFile(join(folder, 'rejects'))).close();
    expect(modeOf(join(folder, 'rejects'))).toBe('600');
  });

  it.skipIf(process.platform !== 'linux')('writes into a pipe that a link leads to', async () => {
    const [pipe, link] = [join(folder, 'pipe'), join(folder, 'link')];
    execFileSync('mkfifo', [pipe]);
    symlinkSync(pipe, link);
    const reading = readFile(pipe, 'utf8');
    await (await createAtomicFile(link)).commit('text');
    expect(await reading).toBe('text');
  });

  it('refuses a directory at once', async () => {
    mkdirSync(join(folder, 'dir'));
    await expect(createAtomicFile(join(folder, 'dir'))).rejects.toMatchObject({
      code: 'output_not_writable',
    });
  });

  it.skipIf(process.platform !== 'linux')('writes to devices as they are', async () => {
    await expect((await createAtomicFile('/dev/null')).commit('x')).resolves.toBeUndefined();
    await expect((await createAtomicFile('/dev/full')).commit('x')).rejects.toMatchObject({
      code: 'output_io',
    });
  });
});
