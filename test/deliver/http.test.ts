import http from 'node:http';
import net from 'node:net';
import type { AddressInfo } from 'node:net';

import { afterEach, describe, expect, test } from 'vitest';

import { createTransport, type Transport } from '../../src/deliver/http.js';
import type { Answer } from '../../src/deliver/types.js';
import { RunError } from '../../src/errors.js';
import { answering, ok, startServer, type Behavior, type TestServer } from './support.js';

const TOKEN = 'tok/en+s3cret=';
const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

function transportTo(base: string, requestTimeoutMs = 10_000, connections = 1): Transport {
  const url = `${base}/v3/asset/events`;
  const transport = createTransport({
    url,
    connections,
    requestTimeoutMs,
    version: '1.2.3',
    wallClock: Date.now,
  });
  closers.push(transport.close);
  return transport;
}

async function serve(...behaviors: readonly Behavior[]): Promise<TestServer> {
  const server = await startServer(...behaviors);
  closers.push(server.close);
  return server;
}

async function postTo(behavior: Behavior, requestTimeoutMs?: number): Promise<Answer> {
  const server = await serve(behavior);
  return transportTo(server.url, requestTimeoutMs).post(Buffer.from('{"data":[]}'), TOKEN);
}

/** A TCP server that does what it is told with each connection. */
async function serveRaw(onConnection: (socket: net.Socket) => void): Promise<number> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

describe('a request', () => {
  test('is a POST of JSON without compression, with the name of the program', async () => {
    const server = await serve(ok);
    await transportTo(server.url).post(Buffer.from('{"data":[1]}'), TOKEN);
    const [request] = server.requests;
    expect(request).toMatchObject({
      path: '/v3/asset/events?access_token=tok%2Fen%2Bs3cret%3D',
      body: '{"data":[1]}',
      headers: {
        'content-type': 'application/json',
        'content-length': '12',
        'accept-encoding': 'identity',
        'user-agent': 'snapcapi/1.2.3',
      },
    });
    expect(request?.headers).not.toHaveProperty('content-encoding');
    expect(request?.headers).not.toHaveProperty('authorization');
  });

  test('shares a connection with those before it', async () => {
    const server = await serve(ok);
    const transport = transportTo(server.url);
    for (let i = 0; i < 5; i += 1) await transport.post(Buffer.from('{}'), TOKEN);
    expect(server.sockets()).toBe(1);
  });

  test('goes beside others, up to the number of connections', async () => {
    const server = await serve((response) => setTimeout(() => response.end('{}'), 20));
    const transport = transportTo(server.url, 5000, 3);
    await Promise.all([1, 2, 3, 4, 5, 6].map(() => transport.post(Buffer.from('{}'), TOKEN)));
    expect(server.sockets()).toBe(3);
  });
});

describe('an answer', () => {
  test('comes with status, body and the wait asked for', async () => {
    expect(await postTo(answering(429, 'späť', { 'Retry-After': '3' }))).toEqual({
      kind: 'response',
      status: 429,
      retryAfterMs: 3000,
      body: 'späť',
      truncated: false,
    });
  });

  test('may be empty', async () => {
    expect(await postTo(answering(200))).toMatchObject({ status: 200, body: '', truncated: false });
  });

  test('that is a redirect is not followed', async () => {
    const other = await serve(ok);
    const answer = await postTo(answering(307, '', { Location: `${other.url}/elsewhere` }));
    expect(answer).toMatchObject({ status: 307 });
    expect(other.requests).toEqual([]);
  });

  test('of 32 MiB is read whole, nothing is kept of a larger one', async () => {
    const limit = 32 * 1024 * 1024;
    const answer = await postTo(answering(200, 'a'.repeat(limit)));
    expect(answer).toMatchObject({ truncated: false });
    expect(answer.kind === 'response' && answer.body.length).toBe(limit);
    expect(await postTo(answering(200, 'a'.repeat(limit + 1)))).toEqual({
      kind: 'response',
      status: 200,
      body: '',
      truncated: true,
      tooLarge: true,
    });
  });

  test.each([
    [200, true],
    [413, false],
    [401, false],
  ])('%i before the body is out: cut short %j', async (status, truncated) => {
    const server = http.createServer((request, response) => {
      // Nothing of the body is read.
      request.pause();
      response.writeHead(status);
      response.end('{"status":"VALID"}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    const { port } = server.address() as AddressInfo;
    const transport = transportTo(`http://127.0.0.1:${port}`);
    const answer = await transport.post(new Uint8Array(64 * 1024 * 1024), TOKEN);
    expect(answer).toMatchObject({ status, body: '{"status":"VALID"}', truncated });
  });

  test('after a large body is whole, time after time', async () => {
    const server = await serve(ok);
    const transport = transportTo(server.url, 20_000);
    const bodies = [65_536, 65_537, 2_000_000, 5_000_001].map((size) => new Uint8Array(size).fill(97));
    for (const body of [...bodies, ...bodies]) {
      expect(await transport.post(body, TOKEN)).toMatchObject({ status: 200, truncated: false });
    }
    expect(server.requests.map(({ body }) => body.length)).toEqual(
      [...bodies, ...bodies].map((body) => body.byteLength),
    );
    expect(server.sockets()).toBe(1);
  });

  test('that waits in the socket after a suspend is read before the time is up', async () => {
    const body = JSON.stringify({ status: 'VALID', filler: 'a'.repeat(3_000_000) });
    const answer = await postTo((response) => {
      response.end(body, () => {
        // Nothing runs for longer than the time limit, as in a stopped process.
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 600);
      });
    }, 300);
    expect(answer).toMatchObject({ status: 200, truncated: false });
    expect(answer.kind === 'response' && answer.body.length).toBe(body.length);
  });

  test('that breaks off is cut short', async () => {
    const behavior: Behavior = (response, _, request) => {
      response.writeHead(200, { 'Content-Length': '100' });
      response.write('{"status":', () => request.socket.destroy());
    };
    expect(await postTo(behavior)).toEqual({
      kind: 'response',
      status: 200,
      body: '{"status":',
      truncated: true,
    });
  });

  test('that stalls is cut short when the time is up', async () => {
    const answer = await postTo((response) => {
      response.writeHead(200, { 'Content-Length': '100' });
      response.write('{');
    }, 250);
    expect(answer).toEqual({ kind: 'response', status: 200, body: '{', truncated: true });
  });

  test('that drips is cut short when the time is up, however often a byte comes', async () => {
    const answer = await postTo((response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write(' '), 10);
      response.on('close', () => {
        clearInterval(timer);
      });
    }, 250);
    expect(answer).toMatchObject({ status: 200, truncated: true });
  });

  test('after an interim answer is the real one', async () => {
    const port = await serveRaw((socket) =>
      socket.once('data', () =>
        socket.write('HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}'),
      ),
    );
    const answer = await transportTo(`http://127.0.0.1:${port}`).post(Buffer.from('{}'), TOKEN);
    expect(answer).toMatchObject({ status: 200, body: '{}', truncated: false });
  });
});

describe('no answer', () => {
  test('but an interim one: sent', async () => {
    const port = await serveRaw((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 103 Early Hints\r\n\r\n')),
    );
    const answer = await transportTo(`http://127.0.0.1:${port}`).post(Buffer.from('{}'), TOKEN);
    expect(answer).toMatchObject({ kind: 'no_answer', sent: true });
  });

  test('in time: sent', async () => {
    expect(await postTo(() => undefined, 250)).toEqual({ kind: 'no_answer', code: 'TIMEOUT', sent: true });
  });

  test('because of a reset after the request was read: sent', async () => {
    const answer = await postTo((_response, _body, request) => request.socket.resetAndDestroy());
    expect(answer).toEqual({ kind: 'no_answer', code: 'ECONNRESET', sent: true });
  });

  test('because the connection closed before the request was read: sent, for all that can be known', async () => {
    const port = await serveRaw((socket) => socket.once('data', () => socket.destroy()));
    const answer = await transportTo(`http://127.0.0.1:${port}`).post(Buffer.alloc(100), TOKEN);
    expect(answer).toMatchObject({ kind: 'no_answer', sent: true });
  });

  test('but something that is no HTTP', async () => {
    const port = await serveRaw((socket) => socket.once('data', () => socket.end('SSH-2.0-OpenSSH_9.6\r\n')));
    const answer = await transportTo(`http://127.0.0.1:${port}`).post(Buffer.from('{}'), TOKEN);
    expect(answer).toEqual({ kind: 'no_answer', code: 'HTTP_PARSER', sent: true });
  });

  test('because nobody listens: not sent', async () => {
    const server = await startServer(ok);
    await server.close();
    const answer = await transportTo(server.url).post(Buffer.from('{}'), TOKEN);
    expect(answer).toEqual({ kind: 'no_answer', code: 'ECONNREFUSED', sent: false });
  });

  test('because there is no TLS at the other end: not sent', async () => {
    const server = await serve(ok);
    const answer = await transportTo(server.url.replace('http', 'https')).post(Buffer.from('{}'), TOKEN);
    expect(answer).toMatchObject({ kind: 'no_answer', sent: false });
    expect(answer.kind === 'no_answer' && answer.code).toMatch(/^(ERR_SSL_|EPROTO)/);
    expect(server.requests).toEqual([]);
  });

  test('because the connection never gets ready: not sent', async () => {
    const port = await serveRaw(() => undefined);
    const answer = await transportTo(`https://127.0.0.1:${port}`, 60).post(Buffer.from('{}'), TOKEN);
    expect(answer).toMatchObject({ kind: 'no_answer', sent: false });
  });
});

test('a URL that is not allowed is refused before anything is sent', () => {
  expect(() => transportTo('http://example.test')).toThrow(RunError);
});
