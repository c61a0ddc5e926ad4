import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { refresh } from '../../src/auth/refresh.js';
import { RunError } from '../../src/errors.js';
import { createFetch } from '../../src/network/fetch.js';
import { startAuthority, virtualTime, type Fault } from './authority.js';

async function scene(faults: readonly (Fault | undefined)[] = []) {
  const authority = await startAuthority();
  authority.faults.push(...faults);
  const time = virtualTime();
  const { refreshToken } = authority.grant();
  const run = (more: Parameters<typeof refresh>[2] = {}, token = refreshToken, client = authority.client) =>
    refresh(client, token, { ...time, ...more });
  return { authority, time, run, refreshToken };
}

async function errorOf(work: Promise<unknown>): Promise<RunError> {
  const problem: unknown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(problem instanceof RunError)) throw new Error('no RunError');
  expect(`${problem.message} ${problem.fix}`).not.toMatch(/S3CR3T|refresh-\d|access-\d|secret\+|127\.0|a:b/);
  expect(problem.cause).toBeUndefined();
  return problem;
}

describe('refresh', () => {
  it('sends a form with client and token, and gives what came back', async () => {
    const { authority, time, run, refreshToken } = await scene();
    const tokens = await run();
    expect(tokens).toEqual({
      accessToken: 'access-2',
      refreshToken: 'refresh-2',
      expiresAtMs: time.nowMs + 3_600_000,
    });
    expect(Object.fromEntries(authority.forms[0]!)).toEqual({
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
      client_id: 'client',
      client_secret: 'secret+&=%',
    });
  });

  it('keeps the old refresh token when none comes back', async () => {
    const { authority, run, refreshToken } = await scene();
    authority.rotates = false;
    expect(await run()).toMatchObject({ refreshToken, accessToken: 'access-again-1' });
  });

  it('gives no end when the answer states none', async () => {
    const { authority, run } = await scene();
    authority.answer = { expires_in: undefined };
    expect(await run()).not.toHaveProperty('expiresAtMs');
  });

  it('says that a refresh token was refused, at once', async () => {
    const { authority, run } = await scene();
    const error = await errorOf(run({}, 'other'));
    expect(error.code).toBe('credential_refused');
    expect(error.exitCode).toBe(77);
    expect(error.message).toBe('the authorization server does not accept the refresh token (invalid_grant)');
    expect(authority.forms).toHaveLength(1);
  });

  it('says that the client was refused', async () => {
    const { authority, run, refreshToken } = await scene();
    const error = await errorOf(run({}, refreshToken, { ...authority.client, clientSecret: 'wrong' }));
    expect(error.message).toContain('the client ID or client secret (invalid_client)');
  });

  it.each<readonly [string, Fault]>([
    ['429', { status: 429 }],
    ['500', { status: 500 }],
    ['a page of a proxy', { status: 200, headers: { 'content-type': 'text/html' } }],
    ['a page with 403', { status: 403, headers: { 'content-type': 'text/html' } }],
    ['a passing error', { status: 400, ...json({ error: 'temporarily_unavailable' }) }],
    ['an error that is no code', { status: 400, ...json({ error: 'S3CR3T <b>' }) }],
    ['an answer that is too large', { status: 200, ...json({ a: 'x'.repeat(70_000) }) }],
    ['JSON that is no object', { status: 200, ...json([1]) }],
    ['another kind of token', { status: 200, ...json(good({ token_type: 'mac' })) }],
    ['a token for proofs of possession', { status: 200, ...json(good({ token_type: 'DPoP' })) }],
    ['a token with a line break', { status: 200, ...json(good({ access_token: 'a\r\nb' })) }],
    ['a token beyond ASCII', { status: 200, ...json(good({ access_token: 'é' })) }],
    ['a refresh token with a space', { status: 200, ...json(good({ refresh_token: 'a b' })) }],
    ['a life of nothing', { status: 200, ...json(good({ expires_in: 0 })) }],
    ['a negative life', { status: 200, ...json(good({ expires_in: -1 })) }],
    ['a life of 100 years', { status: 200, ...json(good({ expires_in: 3_155_760_000 })) }],
  ])('tries again after %s', async (_, fault) => {
    const { authority, time, run } = await scene([fault]);
    expect(await run()).toMatchObject({ accessToken: 'access-2' });
    expect(authority.forms).toHaveLength(2);
    expect(time.waits).toEqual([250]);
  });

  it('gives up after five tries', async () => {
    const { authority, run } = await scene(Array<Fault>(9).fill({ status: 503 }));
    const error = await errorOf(run());
    expect(error.code).toBe('authorization_unavailable');
    expect(error.exitCode).toBe(69);
    expect(error.message).toContain('after 5 tries (HTTP 503)');
    expect(authority.forms).toHaveLength(5);
  });

  it('honors Retry-After', async () => {
    const { time, run } = await scene([{ status: 429, headers: { 'retry-after': '7' } }]);
    await run();
    expect(time.waits).toEqual([7000]);
  });

  it('does not wait longer than it has', async () => {
    const { authority, time, run } = await scene([{ status: 429, headers: { 'retry-after': '3600' } }]);
    expect((await errorOf(run())).code).toBe('authorization_unavailable');
    expect([authority.forms.length, time.waits.length]).toEqual([1, 0]);
  });

  it('follows no redirect', async () => {
    const { authority, run } = await scene();
    authority.faults.push({ status: 307, headers: { location: `${authority.url}/S3CR3T` } });
    const error = await errorOf(run());
    expect(error.code).toBe('redirect_refused');
    expect(authority.forms).toHaveLength(1);
  });

  it('repeats a refresh whose answer was lost, and explains when that is refused', async () => {
    const { authority, run } = await scene(['lose']);
    const error = await errorOf(run());
    expect(error.code).toBe('credential_refused');
    expect(error.message).toContain('The answer to an earlier try was lost');
    expect(authority.forms).toHaveLength(2);
  });

  it('gets by with a lost answer where the old token still works', async () => {
    const { authority, run, refreshToken } = await scene(['lose']);
    authority.rotates = false;
    expect(await run()).toMatchObject({ refreshToken, accessToken: 'access-again-2' });
  });

  it('has a time limit for each request', async () => {
    const { authority, run } = await scene(['hang', 'hang', 'hang', 'hang', 'hang']);
    const error = await errorOf(run({ requestTimeoutMs: 20 }));
    expect(error.message).toContain('no answer in time');
    expect(error.message).toContain('A request may have arrived');
    expect(authority.forms.length).toBeGreaterThan(1);
  });

  it.each([
    ['the fetch of the platform', undefined],
    ['the fetch of this program', createFetch({ env: {} })],
  ])('says that nothing was sent when nobody listens, with %s', async (_, fetch) => {
    const { run, authority, refreshToken } = await scene();
    const client = { ...authority.client, accountsUrl: `http://127.0.0.1:${await closedPort()}` };
    const error = await errorOf(run(fetch === undefined ? {} : { fetch }, refreshToken, client));
    expect(error.code).toBe('authorization_unavailable');
    expect(error.message).toContain('ECONNREFUSED');
    expect(error.message).not.toContain('may have arrived');
  });

  it('works with the fetch of this program', async () => {
    const { run } = await scene(['lose', undefined]);
    const fetch = createFetch({ env: {} });
    expect((await errorOf(run({ fetch }))).message).toContain('The answer to an earlier try was lost');
  });

  it('stops between tries when told to, but lets a request under way end', async () => {
    const { authority, run } = await scene([{ status: 500 }]);
    const stop = new AbortController();
    const reason = new RunError('terminated', 'the run was told to end');
    const sleep = () => {
      stop.abort(reason);
      return Promise.resolve();
    };
    await expect(run({ sleep, signal: stop.signal })).rejects.toBe(reason);
    expect(authority.forms).toHaveLength(1);

    const late = new AbortController();
    const clock = () => {
      if (authority.forms.length === 1)
        queueMicrotask(() => {
          late.abort(reason);
        });
      return 0;
    };
    expect(await run({ clock, signal: late.signal })).toMatchObject({ accessToken: 'access-2' });
  });

  it.each([
    'http://accounts.snapchat.com',
    'https://a:b@accounts.snapchat.com',
    'https://accounts.snapchat.com/?x',
    'https://accounts.snapchat.com/path',
    'ftp://127.0.0.1',
    'nonsense',
  ])('sends nothing to %s', async (accountsUrl) => {
    const { run, authority, refreshToken } = await scene();
    const error = await errorOf(run({}, refreshToken, { ...authority.client, accountsUrl }));
    expect(error.code).toBe('endpoint_not_allowed');
  });
});

async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function good(over: object): object {
  return { access_token: 'a', token_type: 'bearer', expires_in: 60, ...over };
}

function json(body: unknown) {
  return { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
}
