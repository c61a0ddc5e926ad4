import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { environmentCredential } from '../../src/auth/environment.js';
import { credentialName, credentialsFile } from '../../src/auth/places.js';

describe('credentialsFile', () => {
  const env = { SNAPCAPI_CREDENTIALS_FILE: '/from/env', XDG_CONFIG_HOME: '/xdg', APPDATA: '/roaming' };
  const places = { home: () => '/home/me', platform: 'linux' } as const;

  it.each([
    ['the flag', { flag: '/from/flag', env }, '/from/flag'],
    ['a relative flag', { flag: 'here', env }, resolve('here')],
    ['the variable', { env }, '/from/env'],
    ['XDG config', { env: { ...env, SNAPCAPI_CREDENTIALS_FILE: '' } }, '/xdg/snapcapi/credentials.json'],
    [
      'home, as XDG is relative',
      { env: { XDG_CONFIG_HOME: 'x' } },
      '/home/me/.config/snapcapi/credentials.json',
    ],
    ['home', { env: { APPDATA: '/roaming' } }, '/home/me/.config/snapcapi/credentials.json'],
    [
      'Windows',
      { env: { APPDATA: '/roaming' }, platform: 'win32' as const },
      '/roaming/snapcapi/credentials.json',
    ],
  ])('follows %s', (_, given, expected) => {
    expect(credentialsFile({ ...places, ...given })).toBe(expected);
  });
});

describe('credentialName', () => {
  it.each(['a', 'Prod.eu-1_x', '7', 'x'.repeat(64)])('takes %s', (name) => {
    expect(credentialName(name)).toBe(name);
  });

  it.each(['', 'a b', 'a/b', 'é', 'a\n', 'x'.repeat(65)])('refuses %j', (name) => {
    expect(() => credentialName(name)).toThrow(expect.objectContaining({ code: 'usage' }) as Error);
  });
});

describe('environmentCredential', () => {
  const whole = {
    SNAPCAPI_OAUTH_CLIENT_ID: 'id\n',
    SNAPCAPI_OAUTH_CLIENT_SECRET: 'CANARY-secret',
    SNAPCAPI_OAUTH_REFRESH_TOKEN: 'CANARY-refresh',
  };

  it('takes three variables together', () => {
    expect(environmentCredential(whole)).toEqual({
      clientId: 'id',
      clientSecret: 'CANARY-secret',
      refreshToken: 'CANARY-refresh',
      accountsUrl: 'https://accounts.snapchat.com',
    });
    expect(
      environmentCredential({ ...whole, SNAPCAPI_OAUTH_BASE_URL: 'http://127.0.0.1:9' })?.accountsUrl,
    ).toBe('http://127.0.0.1:9');
  });

  it('is none when none of them is set', () => {
    expect(environmentCredential({ SNAPCAPI_OAUTH_CLIENT_ID: ' ' })).toBeUndefined();
  });

  it('names what is missing, and no value', () => {
    const read = () => environmentCredential({ ...whole, SNAPCAPI_OAUTH_CLIENT_ID: '' });
    expect(read).toThrow(
      'SNAPCAPI_OAUTH_CLIENT_SECRET and SNAPCAPI_OAUTH_REFRESH_TOKEN are set in the environment, but not SNAPCAPI_OAUTH_CLIENT_ID',
    );
    expect(read).not.toThrow(/CANARY/);
    expect(read).toThrow(expect.objectContaining({ code: 'credential_incomplete', exitCode: 78 }) as Error);
  });
});
