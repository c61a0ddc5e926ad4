import net from 'node:net';
import type { AddressInfo } from 'node:net';

import { afterEach, describe, expect, test } from 'vitest';

import { createTransport } from '../../src/deliver/http.js';
import type { Answer } from '../../src/deliver/types.js';
import { judge } from '../../src/deliver/verdict.js';
import { createFetch } from '../../src/network/fetch.js';
import { freePort } from '../support/port.js';
import { startProxy, type ConnectProxy, type ProxyAnswer } from '../support/connect-proxy.js';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const API = 'https://tr.snapchat.com/v3/asset/events';

async function proxyThat(answer: ProxyAnswer): Promise<ConnectProxy> {
  const proxy = await startProxy(answer);
  closers.push(proxy.close);
  return proxy;
}

/** A port at which each connection is answered with this text. */
async function portSaying(text: string): Promise<number> {
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', () => socket.end(text));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(
    () =>
      new Promise((resolve) =>
        server.close(() => {
          resolve();
        }),
      ),
  );
  return (server.address() as AddressInfo).port;
}

async function postThrough(port: number, requestTimeoutMs = 5000, scheme = 'http'): Promise<Answer> {
  const transport = createTransport({
    url: API,
    connections: 1,
    requestTimeoutMs,
    version: '1',
    wallClock: Date.now,
    env: { HTTPS_PROXY: `${scheme}://me:sesame@127.0.0.1:${port}` },
  });
  closers.push(transport.close);
  return transport.post(Buffer.from('{}'), 'TOKEN');
}

const same = (text: string): string => text;

describe('a request through a proxy', () => {
  test('asks for a tunnel, with the credentials of the proxy and nothing of the request', async () => {
    const proxy = await proxyThat({ status: 403 });
    await postThrough(proxy.port);
    expect(proxy.asked).toMatchObject([
      {
        authority: 'tr.snapchat.com:443',
        // me:sesame
        headers: { host: 'tr.snapchat.com:443', 'proxy-authorization': 'Basic bWU6c2VzYW1l' },
      },
    ]);
    expect(JSON.stringify(proxy.asked)).not.toContain('TOKEN');
  });

  test.each([
    [407, 'proxy_refused', /user name and password/],
    [403, 'proxy_refused', /does not allow/],
    [400, 'proxy_refused', /does not allow/],
    [302, 'proxy_refused', /does not allow/],
    [502, undefined, undefined],
    [503, undefined, undefined],
    [429, undefined, undefined],
  ])('that answers %i was not sent: %s', async (status, code, message) => {
    const answer = await postThrough((await proxyThat({ status })).port);
    expect(answer).toEqual({ kind: 'no_answer', code: `PROXY_HTTP_${status}`, sent: false });
    const verdict = judge(answer, { clean: same });
    if (code === undefined) expect(verdict).toMatchObject({ kind: 'retry', doubt: false });
    else expect(verdict).toMatchObject({ kind: 'abort', error: { code, exitCode: 69 } });
    if (message !== undefined && verdict.kind === 'abort') expect(verdict.error.message).toMatch(message);
  });

  test('that nobody answers was not sent', async () => {
    const proxy = await proxyThat('silence');
    expect(await postThrough(proxy.port, 100)).toMatchObject({ kind: 'no_answer', sent: false });
    expect(proxy.asked).toHaveLength(1);
  });

  test('that is not there was not sent, and may be tried again', async () => {
    const answer = await postThrough(await freePort());
    expect(answer).toEqual({ kind: 'no_answer', code: 'PROXY_ECONNREFUSED', sent: false });
    expect(judge(answer, { clean: same })).toMatchObject({ kind: 'retry', doubt: false });
  });

  test('that speaks no HTTP ends the run', async () => {
    const answer = await postThrough(await portSaying('220 mail ready\r\n'));
    expect(answer).toMatchObject({ kind: 'no_answer', sent: false });
    expect(judge(answer, { clean: same })).toMatchObject({
      error: { code: 'proxy_refused', message: expect.stringContaining('does not speak HTTP') as string },
    });
  });

  test('that speaks no TLS although its address is https ends the run', async () => {
    const answer = await postThrough(await portSaying('HTTP/1.1 400 Bad\r\n\r\n'), 5000, 'https');
    expect(answer).toMatchObject({ kind: 'no_answer', sent: false });
    expect(judge(answer, { clean: same })).toMatchObject({
      error: { code: 'tls_failed', message: expect.stringContaining('to the proxy') as string },
    });
  });

  test('that meets no TLS at the end of the tunnel ends the run', async () => {
    const tunnelTo = await portSaying('HTTP/1.1 400 Bad\r\n\r\n');
    const answer = await postThrough((await proxyThat({ tunnelTo })).port);
    expect(answer).toMatchObject({ kind: 'no_answer', sent: false });
    expect(judge(answer, { clean: same })).toMatchObject({
      error: { code: 'tls_failed', message: expect.stringContaining('does not speak TLS') as string },
    });
  });
});

describe('fetch', () => {
  test.each([407, 502])('says that the proxy answered %i', async (status) => {
    const { port } = await proxyThat({ status });
    const fetch = createFetch({ env: { https_proxy: `http://me:sesame@127.0.0.1:${port}` } });
    const error = await rejection(
      fetch('https://accounts.snapchat.com/x?code=s3cret', { method: 'POST', body: 'a' }),
    );
    expect(error).toMatchObject({
      code: `PROXY_HTTP_${status}`,
      message: `no answer (PROXY_HTTP_${status})`,
    });
    expect(error).not.toHaveProperty('cause');
  });
});

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.unreachable(),
    (error: unknown) => error,
  );
}
