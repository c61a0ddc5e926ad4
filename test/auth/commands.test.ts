import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCredentialStore } from '../../src/auth/store.js';
import { startSimulator, type Simulator } from '../../src/simulator/index.js';
import { runCli } from '../support/cli.js';
import { freePort } from '../support/port.js';
import { decide, startAuth } from './cli.js';
import { CREDENTIAL, folderPerTest } from './support.js';

const SECRET = 'CANARY-client-secret-7';
const ADDRESS = /(http:\/\/127\.0\.0\.1:\d+\/login\/oauth2\/authorize\?\S+)/;

const folder = folderPerTest();
const path = () => join(folder(), 'store', 'credentials.json');
const store = () => openCredentialStore({ path: path() });

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator({ oauth: { clientId: 'app-1', clientSecret: SECRET } });
});
afterEach(() => simulator.close());

const env = () => ({
  SNAPCAPI_CREDENTIALS_FILE: path(),
  SNAPCAPI_OAUTH_BASE_URL: simulator.url,
  SNAPCAPI_OAUTH_CLIENT_ID: 'app-1',
  SNAPCAPI_OAUTH_CLIENT_SECRET: SECRET,
});
const auth = (...args: readonly string[]) => runCli(['auth', ...args], { env: env() });

async function loginByBrowser(id: string) {
  const running = startAuth(['login', '--id', id, '--port', String(await freePort())], env());
  const location = await decide(await running.says(ADDRESS), 'allow');
  await fetch(location);
  return { location, result: await running.ended };
}

describe('auth login', () => {
  it('stores what the browser brings back, for the owner only, and shows no secret', async () => {
    const { location, result } = await loginByBrowser('prod');
    expect(result).toMatchObject({ code: 0, stdout: expect.stringContaining('stored credential "prod" in') });
    const stored = await store().get('prod');
    expect(stored).toMatchObject({ clientId: 'app-1', clientSecret: SECRET, accountsUrl: simulator.url });
    expect(stored?.refreshToken).toMatch(/./);
    expect(stored?.expiresAtMs).toBeGreaterThan(Date.now());
    expect(statSync(path()).mode & 0o777).toBe(0o600);
    const code = new URL(location).searchParams.get('code') ?? '';
    const secrets = [SECRET, code, stored?.accessToken ?? '', stored?.refreshToken ?? ''];
    const written = `${result.stdout}${result.stderr}`;
    expect(secrets.filter((secret) => secret.length < 8 || written.includes(secret))).toEqual([]);
  });

  it('takes the pasted address, and the client secret from a file', async () => {
    const file = join(folder(), 'secret');
    writeFileSync(file, `${SECRET}\n`, { mode: 0o600 });
    const { SNAPCAPI_OAUTH_CLIENT_SECRET: _, ...others } = env();
    const redirect = 'https://example.com/callback';
    const flags = ['--paste', '--redirect-uri', redirect, '--client-secret-file', file];
    const running = startAuth(['login', '--id', 'p', ...flags], others);
    const location = await decide(await running.says(ADDRESS), 'allow');
    expect(location).toContain(redirect);
    running.type(`${location}\n`);
    expect(await running.ended).toMatchObject({ code: 0 });
    expect((await store().get('p'))?.clientSecret).toBe(SECRET);
  });

  it('leaves the credential of that name as it is when the person refuses', async () => {
    await store().update('prod', (slot) => slot.write(CREDENTIAL));
    const running = startAuth(['login', '--id', 'prod', '--port', String(await freePort())], env());
    await fetch(await decide(await running.says(ADDRESS), 'deny'));
    expect(await running.ended).toMatchObject({ code: 77, stderr: expect.stringContaining('login_failed') });
    expect(await store().get('prod')).toEqual(CREDENTIAL);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('is given up at %s, and speaks of no run', async (signal, code) => {
    const running = startAuth(['login', '--id', 'prod', '--port', String(await freePort())], env());
    await running.says(ADDRESS);
    running.kill(signal);
    const result = await running.ended;
    expect(result).toMatchObject({ code, stderr: expect.stringContaining('the login was stopped') });
    expect(result.stderr).not.toMatch(/stopping|where it stopped|resume/);
    expect(await store().get('prod')).toBeUndefined();
  });

  it('that takes too long says what may be wrong', async () => {
    const flags = ['--id', 'prod', '--timeout', '1', '--port', String(await freePort())];
    const result = await auth('login', ...flags);
    expect(result).toMatchObject({ code: 77, stderr: expect.stringContaining('within 1 s') });
    expect(result.stderr).toContain('redirect URI');
  });

  it.each([
    [['--id', 'a/b'], 'usage', 'cannot name a credential'],
    [['--id', 'a', '--client-secret', 'CANARY'], 'usage', 'never given as a flag'],
    [['--id', 'a', '--redirect-uri', 'https://example.com/'], 'usage', 'another machine'],
    [['--id', 'a', '--redirect-uri', 'http://127.0.0.1:1/', '--port', '2'], 'usage', 'both given'],
  ])('refuses %j before anything is asked', async (args, code, message) => {
    const result = await auth('login', ...args);
    expect(result).toMatchObject({ code: 64, stderr: expect.stringContaining(`error[${code}]`) });
    expect(result.stderr).toContain(message);
    expect(result.stderr).not.toContain('CANARY');
    expect(existsSync(path())).toBe(false);
  });

  it('refuses a client secret file that others can read, and a missing secret without a terminal', async () => {
    const { SNAPCAPI_OAUTH_CLIENT_SECRET: _, ...others } = env();
    const file = join(folder(), 'secret');
    writeFileSync(file, SECRET, { mode: 0o644 });
    chmodSync(file, 0o644);
    const open = await runCli(['auth', 'login', '--id', 'a', '--client-secret-file', file], { env: others });
    expect(open).toMatchObject({ code: 78, stderr: expect.stringContaining('error[secret_file_unsafe]') });
    const none = await runCli(['auth', 'login', '--id', 'a'], { env: others });
    expect(none).toMatchObject({ code: 64, stderr: expect.stringContaining('--client-secret-file') });
  });

  it('finds out that the store cannot be used before it asks anybody', async () => {
    await store().update('prod', (slot) => slot.write(CREDENTIAL));
    chmodSync(path(), 0o644);
    const result = await auth('login', '--id', 'prod');
    expect(result).toMatchObject({ code: 78, stderr: expect.stringContaining('chmod 600') });
    expect(result.stderr).not.toMatch(ADDRESS);
  });
});

it('auth login leads nobody to a server that would not be sent the secret', async () => {
  const elsewhere = { ...env(), SNAPCAPI_OAUTH_BASE_URL: 'https://accounts.example.test' };
  const refused = await runCli(['auth', 'login', '--id', 'prod', '--paste'], { env: elsewhere, stdin: 'x' });
  expect(refused).toMatchObject({ code: 78, stderr: expect.stringContaining('error[endpoint_not_allowed]') });
  expect(refused.stderr).toContain('--allow-endpoint accounts.example.test');
  expect(refused.stderr).not.toContain('authorize');
  const allowed = ['auth', 'login', '--id', 'prod', '--paste', '--allow-endpoint', 'accounts.example.test'];
  const shown = await runCli(allowed, { env: elsewhere, stdin: '' });
  expect(shown.stderr).toContain('https://accounts.example.test/login/oauth2/authorize');
});

describe('stored credentials', () => {
  it('are listed without their secrets', async () => {
    expect((await auth('list')).stdout).toContain('no credentials in');
    await store().update('prod', (slot) => slot.write(CREDENTIAL));
    const { refreshToken: _, ...dead } = { ...CREDENTIAL, expiresAtMs: 1 };
    await store().update('dead', (slot) => slot.write(dead));
    const [text, json] = await Promise.all([auth('list'), auth('list', '--json')]);
    expect(text.stdout).toMatch(/^prod +yes +yes/m);
    expect(text.stdout).toMatch(/^dead +no +no +expired/m);
    expect(JSON.parse(json.stdout)).toMatchObject([
      { id: 'prod', works: true, can_refresh: true, client_id: 'client-1' },
      { id: 'dead', works: false, can_refresh: false, access_token: 'expired' },
    ]);
    expect(`${text.stdout}${json.stdout}`).not.toContain('CANARY');
  });

  it('have a status that fails when they would not work', async () => {
    const { refreshToken: _, ...dead } = { ...CREDENTIAL, expiresAtMs: 1 };
    await store().update('dead', (slot) => slot.write(dead));
    await store().update('prod', (slot) => slot.write(CREDENTIAL));
    const [good, bad, badJson, none] = await Promise.all([
      auth('status', 'prod'),
      auth('status', 'dead'),
      auth('status', 'dead', '--json'),
      auth('status', 'other'),
    ]);
    expect(good).toMatchObject({ code: 0, stdout: expect.stringContaining('can refresh   yes') });
    expect(bad).toMatchObject({ code: 77, stdout: expect.stringContaining('auth login --id dead') });
    expect(badJson.code).toBe(77);
    expect(JSON.parse(badJson.stdout)).toMatchObject({
      works: false,
      expires_at: '1970-01-01T00:00:00.001Z',
    });
    expect(none).toMatchObject({ code: 78, stderr: expect.stringContaining('error[credential_missing]') });
    expect([good, bad, none].map((one) => one.stdout + one.stderr).join('')).not.toContain('CANARY');
  });

  it('are refreshed, and the rotated token is stored', async () => {
    const { result } = await loginByBrowser('prod');
    expect(result.code).toBe(0);
    const before = await store().get('prod');
    expect(await auth('refresh', 'prod')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('valid for'),
    });
    const after = await store().get('prod');
    expect(after?.refreshToken).not.toBe(before?.refreshToken);
    expect(after?.accessToken).not.toBe(before?.accessToken);
    expect(await auth('status', 'prod', '--check')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('just refreshed'),
    });
    expect((await store().get('prod'))?.refreshToken).not.toBe(after?.refreshToken);
  });

  it('that were revoked have a status that fails with --check, and are kept', async () => {
    const revoked = { ...CREDENTIAL, clientId: 'app-1', clientSecret: SECRET, accountsUrl: simulator.url };
    await store().update('prod', (slot) => slot.write(revoked));
    expect((await auth('status', 'prod')).code).toBe(0);
    const checked = await auth('status', 'prod', '--check');
    expect(checked).toMatchObject({ code: 77, stderr: expect.stringContaining('error[credential_refused]') });
    expect(checked.stderr).toContain('snapcapi auth login --id prod');
    expect(await store().get('prod')).toEqual(revoked);
  });

  it('are forgotten at logout', async () => {
    await store().update('prod', (slot) => slot.write(CREDENTIAL));
    expect(await auth('logout', 'prod')).toMatchObject({ code: 0 });
    expect(readFileSync(path(), 'utf8')).not.toContain('CANARY');
    expect(await auth('logout', 'prod')).toMatchObject({ code: 78 });
  });

  it('may be in the environment alone: their status needs no name', async () => {
    const { SNAPCAPI_OAUTH_CLIENT_ID: _, SNAPCAPI_OAUTH_CLIENT_SECRET: __, ...nothing } = env();
    const missing = await runCli(['auth', 'status'], { env: nothing });
    expect(missing).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('SNAPCAPI_OAUTH_REFRESH_TOKEN'),
    });
    expect(await auth('status')).toMatchObject({
      code: 78,
      stderr: expect.stringContaining('_REFRESH_TOKEN'),
    });
    const refreshToken = 'CANARY-refresh-of-ci';
    const status = (...flags: readonly string[]) =>
      runCli(['auth', 'status', ...flags], { env: { ...env(), SNAPCAPI_OAUTH_REFRESH_TOKEN: refreshToken } });
    expect(await status()).toMatchObject({ code: 0, stdout: expect.stringContaining('not checked') });
    const refused = await status('--check');
    expect(refused).toMatchObject({ code: 77, stderr: expect.stringContaining('error[credential_refused]') });
    await simulator.close();
    simulator = await startSimulator({ oauth: { clientId: 'app-1', clientSecret: SECRET, refreshToken } });
    const good = await status('--check', '--json');
    expect(good).toMatchObject({ code: 0, stderr: expect.stringContaining('may be used up') });
    expect(JSON.parse(good.stdout)).toMatchObject({ id: null, works: true, checked: true });
    expect([refused, good].map((one) => one.stdout + one.stderr).join('')).not.toContain('CANARY');
    expect(existsSync(path())).toBe(false);
  });
});
