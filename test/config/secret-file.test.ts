import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resolveToken } from '../../src/config.js';
import { readSecretFile } from '../../src/files/secret-file.js';

const isRoot = process.getuid?.() === 0;

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'snapcapi-secret-'));
  path = join(folder, 'token');
  writeFileSync(path, '\ufeffCANARY-token\r\n', { mode: 0o600 });
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const read = (options: { readonly uid?: number | undefined } = {}) =>
  readSecretFile(path, { name: 'the token file', ...options });

describe.skipIf(process.platform === 'win32')('a file that holds a secret', () => {
  it.each([0o600, 0o400])('is read with mode %o', async (mode) => {
    chmodSync(path, mode);
    expect(await read()).toBe('CANARY-token');
  });

  it.each([
    [0o640, 'read'],
    [0o604, 'read'],
    [0o644, 'read'],
    [0o620, 'changed'],
    [0o602, 'changed'],
    [0o666, 'changed'],
  ])('is refused with mode %o, and never shown', async (mode, can) => {
    chmodSync(path, mode);
    const reading = read();
    await expect(reading).rejects.toMatchObject({
      code: 'secret_file_unsafe',
      exitCode: 78,
      message: expect.stringContaining(`can be ${can} by other users (mode 0${mode.toString(8)})`),
      fix: expect.stringContaining(`chmod 600 ${path}`),
    });
    await expect(reading).rejects.not.toThrow(/CANARY/);
  });

  it.runIf(isRoot)('is refused when it belongs to somebody else, whatever its mode', async () => {
    chownSync(path, 12_345, 12_345);
    await expect(read()).rejects.toThrow('belongs to another user (uid 12345)');
    // To its owner it is good.
    expect(await read({ uid: 12_345 })).toBe('CANARY-token');
  });

  it.runIf(isRoot)('may be given out for reading by the administrator, but not for writing', async () => {
    chmodSync(path, 0o444);
    expect(await read({ uid: 12_345 })).toBe('CANARY-token');
    chmodSync(path, 0o664);
    await expect(read({ uid: 12_345 })).rejects.toMatchObject({ code: 'secret_file_unsafe' });
  });

  it('may be a link, but what it leads to counts', async () => {
    symlinkSync(path, join(folder, 'link'));
    const link = () => readSecretFile(join(folder, 'link'), { name: 'the token file' });
    expect(await link()).toBe('CANARY-token');
    chmodSync(path, 0o644);
    await expect(link()).rejects.toMatchObject({ code: 'secret_file_unsafe' });
  });

  it("may be a pipe of one's own", async () => {
    rmSync(path);
    execFileSync('mkfifo', ['-m', '600', path]);
    const writer = spawn('sh', ['-c', 'printf CANARY-pipe > "$0"', path]);
    try {
      expect(await read()).toBe('CANARY-pipe');
    } finally {
      writer.kill();
    }
  });

  it('is neither a directory nor endless', async () => {
    await expect(readSecretFile(folder, { name: 'it' })).rejects.toMatchObject({ code: 'config_unreadable' });
    writeFileSync(path, 'x'.repeat(70_000));
    await expect(read()).rejects.toThrow('larger than any token');
  });
});

describe('a token on standard input', () => {
  const config = { method: 'api_token', token: 'other' } as const;
  async function* bytes(text: string) {
    yield await Promise.resolve(Buffer.from(text));
  }

  it('is taken for --token-file -', async () => {
    expect(await resolveToken(config, { tokenFile: '-', stdin: () => bytes('CANARY\n') })).toBe('CANARY');
  });

  it('is not to be had when standard input is the input', async () => {
    await expect(resolveToken(config, { tokenFile: '-' })).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('that is the input'),
    });
  });

  it('has to be there, and not without end', async () => {
    const give = (text: string) => resolveToken(config, { tokenFile: '-', stdin: () => bytes(text) });
    await expect(give('\n')).rejects.toMatchObject({ code: 'token_missing' });
    await expect(give('x'.repeat(70_000))).rejects.toMatchObject({ code: 'config_unreadable' });
  });
});
