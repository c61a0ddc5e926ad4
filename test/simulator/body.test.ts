import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { cutEvents, parseBody } from '../../src/simulator/body.js';
import { NOW_MS, webEvent } from './support.js';

const parse = (body: unknown): ReturnType<typeof parseBody> => parseBody(Buffer.from(JSON.stringify(body)));

describe('parseBody', () => {
  test('gives the events and the text', () => {
    const body = { data: [webEvent(), webEvent({ event_id: 'ünï' })] };
    expect(parse(body)).toEqual({ ok: true, events: body.data, text: JSON.stringify(body) });
  });

  test.each<[string, unknown]>([
    ['array', [webEvent()]],
    ['no data', {}],
    ['data is an object', { data: webEvent() }],
    ['no events', { data: [] }],
    ['another key', { data: [webEvent()], test: true }],
    ['event is a text', { data: ['x'] }],
    ['event is an array', { data: [[]] }],
    ['user_data is an array', { data: [webEvent({ user_data: [] })] }],
    ['custom_data is a text', { data: [webEvent({ custom_data: 'x' })] }],
    ['app_data is a number', { data: [webEvent({ app_data: 1 })] }],
    ['null at the top', { data: [webEvent({ integration: null })] }],
    ['null deep inside', { data: [webEvent(), webEvent({ custom_data: { a: [{ b: null }] } })] }],
    ['null event', { data: [null] }],
    ['anon_id', { data: [webEvent(), webEvent({ user_data: { anon_id: 'x' } })] }],
  ])('refuses: %s', (_name, body) => {
    expect(parse(body)).toEqual({ ok: false, reason: 'unparsable' });
  });

  test.each<[string, Buffer]>([
    ['not JSON', Buffer.from('{"data":[')],
    ['nothing', Buffer.alloc(0)],
    ['byte order mark', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from('{"data":[{}]}')])],
    ['not UTF-8', Buffer.from('{"data":[{"event_id":"\xe9"}]}', 'latin1')],
  ])('refuses bytes: %s', (_name, bytes) => {
    expect(parseBody(bytes)).toEqual({ ok: false, reason: 'unparsable' });
  });

  test('the word null inside a text is no null', () => {
    expect(parse({ data: [webEvent({ event_id: 'null' })] }).ok).toBe(true);
  });

  test('an OFFLINE event in milliseconds', () => {
    const offline = { action_source: 'OFFLINE', event_time: NOW_MS };
    expect(parse({ data: [webEvent(), webEvent(offline)] })).toEqual({ ok: false, reason: 'time-unit' });
    expect(parse({ data: [webEvent({ ...offline, event_time: NOW_MS / 1000 })] }).ok).toBe(true);
  });
});

describe('cutEvents', () => {
  test('keeps blanks, order of keys and number forms', () => {
    const first = '{ "b" : 1.0,\n "2": "x]}{[\\"", "1": [ {"k": {}} ] }';
    const second = '{"p":"\\\\","q":"\\\\\\"}"}';
    expect(cutEvents(` { "data" : [ ${first} , ${second} ] } `)).toEqual([first, second]);
  });

  test('cuts any list of objects', () => {
    fc.assert(
      fc.property(fc.array(fc.dictionary(fc.string(), fc.jsonValue())), (events) => {
        expect(cutEvents(JSON.stringify({ data: events }))).toEqual(
          events.map((event) => JSON.stringify(event)),
        );
      }),
    );
  });
});
