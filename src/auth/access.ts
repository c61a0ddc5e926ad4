import type { AccessTokens } from '../access.js';
import { DEFAULT_RETRY_FOR_MS } from '../deliver/retry.js';
import { sleepFor } from '../deliver/time.js';
import { interruption, RunError } from '../errors.js';
import { quoteName } from '../printable.js';
import { nearestHint } from '../nearest.js';
import type { Secrets } from '../secrets.js';
import { createHolder, isFresh, type Issued } from './holder.js';
import { refresh, type RefreshOptions } from './refresh.js';
import type { Credential, CredentialSlot, CredentialStore, OAuthClient, TokenSet } from './types.js';

// `refresh` has tried several times before: what is out of order for that long is left alone for a while.
const PAUSE_MS = 15_000;

export type AccessOptions = RefreshOptions & {
  /** Told of every token before it is used. */
  readonly secrets: Pick<Secrets, 'add'>;
  /** Told after each refresh of this process, when the new tokens are stored. */
  readonly onRefresh?: () => void;
  /** Told before each wait of so many ms for an authorization server or a store that is out of order. */
  readonly onDelay?: (problem: RunError, waitMs: number) => void;
  /** For how long in ms an authorization server or a store that is out of order is waited for; 600,000 by default. */
  readonly retryForMs?: number;
  /** How messages call the credential; its id in quotes by default. */
  readonly name?: string;
};

type Ready = AccessOptions & {
  readonly name: string;
  /** What makes a credential that is good for nothing good again. */
  readonly remedy: string;
};

/**
 * Access tokens of a stored credential. A refresh happens under the lock of the store, and a new refresh token is stored before
 * the access token that came with it is given out; a token that another process has stored meanwhile is taken instead.
 * Rejects with RunError `credential_missing`, `credential_refused`, those of `refresh` and those of the store.
 */
export function storedAccess(store: CredentialStore, id: string, options: AccessOptions): AccessTokens {
  const word = /^[\w.-]+$/.test(id) ? id : quoteName(id);
  const remedy = `Make it again: \`snapcapi auth login --id ${word}\`.`;
  return accessOver(store, id, { ...options, name: options.name ?? quoteName(id), remedy });
}

/**
 * Access tokens of a credential that is in memory only, as that of the environment. `onRotated` is told when the authorization server
 * replaces the refresh token, so that the one given is used up. Rejects with RunError `credential_refused` and those of `refresh`.
 */
export function environmentAccess(
  credential: OAuthClient & { readonly refreshToken: string },
  options: AccessOptions & { readonly onRotated?: () => void },
): AccessTokens {
  const store = inMemory({ ...credential, updatedAtMs: 0 }, options.onRotated);
  const { name = 'from the environment' } = options;
  const remedy =
    'Log in with `snapcapi auth login --id NAME` and use that, or put a new refresh token into ' +
    'SNAPCAPI_OAUTH_REFRESH_TOKEN.';
  return accessOver(store, '', { ...options, name, remedy });
}

function inMemory(credential: Credential, onRotated: () => void = () => undefined): CredentialStore {
  let kept = credential;
  const slot: CredentialSlot = {
    read: () => Promise.resolve(kept),
    write: (next = kept) => {
      const rotated = next.refreshToken !== kept.refreshToken;
      kept = next;
      if (rotated) onRotated();
      return Promise.resolve();
    },
  };
  return { get: slot.read, all: () => Promise.resolve(new Map()), update: (_, change) => change(slot) };
}

function accessOver(store: CredentialStore, id: string, options: Ready): AccessTokens {
  const { clock = Date.now } = options;

  async function known(stored: Credential | undefined): Promise<Credential> {
    if (stored === undefined) throw missing(id, await store.all());
    for (const secret of [stored.clientSecret, stored.accessToken, stored.refreshToken]) {
      options.secrets.add(secret ?? '');
    }
    return stored;
  }

  function replace(old: string | undefined): Promise<Issued> {
    const change = async (slot: CredentialSlot) => {
      const stored = await known(await slot.read());
      if (stored.accessToken !== old && isFresh(stored, clock())) return stored;
      return renewStored(stored, slot, options);
    };
    return store.update(id, change, options.signal);
  }

  return createHolder(
    {
      load: async () => known(await store.get(id)),
      replace: (old) => patiently(() => replace(old), options),
    },
    clock,
  );
}

/** What passes by itself: the server answers again, another process lets go of the store. */
const PASSING: ReadonlySet<string> = new Set(['authorization_unavailable', 'credentials_locked']);

/** Tries again while the authorization server does not answer; in between, other processes may have the store. */
async function patiently<T>(work: () => Promise<T>, options: Ready): Promise<T> {
  const { clock = Date.now, sleep = sleepFor, random = Math.random, signal } = options;
  const endMs = clock() + (options.retryForMs ?? DEFAULT_RETRY_FOR_MS);
  for (;;) {
    try {
      return await work();
    } catch (problem) {
      const passing = problem instanceof RunError && PASSING.has(problem.code);
      const waitMs = PAUSE_MS * (1 + random());
      if (signal?.aborted === true) throw interruption(signal);
      if (!passing || clock() + waitMs > endMs) throw problem;
      options.onDelay?.(problem, waitMs);
      await sleep(waitMs, signal);
    }
  }
}

async function renewStored(stored: Credential, slot: CredentialSlot, options: Ready): Promise<Issued> {
  const { clock = Date.now } = options;
  const tokens = await refreshed(stored, options);
  options.secrets.add(tokens.accessToken);
  options.secrets.add(tokens.refreshToken ?? '');
  const { clientId, clientSecret, accountsUrl, scope } = stored;
  const client = { clientId, clientSecret, accountsUrl, ...(scope !== undefined && { scope }) };
  // Nothing of the old tokens may remain, such as an end that the new answer did not state.
  const next = { ...client, ...tokens, updatedAtMs: clock() };
  try {
    await slot.write(next);
  } catch (problem) {
    // What another process stored meanwhile counts, and is taken at the next try.
    const isOvertaken = problem instanceof RunError && problem.code === 'credentials_locked';
    throw isOvertaken || tokens.refreshToken === stored.refreshToken ? problem : notStored(problem, options);
  }
  options.onRefresh?.();
  return next;
}

async function refreshed(stored: Credential, options: Ready): Promise<TokenSet> {
  const { refreshToken } = stored;
  const { name, remedy: fix } = options;
  if (refreshToken === undefined) {
    const message = `the access token of the credential ${name} has expired or is not accepted, and there is no refresh token`;
    throw new RunError('credential_refused', message, { fix });
  }
  try {
    return await refresh(stored, refreshToken, options);
  } catch (problem) {
    if (!(problem instanceof RunError) || problem.code !== 'credential_refused') throw problem;
    throw new RunError(
      'credential_refused',
      `the credential ${name} cannot be refreshed: ${problem.message}`,
      { fix },
    );
  }
}

function notStored(problem: unknown, { name, remedy }: Ready): RunError {
  const why = problem instanceof RunError ? `: ${problem.message}` : '';
  return new RunError(
    'credentials_io',
    `the authorization server replaced the refresh token of the credential ${name}, but the new one could not be stored${why}. ` +
      'The one that is stored may be used up',
    { fix: `Check the disk and the permissions. If the credential is refused from now on: ${remedy}` },
  );
}

function missing(id: string, all: ReadonlyMap<string, Credential>): RunError {
  const hint = nearestHint(id, all.keys());
  const word = /^[\w.-]+$/.test(id) ? id : 'NAME';
  return new RunError(
    'credential_missing',
    `no credential is stored under the name ${quoteName(id)}${hint}`,
    {
      fix: `Make it with \`snapcapi auth login --id ${word}\`, or correct oauth_credentials_id.`,
    },
  );
}
