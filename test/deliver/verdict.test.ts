import { describe, expect, test } from 'vitest';

import { createCleaner } from '../../src/deliver/clean.js';
import { createSecrets } from '../../src/secrets.js';
import type { Answer } from '../../src/deliver/types.js';
import { judge, type Verdict } from '../../src/deliver/verdict.js';

const clean = createCleaner(createSecrets(['s3cret']));

function response(
  status: number,
  body: unknown = '',
  more: Partial<Extract<Answer, { kind: 'response' }>> = {},
): Answer {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { kind: 'response', status, body: text, truncated: false, ...more };
}

function verdictOn(...args: Parameters<typeof response>): Verdict {
  return judge(response(...args), { clean });
}

const INVALID = { status: 'INVALID', reason: 'Bad.' };

describe('accept', () => {
  test.each(['VALID', 'SUCCESS', 'valid', ' Success '])('200 with status %j', (status) => {
    expect(verdictOn(200, { status, extra: { deep: [1] } })).toEqual({ kind: 'accept', answers: [] });
  });

  test('any 2xx, with a byte order mark', () => {
    expect(verdictOn(202, '\ufeff{"status":"VALID"}').kind).toBe('accept');
  });

  test('gives what the validation endpoint says of each event, from 0', () => {
    const event_logs = [
      { event: 2, status: 'VALID', errors: {}, warnings: { codes: [9], warning_msgs: ['weak\n match'] } },
      { event: '1', status: 'VALID', errors: { codes: [], error_msgs: [] }, warnings: ['late'] },
      { event: null, status: 'VALID' },
    ];
    expect(verdictOn(200, { status: 'VALID', event_logs })).toEqual({
      kind: 'accept',
      answers: [
        { index: 0, status: 'VALID', codes: [], messages: [], warnings: ['late'] },
        { index: 1, status: 'VALID', codes: [], messages: [], warnings: ['9', 'weak match'] },
      ],
    });
  });
});

describe('retry', () => {
  test.each([408, 425, 429])('%i, without doubt', (status) => {
    expect(verdictOn(status)).toMatchObject({ kind: 'retry', doubt: false, reason: `HTTP ${status}` });
  });

  test.each([500, 502, 503, 504, 599])('%i, in doubt', (status) => {
    expect(verdictOn(status, '<html>')).toMatchObject({ kind: 'retry', doubt: true, unreadable: false });
  });

  test('carries the wait asked for', () => {
    expect(verdictOn(429, '', { retryAfterMs: 3000 })).toMatchObject({ afterMs: 3000 });
    expect(verdictOn(429)).not.toHaveProperty('afterMs');
  });

  test.each([
    ['', 'empty'],
    ['  \n', 'empty'],
    ['<html>VALID</html>', 'unreadable'],
    ['VALID', 'unreadable'],
    ['[]', 'unreadable'],
    ['null', 'unreadable'],
    ['{"status":"PENDING"}', 'unreadable'],
    ['{"status":true}', 'unreadable'],
    ['{}', 'unreadable'],
  ])('200 with body %j, in doubt', (body, state) => {
    expect(verdictOn(200, body)).toEqual({
      kind: 'retry',
      doubt: true,
      unreadable: true,
      reason: `HTTP 200, answer ${state}`,
    });
  });

  test('200 cut short is in doubt even if it reads well', () => {
    expect(verdictOn(200, '{"status":"VALID"}', { truncated: true })).toMatchObject({
      kind: 'retry',
      doubt: true,
      reason: 'HTTP 200, answer cut short',
    });
  });

  test.each([
    ['ECONNREFUSED', false],
    ['ENOTFOUND', false],
    ['ECONNRESET', true],
    ['TIMEOUT', true],
  ])('no answer: %s, sent %j', (code, sent) => {
    expect(judge({ kind: 'no_answer', code, sent }, { clean })).toEqual({
      kind: 'retry',
      doubt: sent,
      unreadable: false,
      reason: code,
    });
  });

  test('an answer that is no HTTP is unreadable', () => {
    expect(judge({ kind: 'no_answer', code: 'HTTP_PARSER', sent: true }, { clean })).toMatchObject({
      unreadable: true,
    });
  });
});

describe('narrow', () => {
  test('by the single event the answer names, counted from 1', () => {
    const body = {
      ...INVALID,
      event: 3,
      errors: { codes: ['507', 12], error_msgs: ['Insufficient customer information.'] },
    };
    const why = { reason: 'Insufficient customer information.', codes: ['507', '12'] };
    expect(verdictOn(400, body)).toEqual({
      kind: 'narrow',
      named: [{ index: 2, why }],
      why,
      mayHaveKept: false,
    });
  });

  test('by the invalid entries of the log, each once, with their own reasons', () => {
    const event_logs = [
      { event: 4, status: 'INVALID', errors: { codes: [1], error_msgs: ['one', 'two'] } },
      { event: 2, status: 'VALID' },
      { event: '1', status: 'invalid', errors: 'odd' },
      { status: 'INVALID', errors: { error_msgs: ['nobody'] } },
      'garbage',
    ];
    expect(verdictOn(400, { ...INVALID, event_logs })).toEqual({
      kind: 'narrow',
      named: [
        { index: 0, why: { reason: 'odd', codes: [] } },
        { index: 3, why: { reason: 'one; two', codes: ['1'] } },
      ],
      why: { reason: 'Bad.', codes: [] },
      mayHaveKept: true,
    });
  });

  test('a log that has an event 0 counts from 0', () => {
    const event_logs = [
      { event: 0, status: 'VALID' },
      { event: 5, status: 'INVALID' },
    ];
    expect(verdictOn(400, { ...INVALID, event_logs })).toMatchObject({ named: [{ index: 5 }] });
  });

  test('200 INVALID may have kept the good events', () => {
    const body = { status: 'INVALID', errors: { codes: ['507'], error_msgs: ['No.'] } };
    expect(verdictOn(200, body)).toMatchObject({ kind: 'narrow', named: [], mayHaveKept: true });
  });

  test('200 VALID whose log calls an event invalid is not taken as accepted', () => {
    const event_logs = [{ event: 2, status: 'INVALID', errors: { error_msgs: ['No.'] } }];
    expect(verdictOn(200, { status: 'VALID', event_logs })).toMatchObject({
      kind: 'narrow',
      named: [{ index: 1 }],
      mayHaveKept: true,
    });
  });

  test.each([
    [
      "Param data['event_time'] is an invalid Unix timestamp.",
      "Param data['event_time'] is an invalid Unix timestamp.",
    ],
    ['', 'HTTP 400'],
    ['<html><h1>400</h1></html>', 'HTTP 400'],
    ['{"half', 'HTTP 400'],
  ])('400 with body %j', (body, reason) => {
    expect(verdictOn(400, body)).toEqual({
      kind: 'narrow',
      named: [],
      why: { reason, codes: [] },
      mayHaveKept: false,
    });
  });

  test('a body cut short may have said that good events were kept', () => {
    expect(verdictOn(400, '{"status":"INV', { truncated: true })).toMatchObject({
      kind: 'narrow',
      mayHaveKept: true,
    });
  });

  test('other 4xx only when they say INVALID', () => {
    expect(verdictOn(409, INVALID).kind).toBe('narrow');
    expect(verdictOn(409, 'Conflict')).toMatchObject({ otherwise: { error: { code: 'wrong_endpoint' } } });
  });

  test('an errors part of an unknown shape does not hide the event', () => {
    expect(verdictOn(400, { ...INVALID, event: '7', errors: [{ code: 5, message: 'x' }] })).toMatchObject({
      named: [{ index: 6, why: { reason: '5; x' } }],
    });
  });

  test.each([null, true, -1, 1.5, '', 'x', [], {}, 0])('an event %j names nothing', (event) => {
    expect(verdictOn(400, { ...INVALID, event })).toMatchObject({ kind: 'narrow', named: [] });
  });
});

describe('split', () => {
  test('413, whatever it says', () => {
    expect(verdictOn(413, INVALID)).toEqual({
      kind: 'split',
      why: { reason: 'Bad.', codes: [] },
      mayHaveKept: false,
    });
  });

  test.each([200, 202, 400, 422])('%i with an answer that is too large, in doubt', (status) => {
    const verdict = verdictOn(status, '', { truncated: true, tooLarge: true });
    expect(verdict).toMatchObject({ kind: 'split', mayHaveKept: true });
  });

  test('not for a failure or a page that is too large', () => {
    for (const status of [429, 503, 302, 403, 404]) {
      expect(verdictOn(status, '', { truncated: true, tooLarge: true }).kind).toBe('retry');
    }
  });
});
