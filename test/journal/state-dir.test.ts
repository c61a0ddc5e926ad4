import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JournalFs } from '../../src/journal/fs.js';
import { nodeFs } from '../../src/journal/node-fs.js';
import { openStateDir, stateDir } from '../../src/journal/state-dir.js';
import { memoryFs } from './memory-fs.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'snapcapi-state-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('stateDir', () => {
  const env = { SNAPCAPI_STATE_DIR: '/from/env', XDG_STATE_HOME: '/xdg', LOCALAPPDATA: '/local' };
  const places = { home: () => '/home/me', platform: 'linux' } as const;

  it.each([
    ['the flag', { flag: '/from/flag', env }, '/from/flag'],
    ['a relative flag', { flag: 'here', env }, resolve('here')],
    ['the variable', { env }, '/from/env'],
    ['XDG state', { env: { ...env, SNAPCAPI_STATE_DIR: '' } }, '/xdg/snapcapi'],
    [
      'home, as XDG state is relative',
      { env: { XDG_STATE_HOME: 'state' } },
      '/home/me/.local/state/snapcapi',
    ],
    ['home', { env: {} }, '/home/me/.local/state/snapcapi'],
    ['Windows', { env: { LOCALAPPDATA: '/local' }, platform: 'win32' as const }, '/local/snapcapi/state'],
  ])('follows %s', (_, given, expected) => {
    expect(stateDir({ ...places, ...given })).toBe(expected);
  });
});

describe('a home directory that is of no use', () => {
  const none = () => {
    throw Object.assign(new Error('/secret'), { code: 'ERR_SYSTEM_ERROR' });
  };

  it.each([
    ['missing', none],
    ['empty', () => ''],
    ['relative', () => 'home'],
  ])('is asked for only when it is needed: %s', (_, home) => {
    const places = { home, platform: 'linux' } as const;
    expect(stateDir({ ...places, env: {}, flag: '/state' })).toBe('/state');
    expect(stateDir({ ...places, env: { XDG_STATE_HOME: '/xdg' } })).toBe('/xdg/snapcapi');
    expect(() => stateDir({ ...places, env: {} })).toThrow(
      expect.objectContaining({ code: 'home_missing', exitCode: 78 }) as Error,
    );
  });
});

describe.skipIf(process.platform === 'win32')('openStateDir', () => {
  it('makes what is missing, for the owner only', async () => {
    const path = join(folder, 'a', 'b');
    await openStateDir(path, nodeFs);
    await openStateDir(path, nodeFs);
    expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'a')).mode & 0o777).toBe(0o700);
  });

  it.each([0o750, 0o701, 0o770, 0o777, 0o710])('refuses mode %o and says how to repair it', async (mode) => {
    const path = join(folder, "it's here");
    mkdirSync(path);
    chmodSync(path, mode);
    await expect(openStateDir(path, nodeFs)).rejects.toMatchObject({
      code: 'state_dir_unsafe',
      exitCode: 78,
      message: expect.stringContaining(`is open to other users (mode 0${mode.toString(8)})`),
      fix: `Close it: chmod 700 '${folder}/it'\\''s here'`,
    });
  });

  it('refuses a link, also to a good directory', async () => {
    mkdirSync(join(folder, 'real'), { mode: 0o700 });
    symlinkSync(join(folder, 'real'), join(folder, 'link'));
    await expect(openStateDir(join(folder, 'link'), nodeFs)).rejects.toMatchObject({
      code: 'state_dir_unsafe',
      message: expect.stringContaining('is a link'),
    });
  });

  it('refuses a file, and the directory of somebody else', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expect(openStateDir(join(folder, 'file'), nodeFs)).rejects.toMatchObject({
      message: expect.stringContaining('is not a directory'),
    });
    const { uid } = statSync(folder);
    await expect(openStateDir(folder, nodeFs, uid + 1)).rejects.toMatchObject({
      code: 'state_dir_unsafe',
      message: expect.stringContaining(`belongs to another user (uid ${uid})`),
    });
    await expect(openStateDir(folder, nodeFs, uid)).resolves.toBeUndefined();
  });

  it('says what failed when it cannot be made', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expect(openStateDir(join(folder, 'file', 'below'), nodeFs)).rejects.toMatchObject({
      code: 'journal_io',
    });
    const full: JournalFs = {
      ...memoryFs(),
      mkdir: () => Promise.reject(Object.assign(new Error('/secret'), { code: 'ENOSPC' })),
    };
    await expect(openStateDir('/x/y', full)).rejects.toMatchObject({
      code: 'journal_io',
      message: 'making the state directory "/x/y" failed (ENOSPC)',
    });
  });

  it.each([
    ['EACCES', '--state-dir'],
    ['EROFS', 'read-only'],
    ['ENOTDIR', 'is a file'],
    ['ENOSPC', 'Free disk space'],
    ['EDQUOT', 'Free disk space'],
    ['EMFILE', 'ulimit -n'],
    ['EIO', 'check the disk'],
  ])('advises what helps against %s', async (code, advice) => {
    const failing: JournalFs = {
      ...memoryFs(),
      mkdir: () => Promise.reject(Object.assign(new Error('/secret'), { code })),
    };
    await expect(openStateDir('/x/y', failing)).rejects.toMatchObject({
      code: 'journal_io',
      fix: expect.stringContaining(advice),
    });
  });

  it('survives a power loss', async () => {
    const fs = memoryFs();
    await openStateDir('/state', fs, 0);
    expect(await fs.afterPowerLoss(() => 0).lstat('/state')).toMatchObject({ kind: 'directory' });
  });
});
