import { resolve } from 'node:path';
import { sleepFor } from '../deliver/time.js';
import type { Sleep } from '../deliver/types.js';
import { interruption, RunError } from '../errors.js';
import type { FileSystem } from '../files/fs.js';
import { nodeFs } from '../files/node-fs.js';
import { tryLock, type Held, type Holder, type LockOptions } from '../lock/lock.js';
import { quoteName } from '../printable.js';
import { credentialsIn, parseStored, withCredential } from './credential-file.js';
import {
  makeStoreDir,
  prepareNext,
  readStore,
  storeIo,
  type NextFile,
  type StorePlace,
} from './store-file.js';
import type { Credential, CredentialSlot, CredentialStore } from './types.js';

export type StoreOptions = Omit<LockOptions, 'fs'> & {
  /** Path of the credentials file, see `credentialsFile`. */
  readonly path: string;
  readonly fs?: FileSystem;
  /** The user of this process; `undefined` as on Windows: owner and permissions are not checked. */
  readonly uid?: number | undefined;
  /** Epoch ms. */
  readonly clock?: () => number;
  readonly sleep?: Sleep;
  /** How long to wait for another process. Default: 60 s. */
  readonly lockTimeoutMs?: number;
};

const LOCK_TIMEOUT_MS = 60_000;
const FIRST_POLL_MS = 20;
const LONGEST_POLL_MS = 500;

/**
 * The store of credentials in a file. Nothing is touched before it is used, and nothing is made before something is stored.
 * Its operations throw RunError credentials_unsafe, credentials_damaged or credentials_io, `update` also credentials_locked.
 */
export function openCredentialStore(options: StoreOptions): CredentialStore {
  const { fs = nodeFs, random = Math.random } = options;
  const path = resolve(options.path);
  const uid = 'uid' in options ? options.uid : process.getuid?.();
  const place: StorePlace = { path, fs, uid, random };

  async function all(): Promise<ReadonlyMap<string, Credential>> {
    return credentialsIn(parseStored(await readStore(place), path));
  }

  async function update<T>(
    id: string,
    change: (slot: CredentialSlot) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    await readStore(place);
    await makeStoreDir(place);
    const lock = await takeLock(() => waitForLock(`${path}.lock`, { ...options, fs, random, signal }));
    try {
      return await changeUnderLock({ place, lock, id }, change);
    } finally {
      await lock.release().catch((error: unknown) => {
        throw storeIo('unlocking the stored credentials', error);
      });
    }
  }

  return { get: async (id) => (await all()).get(id), all, update };
}

/** A lock that may have to be taken again: a process that was suspended for more than a minute may have lost it. */
type StoreLock = {
  /** Takes the lock again when it was lost. */
  readonly ensure: () => Promise<'held' | 'taken_again'>;
  readonly release: () => Promise<void>;
};

async function takeLock(take: () => Promise<Held>): Promise<StoreLock> {
  let held = await take();
  return {
    ensure: async () => {
      const isHeld = await held.isHeld().catch((error: unknown) => {
        throw storeIo('reading the lock of the stored credentials', error);
      });
      if (isHeld) return 'held';
      await held.release().catch(() => undefined);
      held = await take();
      return 'taken_again';
    },
    release: () => held.release(),
  };
}

type Change = { readonly place: StorePlace; readonly lock: StoreLock; readonly id: string };

async function changeUnderLock<T>(
  { place, lock, id }: Change,
  change: (slot: CredentialSlot) => Promise<T>,
): Promise<T> {
  const read = async () => {
    const text = await readStore(place);
    return { stored: parseStored(text, place.path), bytes: Buffer.byteLength(text ?? '') };
  };
  const first = await read();
  const prepared: NextFile[] = [await prepareNext(place, first.bytes)];
  let seen = JSON.stringify(first.stored.credentials[id]);
  const slot: CredentialSlot = {
    read: async () => {
      const { stored } = await read();
      seen = JSON.stringify(stored.credentials[id]);
      return credentialsIn(stored).get(id);
    },
    write: async (credential) => {
      // Who had the lock in between removed the prepared file.
      if ((await lock.ensure()) === 'taken_again') await prepared.pop()?.discard();
      const { stored, bytes } = await read();
      if (JSON.stringify(stored.credentials[id]) !== seen) throw changedByOther(place.path);
      const next = prepared.pop() ?? (await prepareNext(place, bytes));
      try {
        const text = withCredential(stored, id, credential);
        await next.replaceStore(text);
        seen = JSON.stringify(parseStored(text, place.path).credentials[id]);
      } catch (error) {
        await next.discard();
        throw error;
      }
    },
  };
  try {
    return await change(slot);
  } finally {
    for (const next of prepared) await next.discard();
  }
}

function changedByOther(path: string): RunError {
  return new RunError(
    'credentials_locked',
    `another process changed ${quoteName(path)} while this one was suspended`,
    { fix: 'Run the same command again.' },
  );
}

type Waiting = StoreOptions & LockOptions & { readonly signal: AbortSignal | undefined };

async function waitForLock(dir: string, options: Waiting): Promise<Held> {
  const {
    clock = Date.now,
    sleep = sleepFor,
    random = Math.random,
    signal,
    lockTimeoutMs = LOCK_TIMEOUT_MS,
  } = options;
  const giveUpAtMs = clock() + lockTimeoutMs;
  for (let pollMs = FIRST_POLL_MS; ; pollMs = Math.min(2 * pollMs, LONGEST_POLL_MS)) {
    const attempt = await tryLock(dir, options).catch((error: unknown) => {
      throw storeIo('locking the stored credentials', error);
    });
    if ('held' in attempt) return attempt.held;
    if (clock() >= giveUpAtMs) throw lockedBy(attempt.holder, options.path);
    if (signal?.aborted === true) throw interruption(signal);
    await sleep(pollMs * (0.5 + random()), signal);
  }
}

function lockedBy(holder: Holder | undefined, path: string): RunError {
  const where = holder?.aliveForMs === undefined ? '' : ' of another container or machine';
  const who = holder === undefined ? 'other processes have' : `process ${holder.pid}${where} has`;
  return new RunError('credentials_locked', `${who} been changing ${quoteName(path)} for too long`);
}
