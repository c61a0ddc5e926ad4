import { describe, expect, test } from 'vitest';

import { checkEndpoint } from '../../src/network/endpoint.js';
import { thrownBy } from '../support/thrown.js';

describe('an endpoint', () => {
  test.each([
    'https://tr.snapchat.com',
    'https://TR.SnapChat.com:8443/x',
    'https://accounts.snapchat.com',
    'https://snapchat.com',
    'http://127.0.0.1:8080',
    'https://127.0.0.1:8080',
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
    'https://:sesame@tr.snapchat.com',
    'https://tr.snapchat.com@127.0.0.1',
    'https://tr.snapchat.com.',
    'tr.snapchat.com/sesame',
    '',
  ])('%s is not allowed, and not shown', (url) => {
    const error = thrownBy(() =>
      checkEndpoint(url, { allowedHosts: ['tr.snapchat.com', 'localhost.evil.test'] }),
    );
    expect(error.code).toBe('endpoint_not_allowed');
    expect(error.message + error.fix).not.toMatch(/sesame|evil|passwd/);
  });

  test.each([
    ['https://evilsnapchat.com', 'evilsnapchat.com'],
    ['https://snapchat.com.evil.test', 'snapchat.com.evil.test'],
    ['https://tr.snapchat.com.evil.test/sesame?sesame', 'tr.snapchat.com.evil.test'],
    ['https://tr-snapchat.com', 'tr-snapchat.com'],
    ['https://tr.snapchat.co', 'tr.snapchat.co'],
    // A Cyrillic letter in place of an a.
    ['https://tr.snapch\u0430t.com', 'tr.xn--snapcht-7fg.com'],
    ['https://tr.snapchat.com\\@evil.test', undefined],
    ['https://10.0.0.1', '10.0.0.1'],
    ['https://0x7f.evil.test', '0x7f.evil.test'],
    ['https://[::2]', '[::2]'],
  ])('%s needs a flag, and is told which', (url, host) => {
    if (host === undefined) {
      // A backslash ends the host, so this is the vendor's after all.
      expect(checkEndpoint(url).hostname).toBe('tr.snapchat.com');
      return;
    }
    const error = thrownBy(() => checkEndpoint(url));
    expect(error).toMatchObject({ code: 'endpoint_not_allowed', exitCode: 78 });
    expect(error.fix).toContain(`\`--allow-endpoint ${host}\``);
    expect(error.fix).toContain(`SNAPCAPI_ALLOW_ENDPOINT=${host}`);
    expect(error.message + error.fix).not.toContain('sesame');
    expect(checkEndpoint(url, { allowedHosts: ['other.test', host] }).hostname).toBe(host);
  });

  test('is allowed by its exact name only, in any spelling of it', () => {
    const rules = { allowedHosts: ['Gateway.Example.com', 'b\u00fccher.test'] };
    expect(checkEndpoint('https://gateway.example.com:444', rules).port).toBe('444');
    expect(checkEndpoint('https://xn--bcher-kva.test', rules).hostname).toBe('xn--bcher-kva.test');
    for (const host of [
      'a.gateway.example.com',
      'example.com',
      'gateway.example.com.',
      'gateway.example.comm',
    ]) {
      expect(thrownBy(() => checkEndpoint(`https://${host}`, rules)).code).toBe('endpoint_not_allowed');
    }
    expect(thrownBy(() => checkEndpoint('http://gateway.example.com', rules)).code).toBe(
      'endpoint_not_allowed',
    );
  });

  test.each([
    'https://a.test',
    'a.test/x',
    'a.test:443',
    'a.test:',
    'u@a.test',
    '',
    'a b',
    'a.test.',
    'a?',
    '#',
  ])('cannot be allowed by %j', (host) => {
    expect(thrownBy(() => checkEndpoint('https://a.test', { allowedHosts: [host] })).code).toBe('usage');
  });

  test('is called by the setting it comes from', () => {
    const error = thrownBy(() => checkEndpoint('ftp://x', { setting: 'accounts_url' }));
    expect(error.message).toMatch(/^accounts_url /);
    expect(error.fix).toBe('Correct accounts_url.');
  });
});
