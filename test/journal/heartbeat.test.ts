import { describe, expect, it } from 'vitest';
import { openCredentialStore } from '../../src/auth/store.js';
import { acquireLock } from '../../src/journal/lock.js';
import { whileHeld } from '../../src/journal/while-held.js';
import type { Journal } from '../../src/journal/writer.js';
import { holderOf, tryLock, type Held } from '../../src/lock/lock.js';
import { thisProcess } from '../../src/lock/process.js';
import { CREDENTIAL, folderPerTest } from '../auth/support.js';
import { memoryFs } from './memory-fs.js';

const START_MS = 1_800_000_000_000;
const HERE = { pid: 1, startTime: '70@boot@pid:[1]' };
const CONTAINER = { pid: 1, startTime: '90@boot@pid:[2]' };
const OTHER_BOOT = { pid: 1, startTime: '70@reboot@pid:[1]' };

/** Processes over one file system, with a clock and a timer that only move when told to. */
function world() {
  const fs = memoryFs();
  let nowMs = START_MS;
  const tasks = new Set<() => void>();
  const options = {
    fs,
    clock: () => nowMs,
    isAlive: () => false,
    every: (_: number, task: () => void) => {
      tasks.add(task);
      return () => void tasks.delete(task);
    },
  };
  return {
    fs,
    options,
    lock: (self: typeof HERE) => tryLock('/slot/lock', { ...options, ...self }),
    pass: (ms: number) => (nowMs += ms),
    beat: async () => {
      for (const task of tasks) task();
      await new Promise((resolve) => setImmediate(resolve));
    },
    beating: () => tasks.size,
  };
}

function heldOf(attempt: object): Held {
  if (!('held' in attempt)) throw new Error('the lock was not taken');
  return attempt.held as Held;
}

describe('the owner of a lock', () => {
  it.each([
    ['in another PID namespace', CONTAINER],
    ['of another boot', OTHER_BOOT],
    ['that the system says nothing about', { pid: 1, startTime: '' }],
  ])('%s is alive while its heartbeat is younger than a minute', async (_, viewer) => {
    const { lock, pass, beat } = world();
    heldOf(await lock(HERE));
    pass(59_999);
    expect(await lock(viewer)).toMatchObject({ holder: { pid: 1, aliveForMs: 1 } });
    await beat();
    pass(59_999);
    expect(await lock(viewer)).toMatchObject({ holder: { pid: 1 } });
    pass(1);
    heldOf(await lock(viewer));
  });

  it('of the same boot and namespace is looked up by its number, however old its heartbeat', async () => {
    const { lock, options, pass } = world();
    heldOf(await lock(HERE));
    pass(3_600_000);
    const neighbor = { ...HERE, pid: 2 };
    const attempt = await tryLock('/slot/lock', { ...options, ...neighbor, isAlive: () => true });
    expect(attempt).toEqual({ holder: HERE });
    heldOf(await lock(neighbor));
  });

  it.each([-3_600_000, -60_000])('is not pinned by a heartbeat from the future (%d ms)', async (ms) => {
    const { lock, pass } = world();
    heldOf(await lock(HERE));
    pass(ms);
    heldOf(await lock(CONTAINER));
  });

  it('notices that it lost the lock, and does not release that of its successor', async () => {
    const { lock, pass, beat, options } = world();
    const first = heldOf(await lock(HERE));
    expect(await first.isHeld()).toBe(true);
    pass(60_000);
    const second = heldOf(await lock(CONTAINER));
    await beat();
    expect([await first.isHeld(), await second.isHeld()]).toEqual([false, true]);
    await first.release();
    await first.remove();
    expect(await second.isHeld()).toBe(true);
    expect(await holderOf('/slot/lock', { ...options, ...OTHER_BOOT })).toMatchObject(CONTAINER);
  });

  it('notices it also when the lock was removed and numbers started over', async () => {
    const { lock, pass } = world();
    const first = heldOf(await lock(HERE));
    pass(60_000);
    await heldOf(await lock(CONTAINER)).remove();
    expect(await first.isHeld()).toBe(false);
    const third = heldOf(await lock(OTHER_BOOT));
    expect(await first.isHeld()).toBe(false);
    await first.release();
    expect(await third.isHeld()).toBe(true);
  });

  it('stops its heartbeat when it releases the lock', async () => {
    const { lock, beating } = world();
    const held = heldOf(await lock(HERE));
    expect(beating()).toBe(1);
    await held.release();
    expect(beating()).toBe(0);
    expect(await held.isHeld()).toBe(false);
  });
});

describe('a journal under a lock', () => {
  const record = { batch: 1, sent: 1, refused: [], atMs: START_MS };

  it('writes in the order of the calls while the lock is held, and nothing after', async () => {
    const { options, pass } = world();
    const lock = await acquireLock('/slot', { ...options, ...HERE });
    const lines: number[] = [];
    const write = ({ batch }: { batch: number }) => Promise.resolve(void lines.push(batch));
    const journal = whileHeld({ ack: write } as unknown as Journal, lock);
    await Promise.all([1, 2, 3].map((batch) => journal.ack({ ...record, batch })));
    expect(lines).toEqual([1, 2, 3]);
    pass(60_000);
    await acquireLock('/slot', { ...options, ...CONTAINER });
    await expect(journal.ack({ ...record, batch: 4 })).rejects.toMatchObject({
      code: 'lock_lost',
      exitCode: 75,
    });
    expect(lines).toEqual([1, 2, 3]);
  });
});

describe('the store of credentials', () => {
  const folder = folderPerTest();

  /** A store in the eyes of one process; its clock stands still. */
  function storeOf(self: object, nowMs: number) {
    const path = `${folder()}/credentials.json`;
    return openCredentialStore({ path, ...self, clock: () => nowMs, lockTimeoutMs: 0 });
  }

  it('waits for another container while that is alive', async () => {
    await storeOf(HERE, START_MS).update('one', async (slot) => {
      await expect(
        storeOf(CONTAINER, START_MS + 59_000).update('one', () => Promise.resolve()),
      ).rejects.toMatchObject({ code: 'credentials_locked', exitCode: 75 });
      await slot.write(CREDENTIAL);
    });
    expect(await storeOf(HERE, START_MS).get('one')).toEqual(CREDENTIAL);
  });

  it('keeps what another container stored while this process was suspended', async () => {
    const mine = { ...CREDENTIAL, refreshToken: 'mine' };
    const others = { ...CREDENTIAL, refreshToken: 'others' };
    await storeOf(HERE, START_MS).update('one', (slot) => slot.write(CREDENTIAL));
    const lost = storeOf(HERE, START_MS).update('one', async (slot) => {
      await slot.read();
      await storeOf(CONTAINER, START_MS + 60_000).update('one', (other) => other.write(others));
      await slot.write(mine);
    });
    await expect(lost).rejects.toMatchObject({ code: 'credentials_locked' });
    expect(await storeOf(HERE, START_MS).get('one')).toEqual(others);
  });

  it('takes the lock again to store what only this process has', async () => {
    const mine = { ...CREDENTIAL, refreshToken: 'mine' };
    await storeOf(HERE, START_MS).update('one', async (slot) => {
      await slot.read();
      await storeOf(CONTAINER, START_MS + 60_000).update('two', (other) => other.write(CREDENTIAL));
      await slot.write(mine);
    });
    const all = await storeOf(HERE, START_MS).all();
    expect([...all.entries()]).toEqual([
      ['two', CREDENTIAL],
      ['one', mine],
    ]);
  });
});

it('the identity of this process names its boot and PID namespace where the system says them', () => {
  const { startTime = '' } = thisProcess();
  expect(startTime).toMatch(process.platform === 'linux' ? /^\d+@[0-9a-f-]{36}@pid:\[\d+\]$/ : /^$/);
});
