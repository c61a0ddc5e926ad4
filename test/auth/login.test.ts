import { createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { login, type LoginOptions } from '../../src/auth/login.js';
import { RunError } from '../../src/errors.js';
import { startAuthority, virtualTime } from './authority.js';

type Seen = { readonly status: number; readonly body: string; readonly headers: IncomingMessage['headers'] };

/** A request of a browser, or of somebody else. */
function visit(
  url: string,
  more: { readonly method?: string; readonly headers?: Record<string, string> } = {},
): Promise<Seen> {
  return new Promise((resolve, reject) => {
    request(url, { ...more, agent: false }, (response) => {
      let body = '';
      response.on('data', (chunk) => (body += String(chunk)));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body, headers: response.headers });
      });
    })
      .on('error', reject)
      .end();
  });
}

async function scene(more: Partial<LoginOptions> = {}) {
  const authority = await startAuthority();
  authority.codes.add('c/o+de');
  let shown: (url: URL) => void = () => undefined;
  const url = new Promise<URL>((resolve) => (shown = resolve));
  const secrets: string[] = [];
  const time = virtualTime();
  const result = login({
    client: authority.client,
    redirectUri: 'http://127.0.0.1:0/callback',
    mode: 'loopback',
    show: (text) => {
      shown(new URL(text));
    },
    ask: () => Promise.reject(new Error('not asked')),
    secrets: { add: (text) => secrets.push(text) },
    clock: time.clock,
    ...more,
  });
  result.catch(() => undefined);
  return { authority, time, url, secrets, result };
}

function answerOf(url: URL, query: Record<string, string>): string {
  const state = url.searchParams.get('state')!;
  return `${url.searchParams.get('redirect_uri')!}?${new URLSearchParams({ state, ...query }).toString()}`;
}

async function errorOf(work: Promise<unknown>): Promise<RunError> {
  const problem: unknown = await work.catch((error: unknown) => error);
  if (!(problem instanceof RunError)) throw new Error('no RunError');
  expect(`${problem.message} ${problem.fix}`).not.toMatch(/S3CR3T|c\/o|secret\+/);
  return problem;
}

describe('login by redirect', () => {
  it('shows an address, takes the code and gives tokens', async () => {
    const { authority, time, url, secrets, result } = await scene();
    const shown = await url;
    expect(shown.origin + shown.pathname).toBe(`${authority.url}/login/oauth2/authorize`);
    const { state, redirect_uri, ...rest } = Object.fromEntries(shown.searchParams);
    expect(rest).toEqual({
      client_id: 'client',
      response_type: 'code',
      scope: 'snapchat-offline-conversions-api snapchat-marketing-api',
    });
    expect(state).toMatch(/^[\w-]{43}$/);
    expect(redirect_uri).toMatch(/^http:\/\/127\.0\.0\.1:\d{4,5}\/callback$/);

    const seen = await visit(answerOf(shown, { code: 'c/o+de' }));
    expect(await result).toEqual({
      accessToken: 'access-1',
      refreshToken: 'refresh-1',
      scope: 'some scope',
      expiresAtMs: time.nowMs + 3_600_000,
    });
    expect(Object.fromEntries(authority.forms[0]!)).toEqual({
      grant_type: 'authorization_code',
      code: 'c/o+de',
      redirect_uri,
      client_id: 'client',
      client_secret: 'secret+&=%',
    });
    expect(secrets).toEqual(['c/o+de', 'access-1', 'refresh-1']);
    expect(seen.status).toBe(200);
    expect(seen.body).toContain('You can close this window');
    expect(seen.headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'content-security-policy': expect.stringContaining("default-src 'none'") as unknown,
    });
    await expect(visit(redirect_uri!)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('is not ended by anything but the answer to its own request', async () => {
    const { authority, url, result } = await scene();
    const shown = await url;
    const good = answerOf(shown, { code: 'c/o+de' });
    const { origin, host } = new URL(good);
    const statusOf = async (...visited: Parameters<typeof visit>) => (await visit(...visited)).status;
    expect(await statusOf(answerOf(shown, { code: 'c/o+de', state: 'other' }))).toBe(400);
    expect(await statusOf(answerOf(shown, { error: 'access_denied', state: 'other' }))).toBe(400);
    expect(await statusOf(`${origin}/callback?code=c`)).toBe(400);
    expect(await statusOf(answerOf(shown, {}))).toBe(400);
    expect(await statusOf(`${good}&state=other`)).toBe(400);
    expect(await statusOf(answerOf(shown, { code: 'a\nb' }))).toBe(400);
    expect(await statusOf(`${origin}/favicon.ico`)).toBe(404);
    expect(await statusOf(good.replace('/callback', '/callback/'))).toBe(404);
    expect(await statusOf(good, { method: 'POST' })).toBe(405);
    expect(await statusOf(good, { headers: { host: 'evil.example' } })).toBe(421);
    expect(await statusOf(good, { headers: { host: host.replace('127.0.0.1', 'localhost') } })).toBe(421);
    expect(authority.forms).toHaveLength(0);
    expect(await statusOf(good)).toBe(200);
    expect(await result).toMatchObject({ accessToken: 'access-1' });
  });

  it('says that the person did not allow it, in the browser too', async () => {
    const { url, result } = await scene();
    const seen = await visit(answerOf(await url, { error: 'access_denied', error_description: '<S3CR3T>' }));
    const error = await errorOf(result);
    expect([error.code, error.exitCode]).toEqual(['login_failed', 77]);
    expect(error.message).toContain('access_denied');
    expect(seen.status).toBe(400);
    expect(seen.body).toContain('The login failed');
    expect(seen.body).not.toContain('S3CR3T');
  });

  it('shows nothing of an error that is no code', async () => {
    const { url, result } = await scene();
    const seen = await visit(answerOf(await url, { error: '<script>S3CR3T' }));
    expect((await errorOf(result)).message).toContain('(unknown error)');
    expect(seen.body).not.toContain('S3CR3T');
  });

  it('says that the code was not accepted', async () => {
    const { url, result } = await scene();
    const seen = await visit(answerOf(await url, { code: 'used-up' }));
    expect((await errorOf(result)).message).toContain('invalid_grant');
    expect(seen.body).toContain('invalid_grant');
  });

  it('never asks twice with one code', async () => {
    const { authority, url, result } = await scene();
    authority.faults.push({ status: 503 });
    await visit(answerOf(await url, { code: 'c/o+de' }));
    expect((await errorOf(result)).code).toBe('authorization_unavailable');
    expect(authority.forms).toHaveLength(1);
  });

  it('ends when nobody comes', async () => {
    const { result } = await scene({ timeoutMs: 20 });
    const error = await errorOf(result);
    expect(error.code).toBe('login_failed');
    expect(error.message).toContain('within 0 s');
  });

  it('ends with the program', async () => {
    const stop = new AbortController();
    const { url, result } = await scene({ signal: stop.signal });
    const reason = new RunError('interrupted', 'the run was interrupted');
    const shown = await url;
    stop.abort(reason);
    await expect(result).rejects.toBe(reason);
    await expect(visit(answerOf(shown, {}))).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await expect((await scene({ signal: stop.signal })).result).rejects.toBe(reason);
  });

  it('names --port when the port is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const { result } = await scene({ redirectUri: `http://127.0.0.1:${port}/callback` });
    const error = await errorOf(result);
    other.close();
    expect(error.code).toBe('usage');
    expect(error.message).toContain(`port ${port} `);
    expect(error.fix).toContain('--port');
  });

  it.each([
    'https://127.0.0.1:1/',
    'http://0.0.0.0:1/',
    'http://evil.example/',
    'http://127.0.0.1:1/?x',
    'nonsense',
  ])('does not listen for %s', async (redirectUri) => {
    expect((await errorOf((await scene({ redirectUri })).result)).code).toBe('usage');
  });
});

describe('login by pasting', () => {
  const redirectUri = 'https://shop.example/callback';

  async function pasting(paste: (url: URL) => string) {
    let shown: URL | undefined;
    const one = await scene({
      mode: 'paste',
      redirectUri,
      show: (text) => {
        shown = new URL(text);
      },
      ask: () => Promise.resolve(paste(shown!)),
    });
    return one;
  }

  it.each<readonly [string, (url: URL) => string]>([
    ['the whole address', (url) => answerOf(url, { code: 'c/o+de' })],
    ['an address with white space around', (url) => `  ${answerOf(url, { code: 'c/o+de' })}#_\n`],
    ['the query', (url) => answerOf(url, { code: 'c/o+de' }).split('?')[1]!],
    ['the bare code', () => 'c/o+de'],
    ['the code as it stands in the address', () => 'c%2Fo%2Bde'],
  ])('takes %s', async (_, paste) => {
    const { authority, result } = await pasting(paste);
    expect(await result).toMatchObject({ accessToken: 'access-1' });
    expect(authority.forms[0]!.get('redirect_uri')).toBe(redirectUri);
  });

  it.each<readonly [string, (url: URL) => string]>([
    ['another state', (url) => answerOf(url, { code: 'c/o+de', state: 'x' })],
    ['no state', () => `${redirectUri}?code=c%2Fo%2Bde`],
    ['the address that was shown', (url) => url.href],
    ['an address without a query', () => redirectUri],
    ['nothing', () => ' '],
    ['a sentence', () => 'no idea'],
  ])('does not take %s', async (_, paste) => {
    const { authority, result } = await pasting(paste);
    expect((await errorOf(result)).code).toBe('login_failed');
    expect(authority.forms).toHaveLength(0);
  });

  it('understands a refusal', async () => {
    const { result } = await pasting((url) => answerOf(url, { error: 'access_denied' }));
    expect((await errorOf(result)).message).toContain('not allowed in the browser');
  });

  it('ends when nothing is pasted in time', async () => {
    const { result } = await scene({ mode: 'paste', timeoutMs: 20, ask: () => new Promise(() => undefined) });
    expect((await errorOf(result)).code).toBe('login_failed');
  });
});
