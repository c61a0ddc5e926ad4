import { resolve } from 'node:path';
import { sleepFor } from '../deliver/time.js';
import type { Sleep } from '../deliver/types.js';
import { interruption, RunError } from '../errors.js';
import type { FileSystem } from '../files/fs.js';
import { nodeFs } from '../files/node-fs.js';
import { tryLock, type Held, type LockOptions } from '../lock/lock.js';
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
    const lock = await waitForLock(`${path}.lock`, { ...options, fs, random, signal });
    try {
      return await changeUnderLock(place, id, change);
    } finally {
      await lock.release().catch((error: unknown) => {
        throw storeIo('unlocking the stored credentials', error);
      });
    }
  }

  return { get: async (id) => (await all()).get(id), all, update };
}

async function changeUnderLock<T>(
  place: StorePlace,
  id: string,
  change: (slot: CredentialSlot) => Promise<T>,
): Promise<T> {
  const read = async () => {
    const text = await readStore(place);
    return { stored: parseStored(text, place.path), bytes: Buffer.byteLength(text ?? '') };
  };
  const prepared: NextFile[] = [await prepareNext(place, (await read()).bytes)];
  const slot: CredentialSlot = {
    read: async () => credentialsIn((await read()).stored).get(id),
    write: async (credential) => {
      const { stored, bytes } = await read();
      const next = prepared.pop() ?? (await prepareNext(place, bytes));
      try {
        await next.replaceStore(withCredential(stored, id, credential));
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
    if (clock() >= giveUpAtMs) throw lockedBy(attempt.holder?.pid, options.path);
    if (signal?.aborted === true) throw interruption(signal);
    await sleep(pollMs * (0.5 + random()), signal);
  }
}

function lockedBy(pid: number | undefined, path: string): RunError {
  const who = pid === undefined ? 'other processes have' : `process ${pid} has`;
  return new RunError('credentials_locked', `${who} been changing ${quoteName(path)} for too long`);
}
