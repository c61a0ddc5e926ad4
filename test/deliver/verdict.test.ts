import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { createCleaner } from '../../src/deliver/clean.js';
import type { Answer } from '../../src/deliver/types.js';
import { judge, type Verdict } from '../../src/deliver/verdict.js';

const clean = createCleaner(['s3cret']);

function response(
  status: number,
  body: unknown = '',
  more: Partial<Extract<Answer, { kind: 'response' }>> = {},
): Answer {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { kind: 'response', status, body: text, truncated: false, ...more };
}

function verdictOn(...args: Parameters<typeof response>): Verdict {
  return judge(response(...args), clean);
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
    expect(judge({ kind: 'no_answer', code, sent }, clean)).toEqual({
      kind: 'retry',
      doubt: sent,
      unreadable: false,
      reason: code,
    });
  });

  test('an answer that is no HTTP is unreadable', () => {
    expect(judge({ kind: 'no_answer', code: 'HTTP_PARSER', sent: true }, clean)).toMatchObject({
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
    expect(verdictOn(409, 'Conflict')).toMatchObject({ kind: 'abort', error: { code: 'wrong_endpoint' } });
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
    expect(verdictOn(413, INVALID)).toEqual({ kind: 'split', why: { reason: 'Bad.', codes: [] } });
  });
});

describe('abort', () => {
  const oauthWording = {
    status: 'INVALID',
    test_event: true,
    reason: 'At least one of the events is invalid.',
    event_logs: [
      {
        event: 1,
        status: 'INVALID',
        errors: { codes: ['523'], error_msgs: ['The provided asset id must be valid UUID format.'] },
      },
    ],
  };

  test.each([
    ['401', 401, { status: 'INVALID', reason: 'Invalid access token' }],
    ['403 with a page', 403, '<html>'],
    ['the wording under an API token, 400', 400, { status: 'INVALID', reason: 'Unauthorized resources' }],
    ['the same with 200', 200, { status: 'INVALID', reason: 'Unauthorized resources' }],
    ['the same with 404', 404, { status: 'INVALID', reason: 'Unauthorized resources' }],
    ['the same with 500', 500, { status: 'INVALID', reason: 'unauthorized resources' }],
    ['the wording under OAuth', 400, oauthWording],
    ['the same with 200', 200, oauthWording],
    ['the same as broken JSON', 400, JSON.stringify(oauthWording).replace(']', '')],
    ['a token refused with 400', 400, { status: 'INVALID', reason: 'Invalid access token' }],
  ])('unauthorized: %s', (_, status, body) => {
    const verdict = verdictOn(status, body);
    expect(verdict).toMatchObject({ kind: 'abort', error: { code: 'unauthorized', exitCode: 77 } });
    const message = verdict.kind === 'abort' ? verdict.error.message : '';
    expect(message).toContain('event_source_id');
    expect(message).toContain('Unauthorized resources');
    expect(message).toContain('asset id');
    expect(message).toContain('auth_method api_token');
  });

  test('a custom field that is merely called alike does not stop the run', () => {
    const body = { ...INVALID, errors: { error_msgs: ['custom_data.asset_id is too long'] } };
    expect(verdictOn(400, body).kind).toBe('narrow');
  });

  test.each([301, 302, 303, 307, 308, 304])('redirect_refused: %i', (status) => {
    expect(verdictOn(status)).toMatchObject({ kind: 'abort', error: { code: 'redirect_refused' } });
  });

  test.each([404, 405, 410])('wrong_endpoint: %i, even if it says INVALID', (status) => {
    expect(verdictOn(status, INVALID)).toMatchObject({ kind: 'abort', error: { code: 'wrong_endpoint' } });
  });

  test.each([402, 407, 418, 451, 600])('wrong_endpoint: %i', (status) => {
    expect(verdictOn(status)).toMatchObject({ kind: 'abort', error: { code: 'wrong_endpoint' } });
  });

  test.each([
    'CERT_HAS_EXPIRED',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'ERR_SSL_WRONG_VERSION_NUMBER',
  ])('tls_failed: %s', (code) => {
    expect(judge({ kind: 'no_answer', code, sent: false }, clean)).toMatchObject({
      kind: 'abort',
      error: { code: 'tls_failed' },
    });
  });
});

describe('judging', () => {
  test('survives an absurdly nested answer', () => {
    const nested = '['.repeat(200_000) + ']'.repeat(200_000);
    expect(verdictOn(400, `{"status":"INVALID","errors":${nested},"event_logs":${nested}}`).kind).toBe(
      'narrow',
    );
  });

  test('never throws, and never shows the token', () => {
    const statuses = fc.oneof(
      fc.integer({ min: 100, max: 999 }),
      fc.constantFrom(200, 400, 401, 413, 422, 503),
    );
    const bodies = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .record(
          {
            status: fc.oneof(fc.constantFrom('VALID', 'INVALID'), fc.jsonValue()),
            reason: fc.oneof(fc.constant('see s3cret'), fc.jsonValue()),
            event: fc.jsonValue(),
            errors: fc.jsonValue(),
            event_logs: fc.oneof(
              fc.jsonValue(),
              fc.array(
                fc.record({ event: fc.nat(9), status: fc.constant('INVALID'), errors: fc.jsonValue() }),
              ),
            ),
          },
          { requiredKeys: [] },
        )
        .map((body) => JSON.stringify(body)),
    );
    fc.assert(
      fc.property(statuses, bodies, fc.boolean(), (status, body, truncated) => {
        const verdict = verdictOn(status, body, { truncated });
        const shown =
          verdict.kind === 'abort' ? verdict.error.message + verdict.reason : JSON.stringify(verdict);
        expect(shown).not.toContain('s3cret');
      }),
      { numRuns: 500 },
    );
  });
});
