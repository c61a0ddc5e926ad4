import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RunError } from '../../src/errors.js';
import { openCredentialStore } from '../../src/auth/store.js';
import type { FileSystem } from '../../src/files/fs.js';
import { nodeFs } from '../../src/files/node-fs.js';
import { thisProcess } from '../../src/lock/process.js';
import { CREDENTIAL, folderPerTest } from './support.js';

const folder = folderPerTest();
const onPosix = process.platform !== 'win32';
const pathOf = () => join(folder(), 'snapcapi', 'credentials.json');
const open = (more: object = {}) => openCredentialStore({ path: pathOf(), ...more });

function put(text: string): void {
  mkdirSync(join(folder(), 'snapcapi'), { mode: 0o700, recursive: true });
  writeFileSync(pathOf(), text, { mode: 0o600 });
}

/** The file system of the machine, but one operation of opened files fails. */
function failing(operation: 'write' | 'overwrite' | 'datasync', code: string): FileSystem {
  return {
    ...nodeFs,
    open: async (path, mode) => {
      const file = await nodeFs.open(path, mode);
      if (mode !== 'fresh') return file;
      return { ...file, [operation]: () => Promise.reject(Object.assign(new Error(path), { code })) };
    },
  };
}

describe('the store of credentials', () => {
  it('gives back what was stored, and nothing else', async () => {
    await open().update('one', (slot) => slot.write(CREDENTIAL));
    const bare = { clientId: 'c', clientSecret: 's', accountsUrl: 'http://127.0.0.1:1', updatedAtMs: 0 };
    await open().update('__proto__', (slot) => slot.write(bare));
    expect(await open().get('one')).toEqual(CREDENTIAL);
    expect(await open().get('__proto__')).toEqual(bare);
    expect(await open().get('two')).toBeUndefined();
    expect([...(await open().all()).keys()]).toEqual(['one', '__proto__']);
  });

  it('makes nothing before something is stored', async () => {
    expect([...(await open().all())]).toEqual([]);
    expect(readdirSync(folder())).toEqual([]);
  });

  it.runIf(onPosix)('is for its owner only', async () => {
    await open().update('one', (slot) => slot.write(CREDENTIAL));
    const modes = [pathOf(), join(folder(), 'snapcapi')].map((path) => statSync(path).mode & 0o777);
    expect(modes).toEqual([0o600, 0o700]);
  });

  it('removes a credential and the keys that it no longer has', async () => {
    const { accessToken, expiresAtMs, ...rest } = CREDENTIAL;
    await open().update('one', (slot) => slot.write(CREDENTIAL));
    await open().update('two', (slot) => slot.write(CREDENTIAL));
    await open().update('one', (slot) => slot.write(rest));
    await open().update('two', (slot) => slot.write(undefined));
    expect([...(await open().all())]).toEqual([['one', rest]]);
    expect(readFileSync(pathOf(), 'utf8')).not.toContain(accessToken);
    expect(readFileSync(pathOf(), 'utf8')).not.toContain(String(expiresAtMs));
  });

  it('keeps keys it does not know', async () => {
    await open().update('one', (slot) => slot.write(CREDENTIAL));
    const stored = JSON.parse(readFileSync(pathOf(), 'utf8')) as {
      credentials: { one: Record<string, unknown> };
    };
    stored.credentials.one['note'] = 'mine';
    put(JSON.stringify({ ...stored, later: [1] }));
    await open().update('one', (slot) => slot.write({ ...CREDENTIAL, refreshToken: 'next' }));
    expect(JSON.parse(readFileSync(pathOf(), 'utf8'))).toMatchObject({
      version: 1,
      later: [1],
      credentials: { one: { note: 'mine', refresh_token: 'next', client_id: 'client-1' } },
    });
  });

  it.each([
    ['{"version":1,\n "credentials":{"a":{"client_secret":"CANARY}}', 'line 2, column 38', 2],
    ['{"version":1,"credentials":{"a":7}}', 'the credential "a" is no object', undefined],
    ['{"version":1,"credentials":{"a":{"client_id":"CANARY"}}}', 'no usable "client_secret"', undefined],
    ['{"version":2,"credentials":{}}', 'newer version', undefined],
    ['[]', 'not a file of credentials', undefined],
    ['', 'line 1, column 1', 1],
  ])('says where %j is damaged, and loses nothing', async (text, where, line) => {
    put(text);
    const change = open().update('one', (slot) => slot.write(CREDENTIAL));
    await expect(change).rejects.toMatchObject({
      code: 'credentials_damaged',
      exitCode: 78,
      message: expect.stringContaining(where),
      place: line === undefined ? {} : { line },
    });
    await expect(change).rejects.not.toThrow(/CANARY/);
    expect(readFileSync(pathOf(), 'utf8')).toBe(text);
  });

  it.each(['write', 'datasync'] as const)('finds out before the change that %s fails', async (operation) => {
    await open().update('one', (slot) => slot.write(CREDENTIAL));
    let changed = false;
    const change = open({ fs: failing(operation, 'ENOSPC') }).update('one', () => {
      changed = true;
      return Promise.resolve();
    });
    await expect(change).rejects.toMatchObject({ code: 'credentials_io', exitCode: 74 });
    await expect(change).rejects.toThrow(/ENOSPC/);
    expect(changed).toBe(false);
    expect(await open().get('one')).toEqual(CREDENTIAL);
    expect(readdirSync(join(folder(), 'snapcapi')).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('still has the old credential when writing the new one fails', async () => {
    await open().update('one', (slot) => slot.write(CREDENTIAL));
    const change = open({ fs: failing('overwrite', 'EIO') }).update('one', (slot) => slot.write(undefined));
    await expect(change).rejects.toMatchObject({ code: 'credentials_io' });
    expect(await open().get('one')).toEqual(CREDENTIAL);
  });

  it('takes the room for the next content before the change', async () => {
    await open().update('one', (slot) => slot.write(CREDENTIAL));
    const room = await open().update('one', async (slot) => {
      const name = readdirSync(join(folder(), 'snapcapi')).find((one) => one.endsWith('.tmp')) ?? '';
      const { size, mode } = statSync(join(folder(), 'snapcapi', name));
      // Twice in one change, as a refresh would that is refused first.
      await slot.write({ ...CREDENTIAL, scope: 'a' });
      await slot.write({ ...CREDENTIAL, scope: 'b' });
      return { size, mode: mode & 0o777 };
    });
    expect(room.size).toBeGreaterThan(60_000);
    expect(room.mode & (onPosix ? 0o777 : 0)).toBe(onPosix ? 0o600 : 0);
    expect((await open().get('one'))?.scope).toBe('b');
    expect(readFileSync(pathOf()).length).toBeLessThan(1000);
  });

  it('removes what a killed process left, and gives the lock back after a failed change', async () => {
    put('{"version":1,"credentials":{}}');
    writeFileSync(`${pathOf()}.999-abc.tmp`, 'CANARY');
    writeFileSync(`${pathOf()}.bak`, 'mine');
    const failed = open().update('one', () => Promise.reject(new TypeError('no')));
    await expect(failed).rejects.toThrow(TypeError);
    expect(existsSync(`${pathOf()}.999-abc.tmp`)).toBe(false);
    expect(existsSync(`${pathOf()}.bak`)).toBe(true);
    await open({ lockTimeoutMs: 0 }).update('one', (slot) => slot.write(CREDENTIAL));
    expect(await open().get('one')).toEqual(CREDENTIAL);
  });

  it('waits for another process, and names it after a minute', async () => {
    let nowMs = 0;
    const waiting = {
      clock: () => nowMs,
      sleep: (ms: number) => Promise.resolve(void (nowMs += ms)),
      random: Math.random,
    };
    await open({ ...thisProcess(), pid: 4711, isAlive: () => true }).update('one', async () => {
      await expect(
        open({ ...waiting, isAlive: () => true }).update('one', () => Promise.resolve()),
      ).rejects.toMatchObject({
        code: 'credentials_locked',
        exitCode: 75,
        message: expect.stringContaining('process 4711'),
      });
    });
    expect(nowMs).toBeGreaterThanOrEqual(60_000);
    expect(nowMs).toBeLessThan(61_500);
  });

  it('waits for no other process once it is told to end', async () => {
    const stop = new AbortController();
    const reason = new RunError('terminated', 'the run was told to end');
    const waits: number[] = [];
    const sleep = (ms: number) => {
      waits.push(ms);
      stop.abort(reason);
      return Promise.resolve();
    };
    await open({ ...thisProcess(), pid: 4711, isAlive: () => true }).update('one', async () => {
      const waiting = open({ sleep, isAlive: () => true }).update(
        'one',
        () => Promise.resolve(),
        stop.signal,
      );
      await expect(waiting).rejects.toBe(reason);
    });
    expect(waits).toHaveLength(1);
  });
});
