import {
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
  closeSync,
  readFileSync,
  existsSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RunError } from '../../src/errors.js';
import { fingerprintFile } from '../../src/journal/fingerprint.js';
import type { JournalFs } from '../../src/journal/fs.js';
import { nodeFs } from '../../src/journal/node-fs.js';
import { removeSpool, spoolStdin } from '../../src/journal/spool.js';

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'snapcapi-inputs-'));
  path = join(folder, 'input');
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function fingerprintOf(content: string | Buffer): Promise<string> {
  writeFileSync(path, content);
  return (await fingerprintFile(path, nodeFs)).fingerprint;
}

/** Changes one byte of a file in place. */
function bend(at: number): void {
  const file = openSync(path, 'r+');
  writeSync(file, 'x', at);
  closeSync(file);
}

describe('fingerprintFile', () => {
  it('is a hash over size and content', async () => {
    // printf '3\nabc' | sha256sum | cut -c1-32
    expect(await fingerprintOf('abc')).toBe('b00c078ef550998002854805b6d1fac3');
    // printf '0\n' | sha256sum | cut -c1-32
    expect(await fingerprintOf('')).toBe('9a271f2a916b0b6ee6cecb2426f0b320');
  });

  it('does not depend on time or place, and follows links', async () => {
    writeFileSync(path, 'abc');
    utimesSync(path, 1, 1);
    symlinkSync(path, join(folder, 'link'));
    const [direct, linked] = [
      await fingerprintFile(path, nodeFs),
      await fingerprintFile(join(folder, 'link'), nodeFs),
    ];
    expect(linked).toEqual(direct);
    expect(direct).toMatchObject({
      facts: { size: 3, mtimeNs: 1_000_000_000n },
      fingerprint: 'b00c078ef550998002854805b6d1fac3',
    });
  });

  it('sees every byte of a file of up to 1 MiB', async () => {
    for (const size of [1, 65_535, 65_536, 65_537, 1_048_575, 1_048_576]) {
      const content = Buffer.alloc(size, 'a');
      const before = await fingerprintOf(content);
      for (const at of [0, Math.floor(size / 3), size - 1]) {
        const bent = Buffer.from(content);
        bent[at] = 0x62;
        expect(await fingerprintOf(bent)).not.toBe(before);
      }
      expect(await fingerprintOf(content)).toBe(before);
    }
  });

  it('sees every byte of a larger file, and still gives what earlier programs recorded', async () => {
    const size = 3_000_000;
    writeFileSync(path, Buffer.alloc(size, 'a'));
    const before = await fingerprintFile(path, nodeFs);
    expect(before.sampled).not.toBe(before.fingerprint);
    const seen = new Set([before.fingerprint]);
    const between = 100_000;
    for (const at of [0, between, 1_500_001, size - 1]) {
      bend(at);
      seen.add((await fingerprintFile(path, nodeFs)).fingerprint);
    }
    expect(seen.size).toBe(5);
    writeFileSync(path, Buffer.alloc(size, 'a'));
    bend(between);
    const bent = await fingerprintFile(path, nodeFs);
    expect(bent.sampled).toBe(before.sampled);
    expect(bent.fingerprint).not.toBe(before.fingerprint);
  });

  it('ends with the signal', async () => {
    writeFileSync(path, 'abc');
    const reason = new RunError('terminated', 'the run was told to end');
    await expect(fingerprintFile(path, nodeFs, AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  it('says what is wrong with a file it cannot read', async () => {
    await expect(fingerprintFile(join(folder, 'none'), nodeFs)).rejects.toMatchObject({
      code: 'input_missing',
      message: expect.stringMatching(/cannot be opened \(ENOENT\)$/),
    });
    mkdirSync(path);
    await expect(fingerprintFile(path, nodeFs)).rejects.toMatchObject({ code: 'input_io' });
    await expect(fingerprintFile('/dev/null', nodeFs)).rejects.toMatchObject({
      code: 'input_io',
      message: '"/dev/null" is not a regular file',
    });
  });
});

describe('spoolStdin', () => {
  it('copies what comes, for the owner only, and says what it is', async () => {
    const place = join(folder, 'slot', 'run', 'spool');
    const result = await spoolStdin(Readable.from([Buffer.from('a'), Buffer.from('bc')]), place, nodeFs);
    expect(readFileSync(place, 'utf8')).toBe('abc');
    expect(result).toMatchObject({ facts: { size: 3 }, fingerprint: 'b00c078ef550998002854805b6d1fac3' });
    expect(statSync(place).mode & 0o777).toBe(0o600);
    await removeSpool(place, nodeFs);
    await removeSpool(place, nodeFs);
    expect(existsSync(place)).toBe(false);
  });

  it('does not overwrite another copy', async () => {
    writeFileSync(path, 'kept');
    await expect(spoolStdin(Readable.from([Buffer.from('new')]), path, nodeFs)).rejects.toMatchObject({
      code: 'journal_io',
      message: 'keeping a copy of standard input failed (EEXIST)',
    });
    expect(readFileSync(path, 'utf8')).toBe('kept');
  });

  it.runIf(process.platform === 'linux')('says when the disk is full', async () => {
    const full: JournalFs = { ...nodeFs, open: () => nodeFs.open('/dev/full', 'append') };
    await expect(spoolStdin(Readable.from([Buffer.from('abc')]), path, full)).rejects.toMatchObject({
      code: 'journal_io',
      exitCode: 74,
      message: 'keeping a copy of standard input failed (ENOSPC)',
    });
  });

  it('leaves nothing behind when the pipe breaks', async () => {
    const pipe = new PassThrough();
    pipe.write('some');
    const copying = spoolStdin(pipe, path, nodeFs);
    pipe.destroy(Object.assign(new Error('/secret'), { code: 'EIO' }));
    await expect(copying).rejects.toMatchObject({
      code: 'input_io',
      message: 'reading standard input failed (EIO)',
    });
    expect(existsSync(path)).toBe(false);
  });

  it.each([
    ['a pipe', () => new PassThrough()],
    ['a generator', () => Readable.from(silence())],
  ])('ends with the signal though nothing comes from %s', async (_, make) => {
    const stop = new AbortController();
    const copying = spoolStdin(make(), path, nodeFs, stop.signal);
    const reason = new RunError('terminated', 'the run was told to end');
    setImmediate(() => {
      stop.abort(reason);
    });
    await expect(copying).rejects.toBe(reason);
    expect(existsSync(path)).toBe(false);
  });

  it('does not begin when the signal came before', async () => {
    const stop = new AbortController();
    stop.abort();
    await expect(spoolStdin(new PassThrough(), path, nodeFs, stop.signal)).rejects.toMatchObject({
      code: 'interrupted',
    });
    expect(existsSync(path)).toBe(false);
  });
});

async function* silence(): AsyncGenerator<Buffer> {
  await new Promise(() => undefined);
  yield Buffer.from('never');
}
