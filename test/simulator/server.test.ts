import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, onTestFinished, test } from 'vitest';

import type { OnInvalid, RequestSeen } from '../../src/simulator/index.js';
import { startSimulator } from '../../src/simulator/index.js';
import { get, NOW_MS, send, start, webEvent } from './support.js';

const good = (id: string): object => webEvent({ event_id: id });
const bad = (id: string): object => webEvent({ event_id: id, event_name: 'NOPE' });

const SOME_INVALID = 'At least one of the events is invalid.';

describe('credentials', () => {
  test.each([
    ['no token', '', undefined],
    ['empty token', '?access_token=', undefined],
    ['two tokens', '?access_token=a&access_token=b', undefined],
    ['wrong token', '?access_token=wrong', 'right'],
    ['a plus sign that is not encoded', '?access_token=a+b', 'a+b'],
  ])('%s', async (_name, query, token) => {
    const simulator = await start(token === undefined ? {} : { token });
    for (const route of ['events', 'events/validate'] as const) {
      expect(await send(simulator, [good('a')], { query, route })).toMatchObject({
        status: 401,
        json: { status: 'INVALID', reason: 'Invalid access token' },
      });
    }
    expect((await get(simulator, `/v3/a/events/validate/logs${query}`)).status).toBe(401);
    expect(simulator.stats()).toMatchObject({ stored: 0, validated: 0, byStatus: { 401: 2 } });
  });

  test('the right token, percent-encoded', async () => {
    const simulator = await start({ token: 'a+b/=' });
    expect((await send(simulator, [good('a')], { query: '?access_token=a%2Bb%2F%3D' })).status).toBe(200);
  });

  test('a function decides', async () => {
    const simulator = await start({ token: (token) => token.startsWith('new') });
    expect((await send(simulator, [good('a')], { query: '?access_token=old' })).status).toBe(401);
    expect((await send(simulator, [good('a')], { query: '?access_token=new1' })).status).toBe(200);
  });

  test('a wrong asset with an API token', async () => {
    const simulator = await start({ assetId: 'mine' });
    expect((await send(simulator, [good('a')], { asset: 'mine' })).status).toBe(200);
    expect(await send(simulator, [good('b')], { asset: 'theirs' })).toMatchObject({
      status: 400,
      json: { status: 'INVALID', reason: 'Unauthorized resources' },
    });
    const other = await start({ assetId: 'mine', wrongAssetStatus: 403 });
    expect((await send(other, [good('b')])).status).toBe(403);
  });

  test('a wrong asset with OAuth', async () => {
    const simulator = await start({ assetId: 'mine', credentialKind: 'oauth' });
    expect(await send(simulator, [good('a')])).toMatchObject({
      status: 400,
      json: {
        status: 'INVALID',
        test_event: true,
        reason: SOME_INVALID,
        event_logs: [
          {
            event: 1,
            status: 'INVALID',
            errors: { codes: ['523'], error_msgs: ['The provided asset id must be valid UUID format.'] },
          },
        ],
      },
    });
    expect(simulator.events()).toEqual([]);
  });
});

describe('own routes and strangers', () => {
  test('health and statistics', async () => {
    const simulator = await start();
    await send(simulator, [good('a')]);
    expect(await get(simulator, '/healthz')).toMatchObject({ status: 200, json: { status: 'ok' } });
    const stats = await get(simulator, '/_stats');
    expect(stats.json).toEqual(JSON.parse(JSON.stringify(simulator.stats())));
    expect(stats.json).toMatchObject({
      requests: 1,
      byStatus: { 200: 1 },
      connections: expect.any(Number),
      firstRequestMs: NOW_MS,
      lastRequestMs: NOW_MS,
    });
  });

  test.each([
    ['GET', '/'],
    ['GET', '/v3/a/events?access_token=t'],
    ['POST', '/v3/a/events/validate/logs?access_token=t'],
    ['POST', '/v3//events?access_token=t'],
    ['POST', '/v3/a/b/events?access_token=t'],
    ['POST', '/v3/%zz/events?access_token=t'],
    ['POST', '/v2/conversion'],
    ['POST', '/_stats'],
    ['PUT', '/v3/a/events?access_token=t'],
  ])('%s %s is no route', async (method, path) => {
    const simulator = await start();
    const response = await fetch(simulator.url + path, { method });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ status: 'INVALID' });
    expect(simulator.stats().requests).toBe(0);
  });
});

describe('limits and waits', () => {
  test('rate', async () => {
    let nowMs = NOW_MS;
    const simulator = await start({ rate: 2, retryAfter: 3, clock: () => nowMs });
    const statuses: number[] = [];
    for (const wait of [0, 400, 400, 199, 1, 0, 400]) {
      nowMs += wait;
      const reply = await send(simulator, [good(`${nowMs}`)]);
      statuses.push(reply.status);
      expect(reply.headers.get('retry-after')).toBe(reply.status === 429 ? '3' : null);
    }
    expect(statuses).toEqual([200, 200, 429, 429, 200, 429, 200]);
    expect(simulator.stats()).toMatchObject({ received: 4, byStatus: { 200: 4, 429: 3 } });
  });

  test('latency is waited for after storing', async () => {
    const waits: [number, number][] = [];
    const simulator = await start({
      latencyMs: 250,
      sleep: (ms) => {
        waits.push([ms, simulator.stats().stored]);
        return Promise.resolve();
      },
    });
    await send(simulator, [good('a')]);
    expect(waits).toEqual([[250, 1]]);
  });

  test('the highest number of requests at the same time', async () => {
    const waiting: (() => void)[] = [];
    const simulator = await start({
      latencyMs: 1,
      sleep: () =>
        new Promise((resolve) => {
          waiting.push(resolve);
          if (waiting.length === 3) for (const go of waiting) go();
        }),
    });
    await Promise.all(['a', 'b', 'c'].map((id) => send(simulator, [good(id)])));
    expect(simulator.stats().maxConcurrent).toBe(3);
  });

  test('every request is shown to the observer', async () => {
    const seen: RequestSeen[] = [];
    const simulator = await start({ observe: (request) => seen.push(request) });
    await send(simulator, [good('a'), good('a')]);
    await send(simulator, [bad('b')], { route: 'events/validate' });
    expect(seen).toMatchObject([
      { number: 1, route: 'events', status: 200, received: 2, stored: 1, repeats: 1, fault: undefined },
      { number: 2, route: 'validate', status: 400, received: 0, validated: 1 },
    ]);
  });

  test.each([
    ['port', { port: 70_000 }],
    ['rate', { rate: 0 }],
    ['latencyMs', { latencyMs: NaN }],
    ['onInvalid', { onInvalid: 'some' as OnInvalid }],
  ])('an option out of range: %s', async (name, options) => {
    await expect(startSimulator(options)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining(name),
    });
  });

  test('a port that is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;
    await expect(startSimulator({ port })).rejects.toMatchObject({ code: 'usage' });
  });

  test('it listens on loopback', async () => {
    expect((await start()).url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });
});

describe('log', () => {
  test('has a line for every arrival, written before the answer', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'simulator-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const logFile = join(folder, 'events.jsonl');
    const simulator = await start({ logFile, onInvalid: 'partial', keepEvents: false });
    await send(simulator, [bad('x'), good('a')]);
    await send(simulator, [good('a'), good('b')]);
    const text = await readFile(logFile, 'utf8');
    expect(
      text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([
      { batch: 1, asset: 'pixel-1', event: 2, repeat: false, data: good('a') },
      { batch: 2, asset: 'pixel-1', event: 1, repeat: true, data: good('a') },
      { batch: 2, asset: 'pixel-1', event: 2, repeat: false, data: good('b') },
    ]);
  });

  test('cannot be opened', async () => {
    await expect(startSimulator({ logFile: tmpdir() })).rejects.toMatchObject({
      code: 'output_not_writable',
    });
  });
});

test.skipIf(!existsSync('/dev/full'))('a log that cannot be written is no silent loss', async () => {
  const simulator = await start({ logFile: '/dev/full' });
  expect((await send(simulator, [good('a')])).status).toBe(500);
  expect((await send(simulator, [bad('b')])).status).toBe(400);
});
