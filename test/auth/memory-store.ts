import type { Credential, CredentialStore } from '../../src/auth/types.js';
import type { RunError } from '../../src/errors.js';

export type MemoryStore = CredentialStore & {
  readonly kept: (id: string) => Credential | undefined;
  reads: number;
  updates: number;
  /** What writing rejects with. */
  failing: RunError | undefined;
};

/** A store in memory that several users share as processes share a file: one change at a time. */
export function memoryStore(credentials: Readonly<Record<string, Credential>>): MemoryStore {
  const all = new Map(Object.entries(credentials));
  let last: Promise<unknown> = Promise.resolve();

  const store: MemoryStore = {
    reads: 0,
    updates: 0,
    failing: undefined,
    kept: (id) => all.get(id),
    all: () => Promise.resolve(all),
    get: (id) => {
      store.reads += 1;
      return Promise.resolve(all.get(id));
    },
    update: (id, change) => {
      const slot = {
        read: () => Promise.resolve(all.get(id)),
        write: (credential: Credential | undefined) => {
          if (store.failing !== undefined) return Promise.reject(store.failing);
          if (credential === undefined) all.delete(id);
          else all.set(id, credential);
          return Promise.resolve();
        },
      };
      store.updates += 1;
      const done = last.then(() => change(slot));
      last = done.catch(() => undefined);
      return done;
    },
  };
  return store;
}
