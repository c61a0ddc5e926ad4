import { describe, expect, test } from 'vitest';

import { eventsUrl } from '../../src/deliver/endpoint.js';
import { thrownBy } from '../support/thrown.js';

const base = { apiBaseUrl: 'https://tr.snapchat.com', assetId: 'abc-1', validate: false };

describe('the events URL', () => {
  test('has the route for sending and for validating', () => {
    expect(eventsUrl(base)).toBe('https://tr.snapchat.com/v3/abc-1/events');
    expect(eventsUrl({ ...base, validate: true })).toBe('https://tr.snapchat.com/v3/abc-1/events/validate');
  });

  test('encodes the asset', () => {
    expect(eventsUrl({ ...base, assetId: 'a/b?c' })).toBe('https://tr.snapchat.com/v3/a%2Fb%3Fc/events');
  });

  test('keeps a path of the base', () => {
    expect(eventsUrl({ ...base, apiBaseUrl: 'https://tr.snapchat.com/snap/' })).toBe(
      'https://tr.snapchat.com/snap/v3/abc-1/events',
    );
  });
});

test.each(['https://tr.snapchat.com?x=1', 'https://tr.snapchat.com/#x'])('%s is no base', (apiBaseUrl) => {
  expect(thrownBy(() => eventsUrl({ ...base, apiBaseUrl })).code).toBe('endpoint_not_allowed');
});

test('a host of somebody else must be allowed', () => {
  const elsewhere = { ...base, apiBaseUrl: 'https://proxy.test' };
  expect(thrownBy(() => eventsUrl(elsewhere)).code).toBe('endpoint_not_allowed');
  expect(eventsUrl({ ...elsewhere, allowedHosts: ['proxy.test'] })).toBe(
    'https://proxy.test/v3/abc-1/events',
  );
});
