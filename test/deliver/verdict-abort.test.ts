import fc from 'fast-check';
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
  return judge(response(...args), clean);
}

const INVALID = { status: 'INVALID', reason: 'Bad.' };

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
