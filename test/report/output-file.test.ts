import { mkdtempSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { beforeEach, describe, expect, it } from 'vitest';

import { createAtomicFile, createOutputFile } from '../../src/report/output-file.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'snapcapi-'));
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

  it('writes through a link, and refuses a directory at once', async () => {
    const target = join(folder, 'target.json');
    writeFileSync(target, 'old');
    symlinkSync(target, join(folder, 'link.json'));
    await (await createAtomicFile(join(folder, 'link.json'))).commit('new');
    expect(readFileSync(target, 'utf8')).toBe('new');
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
