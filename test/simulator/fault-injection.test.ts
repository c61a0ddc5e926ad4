import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';

import { parseFaults } from '../../src/simulator/index.js';
import type { Simulator } from '../../src/simulator/index.js';
import { send, start, webEvent } from './support.js';

/** What a raw connection saw. */
type Seen = { readonly text: string; readonly bytes: Buffer; readonly end: 'closed' | 'reset' | 'open' };

/** Sends one request over a plain socket; stops waiting when `until` says so. */
function raw(simulator: Simulator, until: (text: string) => boolean = () => false): Promise<Seen> {
  const body = JSON.stringify({ data: [webEvent()] });
  const head = [
    'POST /v3/a/events?access_token=t HTTP/1.1',
    'Host: x',
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
  ];
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    const socket = connect(simulator.port, '127.0.0.1');
    const finish = (end: Seen['end']): void => {
      socket.destroy();
      const bytes = Buffer.concat(parts);
      resolve({ bytes, text: bytes.toString('latin1'), end });
    };
    socket.on('data', (part) => {
      parts.push(part);
      if (until(Buffer.concat(parts).toString('latin1'))) finish('open');
    });
    socket.on('end', () => {
      finish('closed');
    });
    socket.on('error', () => {
      finish('reset');
    });
    socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  });
}

const ACCEPTED = '{"status":"VALID","reason":"Events have been processed successfully."}';

async function faulty(script: string): Promise<Simulator> {
  return start({ faults: parseFaults(script) });
}

describe('faults', () => {
  test.each([500, 503, 408, 429])('%i stores nothing and has no body', async (status) => {
    const simulator = await faulty(`${status}@1`);
    expect(await send(simulator, [webEvent()])).toMatchObject({ status, text: '' });
    expect((await send(simulator, [webEvent()])).status).toBe(200);
    expect(simulator.stats()).toMatchObject({
      requests: 2,
      stored: 1,
      repeats: 0,
      faults: { status: 1 },
      byStatus: { [status]: 1, 200: 1 },
    });
  });

  test('Retry-After', async () => {
    const reply = await send(await faulty('429:retry=7@1'), [webEvent()]);
    expect(reply.headers.get('retry-after')).toBe('7');
  });

  test('a redirect', async () => {
    const reply = await send(await faulty('302@1'), [webEvent()]);
    expect(reply.status).toBe(302);
    expect(reply.headers.get('location')).toBe('/elsewhere');
  });

  test('a status after storing', async () => {
    const simulator = await faulty('503:store@1');
    expect((await send(simulator, [webEvent()])).status).toBe(503);
    expect((await send(simulator, [webEvent()])).status).toBe(200);
    expect(simulator.stats()).toMatchObject({ stored: 1, repeats: 1 });
  });

  test.each([
    ['html@1', 200],
    ['html:502@1', 502],
  ])('%s', async (script, status) => {
    const simulator = await faulty(script);
    const reply = await send(simulator, [webEvent()]);
    expect(reply.status).toBe(status);
    expect(reply.headers.get('content-type')).toContain('text/html');
    expect(reply.text).toContain('<html>');
    expect(simulator.stats().stored).toBe(0);
  });

  test.each([
    ['reset-before@1', 0],
    ['reset-after@1', 1],
  ])('%s', async (script, stored) => {
    const simulator = await faulty(script);
    expect(await raw(simulator)).toMatchObject({ end: 'reset', text: '' });
    expect(simulator.stats()).toMatchObject({ stored, byStatus: { none: 1 } });
  });

  test('cut', async () => {
    const simulator = await faulty('cut@1');
    const { text, end } = await raw(simulator);
    expect(end).toBe('closed');
    expect(text).toContain(`Content-Length: ${ACCEPTED.length}\r\n`);
    expect(text.endsWith(`\r\n\r\n${ACCEPTED.slice(0, ACCEPTED.length / 2)}`)).toBe(true);
    expect(simulator.stats().stored).toBe(1);
  });

  test('empty', async () => {
    const simulator = await faulty('empty@1');
    expect(await send(simulator, [webEvent()])).toMatchObject({ status: 200, text: '' });
    expect(simulator.stats().stored).toBe(1);
  });

  test('garbage', async () => {
    const simulator = await faulty('garbage@1');
    const { status, text, json } = await send(simulator, [webEvent()]);
    expect(status).toBe(200);
    expect(text).not.toBe('');
    expect(json).toBeUndefined();
    expect(simulator.stats().stored).toBe(1);
  });

  test('slow', async () => {
    const waits: number[] = [];
    const sleep = (ms: number): Promise<void> => {
      waits.push(ms);
      return Promise.resolve();
    };
    const simulator = await start({ faults: parseFaults('slow:2000@1'), sleep });
    expect((await send(simulator, [webEvent()])).text).toBe(ACCEPTED);
    expect(waits).toEqual([2000]);
  });

  test('slow gives up when the client is gone', async () => {
    let wake: () => void = () => undefined;
    let asleep: () => void = () => undefined;
    const sleeping = new Promise<void>((resolve) => (asleep = resolve));
    const sleep = (): Promise<void> =>
      new Promise((resolve) => {
        wake = resolve;
        asleep();
      });
    const simulator = await start({ faults: parseFaults('slow:2000@1'), sleep });
    const abort = new AbortController();
    const request = fetch(`${simulator.url}/v3/a/events?access_token=t`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ data: [webEvent()] }),
      signal: abort.signal,
    });
    await sleeping;
    abort.abort();
    await expect(request).rejects.toThrow();
    wake();
    expect((await send(simulator, [webEvent()], { asset: 'a' })).status).toBe(200);
    expect(simulator.stats()).toMatchObject({ stored: 1, repeats: 1 });
  });

  test('silence lasts until somebody hangs up', async () => {
    const simulator = await faulty('silence@1');
    const silent = raw(simulator);
    while (simulator.stats().faults['silence'] !== 1) await new Promise((resolve) => setImmediate(resolve));
    expect((await send(simulator, [webEvent()])).status).toBe(200);
    expect(simulator.stats()).toMatchObject({ maxConcurrent: 2, stored: 1 });
    await simulator.close();
    expect(await silent).toMatchObject({ text: '', end: expect.stringMatching(/closed|reset/) });
  });

  test('drip', async () => {
    const waits: number[] = [];
    const sleep = (ms: number): Promise<void> => {
      waits.push(ms);
      return Promise.resolve();
    };
    const simulator = await start({ faults: parseFaults('drip:30@1'), sleep });
    expect((await send(simulator, [webEvent()])).text).toBe(ACCEPTED);
    expect(waits).toEqual(Array(ACCEPTED.length).fill(30));
  });

  test('hangup', async () => {
    const simulator = await faulty('hangup@1');
    expect(await raw(simulator)).toMatchObject({ end: 'closed', text: expect.stringContaining(ACCEPTED) });
    expect(await raw(simulator, (text) => text.endsWith(ACCEPTED))).toMatchObject({ end: 'open' });
  });

  test('the true answer is shown where a fault promises it', async () => {
    const simulator = await start({ faults: parseFaults('slow:1@all') });
    const reply = await send(simulator, [webEvent({ user_data: {} })]);
    expect(reply).toMatchObject({ status: 400, json: { event: 1 } });
  });

  test('faults hit validation too, and other routes never', async () => {
    const simulator = await faulty('500@all');
    expect((await send(simulator, [webEvent()], { route: 'events/validate' })).status).toBe(500);
    expect((await fetch(`${simulator.url}/healthz`)).status).toBe(200);
    expect((await fetch(`${simulator.url}/_stats`)).status).toBe(200);
  });
});

test('closing ends idle connections at once', async () => {
  const simulator = await start();
  await send(simulator, [webEvent()]);
  await simulator.close();
  await expect(fetch(`${simulator.url}/healthz`)).rejects.toThrow();
});

test('a client that goes away in the middle of a body is counted and harms nobody', async () => {
  const simulator = await start();
  const socket = connect(simulator.port, '127.0.0.1');
  socket.write('POST /v3/a/events?access_token=t HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"data"');
  while (simulator.stats().requests === 0) await new Promise((resolve) => setImmediate(resolve));
  socket.destroy();
  while (simulator.stats().byStatus['none'] !== 1) await new Promise((resolve) => setImmediate(resolve));
  expect((await send(simulator, [webEvent()])).status).toBe(200);
  expect(simulator.stats()).toMatchObject({ requests: 2, received: 1, maxConcurrent: 1 });
});
