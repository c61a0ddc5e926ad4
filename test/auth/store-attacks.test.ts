import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { openCredentialStore } from '../../src/auth/store.js';
import type { FileSystem } from '../../src/files/fs.js';
import { nodeFs } from '../../src/files/node-fs.js';
import { CREDENTIAL, folderPerTest } from './support.js';

const isRoot = process.getuid?.() === 0;
const TEXT = '{"version":1,"credentials":{}}';

const folder = folderPerTest();
const dir = () => join(folder(), 'snapcapi');
const path = () => join(dir(), 'credentials.json');

beforeEach(() => {
  mkdirSync(dir(), { mode: 0o700 });
  writeFileSync(path(), TEXT, { mode: 0o600 });
});

/** Neither reads nor changes anything, and says why; nothing is left behind. */
async function expectRefusal(what: string | RegExp, fix: RegExp, fs: FileSystem = nodeFs): Promise<void> {
  const store = openCredentialStore({ path: path(), fs });
  const reading = store.all();
  await expect(reading).rejects.toMatchObject({ code: 'credentials_unsafe', exitCode: 78 });
  await expect(reading).rejects.toThrow(what);
  await expect(reading).rejects.toMatchObject({ fix: expect.stringMatching(fix) });
  let called = false;
  const changing = store.update('one', (slot) => {
    called = true;
    return slot.write(CREDENTIAL);
  });
  await expect(changing).rejects.toMatchObject({ code: 'credentials_unsafe' });
  expect(called).toBe(false);
}

describe.skipIf(process.platform === 'win32')('a store that others could read or change', () => {
  it.each([0o640, 0o604, 0o620, 0o602, 0o666, 0o601])('is refused with mode %o', async (mode) => {
    chmodSync(path(), mode);
    await expectRefusal(
      `is open to other users (mode 0${mode.toString(8)})`,
      /chmod 600 .*credentials\.json$/,
    );
    expect(readFileSync(path(), 'utf8')).toBe(TEXT);
  });

  it.each([0o770, 0o707, 0o1777, 0o722])('is refused in a directory of mode %o', async (mode) => {
    chmodSync(dir(), mode);
    await expectRefusal('can be written by other users', /chmod 700 /);
    expect(readdirSync(dir())).toEqual(['credentials.json']);
  });

  it('is refused as a link, also to a good file of our own', async () => {
    renameSync(path(), join(dir(), 'real'));
    symlinkSync('real', path());
    await expectRefusal('is a link', /leads to/);
    expect(readFileSync(join(dir(), 'real'), 'utf8')).toBe(TEXT);
  });

  it('is refused as a link that leads nowhere, and nothing is made there', async () => {
    renameSync(path(), join(dir(), 'real'));
    symlinkSync(join(folder(), 'elsewhere'), path());
    await expectRefusal('is a link', /leads to/);
    expect(existsSync(join(folder(), 'elsewhere'))).toBe(false);
  });

  it('is refused in a directory that is a link', async () => {
    renameSync(dir(), join(folder(), 'real'));
    symlinkSync('real', dir());
    await expectRefusal('is a link', /leads to/);
    expect(readdirSync(join(folder(), 'real'))).toEqual(['credentials.json']);
  });

  it('is refused as a named pipe, without waiting for a writer', async () => {
    renameSync(path(), join(dir(), 'real'));
    execFileSync('mkfifo', ['-m', '600', path()]);
    await expectRefusal('is not a regular file', /Move it away/);
  });

  it('is refused as a directory', async () => {
    renameSync(path(), join(dir(), 'real'));
    mkdirSync(path());
    await expectRefusal('is not a regular file', /Move it away/);
  });

  it.runIf(isRoot)('is refused when somebody else owns it', async () => {
    chownSync(path(), 12_345, 12_345);
    await expectRefusal('belongs to another user (uid 12345)', /chown/);
    chownSync(path(), 0, 0);
    chownSync(dir(), 12_345, 12_345);
    await expectRefusal('belongs to another user (uid 12345)', /chown/);
  });

  it('is refused when it becomes a link between look and open', async () => {
    const fs: FileSystem = {
      ...nodeFs,
      open: (name, mode) => {
        if (name === path() && !existsSync(join(dir(), 'real'))) {
          renameSync(path(), join(dir(), 'real'));
          symlinkSync('real', path());
        }
        return nodeFs.open(name, mode);
      },
    };
    await expect(openCredentialStore({ path: path(), fs }).all()).rejects.toMatchObject({
      code: 'credentials_io',
      message: expect.stringContaining('ELOOP'),
    });
  });

  it('is refused when a file that others can read takes its place between look and open', async () => {
    const fs: FileSystem = {
      ...nodeFs,
      open: (name, mode) => {
        chmodSync(path(), 0o644);
        return nodeFs.open(name, mode);
      },
    };
    await expectRefusal('is open to other users (mode 0644)', /chmod 600/, fs);
  });

  it('is refused when its directory is replaced while it is read', async () => {
    mkdirSync(join(folder(), 'other'), { mode: 0o700 });
    writeFileSync(join(folder(), 'other', 'credentials.json'), TEXT, { mode: 0o600 });
    let swaps = 0;
    const fs: FileSystem = {
      ...nodeFs,
      open: (name, mode) => {
        if (name === path()) {
          renameSync(dir(), join(folder(), `was-${swaps}`));
          renameSync(swaps === 0 ? join(folder(), 'other') : join(folder(), `was-${swaps - 1}`), dir());
          swaps += 1;
        }
        return nodeFs.open(name, mode);
      },
    };
    await expectRefusal('was replaced while it was used', /./, fs);
    expect(swaps).toBeGreaterThanOrEqual(2);
  });

  it('is accepted whatever its owner and mode where the system knows none', async () => {
    chmodSync(path(), 0o644);
    expect([...(await openCredentialStore({ path: path(), uid: undefined }).all())]).toEqual([]);
  });
});
