import { describe, expect, test } from 'vitest';

import { checkEndpoint, eventsUrl } from '../../src/deliver/endpoint.js';
import { RunError } from '../../src/errors.js';

const base = { apiBaseUrl: 'https://tr.example.test', assetId: 'abc-1', validate: false };

describe('the events URL', () => {
  test('has the route for sending and for validating', () => {
    expect(eventsUrl(base)).toBe('https://tr.example.test/v3/abc-1/events');
    expect(eventsUrl({ ...base, validate: true })).toBe('https://tr.example.test/v3/abc-1/events/validate');
  });

  test('encodes the asset', () => {
    expect(eventsUrl({ ...base, assetId: 'a/b?c' })).toBe('https://tr.example.test/v3/a%2Fb%3Fc/events');
  });

  test('keeps a path of the base', () => {
    expect(eventsUrl({ ...base, apiBaseUrl: 'https://proxy.test/snap/' })).toBe(
      'https://proxy.test/snap/v3/abc-1/events',
    );
  });
});

describe('an endpoint', () => {
  test.each([
    'https://tr.snapchat.com',
    'http://127.0.0.1:8080',
    'http://127.1.2.3',
    'http://localhost:1',
    'http://[::1]:9',
  ])('%s is allowed', (url) => {
    expect(checkEndpoint(url).href).toContain(new URL(url).host);
  });

  test.each([
    'http://tr.snapchat.com',
    'http://127.0.0.1.evil.test',
    'http://localhost.evil.test',
    'http://10.0.0.1',
    'ftp://tr.snapchat.com',
    'file:///etc/passwd',
    'https://user:sesame@tr.snapchat.com',
    'https://sesame@tr.snapchat.com',
    'tr.snapchat.com/sesame',
    '',
  ])('%s is not allowed, and not shown', (url) => {
    const error = thrownBy(() => checkEndpoint(url));
    expect(error.code).toBe('endpoint_not_allowed');
    expect(error.message).not.toMatch(/sesame|evil|snapchat|passwd/);
  });

  test.each(['https://tr.example.test?x=1', 'https://tr.example.test/#x'])('%s is no base', (apiBaseUrl) => {
    expect(thrownBy(() => eventsUrl({ ...base, apiBaseUrl })).code).toBe('endpoint_not_allowed');
  });
});

function thrownBy(act: () => unknown): RunError {
  try {
    act();
  } catch (error) {
    if (error instanceof RunError) return error;
  }
  throw new Error('no RunError was thrown');
}
