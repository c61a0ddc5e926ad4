import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, onTestFinished, test } from 'vitest';

import type { RequestSeen } from '../../../src/simulator/index.js';
import { get, send, webEvent } from '../support.js';
import {
  accessToken,
  allowedCode,
  CLIENT,
  exchange,
  postForm,
  refresh,
  SEED,
  sendWith,
  startOAuth,
} from './support.js';

const INVALID = { status: 401, json: { status: 'INVALID', reason: 'Invalid access token' } };

describe('an access token', () => {
  test('is taken by all event routes', async () => {
    const { simulator } = await startOAuth();
    const token = await accessToken(simulator);
    expect((await sendWith(simulator, token)).status).toBe(200);
    expect((await sendWith(simulator, token, { route: 'events/validate' })).status).toBe(200);
    const query = `?access_token=${encodeURIComponent(token)}`;
    expect((await get(simulator, `/v3/a/events/validate/logs${query}`)).status).toBe(200);
  });

  test.each(['', 'unknown', SEED, CLIENT.client_secret, '__proto__'])('is not %j', async (token) => {
    const { simulator } = await startOAuth();
    expect(await sendWith(simulator, token)).toMatchObject(INVALID);
    expect(simulator.stats()).toMatchObject({ stored: 0, oauth: { expiredTokenAnswers: 0 } });
  });

  test('must be encoded in the address', async () => {
    const { simulator } = await startOAuth({ random: (bytes) => Buffer.alloc(bytes, 0xfb) });
    const token = await accessToken(simulator);
    expect(token).toContain('+');
    expect((await send(simulator, [webEvent()], { query: `?access_token=${token}` })).status).toBe(401);
    expect((await sendWith(simulator, token)).status).toBe(200);
  });

  test('expires by the clock', async () => {
    const { simulator, pass } = await startOAuth({ expiresInS: 60 });
    const token = await accessToken(simulator);
    pass(59_999);
    expect((await sendWith(simulator, token)).status).toBe(200);
    pass(1);
    expect(await sendWith(simulator, token)).toMatchObject(INVALID);
    expect(simulator.stats().oauth.expiredTokenAnswers).toBe(1);
  });

  test('expires after some requests to event routes; looking at logs is free', async () => {
    const { simulator } = await startOAuth({ expireAfterRequests: 2 });
    const first = (await refresh(simulator)).json;
    const token = first?.['access_token'];
    const logs = `/v3/a/events/validate/logs?access_token=${encodeURIComponent(token as string)}`;
    expect((await get(simulator, logs)).status).toBe(200);
    const statuses: number[] = [];
    for (const route of ['events', 'events/validate', 'events', 'events'] as const) {
      statuses.push((await sendWith(simulator, token, { route })).status);
    }
    expect(statuses).toEqual([200, 200, 401, 401]);
    expect(simulator.stats().oauth.expiredTokenAnswers).toBe(2);
    const next = await accessToken(simulator, first?.['refresh_token']);
    expect((await sendWith(simulator, next)).status).toBe(200);
  });

  test.each([400, 403] as const)(
    'that is dead gives %i and a text about the token',
    async (expiredStatus) => {
      const { simulator, pass } = await startOAuth({ expiredStatus, expiresInS: 1 });
      const token = await accessToken(simulator);
      pass(1000);
      expect(await sendWith(simulator, token)).toMatchObject({
        status: expiredStatus,
        json: { status: 'INVALID', reason: 'The access token is invalid or has expired.' },
      });
    },
  );

  test('with a wrong asset is worded as for OAuth', async () => {
    const { simulator } = await startOAuth({}, { assetId: 'mine' });
    const token = await accessToken(simulator);
    expect(await sendWith(simulator, token, { asset: 'theirs' })).toMatchObject({
      status: 400,
      json: { event_logs: [{ errors: { codes: ['523'] } }] },
    });
    expect((await sendWith(simulator, token, { asset: 'mine' })).status).toBe(200);
  });

  test('is not needed where API tokens are asked for', async () => {
    const { simulator } = await startOAuth({}, { credentialKind: 'api_token', token: 'long-lived' });
    expect((await sendWith(simulator, 'long-lived')).status).toBe(200);
    expect((await sendWith(simulator, await accessToken(simulator))).status).toBe(401);
  });
});

describe('revoking', () => {
  test.each([
    ['the method', undefined],
    ['the route', '/_revoke'],
  ])('takes everything, until the next login: %s', async (_name, path) => {
    const { simulator } = await startOAuth({ rotation: 'keep' });
    const token = await accessToken(simulator);
    if (path === undefined) simulator.revoke();
    else expect(await postForm(simulator, path, {})).toMatchObject({ status: 200, json: { revoked: 'all' } });
    expect(await sendWith(simulator, token)).toMatchObject(INVALID);
    expect(await refresh(simulator)).toMatchObject({ status: 400, json: { error: 'invalid_grant' } });
    expect(simulator.stats().oauth).toMatchObject({ expiredTokenAnswers: 1, reusedRefreshTokens: 0 });
    const login = (await exchange(simulator, await allowedCode(simulator))).json;
    expect((await sendWith(simulator, login?.['access_token'])).status).toBe(200);
  });

  test.each([
    ['the method', undefined],
    ['the route', '/_revoke?what=access'],
  ])('takes the access tokens only: %s', async (_name, path) => {
    const { simulator } = await startOAuth();
    const token = await accessToken(simulator, SEED);
    const other = (await exchange(simulator, await allowedCode(simulator))).json;
    if (path === undefined) simulator.revoke('access');
    else expect((await postForm(simulator, path, {})).status).toBe(200);
    expect((await sendWith(simulator, token)).status).toBe(401);
    expect((await refresh(simulator, other?.['refresh_token'])).status).toBe(200);
  });

  test('needs POST and a known word', async () => {
    const { simulator } = await startOAuth();
    const token = await accessToken(simulator);
    expect((await get(simulator, '/_revoke')).status).toBe(404);
    expect((await postForm(simulator, '/_revoke?what=some', {})).status).toBe(400);
    expect((await sendWith(simulator, token)).status).toBe(200);
  });
});

test('no code, token or secret is in the statistics, the log and what the observer sees', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'simulator-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const logFile = join(folder, 'events.jsonl');
  const seen: RequestSeen[] = [];
  const { simulator } = await startOAuth({}, { logFile, observe: (one) => seen.push(one), keepBodies: true });
  const code = await allowedCode(simulator);
  const login = (await exchange(simulator, code)).json;
  await refresh(simulator);
  await refresh(simulator);
  await sendWith(simulator, login?.['access_token']);
  simulator.revoke();
  await sendWith(simulator, login?.['access_token']);

  const stats = await get(simulator, '/_stats');
  expect(stats.json?.['oauth']).toEqual({
    authorizations: 1,
    denials: 0,
    tokenRequests: 3,
    codeExchanges: 1,
    refreshes: 1,
    refusedRefreshes: 1,
    reusedRefreshTokens: 1,
    expiredTokenAnswers: 1,
    maxConcurrentRefreshes: 1,
    tokenFaults: {},
  });
  const log = await readFile(logFile, 'utf8');
  expect(log).toContain('order-1');
  const written = [stats.text, log, JSON.stringify(seen), ...simulator.bodies().map(String)].join('\n');
  const secrets = [code, login?.['access_token'], login?.['refresh_token'], SEED, CLIENT.client_secret];
  for (const secret of secrets as string[]) {
    expect(secret.length).toBeGreaterThan(10);
    expect(written).not.toContain(secret);
    expect(written).not.toContain(encodeURIComponent(secret));
  }
});
