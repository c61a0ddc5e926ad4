import { describe, expect, test } from 'vitest';

import { fixedToken } from '../../src/access.js';
import { createSecrets } from '../../src/secrets.js';
import { deliverBatches } from '../../src/deliver/deliver.js';
import { eventsUrl } from '../../src/deliver/endpoint.js';
import type { Settled } from '../../src/deliver/types.js';
import type { RunError } from '../../src/errors.js';
import type { AttemptReport } from '../../src/events.js';
import {
  answering,
  batchesFrom,
  batchOf,
  ok,
  outcomes,
  range,
  sharedTime,
  startServer,
  type Behavior,
} from './support.js';
import { ALL, garbage, half, hangUp, reset, run, silent } from './run.js';

describe('a batch that is taken in the end', () => {
  test.each<[string, Behavior, Partial<AttemptReport>]>([
    ['429', answering(429), { status: 429 }],
    ['408', answering(408), { status: 408 }],
    ['503', answering(503, '<html>'), { status: 503 }],
    ['a closed connection', hangUp, { failure: 'UND_ERR_SOCKET' }],
    ['a reset', reset, { failure: 'ECONNRESET' }],
    ['half an answer', half, { status: 200, reason: 'HTTP 200, answer cut short' }],
    ['a page', answering(200, '<html>'), { status: 200, reason: 'HTTP 200, answer unreadable' }],
    ['an empty 200', answering(200), { status: 200, reason: 'HTTP 200, answer empty' }],
    ['garbage', garbage, { failure: 'HTTP_PARSER' }],
    ['silence', silent, { failure: 'TIMEOUT' }],
  ])('after %s is sent again, byte for byte', async (_, behavior, report) => {
    const result = await run([behavior, ok], [batchOf(5)]);
    expect(result.error).toBeUndefined();
    expect(outcomes(result.parts).sent).toEqual(ALL);
    expect(result.bodies).toHaveLength(2);
    expect(result.bodies[0]).toBe(result.bodies[1]);
    expect(result.slept).toEqual([500]);
    expect(result.attempts).toMatchObject([
      {
        batch: 1,
        request: 1,
        events: 5,
        bytes: result.bodies[0]?.length,
        verdict: 'retry',
        retryInMs: 500,
        ...report,
      },
      { batch: 1, request: 2, verdict: 'accept', status: 200 },
    ]);
  });

  test('waits as long as it is told', async () => {
    const result = await run([answering(429, '', { 'Retry-After': '77' }), ok], [batchOf(5)]);
    expect(outcomes(result.parts).sent).toEqual(ALL);
    expect(result.slept.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThanOrEqual(77_000);
    expect(result.attempts[0]).toMatchObject({ retryInMs: 77_000 });
  });

  test('has a fresh budget after every success', async () => {
    const fail = answering(429);
    const result = await run([fail, fail, ok, fail, fail, ok], [batchOf(5, 1), batchOf(5, 2)], {
      retryForMs: 1500,
    });
    expect(result.error).toBeUndefined();
    expect(result.slept).toEqual([500, 1000, 500, 1000]);
  });
});

describe('a budget that runs out', () => {
  test.each<[string, Behavior, Settled['outcome'], string]>([
    ['429', answering(429), 'not_attempted', 'service_unavailable'],
    ['503', answering(503), 'in_doubt', 'service_unavailable'],
    ['empty 200', answering(200), 'in_doubt', 'unreadable_answers'],
    ['silence', silent, 'in_doubt', 'service_unavailable'],
  ])('%s: the events are settled by what is known, the run stops', async (_, behavior, outcome, code) => {
    const result = await run([behavior], [batchOf(5, 1), batchOf(5, 2)], { retryForMs: 1500 });
    expect(result.bodies).toHaveLength(3);
    expect(outcomes(result.parts)[outcome]).toEqual(ALL);
    expect(result.parts).toHaveLength(1);
    expect(result.error).toMatchObject({ code });
    expect(result.fatals).toEqual([result.error]);
  });

  test('one doubtful try among many is a doubt', async () => {
    const result = await run([answering(503), answering(429)], [batchOf(5)], { retryForMs: 3000 });
    expect(outcomes(result.parts).in_doubt).toEqual(ALL);
    expect(result.error).toMatchObject({ code: 'service_unavailable' });
  });

  test('is given up at once when the API asks for more', async () => {
    const result = await run([answering(429, '', { 'Retry-After': '3600' })], [batchOf(5)]);
    expect(result.bodies).toHaveLength(1);
    expect(result.slept).toEqual([]);
    expect(result.error).toMatchObject({ code: 'service_unavailable' });
    expect((result.error as RunError).message).toContain('3600 s');
  });

  test('nobody listening: not attempted', async () => {
    const server = await startServer(ok);
    await server.close();
    const url = eventsUrl({ apiBaseUrl: server.url, assetId: 'a', validate: false });
    const result = await run([ok], [batchOf(5)], { url, retryForMs: 1000 });
    expect(outcomes(result.parts).not_attempted).toEqual(ALL);
    expect(result.error).toMatchObject({ code: 'service_unavailable' });
    expect(result.attempts[0]).toMatchObject({ failure: 'ECONNREFUSED', verdict: 'retry' });
  });
});

describe('Retry-After', () => {
  test('holds back every request, not only the one that was told', async () => {
    const { clock, sleep, runUntil } = sharedTime();
    const at: number[] = [];
    const done = deliverBatches(batchesFrom([1, 2, 3, 4].map((number) => batchOf(5, number))), {
      url: 'https://api.test/',
      access: fixedToken('t0ken'),
      secrets: createSecrets(),
      version: '0',
      concurrency: 2,
      maxRequestsPerSecond: 10,
      repeatable: true,
      stopAtFirstRefusal: false,
      settle: () => undefined,
      clock,
      sleep,
      random: () => 0,
      transport: {
        post: () => {
          at.push(clock());
          const told = at.length === 1;
          return Promise.resolve({
            kind: 'response',
            status: told ? 429 : 200,
            body: '{"status":"VALID"}',
            truncated: false,
            ...(told && { retryAfterMs: 60_000 }),
          });
        },
        close: () => Promise.resolve(),
      },
    });
    await runUntil(done);
    await done;
    expect(at).toHaveLength(5);
    expect(at[0]).toBe(0);
    expect(Math.min(...at.slice(1))).toBe(60_000);
  });
});

describe('events without event_id', () => {
  const once = { repeatable: false };

  test.each<[string, Behavior]>([
    ['503', answering(503)],
    ['reset', reset],
    ['silence', silent],
    ['empty 200', answering(200)],
  ])('are not sent again after %s, and the run goes on', async (_, behavior) => {
    const result = await run([behavior, ok], [batchOf(5, 1), batchOf(5, 2)], once);
    expect(result.parts).toMatchObject([
      { outcome: 'in_doubt', batch: { number: 1 } },
      { outcome: 'sent', batch: { number: 2 } },
    ]);
    expect(result.bodies).toHaveLength(2);
    expect(result.attempts[0]).toMatchObject({ verdict: 'in_doubt' });
    expect(result.error).toBeUndefined();
  });

  test('are sent again after 429', async () => {
    const result = await run([answering(429), ok], [batchOf(5)], once);
    expect(outcomes(result.parts).sent).toEqual(ALL);
  });

  test('go on as long as there are answers between the doubts', async () => {
    const batches = range(1, 9).map((number) => batchOf(5, number));
    const fail = answering(503);
    const result = await run([fail, fail, ok, fail, fail, ok, fail, ok], batches, once);
    expect(result.parts).toHaveLength(8);
    expect(result.error).toBeUndefined();
  });

  test('stop the run after three doubts in a row', async () => {
    const batches = [1, 2, 3, 4, 5].map((number) => batchOf(5, number));
    const result = await run([answering(503)], batches, once);
    expect(result.parts.map(({ outcome }) => outcome)).toEqual(['in_doubt', 'in_doubt', 'in_doubt']);
    expect(result.error).toMatchObject({ code: 'service_unavailable' });
    expect(result.slept.length).toBeGreaterThan(0);
  });
});
