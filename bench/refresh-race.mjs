#!/usr/bin/env node
// Processes that share one stored credential, and an authorization server that revokes everything when a refresh token comes twice.
// Prints what the server saw as JSON and exits with 1 when a refresh token was lost or used twice.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath, URLSearchParams } from 'node:url';
import { numberArgument, say, temporaryFolder } from './support.mjs';

const SELF = fileURLToPath(import.meta.url);
const { openCredentialStore, storedAccess } = await import(new URL('../dist/index.js', import.meta.url).href);

if (process.argv[2] === '--worker') await work(process.argv[3], Number(process.argv[4]));
else process.exitCode = await race();

/** Makes the API refuse every token, until this process has refreshed so often itself. */
async function work(path, wanted) {
  let refreshed = 0;
  const options = { secrets: { add: () => undefined }, onRefresh: () => (refreshed += 1) };
  const tokens = storedAccess(openCredentialStore({ path }), 'shop', options);
  let token = await tokens.current();
  let taken = 0;
  while (refreshed < wanted) {
    const before = refreshed;
    const next = await tokens.renew(token);
    if (next === undefined || next === token) throw new Error('no other token');
    if (refreshed === before) taken += 1;
    token = next;
    // Gives the others a turn: whoever comes back at once finds the lock free before those who wait for it.
    await wait(Math.random() * 60);
  }
  say(JSON.stringify({ refreshed, taken }));
}

async function race() {
  const processes = numberArgument('processes', 2);
  const refreshes = numberArgument('refreshes', 100);
  const authority = startAuthority();
  const accountsUrl = await authority.listen();
  const path = join(temporaryFolder(), 'private', 'credentials.json');
  const store = openCredentialStore({ path });
  await store.update('shop', (slot) =>
    slot.write({
      clientId: 'client',
      clientSecret: 'secret',
      accountsUrl,
      accessToken: 'access-0',
      refreshToken: 'refresh-0',
      updatedAtMs: Date.now(),
    }),
  );
  const each = Math.ceil(refreshes / processes);
  const startedMs = performance.now();
  const ends = await Promise.all(Array.from({ length: processes }, () => worker(path, each)));
  const seconds = (performance.now() - startedMs) / 1000;
  const { refreshToken } = await store.get('shop');
  authority.close();
  const { seen } = authority;
  const kept = refreshToken === authority.current();
  say(JSON.stringify({ processes, ...seen, kept, seconds: Number(seconds.toFixed(2)), ends }));
  const good = seen.refreshes === each * processes && seen.refused === 0 && seen.atOnce === 1 && kept;
  return good && ends.every(({ code }) => code === 0) ? 0 : 1;
}

async function worker(path, wanted) {
  const child = spawn(process.execPath, [SELF, '--worker', path, String(wanted)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (bytes) => (said += bytes));
  const [code] = await once(child, 'close');
  return { code, ...(said === '' ? {} : JSON.parse(said)) };
}

/** Knows one refresh token at a time. */
function startAuthority() {
  const seen = { refreshes: 0, refused: 0, atOnce: 0 };
  let underWay = 0;
  let revoked = false;
  const current = () => `refresh-${seen.refreshes}`;

  const server = createServer(async (request, response) => {
    underWay += 1;
    seen.atOnce = Math.max(seen.atOnce, underWay);
    let body = '';
    for await (const chunk of request) body += chunk;
    revoked ||= new URLSearchParams(body).get('refresh_token') !== current();
    const answer = revoked ? { error: 'invalid_grant' } : issued();
    if (revoked) seen.refused += 1;
    underWay -= 1;
    response
      .writeHead(revoked ? 400 : 200, { 'content-type': 'application/json' })
      .end(JSON.stringify(answer));
  });

  function issued() {
    seen.refreshes += 1;
    const access_token = `access-${seen.refreshes}`;
    return { access_token, token_type: 'Bearer', expires_in: 3600, refresh_token: current() };
  }

  async function listen() {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `http://127.0.0.1:${server.address().port}`;
  }

  function close() {
    server.closeAllConnections();
    server.close();
  }

  return { seen, current, listen, close };
}
