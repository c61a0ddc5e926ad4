import { describe, expect, test } from 'vitest';

import { get, start } from '../support.js';
import { decide, exchange, postForm, REDIRECT, REQUEST, startOAuth } from './support.js';

const PATH = '/login/oauth2/authorize';
const query = (changes: object = {}): string =>
  `${PATH}?${new URLSearchParams({ ...REQUEST, ...changes }).toString()}`;

describe('the authorize page', () => {
  test('asks with a form of two buttons and no script', async () => {
    const { simulator } = await startOAuth();
    const { status, text, headers } = await get(simulator, query());
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("form-action 'self' http://127.0.0.1:4711;");
    expect(text).toContain('<html lang="en">');
    expect(text).toContain('<form method="post" action="/login/oauth2/authorize">');
    expect(text.match(/<button type="submit" name="decision" value="\w+">\w+<\/button>/g)).toEqual([
      '<button type="submit" name="decision" value="allow">Allow</button>',
      '<button type="submit" name="decision" value="deny">Deny</button>',
    ]);
    expect(text).not.toMatch(/<script|\son\w+=/i);
    for (const [name, value] of Object.entries(REQUEST)) {
      expect(text).toContain(`<input type="hidden" name="${name}" value="${value}">`);
    }
  });

  test('sends the browser back with code and state', async () => {
    const { simulator } = await startOAuth();
    const reply = await postForm(simulator, PATH, { ...REQUEST, decision: 'allow' });
    expect(reply).toMatchObject({ status: 302, text: '' });
    expect(reply.headers.get('cache-control')).toBe('no-store');
    const location = new URL(reply.headers.get('location') ?? '');
    expect(location.origin + location.pathname).toBe(REDIRECT);
    expect([...location.searchParams.keys()]).toEqual(['code', 'state']);
    expect(location.searchParams.get('state')).toBe('some-state');
    expect((await exchange(simulator, location.searchParams.get('code') ?? '')).status).toBe(200);
    expect(simulator.stats().oauth).toMatchObject({ authorizations: 1, denials: 0, codeExchanges: 1 });
  });

  test('sends the browser back with a refusal', async () => {
    const { simulator } = await startOAuth();
    expect((await decide(simulator, 'deny')).href).toBe(`${REDIRECT}?error=access_denied&state=some-state`);
    expect(simulator.stats().oauth).toMatchObject({ authorizations: 0, denials: 1 });
  });

  test('keeps the query of the redirect address, and leaves a state out that was not given', async () => {
    const { simulator } = await startOAuth();
    const changes = { redirect_uri: 'https://app.example.com/cb?a=%20b', state: '' };
    expect((await decide(simulator, 'deny', changes)).href).toBe(
      'https://app.example.com/cb?a=%20b&error=access_denied',
    );
  });

  test.each([
    ['http://localhost:8080/cb', 'http://localhost:8080'],
    ['http://[::1]:8080/cb', 'http:'],
    ['https://example.com', 'https://example.com'],
  ])('goes to %s', async (redirectUri, target) => {
    const { simulator } = await startOAuth();
    const { status, headers } = await get(simulator, query({ redirect_uri: redirectUri }));
    expect(status).toBe(200);
    expect(headers.get('content-security-policy')).toContain(`form-action 'self' ${target};`);
  });
});

describe('a request that is not in order ends on an error page', () => {
  test.each([
    ['client_id', { client_id: 'somebody' }],
    ['client_id', { client_id: '' }],
    ['response_type', { response_type: 'token' }],
    ['scope', { scope: '' }],
    ['scope', { scope: 'snapchat-marketing-api' }],
    ['scope', { scope: `${REQUEST.scope} everything` }],
    ['scope', { scope: 'snapchat-offline-conversions-api snapchat-offline-conversions-api' }],
    ['redirect_uri', { redirect_uri: '' }],
    ['redirect_uri', { redirect_uri: '/callback' }],
    ['redirect_uri', { redirect_uri: 'javascript:alert(1)' }],
    ['redirect_uri', { redirect_uri: 'data:text/html,x' }],
    ['redirect_uri', { redirect_uri: 'http://example.com/' }],
    ['redirect_uri', { redirect_uri: 'http://127.0.0.1.example.com/' }],
    ['redirect_uri', { redirect_uri: 'http://127.0.0.1@example.com/' }],
    ['redirect_uri', { redirect_uri: 'http://127.0.0.1\\@example.com/' }],
    ['redirect_uri', { redirect_uri: 'http://user:pass@127.0.0.1/' }],
    ['redirect_uri', { redirect_uri: `${REDIRECT}#part` }],
    ['redirect_uri', { redirect_uri: `${REDIRECT}\r\nSet-Cookie: a=b` }],
    ['redirect_uri', { redirect_uri: 'java\nscript:alert(1)' }],
    ['redirect_uri', { redirect_uri: `https://a;script-src*/` }],
    ['redirect_uri', { redirect_uri: `https://example.com/${'x'.repeat(2000)}` }],
  ])('%s %o', async (name, changes) => {
    const { simulator } = await startOAuth();
    const replies = [
      await get(simulator, query(changes)),
      await postForm(simulator, PATH, { ...REQUEST, ...changes, decision: 'allow' }),
    ];
    for (const { status, text, headers } of replies) {
      expect(status).toBe(400);
      expect(headers.get('location')).toBeNull();
      expect(headers.get('set-cookie')).toBeNull();
      expect(text).toContain(`<li>${name} is `);
      expect(text.match(/<li>/g)).toHaveLength(1);
    }
    expect(simulator.stats().oauth.authorizations).toBe(0);
  });

  test('a repeated parameter', async () => {
    const { simulator } = await startOAuth();
    const twice = `&redirect_uri=${encodeURIComponent('https://example.com/')}`;
    const page = await get(simulator, query() + twice);
    expect(page.status).toBe(400);
    expect(page.text).toContain('A parameter is repeated.');
    const form = new URLSearchParams({ ...REQUEST, decision: 'deny' }).toString();
    expect((await postForm(simulator, PATH, `${form}&decision=allow`)).status).toBe(400);
  });

  test.each(['', 'maybe', '__proto__'])('the decision "%s"', async (decision) => {
    const { simulator } = await startOAuth();
    expect((await postForm(simulator, PATH, { ...REQUEST, decision })).status).toBe(400);
  });

  test('a form that is too large, or none', async () => {
    const { simulator } = await startOAuth();
    const large = await postForm(simulator, PATH, {
      ...REQUEST,
      state: 'x'.repeat(70_000),
      decision: 'allow',
    });
    expect(large.status).toBe(400);
    const json = await fetch(simulator.url + PATH, { method: 'POST', body: '{}' });
    expect(json.status).toBe(400);
  });
});

describe('what comes from outside', () => {
  const HTML = `"><script>alert('1')</script>&amp;`;

  test('is escaped in the page', async () => {
    const { simulator } = await startOAuth();
    const { text } = await get(simulator, query({ state: HTML }));
    expect(text).not.toContain('<script>');
    expect(text).toContain('value="&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;amp;"');
  });

  test.each([HTML, 'a\r\nSet-Cookie: a=b', '&code=mine', 'ünï ✓'])(
    'comes back encoded: %j',
    async (state) => {
      const { simulator } = await startOAuth();
      const location = await decide(simulator, 'allow', { state });
      expect(location.searchParams.getAll('state')).toEqual([state]);
      expect(location.searchParams.getAll('code')).toHaveLength(1);
    },
  );

  test('is never shown on the error page', async () => {
    const { simulator } = await startOAuth();
    const { text } = await get(
      simulator,
      query({ client_id: 'MARKED', redirect_uri: 'MARKED', state: 'MARKED' }),
    );
    expect(text).not.toContain('MARKED');
    expect(text.match(/<li>/g)).toHaveLength(2);
  });

  test('without the setting there are no such routes', async () => {
    const simulator = await start();
    expect(simulator.oauth).toBeUndefined();
    expect((await get(simulator, query())).status).toBe(404);
    for (const path of [PATH, '/login/oauth2/access_token', '/_revoke']) {
      expect((await postForm(simulator, path, {})).status).toBe(404);
    }
  });
});
