import { describe, expect, test } from 'vitest';

import type { OAuthOptions } from '../../../src/simulator/index.js';
import { parseFaults, startSimulator } from '../../../src/simulator/index.js';
import { get, NOW_MS } from '../support.js';
import type { Form } from './support.js';
import {
  accessToken,
  allowedCode,
  askToken,
  CLIENT,
  exchange,
  postForm,
  REDIRECT,
  refresh,
  SCOPE,
  SEED,
  sendWith,
  startOAuth,
} from './support.js';

const PATH = '/login/oauth2/access_token';
const formText = (form: Readonly<Record<string, string>>): string => new URLSearchParams(form).toString();
const INVALID_GRANT = {
  status: 400,
  json: { error: 'invalid_grant', error_description: expect.any(String) },
};

describe('a code', () => {
  test('is exchanged for tokens, once', async () => {
    let count = 0;
    const { simulator } = await startOAuth({
      expiresInS: 1800,
      random: (bytes) => Buffer.alloc(bytes, ++count),
    });
    const reply = await exchange(simulator, await allowedCode(simulator));
    expect(reply).toMatchObject({ status: 200 });
    expect(reply.headers.get('cache-control')).toBe('no-store');
    expect(reply.headers.get('content-type')).toContain('application/json');
    expect(reply.json).toEqual({
      access_token: 'AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=',
      token_type: 'Bearer',
      expires_in: 1800,
      refresh_token: 'AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM=',
      scope: SCOPE,
    });
    const again = await exchange(simulator, 'AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=');
    expect(again).toMatchObject(INVALID_GRANT);
    expect(again.headers.get('cache-control')).toBe('no-store');
    expect((await refresh(simulator, reply.json?.['refresh_token'])).status).toBe(200);
    expect(simulator.stats().oauth).toMatchObject({ codeExchanges: 1, refreshes: 1, tokenRequests: 3 });
  });

  test('lives ten minutes', async () => {
    const { simulator, pass } = await startOAuth();
    const [first, second] = [await allowedCode(simulator), await allowedCode(simulator)];
    pass(599_999);
    expect((await exchange(simulator, first)).status).toBe(200);
    pass(1);
    expect(await exchange(simulator, second)).toMatchObject(INVALID_GRANT);
  });

  test('is good for its redirect address only, and spent by a wrong one', async () => {
    const { simulator } = await startOAuth();
    const code = await allowedCode(simulator);
    expect(await exchange(simulator, code, `${REDIRECT}/`)).toMatchObject(INVALID_GRANT);
    expect(await exchange(simulator, code)).toMatchObject(INVALID_GRANT);
  });

  test('carries the scope that was asked for', async () => {
    const { simulator } = await startOAuth();
    const scope = 'snapchat-offline-conversions-api';
    expect((await exchange(simulator, await allowedCode(simulator, { scope }))).json).toMatchObject({
      scope,
    });
  });
});

describe('a refresh', () => {
  test('rotates: the old token is void at once, its reuse is counted and harms nobody', async () => {
    const { simulator } = await startOAuth();
    const first = await refresh(simulator);
    const next = first.json?.['refresh_token'];
    expect(next).not.toBe(SEED);
    expect(await refresh(simulator)).toMatchObject(INVALID_GRANT);
    expect((await refresh(simulator, next)).status).toBe(200);
    expect((await sendWith(simulator, first.json?.['access_token'])).status).toBe(200);
    expect(simulator.stats().oauth).toMatchObject({
      refreshes: 2,
      refusedRefreshes: 1,
      reusedRefreshTokens: 1,
    });
  });

  test('revokes its whole family on reuse where that is asked for, and no other', async () => {
    const { simulator } = await startOAuth({ revokeOnReuse: true });
    const other = (await exchange(simulator, await allowedCode(simulator))).json;
    const mine = (await refresh(simulator)).json;
    expect(await refresh(simulator)).toMatchObject(INVALID_GRANT);
    expect(await refresh(simulator, mine?.['refresh_token'])).toMatchObject(INVALID_GRANT);
    expect((await sendWith(simulator, mine?.['access_token'])).status).toBe(401);
    expect((await sendWith(simulator, other?.['access_token'])).status).toBe(200);
    expect((await refresh(simulator, other?.['refresh_token'])).status).toBe(200);
    expect(simulator.stats().oauth).toMatchObject({ reusedRefreshTokens: 1, refusedRefreshes: 2 });
  });

  test.each([
    ['keep', SEED],
    ['none', undefined],
  ] as const)('with %s', async (rotation, expected) => {
    const { simulator } = await startOAuth({ rotation });
    for (const _ of [1, 2]) {
      const { status, json } = await refresh(simulator);
      expect(status).toBe(200);
      expect(json?.['refresh_token']).toBe(expected);
      expect(Object.hasOwn(json ?? {}, 'refresh_token')).toBe(expected !== undefined);
    }
    const login = await exchange(simulator, await allowedCode(simulator));
    expect(login.json?.['refresh_token']).toEqual(expect.any(String));
  });

  test('two at the same time with one token: one gets tokens', async () => {
    const waiting: (() => void)[] = [];
    const { simulator } = await startOAuth(
      {},
      {
        latencyMs: 1,
        sleep: () =>
          new Promise((resolve) => {
            waiting.push(resolve);
            if (waiting.length === 2) for (const go of waiting) go();
          }),
      },
    );
    const replies = await Promise.all([refresh(simulator), refresh(simulator)]);
    expect(replies.map((reply) => reply.status).toSorted()).toEqual([200, 400]);
    expect(simulator.stats().oauth).toMatchObject({ maxConcurrentRefreshes: 2, refreshes: 1 });
  });

  test('one after the other are one at a time', async () => {
    const { simulator } = await startOAuth({ rotation: 'keep' });
    for (const _ of [1, 2, 3]) await refresh(simulator);
    expect(simulator.stats().oauth).toMatchObject({ maxConcurrentRefreshes: 1, refreshes: 3 });
  });
});

describe('refusals of the token endpoint', () => {
  const REFRESH = { grant_type: 'refresh_token', refresh_token: SEED };
  const CODE = { grant_type: 'authorization_code', code: 'x', redirect_uri: REDIRECT };
  const good = { ...CLIENT, ...REFRESH };

  test.each<[string, number, string, Form]>([
    ['a wrong secret', 401, 'invalid_client', { ...good, client_secret: 'wrong' }],
    ['a wrong client', 401, 'invalid_client', { ...good, client_id: 'wrong' }],
    ['no client', 401, 'invalid_client', REFRESH],
    ['nothing', 401, 'invalid_client', ''],
    ['no grant type', 400, 'invalid_request', CLIENT],
    ['another grant type', 400, 'unsupported_grant_type', { ...CLIENT, grant_type: 'password' }],
    ['no refresh token', 400, 'invalid_request', { ...good, refresh_token: '' }],
    ['an unknown refresh token', 400, 'invalid_grant', { ...good, refresh_token: '__proto__' }],
    ['no code', 400, 'invalid_request', { ...CLIENT, ...CODE, code: '' }],
    ['an unknown code', 400, 'invalid_grant', { ...CLIENT, ...CODE }],
    ['no redirect address', 400, 'invalid_request', { ...CLIENT, ...CODE, redirect_uri: '' }],
    ['a parameter twice', 400, 'invalid_request', `${formText(good)}&refresh_token=x`],
  ])('%s', async (_name, status, error, form) => {
    const { simulator } = await startOAuth();
    const reply = await postForm(simulator, PATH, form);
    expect(reply).toMatchObject({ status, json: { error } });
    expect(Object.keys(reply.json ?? {})).toEqual(['error', 'error_description']);
    expect(reply.headers.get('cache-control')).toBe('no-store');
    expect((await refresh(simulator)).status).toBe(200);
  });

  test('parameters in the address', async () => {
    const { simulator } = await startOAuth();
    expect(await postForm(simulator, `${PATH}?client_id=x`, good)).toMatchObject({
      status: 400,
      json: { error: 'invalid_request' },
    });
  });

  test('a body that is no form', async () => {
    const { simulator } = await startOAuth();
    const response = await fetch(simulator.url + PATH, {
      method: 'POST',
      body: JSON.stringify(good),
      headers: { 'Content-Type': 'application/json' },
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: 'invalid_request' });
  });

  test('a huge body is read to its end and refused', async () => {
    const { simulator } = await startOAuth();
    const reply = await askToken(simulator, { ...REFRESH, padding: 'x'.repeat(5_000_000) });
    expect(reply).toMatchObject({ status: 413, json: { error: 'invalid_request' } });
    expect((await refresh(simulator)).status).toBe(200);
  });

  test('another method is no route', async () => {
    const { simulator } = await startOAuth();
    expect((await get(simulator, PATH)).status).toBe(404);
    expect(simulator.stats().oauth.tokenRequests).toBe(0);
  });
});

describe('faults of the token endpoint', () => {
  test('are counted by themselves and spare the event routes', async () => {
    const { simulator } = await startOAuth({ tokenFaults: parseFaults('500@1,429:retry=3@2,html:502@3') });
    expect(await refresh(simulator)).toMatchObject({ status: 500, text: '' });
    const limited = await refresh(simulator);
    expect(limited.status).toBe(429);
    expect(limited.headers.get('retry-after')).toBe('3');
    const html = await refresh(simulator);
    expect(html.status).toBe(502);
    expect(html.text).toContain('<html>');
    expect((await sendWith(simulator, await accessToken(simulator))).status).toBe(200);
    expect(simulator.stats()).toMatchObject({
      requests: 1,
      faults: {},
      oauth: { tokenRequests: 4, refreshes: 1, refusedRefreshes: 0, tokenFaults: { status: 2, html: 1 } },
    });
  });

  test('a reset before leaves the refresh token good, one after has rotated it', async () => {
    const { simulator } = await startOAuth({ tokenFaults: parseFaults('reset-before@1,reset-after@2') });
    await expect(refresh(simulator)).rejects.toThrow();
    expect(simulator.stats().oauth.refreshes).toBe(0);
    await expect(refresh(simulator)).rejects.toThrow();
    expect(await refresh(simulator)).toMatchObject(INVALID_GRANT);
    expect(simulator.stats().oauth).toMatchObject({ refreshes: 1, reusedRefreshTokens: 1 });
  });

  test('slow', async () => {
    const waits: number[] = [];
    const sleep = (ms: number): Promise<void> => Promise.resolve(void waits.push(ms));
    const { simulator } = await startOAuth({ tokenFaults: parseFaults('slow:700@1') }, { sleep });
    expect((await refresh(simulator)).status).toBe(200);
    expect(waits).toEqual([700]);
  });
});

describe('settings', () => {
  test.each<[string, OAuthOptions]>([
    ['clientId', { clientId: '' }],
    ['clientId', { clientId: '\u001b[2J' }],
    ['clientSecret', { clientSecret: 'a b' }],
    ['refreshToken', { refreshToken: 'x\r\ny' }],
    ['expiresInS', { expiresInS: 0 }],
    ['expireAfterRequests', { expireAfterRequests: 1.5 }],
    ['rotation', { rotation: 'often' as 'keep' }],
    ['expiredStatus', { expiredStatus: 200 as 401 }],
  ])('out of range: %s %o', async (name, oauth) => {
    await expect(startSimulator({ oauth })).rejects.toMatchObject({
      code: 'usage',
      message: `The simulator option oauth.${name} is out of range.`,
    });
  });

  test('a token beside OAuth says nothing', async () => {
    await expect(startSimulator({ oauth: {}, token: 't' })).rejects.toMatchObject({ code: 'usage' });
  });

  test('the client is told where to go', async () => {
    const { simulator } = await startOAuth({ clientId: 'me' }, { clock: () => NOW_MS });
    expect(simulator.oauth).toEqual({
      clientId: 'me',
      clientSecret: 'simulator-secret',
      authorizeUrl: `${simulator.url}/login/oauth2/authorize`,
      tokenUrl: `${simulator.url}${PATH}`,
    });
  });

  test('texts are random unless told otherwise', async () => {
    const { simulator } = await startOAuth({ rotation: 'keep' });
    const texts = await Promise.all([1, 2, 3].map(() => accessToken(simulator)));
    expect(new Set(texts).size).toBe(3);
    for (const text of texts) expect(Buffer.from(text, 'base64')).toHaveLength(32);
  });
});
