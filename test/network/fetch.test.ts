import { afterEach, describe, expect, test } from 'vitest';

import { createFetch, type CreateFetchOptions, type FetchOptions } from '../../src/network/fetch.js';
import { answering, startServer, type Behavior, type TestServer } from '../deliver/support.js';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function serve(behavior: Behavior): Promise<TestServer> {
  const server = await startServer(behavior);
  closers.push(server.close);
  return server;
}

async function ask(behavior: Behavior, options: CreateFetchOptions = {}, request: FetchOptions = {}) {
  const server = await serve(behavior);
  return createFetch({ env: {}, ...options })(`${server.url}/x?code=s3cret`, request);
}

const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.unreachable(),
    (error: unknown) => error,
  );

describe('fetch', () => {
  test('sends a form and gives the answer as the platform has it', async () => {
    const server = await serve(
      answering(400, { error: 'invalid_grant' }, { 'Content-Type': 'application/json' }),
    );
    const response = await createFetch({ env: {} })(`${server.url}/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'a=1&b=2',
    });
    expect(response).toBeInstanceOf(Response);
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toEqual({ error: 'invalid_grant' });
    expect(server.requests).toMatchObject([
      { path: '/token', body: 'a=1&b=2', headers: { 'accept-encoding': 'identity' } },
    ]);
  });

  test('follows no redirect', async () => {
    const other = await serve(answering(200));
    const response = await ask(answering(307, '', { Location: other.url }));
    expect(response.status).toBe(307);
    expect(other.requests).toEqual([]);
  });

  test('reads at most 1 MiB', async () => {
    const limit = 1024 * 1024;
    expect((await (await ask(answering(200, 'a'.repeat(limit)))).text()).length).toBe(limit);
    const error = await rejection(ask(answering(200, 'a'.repeat(limit + 1))));
    expect(error).toMatchObject({ code: 'UND_ERR_RES_EXCEEDED_MAX_SIZE' });
  });

  test('waits no longer than it may, for the start or the rest of an answer', async () => {
    expect(await rejection(ask(() => undefined, { timeoutMs: 60 }))).toMatchObject({ code: 'TIMEOUT' });
    const stalls: Behavior = (response) => response.write('{');
    expect(await rejection(ask(stalls, { timeoutMs: 60 }))).toMatchObject({ code: 'TIMEOUT' });
  });

  test('can be given up', async () => {
    const signal = AbortSignal.abort();
    expect(await rejection(ask(answering(200), {}, { signal }))).toMatchObject({ code: 'ABORTED' });
  });

  test('tells a broken connection by its code and nothing else', async () => {
    const error = await rejection(ask((_, __, request) => request.socket.destroy()));
    expect(error).toMatchObject({ code: 'UND_ERR_SOCKET', message: 'no answer (UND_ERR_SOCKET)' });
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('s3cret');
  });

  test('asks only where it may', async () => {
    const fetch = createFetch({ env: {}, setting: 'accounts_url' });
    for (const url of ['https://accounts.example.test/', 'http://accounts.snapchat.com/'])
      expect(await rejection(fetch(url))).toMatchObject({ code: 'endpoint_not_allowed' });
  });

  test('asks nobody over TLS that is not verified', async () => {
    const fetch = createFetch({ env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } });
    const error = await rejection(fetch('https://accounts.snapchat.com/'));
    expect(error).toMatchObject({ code: 'tls_verification_off', exitCode: 78 });
  });
});
