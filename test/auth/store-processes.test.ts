import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openCredentialStore } from '../../src/auth/store.js';
import { ROOT } from '../support/cli.js';
import { CREDENTIAL, folderPerTest } from './support.js';

const folder = folderPerTest();
const path = () => join(folder(), 'store', 'credentials.json');

/** Counts up in a credential, as refreshes replace a token by the next; or takes the lock and never gives it back. */
const WORKER = `
const { openCredentialStore } = await import(process.argv[2]);
const [path, id, times] = process.argv.slice(3);
const store = openCredentialStore({ path });
process.stderr.write('ready');
for await (const go of process.stdin) break;
for (let done = 0; done < Number(times); done += 1) {
  await store.update(id, async (slot) => {
    const before = await slot.read();
    await new Promise((resolve) => setImmediate(resolve));
    await slot.write({ ...before, refreshToken: String(Number(before.refreshToken) + 1) });
  });
}
if (times === '0') {
  await store.update(id, async () => {
    console.log('holding');
    await new Promise((resolve) => setTimeout(resolve, 60_000));
  });
}
`;

async function startWorker(id: string, times: number) {
  writeFileSync(join(folder(), 'worker.mjs'), WORKER);
  const store = new URL(`file://${join(ROOT, 'dist', 'auth', 'store.js')}`).href;
  const args = [join(folder(), 'worker.mjs'), store, path(), id, String(times)];
  const child = spawn(process.execPath, args);
  const ended = once(child, 'close');
  await once(child.stderr, 'data');
  child.stderr.pipe(process.stderr);
  return { child, ended, go: () => child.stdin.end('go') };
}

describe('processes that share a store', () => {
  it('lose no update of each other', async () => {
    const store = openCredentialStore({ path: path() });
    for (const id of ['one', 'two']) {
      await store.update(id, (slot) => slot.write({ ...CREDENTIAL, refreshToken: '0' }));
    }
    const workers = await Promise.all(['one', 'one', 'one', 'two'].map((id) => startWorker(id, 15)));
    for (const worker of workers) worker.go();
    const codes = await Promise.all(workers.map(async ({ ended }) => (await ended)[0] as unknown));
    expect(codes).toEqual([0, 0, 0, 0]);
    expect((await store.get('one'))?.refreshToken).toBe('45');
    expect((await store.get('two'))?.refreshToken).toBe('15');
  });

  it('do not wait for one that was killed, and remove what it left', async () => {
    const store = openCredentialStore({ path: path(), lockTimeoutMs: 0 });
    await store.update('one', (slot) => slot.write(CREDENTIAL));
    const { child, ended, go } = await startWorker('one', 0);
    go();
    await once(child.stdout, 'data');
    const waiting = store.update('one', () => Promise.resolve());
    await expect(waiting).rejects.toMatchObject({
      code: 'credentials_locked',
      message: expect.stringContaining(`process ${child.pid}`),
    });
    child.kill('SIGKILL');
    await ended;
    const left = () => readdirSync(join(folder(), 'store')).filter((name) => name.endsWith('.tmp'));
    expect(left()).toHaveLength(1);
    await store.update('one', (slot) => slot.write({ ...CREDENTIAL, scope: 'next' }));
    expect((await store.get('one'))?.scope).toBe('next');
    expect(left()).toEqual([]);
  });
});
