import { describe, expect, it } from 'vitest';

import { parseConfig } from '../../src/config.js';
import { failure } from './support.js';

const BASE = { type: 'snapchat_conversion', event_source_id: 'p' };

const parseOptional = (extra: object, env: Record<string, string> = {}) =>
  parseConfig(JSON.stringify({ ...BASE, ...extra }), { name: 'c', env, credentials: 'optional' });

describe('a config of which nothing is sent', () => {
  it.each([
    [{ auth_method: 'api_token', api_token: '${UNSET}' }],
    [{ auth_method: 'api_token', api_token: 'a${UNSET}' }],
    [{ auth_method: 'api_token', api_token: '${EMPTY}' }],
    [{ auth_method: 'api_token', api_token: '' }],
    [{ auth_method: 'api_token' }],
  ])('needs no token: %j', (extra) => {
    expect(parseOptional(extra, { EMPTY: '' }).auth).toEqual({ method: 'api_token' });
  });

  it.each([[{}], [{ auth_method: 'oauth' }], [{ oauth_credentials_id: '${UNSET}' }]])(
    'needs no credential ID: %j',
    (extra) => {
      expect(parseOptional(extra).auth).toEqual({ method: 'oauth', credentialsId: '' });
    },
  );

  it('keeps a token that is there', () => {
    const token = { auth_method: 'api_token', api_token: '${T}' };
    expect(parseOptional(token, { T: 'x' }).auth).toEqual({ method: 'api_token', token: 'x' });
  });

  it.each([
    [{ api_token: 'T' }, 'config_invalid'],
    [{ auth_method: 'api_token', api_token: 5 }, 'config_invalid'],
    [{ auth_methd: 'oauth' }, 'config_invalid'],
    [{ integration: '${UNSET}' }, 'config_unset_variable'],
    [{ columns: [{ value: '${UNSET}', to: 'api_token' }] }, 'config_unset_variable'],
  ])('is refused for %j all the same', (extra, code) => {
    expect(failure(() => parseOptional(extra)).code).toBe(code);
  });

  it('is refused when something is to be sent', () => {
    const text = JSON.stringify({ ...BASE, auth_method: 'api_token', api_token: '${UNSET}' });
    expect(failure(() => parseConfig(text, { name: 'c' })).code).toBe('config_unset_variable');
    expect(failure(() => parseConfig(JSON.stringify(BASE), { name: 'c' })).code).toBe('config_invalid');
  });
});

describe('$schema', () => {
  it.each(['https://example.com/config.schema.json', '${UNSET}'])('is ignored: %s', ($schema) => {
    expect(parseOptional({ $schema })).toEqual(parseOptional({}));
  });

  it('is a key at the top only', () => {
    const extra = { columns: [{ $schema: 'x', from: 'a', to: 'em' }] };
    expect(failure(() => parseOptional(extra)).code).toBe('config_invalid');
  });
});
