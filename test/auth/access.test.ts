import { describe, expect, it } from 'vitest';
import { environmentAccess, storedAccess, type AccessOptions } from '../../src/auth/access.js';
import type { Credential, CredentialStore } from '../../src/auth/types.js';
import { RunError } from '../../src/errors.js';
import { startAuthority, virtualTime, type Authority } from './authority.js';
import { memoryStore } from './memory-store.js';

async function scene(change: (credential: Credential) => Partial<Credential> = () => ({})) {
  const authority = await startAuthority();
  const time = virtualTime();
  const given: Credential = {
    ...authority.client,
    ...authority.grant(),
    expiresAtMs: time.nowMs + 3_600_000,
    updatedAtMs: time.nowMs,
  };
  const credential = { ...given, ...change(given) };
  const store = memoryStore({ shop: credential });
  return { authority, time, credential, store, ...access(store, time) };
}

function access(
  store: CredentialStore,
  time: ReturnType<typeof virtualTime>,
  more: Partial<AccessOptions> = {},
) {
  const secrets: string[] = [];
  const { clock, sleep, random } = time;
  const options = { clock, sleep, random, secrets: { add: (text: string) => secrets.push(text) }, ...more };
  return { secrets, tokens: storedAccess(store, 'shop', options) };
}

async function errorOf(work: Promise<unknown>): Promise<RunError> {
  const problem: unknown = await work.catch((error: unknown) => error);
  if (!(problem instanceof RunError)) throw new Error('no RunError');
  expect(`${problem.message} ${problem.fix}`).not.toMatch(/S3CR3T|refresh-\d|access-\d|secret\+|127\.0/);
  return problem;
}

const forms = (authority: Authority) => authority.forms.length;

describe('storedAccess', () => {
  it('gives the stored token, read once', async () => {
    const { authority, store, tokens, secrets } = await scene();
    expect(await tokens.current()).toBe('access-1');
    expect(await tokens.current()).toBe('access-1');
    expect([forms(authority), store.reads]).toEqual([0, 1]);
    expect(secrets).toEqual(['secret+&=%', 'access-1', 'refresh-1']);
  });

  it('refreshes a minute before the end, and stores what came before giving it out', async () => {
    const { authority, time, tokens, store, secrets } = await scene();
    time.nowMs += 3_600_000 - 60_001;
    expect(await tokens.current()).toBe('access-1');
    time.nowMs += 1;
    expect(await tokens.current()).toBe('access-2');
    expect(store.kept('shop')).toEqual({
      ...authority.client,
      accessToken: 'access-2',
      refreshToken: 'refresh-2',
      expiresAtMs: time.nowMs + 3_600_000,
      updatedAtMs: time.nowMs,
    });
    expect(secrets).toEqual(expect.arrayContaining(['access-2', 'refresh-2']));
  });

  it('refreshes at nine tenths of a short life', async () => {
    const { time, tokens } = await scene(({ updatedAtMs }) => ({ expiresAtMs: updatedAtMs + 100_000 }));
    time.nowMs += 89_999;
    expect(await tokens.current()).toBe('access-1');
    time.nowMs += 1;
    expect(await tokens.current()).toBe('access-2');
  });

  it('uses a token without a stated end until it is refused', async () => {
    const { authority, time, tokens, store } = await scene();
    authority.answer = { expires_in: undefined };
    time.nowMs += 4_000_000;
    expect(await tokens.current()).toBe('access-2');
    expect(store.kept('shop')).not.toHaveProperty('expiresAtMs');
    time.nowMs += 1e12;
    expect(await tokens.current()).toBe('access-2');
    expect(await tokens.renew('access-2')).toBe('access-3');
  });

  it('replaces a refused token although the clock was set back', async () => {
    const { time, tokens } = await scene();
    time.nowMs -= 86_400_000;
    expect(await tokens.current()).toBe('access-1');
    expect(await tokens.renew('access-1')).toBe('access-2');
    expect(await tokens.current()).toBe('access-2');
  });

  it('gives the token held when another one was refused', async () => {
    const { authority, tokens } = await scene();
    await tokens.renew('access-1');
    expect(await tokens.renew('access-1')).toBe('access-2');
    expect(forms(authority)).toBe(1);
    expect(await tokens.renew('access-2')).toBe('access-3');
  });

  it('takes what another process has stored meanwhile', async () => {
    const { authority, time, tokens, store } = await scene();
    await tokens.current();
    await access(store, time).tokens.renew('access-1');
    expect(await tokens.renew('access-1')).toBe('access-2');
    expect(forms(authority)).toBe(1);
  });

  it('gives nobody the old token while it is being replaced', async () => {
    const { authority, tokens } = await scene();
    await tokens.current();
    const all = [tokens.renew('access-1'), tokens.current(), tokens.renew('access-1'), tokens.current()];
    expect(await Promise.all(all)).toEqual(Array(4).fill('access-2'));
    expect(forms(authority)).toBe(1);
  });

  it('tells of a refresh after it is stored', async () => {
    const { time, store } = await scene();
    const seen: unknown[] = [];
    const onRefresh = () => seen.push(store.kept('shop')?.accessToken);
    await access(store, time, { onRefresh }).tokens.renew('access-1');
    expect(seen).toEqual(['access-2']);
  });

  it('begins without an access token', async () => {
    const { authority } = await scene();
    const time = virtualTime();
    const store = memoryStore({ shop: { ...authority.client, refreshToken: 'refresh-1', updatedAtMs: 0 } });
    expect(await access(store, time).tokens.current()).toBe('access-2');
  });

  it('names a credential that is missing, and the nearest there is', async () => {
    const { time, credential } = await scene();
    const error = await errorOf(access(memoryStore({ shops: credential }), time).tokens.current());
    expect([error.code, error.exitCode]).toEqual(['credential_missing', 78]);
    expect(error.message).toBe('no credential is stored under the name "shop"; did you mean "shops"?');
    expect(error.fix).toContain('`snapcapi auth login --id shop`');
  });

  it('says how to repair a credential that is refused', async () => {
    const { tokens } = await scene(() => ({ refreshToken: 'revoked' }));
    const error = await errorOf(tokens.renew('access-1'));
    expect([error.code, error.exitCode]).toEqual(['credential_refused', 77]);
    expect(error.message).toContain('the credential "shop" cannot be refreshed');
    expect(error.fix).toContain('`snapcapi auth login --id shop`');
  });

  it('says that an expired token without a refresh token is the end', async () => {
    const { authority, time, credential } = await scene();
    const { refreshToken: _, ...rest } = credential;
    const { tokens } = access(memoryStore({ shop: rest }), time);
    expect(await tokens.current()).toBe('access-1');
    time.nowMs += 3_600_000;
    const error = await errorOf(tokens.current());
    expect(error.code).toBe('credential_refused');
    expect(error.message).toContain('there is no refresh token');
    expect(forms(authority)).toBe(0);
  });

  it('says that a new refresh token was lost when it cannot be stored, and gives no token out', async () => {
    const { tokens, store } = await scene();
    store.failing = new RunError('credentials_io', 'writing failed: ENOSPC');
    const error = await errorOf(tokens.renew('access-1'));
    expect(error.code).toBe('credentials_io');
    expect(error.message).toContain('could not be stored: writing failed: ENOSPC');
    expect(error.fix).toContain('`snapcapi auth login --id shop`');
  });

  it('says no more than what failed when the refresh token is still the same', async () => {
    const { authority, tokens, store } = await scene();
    authority.rotates = false;
    store.failing = new RunError('credentials_io', 'writing failed: ENOSPC');
    expect(await errorOf(tokens.renew('access-1'))).toBe(store.failing);
  });

  it('waits for an authorization server that is away for minutes, without keeping the store', async () => {
    const { authority, tokens, time, store } = await scene();
    authority.faults.push(...Array<{ status: number }>(20).fill({ status: 503 }));
    expect(await tokens.renew('access-1')).toBe('access-2');
    expect(store.updates).toBe(5);
    expect(time.waits.filter((ms) => ms === 22_500)).toHaveLength(4);
  });

  it('waits for another process that keeps the store for minutes', async () => {
    const { time, store } = await scene();
    const locked = new RunError('credentials_locked', 'process 4711 has been changing it for too long');
    let refused = 0;
    const busy: CredentialStore = {
      ...store,
      update: (...change) => {
        refused += 1;
        return refused <= 3 ? Promise.reject(locked) : store.update(...change);
      },
    };
    const delays: unknown[] = [];
    const onDelay = (...delay: unknown[]) => delays.push(delay);
    expect(await access(busy, time, { onDelay }).tokens.renew('access-1')).toBe('access-2');
    expect(delays).toEqual(Array(3).fill([locked, 22_500]));
    expect(time.waits).toEqual([22_500, 22_500, 22_500]);
    refused = 0;
    expect(await errorOf(access(busy, time, { retryForMs: 30_000 }).tokens.renew('access-2'))).toBe(locked);
  });

  it('gives up on an authorization server that stays away', async () => {
    const { authority, time, store } = await scene();
    authority.faults.push(...Array<{ status: number }>(40).fill({ status: 503 }));
    const { tokens } = access(store, time, { retryForMs: 60_000 });
    const startMs = time.nowMs;
    expect((await errorOf(tokens.renew('access-1'))).code).toBe('authorization_unavailable');
    expect(time.nowMs - startMs).toBeLessThanOrEqual(60_000);
    authority.faults.length = 0;
    expect(await tokens.renew('access-1')).toBe('access-2');
  });

  it('sends the client secret to no stranger unless told to', async () => {
    const { authority, time, store, credential } = await scene();
    const elsewhere = memoryStore({ shop: { ...credential, accountsUrl: 'https://accounts.example.test' } });
    const error = await errorOf(access(elsewhere, time).tokens.renew('access-1'));
    expect(error).toMatchObject({ code: 'endpoint_not_allowed', exitCode: 78 });
    expect(error.fix).toContain('accounts.example.test');
    expect(forms(authority)).toBe(0);
    expect(store.updates).toBe(0);
  });

  it('ends with the run', async () => {
    const { authority, time, store } = await scene();
    authority.faults.push(...Array<{ status: number }>(40).fill({ status: 503 }));
    const stop = new AbortController();
    const reason = new RunError('terminated', 'the run was told to end');
    const sleep = async (ms: number) => {
      if (ms === 22_500) stop.abort(reason);
      return time.sleep(ms);
    };
    const { tokens } = access(store, time, { sleep, signal: stop.signal });
    await expect(tokens.renew('access-1')).rejects.toBe(reason);
    expect(forms(authority)).toBe(5);
  });
});

describe('environmentAccess', () => {
  it('keeps tokens in memory and tells when the one given is used up', async () => {
    const { authority, time } = await scene();
    const { clock, sleep, random } = time;
    let rotated = 0;
    const secrets: string[] = [];
    const tokens = environmentAccess(
      { ...authority.client, refreshToken: 'refresh-1' },
      {
        clock,
        sleep,
        random,
        secrets: { add: (text) => secrets.push(text) },
        onRotated: () => (rotated += 1),
      },
    );
    expect(await Promise.all([tokens.current(), tokens.current()])).toEqual(['access-2', 'access-2']);
    expect(await tokens.renew('access-2')).toBe('access-3');
    expect([rotated, authority.reuses]).toEqual([2, 0]);
    expect(secrets).toEqual(expect.arrayContaining(['refresh-1', 'refresh-2', 'access-3']));
    authority.rotates = false;
    await tokens.renew('access-3');
    expect(rotated).toBe(2);
  });

  it('says where to put a new refresh token', async () => {
    const { authority, time } = await scene();
    const tokens = environmentAccess(
      { ...authority.client, refreshToken: 'revoked' },
      { clock: time.clock, secrets: { add: () => undefined } },
    );
    const error = await errorOf(tokens.current());
    expect(error.code).toBe('credential_refused');
    expect(error.fix).toContain('SNAPCAPI_OAUTH_REFRESH_TOKEN');
  });
});
