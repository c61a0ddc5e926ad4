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
  return judge(response(...args), { clean });
}

const INVALID = { status: 'INVALID', reason: 'Bad.' };

describe('abort', () => {
  test.each([
    ['401', 401, { status: 'INVALID', reason: 'Invalid access token' }],
    ['403', 403, INVALID],
    ['the same as text', 400, 'Unauthorized resources'],
    ['the wording under an API token, 400', 400, { status: 'INVALID', reason: 'Unauthorized resources' }],
    ['the same with 200', 200, { status: 'INVALID', reason: 'Unauthorized resources' }],
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

  test('the events of a refusal that aborts with 2xx are in doubt, others are not', () => {
    const body = { status: 'INVALID', reason: 'Unauthorized resources' };
    expect(verdictOn(200, body)).toMatchObject({ kind: 'abort', doubt: true });
    for (const status of [400, 401, 403]) {
      expect(verdictOn(status, body)).toMatchObject({ kind: 'abort', doubt: false });
    }
  });

  test.each([408, 413, 425, 429, 500, 503, 599])('the wording means nothing with %i', (status) => {
    for (const reason of [
      'Unauthorized resources',
      'Rate limit exceeded for this access token',
      'asset id',
    ]) {
      expect(verdictOn(status, { status: 'INVALID', reason }).kind).toBe(status === 413 ? 'split' : 'retry');
    }
  });

  test.each([200, 400])('the wording in a finding about an event does not stop the run: %i', (status) => {
    for (const message of ['The provided asset id must be valid UUID format.', 'Unauthorized resources']) {
      const errors = { codes: ['523'], error_msgs: [message] };
      const event_logs = [{ event: 1, status: 'INVALID', errors }];
      expect(verdictOn(status, { ...INVALID, event_logs }).kind).toBe('narrow');
      expect(verdictOn(status, { ...INVALID, event: 1, errors }).kind).toBe('narrow');
    }
  });

  test.each([
    ['Unauthorized resources', '{"note":"unauthorized resources"}'],
    ['url https://x.test/?q=asset id', '{"event_source_url":"https://x.test/?q=Asset%20id"}'],
    ['note: access token', '{"note":"my access+token"}'],
  ])('the wording that stands in the request does not stop the run: %s', (reason, sent) => {
    const answer = response(400, { ...INVALID, reason });
    const wasSent = (text: RegExp): boolean => text.test(sent);
    expect(judge(answer, { clean, wasSent }).kind).toBe('narrow');
    const otherwise = judge(answer, { clean, wasSent: (text) => text.test('{"asset_id":"access_token"}') });
    expect(otherwise.kind).toBe('abort');
  });

  test('403 that blames an event does not stop the run', () => {
    expect(verdictOn(403, { ...INVALID, event: 1 }).kind).toBe('narrow');
  });

  test('a custom field that is merely called alike does not stop the run', () => {
    const body = { ...INVALID, errors: { error_msgs: ['custom_data.asset_id is too long'] } };
    expect(verdictOn(400, body).kind).toBe('narrow');
  });

  test.each([
    ...[300, 301, 302, 303, 304, 307, 308].map((status) => [status, 'redirect_refused'] as const),
    ...[401, 403].map((status) => [status, 'unauthorized'] as const),
    ...[402, 404, 405, 406, 407, 409, 410, 418, 451, 600].map((s) => [s, 'wrong_endpoint'] as const),
  ])('a page with %i is tried again before it is %s', (status, code) => {
    expect(verdictOn(status, '<html>access token</html>')).toMatchObject({
      kind: 'retry',
      doubt: false,
      otherwise: { kind: 'abort', error: { code } },
    });
  });

  test.each([404, 405, 410])('wrong_endpoint: %i, even if it says INVALID', (status) => {
    expect(verdictOn(status, INVALID)).toMatchObject({ kind: 'abort', error: { code: 'wrong_endpoint' } });
  });

  test.each([
    'CERT_HAS_EXPIRED',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'ERR_SSL_WRONG_VERSION_NUMBER',
  ])('tls_failed: %s', (code) => {
    expect(judge({ kind: 'no_answer', code, sent: false }, { clean })).toMatchObject({
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
