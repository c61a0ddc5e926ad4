import { describe, expect, test } from 'vitest';

import { isExempt } from '../../src/network/no-proxy.js';
import { proxyFor, proxySecrets } from '../../src/network/proxy.js';
import { thrownBy } from '../support/thrown.js';

const API = { protocol: 'https:', hostname: 'tr.snapchat.com', port: '' };
const P = 'http://proxy.test:3128';

describe('NO_PROXY', () => {
  test.each([
    ['*', 'tr.snapchat.com', true],
    ['tr.snapchat.com', 'tr.snapchat.com', true],
    ['TR.Snapchat.COM', 'tr.snapchat.com', true],
    ['snapchat.com', 'tr.snapchat.com', true],
    ['.snapchat.com', 'tr.snapchat.com', true],
    ['*.snapchat.com', 'tr.snapchat.com', true],
    ['snapchat.com.', 'tr.snapchat.com', true],
    ['snapchat.com', 'tr.snapchat.com.', true],
    ['chat.com', 'tr.snapchat.com', false],
    ['r.snapchat.com', 'tr.snapchat.com', false],
    ['tr.snapchat.com.evil.test', 'tr.snapchat.com', false],
    ['a.test, b.test snapchat.com', 'tr.snapchat.com', true],
    [',, ,', 'tr.snapchat.com', false],
    ['', 'tr.snapchat.com', false],
    ['.', 'tr.snapchat.com', false],
    ['*.', 'tr.snapchat.com', false],
    ['tr.snapchat.com:443', 'tr.snapchat.com', true],
    ['tr.snapchat.com:8443', 'tr.snapchat.com', false],
    ['10.1.2.3', '10.1.2.3', true],
    ['10.1.2.3:443', '10.1.2.3', true],
    ['10.1.2.3:80', '10.1.2.3', false],
    ['10.0.0.0/8', '10.1.2.3', true],
    ['10.0.0.0/8', '11.1.2.3', false],
    ['10.0.0.0/99', '10.0.0.0', false],
    ['10.0.0.0/x', '10.0.0.0', false],
    ['10.0.0.0/', '10.0.0.1', false],
    ['2.3', '10.1.2.3', false],
    ['fd00::/8', 'fd12::1', true],
    ['fd00::/8', '10.1.2.3', false],
    ['fd12::1', 'fd12::1', true],
    ['[fd12::1]:443', 'fd12::1', true],
    ['[fd12::1]:80', 'fd12::1', false],
    ['[fd12::1]', 'fd12:0:0::1', true],
  ])('%j and %s: %s', (noProxy, hostname, expected) => {
    expect(isExempt({ hostname, port: 443 }, noProxy)).toBe(expected);
  });
});

describe('the proxy', () => {
  const of = (env: Record<string, string>, target = API) => proxyFor(target, env);

  test('comes from the first variable that is not blank', () => {
    const all = {
      https_proxy: 'http://a',
      HTTPS_PROXY: 'http://b',
      http_proxy: 'http://c',
      HTTP_PROXY: 'http://d',
    };
    expect(of(all)?.hostname).toBe('a');
    expect(of({ ...all, https_proxy: ' ' })?.hostname).toBe('b');
    expect(of({ ...all, https_proxy: '', HTTPS_PROXY: '' })?.hostname).toBe('c');
    expect(of({ HTTP_PROXY: 'http://d' })?.hostname).toBe('d');
    expect(of({})).toBeUndefined();
  });

  test('is taken apart', () => {
    expect(of({ HTTPS_PROXY: 'proxy.test:3128' })).toEqual({
      secure: false,
      hostname: 'proxy.test',
      port: 3128,
    });
    expect(of({ HTTPS_PROXY: 'http://proxy.test' })).toMatchObject({ port: 80 });
    expect(of({ HTTPS_PROXY: 'https://[fd00::1]/' })).toEqual({
      secure: true,
      hostname: 'fd00::1',
      port: 443,
    });
    expect(of({ HTTPS_PROXY: 'http://me:p%40ss@proxy.test:1' })).toMatchObject({
      // me:p@ss
      authorization: 'Basic bWU6cEBzcw==',
    });
    expect(of({ HTTPS_PROXY: 'http://me@proxy.test:1' })).toMatchObject({ authorization: 'Basic bWU6' });
  });

  test('is not used for this machine, for plain http, and where NO_PROXY says so', () => {
    for (const hostname of ['localhost', '127.0.0.1', '127.9.9.9', '[::1]', '::1'])
      expect(of({ HTTPS_PROXY: P }, { ...API, hostname })).toBeUndefined();
    expect(of({ HTTPS_PROXY: P, HTTP_PROXY: P }, { ...API, protocol: 'http:' })).toBeUndefined();
    expect(of({ HTTPS_PROXY: P, NO_PROXY: 'snapchat.com' })).toBeUndefined();
    expect(of({ HTTPS_PROXY: P, no_proxy: 'other.test', NO_PROXY: 'snapchat.com' })).toBeDefined();
    expect(of({ HTTPS_PROXY: P, NO_PROXY: 'snapchat.com:8443' }, { ...API, port: '8443' })).toBeUndefined();
    expect(of({ HTTPS_PROXY: P, NO_PROXY: 'snapchat.com:8443' })).toBeDefined();
  });

  test.each([
    'http://',
    'http://me:sesame@proxy test',
    'http://me:sesame@proxy.test:99999',
    'me:sesame@proxy.test:99999',
    'http://me:sesame%zz@proxy.test',
    'socks5://me:sesame@proxy.test',
    'ftp://me:sesame@proxy.test',
  ])('%s is refused, and not shown', (address) => {
    const error = thrownBy(() => of({ HTTPS_PROXY: address }));
    expect(error).toMatchObject({ code: 'proxy_invalid', exitCode: 78 });
    expect(error.message).toContain('HTTPS_PROXY');
    expect(error.message + error.fix).not.toMatch(/sesame|proxy.test/);
  });

  test('has a password that is a secret, as written and as sent', () => {
    expect(proxySecrets({ HTTPS_PROXY: 'http://me:p%40ss@proxy.test', http_proxy: 'u:other@x' })).toEqual([
      'p%40ss',
      'p@ss',
      'bWU6cEBzcw==',
      'other',
      'other',
      'dTpvdGhlcg==',
    ]);
    expect(proxySecrets({ HTTPS_PROXY: P, HTTP_PROXY: '::', http_proxy: 'http://me:@x' })).toEqual([]);
  });

  test.each(['http://me:sesame@x:99999', 'socks5://me:sesame@x', 'me:sesame@x', 'http://me:sesame@a b'])(
    'has a password that is a secret even if it cannot be used: %s',
    (address) => {
      expect(proxySecrets({ HTTP_PROXY: address })).toContain('sesame');
    },
  );

  test('has a password that may contain an @', () => {
    const address = 'http://me:a@b%zz@x';
    expect(proxySecrets({ HTTP_PROXY: address })).toContain('a@b%zz');
  });
});
