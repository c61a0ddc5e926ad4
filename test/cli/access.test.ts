import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { openCredentialStore } from '../../src/auth/store.js';
import { createLog } from '../../src/cli/log.js';
import { testIo } from './support.js';
import { accessFor, type AccessSources } from '../../src/cli/access.js';
import { parseConfig } from '../../src/config.js';
import { createSecrets, type Secrets } from '../../src/secrets.js';
import { startSimulator, type Simulator } from '../../src/simulator/index.js';

const CLIENT = { clientId: 'app-1', clientSecret: 'CANARY-client-secret' };
const REFRESH = 'CANARY-refresh-token';

let folder = '';
let simulator: Simulator;
let secrets: Secrets;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'snapcapi-access-'));
  mkdirSync(join(folder, 'store'), { mode: 0o700 });
  simulator = await startSimulator({ oauth: { ...CLIENT, refreshToken: REFRESH } });
  secrets = createSecrets();
});
afterEach(async () => {
  await simulator.close();
  rmSync(folder, { recursive: true, force: true });
});

const file = () => join(folder, 'store', 'credentials.json');
const oauth = { auth_method: 'oauth', oauth_credentials_id: 'prod' };

function access(config: object, env: AccessSources['env'] = {}, more: Partial<AccessSources> = {}) {
  const text = JSON.stringify({ type: 'snapchat_conversion', event_source_id: 'p', ...config });
  return accessFor(parseConfig(text, { name: 'c' }), { env, credentialsFile: file, secrets, ...more });
}

function storeCredential(): Promise<void> {
  const credential = { ...CLIENT, accountsUrl: simulator.url, refreshToken: REFRESH, updatedAtMs: 0 };
  return openCredentialStore({ path: file() }).update('prod', (slot) => slot.write(credential));
}

const forLogin = {
  SNAPCAPI_OAUTH_CLIENT_ID: CLIENT.clientId,
  SNAPCAPI_OAUTH_CLIENT_SECRET: CLIENT.clientSecret,
};
const whole = () => ({
  ...forLogin,
  SNAPCAPI_OAUTH_REFRESH_TOKEN: REFRESH,
  SNAPCAPI_OAUTH_BASE_URL: simulator.url,
});

describe('accessFor', () => {
  it('gives an API token that never changes, and keeps it secret', async () => {
    const tokens = await access({ auth_method: 'api_token', api_token: 'CANARY-api-token' });
    expect(await tokens.current()).toBe('CANARY-api-token');
    expect(await tokens.renew('CANARY-api-token')).toBeUndefined();
    expect(secrets.scrub('is CANARY-api-token')).toBe('is ***');
  });

  it('refreshes the stored credential that the config names', async () => {
    await storeCredential();
    const token = await (await access(oauth, forLogin)).current();
    const stored = await openCredentialStore({ path: file() }).get('prod');
    expect(stored?.accessToken).toBe(token);
    expect(stored?.refreshToken).not.toBe(REFRESH);
    expect(secrets.scrub(`${token} ${stored?.refreshToken ?? ''} ${CLIENT.clientSecret}`)).toBe(
      '*** *** ***',
    );
  });

  it('takes the credential of the environment before a stored one', async () => {
    await openCredentialStore({ path: file() }).update('prod', (slot) =>
      slot.write({ ...CLIENT, accountsUrl: 'http://127.0.0.1:1', refreshToken: 'x', updatedAtMs: 0 }),
    );
    expect(await (await access(oauth, whole())).current()).toMatch(/./);
    expect(secrets.scrub(REFRESH)).toBe('***');
  });

  it('says what is missing before anything is sent', async () => {
    await expect(access(oauth)).rejects.toMatchObject({ code: 'credential_missing', exitCode: 78 });
    await expect(access(oauth, forLogin)).rejects.toMatchObject({
      code: 'credential_incomplete',
      message: expect.stringContaining('not SNAPCAPI_OAUTH_REFRESH_TOKEN'),
    });
    await storeCredential();
    const { SNAPCAPI_OAUTH_CLIENT_ID: _, ...part } = whole();
    await expect(access(oauth, part)).rejects.toMatchObject({ code: 'credential_incomplete' });
    await expect(access(oauth, {}, { tokenFile: 'x' })).rejects.toMatchObject({ code: 'usage' });
  });
});

it.each([
  [{}, 'warning[credential]: process 4711 has it; trying again in 22.5 s\n'],
  [{ logFormat: 'json' as const }, '"level":"warn"'],
])('a wait for a token is told of (%j)', async (flags, expected) => {
  const said: string[] = [];
  const log = await createLog(flags, testIo().io, (text) => said.push(text));
  log.event({ type: 'access_delayed', reason: 'process 4711 has it', retryInMs: 22_500 });
  expect(said).toHaveLength(1);
  expect(said[0]).toContain(expected);
});
