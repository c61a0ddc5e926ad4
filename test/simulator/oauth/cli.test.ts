import { expect, onTestFinished, test } from 'vitest';

import { runCli } from '../../support/cli.js';
import { startCli } from '../../support/process.js';

const DEADLINE_MS = 20_000;

/** Starts `snapcapi simulator` and gives its address and what it said when it was ready. */
async function startSimulator(
  flags: readonly string[],
): Promise<{ readonly url: string; readonly said: string }> {
  const running = startCli(['simulator', ...flags], { env: {} });
  onTestFinished(async () => {
    running.kill('SIGTERM');
    await running.ended;
  });
  const endMs = Date.now() + DEADLINE_MS;
  while (!/revoke all/.test(running.said()) && Date.now() < endMs) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const said = running.said();
  return { said, url: /SNAPCAPI_API_BASE_URL=(\S+)/.exec(said)?.[1] ?? '' };
}

function post(url: string, form: Readonly<Record<string, string>>): Promise<Response> {
  return fetch(url, { method: 'POST', body: new URLSearchParams(form) });
}

test('the command says which client to use, and does what its flags say', async () => {
  const { url, said } = await startSimulator([
    '--oauth-client-id=me',
    '--oauth-client-secret=hush',
    '--oauth-refresh-token=seed',
    '--oauth-expires-in=77',
    '--oauth-expire-after=1',
    '--oauth-rotation=keep',
    '--oauth-expired-status=403',
    '--oauth-fault=503@1',
  ]);
  expect(said).toContain('OAuth client: id me, secret hush\n');
  expect(said).toContain(
    `authorize at ${url}/login/oauth2/authorize, tokens at ${url}/login/oauth2/access_token\n`,
  );

  const form = { client_id: 'me', client_secret: 'hush', grant_type: 'refresh_token', refresh_token: 'seed' };
  expect((await post(`${url}/login/oauth2/access_token`, form)).status).toBe(503);
  const answer = await post(`${url}/login/oauth2/access_token`, form);
  const tokens = (await answer.json()) as Record<string, unknown>;
  expect(tokens).toMatchObject({ expires_in: 77, refresh_token: 'seed' });

  const events = `${url}/v3/a/events?access_token=${encodeURIComponent(tokens['access_token'] as string)}`;
  expect((await post(events, {})).status).toBe(400);
  expect(await (await post(events, {})).json()).toMatchObject({
    reason: expect.stringContaining('access token'),
  });
  expect((await post(events, {})).status).toBe(403);
  expect((await post(`${url}/_revoke`, {})).status).toBe(200);
  expect((await post(`${url}/login/oauth2/access_token`, form)).status).toBe(400);
});

test('--oauth alone takes the defaults', async () => {
  expect((await startSimulator(['--oauth'])).said).toContain(
    'id simulator-client, secret simulator-secret\n',
  );
});

test.each([
  [['--oauth-rotation=often'], 'Allowed choices are rotate, keep, none.'],
  [['--oauth-expired-status=500'], 'Allowed choices are 401, 400, 403.'],
  [['--oauth-expires-in=0'], 'It must be an integer from 1.'],
  [['--oauth-client-id='], 'oauth.clientId is out of range'],
  [['--oauth', '--token=x'], 'Leave out the token, or the OAuth endpoints.'],
])('%j is a usage error', async (flags, message) => {
  const { code, stderr } = await runCli(['simulator', ...flags]);
  expect(code).toBe(64);
  expect(stderr).toContain(message);
});
