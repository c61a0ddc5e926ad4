import { describe, expect, test } from 'vitest';

import type { OnInvalid } from '../../src/simulator/index.js';
import { ON_INVALID } from '../../src/simulator/index.js';
import { EM_HASH, get, NOW_MS, post, send, start, webEvent } from './support.js';

const good = (id: string): object => webEvent({ event_id: id });
const bad = (id: string): object => webEvent({ event_id: id, event_name: 'NOPE' });
const nobody = (id: string): object => webEvent({ event_id: id, user_data: {} });

const ACCEPTED = { status: 'VALID', reason: 'Events have been processed successfully.' };
const PARSING_FAILED = {
  status: 'INVALID',
  reason: 'Request parsing failed. Ensure the request body is correctly formatted.',
};
const BAD_NAME = 'event_name must be one of the names of the Conversions API.';
const NOBODY_ERRORS = { codes: ['507'], error_msgs: ['Insufficient customer information.'] };
const SOME_INVALID = 'At least one of the events is invalid.';

describe('sending', () => {
  test('good events are stored, byte for byte', async () => {
    const simulator = await start({ keepBodies: true });
    const text = '{ "event_id":"a",\n "custom_data":{"n":1.0,"currency":"EUR","value":1},';
    const event = text + JSON.stringify(webEvent({ event_id: undefined, custom_data: undefined })).slice(1);
    const body = `{"data":[${event},${JSON.stringify(good('b'))}]}`;
    const reply = await post(simulator, body);

    expect(reply).toMatchObject({ status: 200, json: ACCEPTED });
    expect(reply.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(simulator.events()).toMatchObject([
      { asset: 'pixel-1', eventId: 'a', request: 1, position: 1, arrivals: 1, text: event },
      { eventId: 'b', position: 2, event: good('b') },
    ]);
    expect(simulator.bodies().map(String)).toEqual([body]);
    expect((await get(simulator, '/_events')).text).toBe(
      `${event.replace('\n', ' ')}\n${JSON.stringify(good('b'))}\n`,
    );
  });

  test('an asset and event_id are stored once', async () => {
    const simulator = await start();
    await send(simulator, [good('a'), good('a')]);
    await send(simulator, [webEvent({ event_id: 'a', custom_data: { currency: 'USD', value: 9 } })]);
    await send(simulator, [good('a')], { asset: 'pixel%202' });

    expect(simulator.events().map((event) => [event.asset, event.eventId, event.arrivals])).toEqual([
      ['pixel-1', 'a', 3],
      ['pixel 2', 'a', 1],
    ]);
    expect(simulator.events()[0]?.event).toEqual(good('a'));
    expect(simulator.stats()).toMatchObject({ received: 4, stored: 2, repeats: 2 });
  });

  test('without keepEvents the counts are the same', async () => {
    const simulator = await start({ keepEvents: false });
    await send(simulator, [good('a'), good('b'), good('a')]);
    expect(simulator.stats()).toMatchObject({ stored: 2, repeats: 1 });
    expect(simulator.events()).toEqual([]);
    expect((await get(simulator, '/_events')).status).toBe(404);
  });

  test('more events than allowed are refused together', async () => {
    const simulator = await start({ maxEvents: 2 });
    expect((await send(simulator, [good('a'), good('b')])).status).toBe(200);
    expect((await send(simulator, [good('c'), good('d'), good('e')])).status).toBe(400);
    expect(simulator.stats()).toMatchObject({ received: 2, stored: 2, maxEvents: 2 });
  });

  test('the default limit is 2,000', async () => {
    const simulator = await start();
    const events = Array.from({ length: 2001 }, (_, index) => good(`${index}`));
    expect((await send(simulator, events)).status).toBe(400);
    expect((await send(simulator, events.slice(1))).status).toBe(200);
  });

  test('a body above the limit gets 413', async () => {
    const body = JSON.stringify({ data: [good('a')] });
    const simulator = await start({ maxBodyBytes: body.length });
    expect((await post(simulator, body)).status).toBe(200);
    expect((await post(simulator, `${body} `)).status).toBe(413);
    expect(simulator.stats()).toMatchObject({ maxBytes: body.length + 1, received: 1 });
  });

  test.each<[string, string, Record<string, string>]>([
    ['not JSON', '{"data":', {}],
    ['null', JSON.stringify({ data: [webEvent({ custom_data: { x: null } })] }), {}],
    ['anon_id', JSON.stringify({ data: [webEvent({ user_data: { em: [EM_HASH], anon_id: 'x' } })] }), {}],
    ['data twice', `{"data":[${JSON.stringify(good('a'))}],"data":[${JSON.stringify(good('b'))}]}`, {}],
    ['another content type', JSON.stringify({ data: [good('a')] }), { 'Content-Type': 'text/plain' }],
    ['compressed', JSON.stringify({ data: [good('a')] }), { 'Content-Encoding': 'gzip' }],
  ])('parsing fails: %s', async (_name, body, headers) => {
    const simulator = await start({ onInvalid: 'partial' });
    expect(await post(simulator, body, { headers })).toMatchObject({ status: 400, json: PARSING_FAILED });
    expect(simulator.events()).toEqual([]);
  });

  test('one OFFLINE event in milliseconds refuses the request', async () => {
    const simulator = await start({ onInvalid: 'partial' });
    const offline = webEvent({ action_source: 'OFFLINE', event_id: 'b' });
    expect(await send(simulator, [good('a'), offline])).toMatchObject({
      status: 400,
      json: { status: 'INVALID', reason: "Param data['event_time'] is an invalid Unix timestamp." },
    });
    expect(simulator.stats().stored).toBe(0);
  });

  test.each<[string, object, object]>([
    ['maxAgeDays', { maxAgeDays: 30 }, { event_time: NOW_MS - 29 * 86_400_000 }],
    ['maxAgeDays: Infinity', { maxAgeDays: Infinity }, { event_time: 1_000_000_000 }],
    ['maxFutureMinutes', { maxFutureMinutes: 120 }, { event_time: NOW_MS + 110 * 60_000 }],
  ])('%s widens the time window', async (_name, options, changes) => {
    expect((await send(await start(), [webEvent(changes)])).status).toBe(400);
    expect((await send(await start(options), [webEvent(changes)])).status).toBe(200);
  });
});

describe('a batch with invalid events', () => {
  const batch = [good('a'), nobody('b'), good('c'), bad('d')];

  const replies: Record<OnInvalid, object> = {
    whole: {
      status: 400,
      json: { status: 'INVALID', reason: SOME_INVALID, event: 2, errors: NOBODY_ERRORS },
    },
    'whole-silent': { status: 400, json: { status: 'INVALID', reason: SOME_INVALID } },
    partial: {
      status: 400,
      json: {
        status: 'INVALID',
        reason: SOME_INVALID,
        event_logs: [
          { event: 2, status: 'INVALID', errors: NOBODY_ERRORS, warnings: [] },
          { event: 4, status: 'INVALID', errors: { codes: ['903'], error_msgs: [BAD_NAME] }, warnings: [] },
        ],
      },
    },
    'partial-200': { status: 200, json: { status: 'INVALID', errors: NOBODY_ERRORS } },
  };

  test.each(ON_INVALID)('%s', async (onInvalid) => {
    const simulator = await start({ onInvalid });
    const reply = await send(simulator, batch);
    expect({ status: reply.status, json: reply.json }).toEqual(replies[onInvalid]);

    const stores = onInvalid.startsWith('partial');
    expect(simulator.events().map((event) => [event.eventId, event.position])).toEqual(
      stores
        ? [
            ['a', 1],
            ['c', 3],
          ]
        : [],
    );
    expect(simulator.stats()).toMatchObject({
      received: 4,
      refused: 2,
      stored: stores ? 2 : 0,
      discarded: stores ? 0 : 2,
    });
  });

  test('whole is the default', async () => {
    expect((await send(await start(), batch)).json).toMatchObject({ event: 2 });
  });

  test('a poisoned event is refused with its own reason', async () => {
    const poisoned = webEvent({ custom_data: { currency: 'EUR', value: 1, simulator_refuse: 'Blocked.' } });
    expect((await send(await start(), [good('x'), poisoned])).json).toMatchObject({
      event: 2,
      errors: { codes: ['999'], error_msgs: ['Blocked.'] },
    });
  });
});

describe('validating', () => {
  test('good events', async () => {
    const simulator = await start();
    const weak = webEvent({ user_data: { client_ip_address: '203.0.113.7' } });
    const reply = await send(simulator, [good('a'), weak], { route: 'events/validate' });
    const fine = { status: 'VALID', errors: { codes: [], error_msgs: [] } };
    expect(reply.status).toBe(200);
    expect(reply.json).toMatchObject({
      status: 'VALID',
      test_event: true,
      event_logs: [
        { event: 1, ...fine, warnings: [] },
        { event: 2, ...fine, warnings: [expect.any(String)] },
      ],
    });
    expect(simulator.stats()).toMatchObject({ received: 0, stored: 0, validated: 2, maxEvents: 2 });
    expect(simulator.events()).toEqual([]);
  });

  test.each(ON_INVALID)('invalid events get 400 with %s', async (onInvalid) => {
    const reply = await send(await start({ onInvalid }), [good('a'), bad('b')], { route: 'events/validate' });
    expect(reply.status).toBe(400);
    expect(reply.json).toMatchObject({
      status: 'INVALID',
      test_event: true,
      reason: SOME_INVALID,
      event_logs: [
        { event: 1, status: 'VALID' },
        { event: 2, status: 'INVALID', errors: { error_msgs: [BAD_NAME] } },
      ],
    });
  });

  test('logs cover a day, statistics an hour, both of one asset', async () => {
    let nowMs = NOW_MS;
    const simulator = await start({ clock: () => nowMs });
    const logs = async (): Promise<unknown[]> =>
      (await get(simulator, '/v3/pixel-1/events/validate/logs?access_token=t')).json?.[
        'event_logs'
      ] as unknown[];
    const stats = async (): Promise<unknown> =>
      (await get(simulator, '/v3/pixel-1/events/validate/stats?access_token=t')).json?.['stats'];

    await send(simulator, [good('a'), bad('b')], { route: 'events/validate' });
    await send(simulator, [bad('c')], { route: 'events/validate', asset: 'other' });
    expect(await logs()).toMatchObject([{ time: NOW_MS, event: 2, status: 'INVALID' }]);
    expect(await stats()).toEqual({ events: 2, valid: 1, invalid: 1 });
    nowMs += 2 * 3_600_000;
    expect(await logs()).toHaveLength(1);
    expect(await stats()).toEqual({ events: 0, valid: 0, invalid: 0 });
    nowMs += 24 * 3_600_000;
    expect(await logs()).toEqual([]);
  });
});
