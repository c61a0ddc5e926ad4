import { describe, expect, test } from 'vitest';

import { createCleaner } from '../../src/deliver/clean.js';
import type { CredentialKind } from '../../src/deliver/credential.js';
import { judge } from '../../src/deliver/verdict.js';
import type { RunError } from '../../src/errors.js';
import { createSecrets } from '../../src/secrets.js';

const clean = createCleaner(createSecrets(['s3cret']));

function errorFor(credential: CredentialKind, status: number, body: object): RunError {
  const answer = { kind: 'response', status, body: JSON.stringify(body), truncated: false } as const;
  const verdict = judge(answer, { clean, credential });
  if (verdict.kind !== 'abort') throw new Error(`the verdict is ${verdict.kind}`);
  return verdict.error;
}

describe('a refused credential', () => {
  test('under an API token means the event source', () => {
    const error = errorFor('api_token', 400, { status: 'INVALID', reason: 'Unauthorized resources' });
    expect(error.message).toBe(
      'the API does not let this API token send to this event source (HTTP 400: Unauthorized resources)',
    );
    expect(error.fix).toMatch(/^Check event_source_id: .*Pixel ID.*Snap App ID/);
    expect(error.fix).not.toContain('auth_method');
  });

  test('under OAuth means the event source, whatever the API calls it', () => {
    const reason = 'The provided asset id must be valid UUID format. s3cret';
    const error = errorFor('oauth', 400, { status: 'INVALID', reason });
    expect(error.message).toBe(
      'the API does not let this OAuth credential send to this event source ' +
        '(HTTP 400: The provided asset id must be valid UUID format. ***), and by "asset id" it means event_source_id',
    );
    expect(error.fix).toMatch(/^Check event_source_id: .*Pixel ID.*Snap App ID.*try auth_method api_token/);
  });

  test.each(['api_token', 'oauth'] as const)(
    'with 401 means the event source as well, if the words do (%s)',
    (credential) => {
      for (const reason of ['Unauthorized resources', 'The provided asset id must be valid UUID format.']) {
        const error = errorFor(credential, 401, { status: 'INVALID', reason });
        expect(error.message).toContain('send to this event source (HTTP 401');
        expect(error.fix).toMatch(/^Check event_source_id/);
      }
    },
  );

  test.each([
    ['api_token', /Ads Manager/],
    ['oauth', /Log in again/],
  ] as const)('means the token where the API speaks of it (%s)', (credential, fix) => {
    for (const [status, body] of [
      [401, { status: 'INVALID', reason: 'no' }],
      [400, { status: 'INVALID', reason: 'Invalid access token' }],
    ] as const) {
      const error = errorFor(credential, status, body);
      expect(error.message).toMatch(/does not accept the (API token|OAuth credential) \(HTTP 40/);
      expect(error.fix).toMatch(fix);
    }
  });
});
