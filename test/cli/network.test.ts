import { createServer, type Server } from 'node:https';
import http from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { startSimulator, type SimulatorOptions } from '../../src/simulator/index.js';
import { hasOpenssl, makeAuthority, type Authority, type Certificate } from '../support/certificates.js';
import { runCli, type CliResult } from '../support/cli.js';
import { startProxy, type ProxyAnswer } from '../support/connect-proxy.js';
import { resultText, csv, GOOD, NOW, run, TOKEN_ENV, type TestRun } from './support.js';

const ROWS = csv(GOOD, GOOD, GOOD);

type Env = Readonly<Record<string, string>>;

const argsOf = (changes: object, flags: readonly string[]) => [
  ...['export', '-', '--result', resultText(changes), '--as-of', NOW, '--no-resume', '--batch-size', '1'],
  ...flags,
];

/** As a process of its own: Node reads NODE_EXTRA_CA_CERTS when it starts. */
function exportWith(changes: object, env: Env = {}, flags: readonly string[] = []): Promise<CliResult> {
  return runCli(argsOf(changes, flags), { stdin: ROWS, env: { ...TOKEN_ENV, ...env } });
}

/** In this process, which is faster. */
function exportHere(changes: object, env: Env = {}, flags: readonly string[] = []): Promise<TestRun> {
  return run(argsOf(changes, flags), { stdin: [ROWS], env });
}

/** Lets a server listen for the time of `work`, which is given its port. */
async function listening<T>(server: http.Server | Server, work: (port: number) => Promise<T>): Promise<T> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await work((server.address() as AddressInfo).port);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

async function behindProxy<T>(
  answer: ProxyAnswer,
  work: (proxy: Awaited<ReturnType<typeof startProxy>>, env: Env) => Promise<T>,
): Promise<T> {
  const proxy = await startProxy(answer);
  try {
    return await work(proxy, { HTTPS_PROXY: `http://me:sesame@127.0.0.1:${proxy.port}` });
  } finally {
    await proxy.close();
  }
}

describe.skipIf(!hasOpenssl())('export over TLS (needs openssl)', () => {
  let folder = '';
  let authority: Authority;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'snapcapi-tls-'));
    authority = makeAuthority(folder);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** An API over TLS; counts connections and requests. */
  function api(certificate: Certificate) {
    const counts = { connections: 0, requests: 0 };
    const server = createServer(certificate, (request, response) => {
      counts.requests += 1;
      request.resume().on('end', () => response.end('{"status":"VALID","reason":"ok"}'));
    });
    server.on('connection', () => (counts.connections += 1));
    return { server, counts };
  }

  const trusting = (): Env => ({ NODE_EXTRA_CA_CERTS: authority.path });
  const toLocalhost = (port: number) => ({ api_base_url: `https://localhost:${port}` });

  it('works with an authority of NODE_EXTRA_CA_CERTS', async () => {
    const { server, counts } = api(authority.issue('localhost'));
    const { code, stderr } = await listening(server, (port) => exportWith(toLocalhost(port), trusting()));
    expect(stderr).toMatch(/ {2}sent +3 /);
    expect(code).toBe(0);
    expect(counts.requests).toBe(3);
  });

  it.each([
    ['an unknown authority', 'localhost', 2, false, /self-signed|not known here/, /NODE_EXTRA_CA_CERTS/],
    ['an expired certificate', 'localhost', -1, true, /has expired/, /clock/],
    ['a certificate of another host', 'other.test', 2, true, /another host name/, /host name in the address/],
  ])('ends at once at %s', async (_, host, days, trusted, message, fix) => {
    const { server, counts } = api(authority.issue(host, days));
    const { code, stderr } = await listening(server, (port) =>
      exportWith(toLocalhost(port), trusted ? trusting() : {}),
    );
    expect(stderr).toMatch(/error\[tls_failed\]/);
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(fix);
    expect(code).toBe(69);
    expect(counts).toEqual({ connections: 1, requests: 0 });
  });

  it('ends at once where no TLS is spoken', async () => {
    const plain = http.createServer();
    const { code, stderr } = await listening(plain, (port) => exportWith(toLocalhost(port)));
    expect(stderr).toMatch(/error\[tls_failed\].*does not speak TLS/);
    expect(stderr).toMatch(/fix: Check the host and the port/);
    expect(code).toBe(69);
  });

  it('tunnels through a proxy that sees nothing but the host', async () => {
    const { server, counts } = api(authority.issue('tr.snapchat.com'));
    await listening(server, (port) =>
      behindProxy({ tunnelTo: port }, async (proxy, env) => {
        const { code, stderr, stdout } = await exportWith({}, { ...env, ...trusting() }, ['-v']);
        expect(stderr).toMatch(/ {2}sent +3 /);
        expect(code).toBe(0);
        expect(counts.requests).toBe(3);
        expect(proxy.asked.length).toBe(counts.connections);
        expect(new Set(proxy.asked.map(({ authority: asked }) => asked))).toEqual(
          new Set(['tr.snapchat.com:443']),
        );
        expect(proxy.asked[0]?.headers['proxy-authorization']).toBe('Basic bWU6c2VzYW1l');
        expect(proxy.seen().length).toBeGreaterThan(1000);
        expect(proxy.seen().toString('latin1')).not.toContain('CANARY');
        expect(stderr + stdout).not.toMatch(/sesame|c2VzYW1l|CANARY/);
      }),
    );
  });

  it('verifies a proxy over TLS by the name of the proxy, not by that of the API', async () => {
    const { server, counts } = api(authority.issue('tr.snapchat.com'));
    const secure = createServer(authority.issue('localhost'));
    await listening(server, (port) =>
      behindProxy({ tunnelTo: port }, (proxy) => {
        secure.on('connect', (request, client) => {
          const way = connect(proxy.port, '127.0.0.1');
          way.on('error', () => undefined);
          client.on('error', () => undefined);
          way.write(`CONNECT ${request.url ?? ''} HTTP/1.1\r\nHost: ${request.url ?? ''}\r\n\r\n`);
          way.pipe(client).pipe(way);
        });
        return listening(secure, async (securePort) => {
          const { code, stderr } = await exportWith(
            {},
            { HTTPS_PROXY: `https://localhost:${securePort}`, ...trusting() },
          );
          expect(stderr).toMatch(/ {2}sent +3 /);
          expect(code).toBe(0);
          expect(counts.requests).toBe(3);
          expect(proxy.asked[0]?.authority).toBe('tr.snapchat.com:443');
        });
      }),
    );
  });

  it('trusts nobody more for coming through a proxy', async () => {
    const { server, counts } = api(authority.issue('evil.test'));
    await listening(server, (port) =>
      behindProxy({ tunnelTo: port }, async (proxy, env) => {
        const { code, stderr } = await exportWith({}, { ...env, ...trusting() });
        expect(stderr).toMatch(/error\[tls_failed\].*another host name/);
        expect(code).toBe(69);
        expect(proxy.asked).toHaveLength(1);
        expect(counts.requests).toBe(0);
      }),
    );
  });
});

describe('export through a proxy', () => {
  it('that wants other credentials ends at once', async () => {
    await behindProxy({ status: 407 }, async (proxy, env) => {
      const { code, stderr } = await exportWith({}, env);
      expect(stderr).toMatch(/error\[proxy_refused\].*user name and password/);
      expect(stderr).not.toMatch(/sesame|c2VzYW1l/);
      expect(code).toBe(69);
      expect(proxy.asked).toHaveLength(1);
    });
  });

  it('that does not get through says what to check', async () => {
    await behindProxy({ status: 502 }, async (_, env) => {
      const { code, stderr } = await exportHere({}, env, ['--retry-for', '0']);
      expect(stderr).toMatch(/error\[service_unavailable\].*PROXY_HTTP_502.*the proxy did not get through/);
      expect(code).toBe(69);
    });
  });

  it('never happens for this machine', async () => {
    const simulator = await startSimulator({ clock: () => Date.parse(NOW) });
    try {
      await behindProxy({ status: 403 }, async (proxy, env) => {
        const more = { ...env, HTTP_PROXY: env['HTTPS_PROXY'] ?? '' };
        expect(await exportHere({ api_base_url: simulator.url }, more)).toMatchObject({ code: 0 });
        expect(proxy.asked).toEqual([]);
      });
    } finally {
      await simulator.close();
    }
  });

  it('whose address cannot be understood ends before a row is read, and is not shown', async () => {
    const { code, stderr } = await exportHere({}, { HTTPS_PROXY: 'socks5://me:sesame@host.test' });
    expect(stderr).toMatch(/error\[proxy_invalid\]: the proxy in HTTPS_PROXY/);
    expect(stderr).not.toMatch(/sesame|host\.test/);
    expect(code).toBe(78);
  });
});

describe('export to an address', () => {
  it('says what to check when nothing accepts connections there', async () => {
    const { code, stderr } = await exportHere({ api_base_url: 'http://127.0.0.1:1' }, {}, [
      '--retry-for',
      '0',
    ]);
    expect(stderr).toMatch(/error\[service_unavailable\].*ECONNREFUSED.*HTTPS_PROXY/);
    expect(code).toBe(69);
  });

  it('sends no token over TLS that is not verified', async () => {
    const { code, stderr } = await exportHere({}, { NODE_TLS_REJECT_UNAUTHORIZED: '0' });
    expect(stderr).toMatch(/error\[tls_verification_off\]/);
    expect(stderr).toMatch(/NODE_EXTRA_CA_CERTS/);
    expect(code).toBe(78);
  });

  it('of somebody else needs a flag, which the error names', async () => {
    const elsewhere = { api_base_url: 'https://gateway.example.test/snap' };
    const refused = await exportHere(elsewhere);
    expect(refused).toMatchObject({ code: 78 });
    expect(refused.stderr).toContain('`--allow-endpoint gateway.example.test`');
    expect(await exportHere(elsewhere, {}, ['--dry-run'])).toMatchObject({ code: 0 });
  });

  it.each([
    ['the flag', ['--allow-endpoint', 'a.test', '--allow-endpoint', 'gateway.example.test'], {}],
    ['the environment', [], { SNAPCAPI_ALLOW_ENDPOINT: 'a.test, gateway.example.test' }],
  ])('of somebody else is asked when %s allows it', async (_, flags, more) => {
    await behindProxy({ status: 403 }, async (proxy, env) => {
      await exportHere(
        { api_base_url: 'https://gateway.example.test:8443/snap' },
        { ...env, ...more },
        flags,
      );
      expect(proxy.asked).toMatchObject([{ authority: 'gateway.example.test:8443' }]);
    });
  });

  it('cannot be allowed by the config', async () => {
    const { code, stderr } = await exportHere({
      api_base_url: 'https://gateway.example.test',
      allow_endpoint: 'gateway.example.test',
    });
    expect(stderr).toMatch(/error\[config_invalid\]/);
    expect(code).toBe(78);
  });
});

describe('a wrong event_source_id', () => {
  async function wrongSource(options: SimulatorOptions): Promise<TestRun> {
    const simulator = await startSimulator({ clock: () => Date.parse(NOW), assetId: 'right', ...options });
    try {
      return await exportHere({ api_base_url: simulator.url });
    } finally {
      await simulator.close();
    }
  }

  it.each([
    ['an API token', 'api_token', /Unauthorized resources/],
    ['OAuth', 'oauth', /valid UUID format\.\), and by "asset id" it means event_source_id/],
  ] as const)('is told from the wording for %s', async (_, credentialKind, wording) => {
    const { code, stderr } = await wrongSource({ credentialKind });
    expect(stderr).toMatch(/error\[unauthorized\]/);
    expect(stderr).toMatch(wording);
    expect(stderr).toMatch(
      /fix: Check event_source_id.*Pixel ID for WEB and OFFLINE.*Snap App ID for MOBILE_APP/,
    );
    expect(code).toBe(77);
  });

  it('is not blamed when the token itself is refused', async () => {
    const { code, stderr } = await wrongSource({ token: 'other' });
    expect(stderr).toMatch(/error\[unauthorized\]: the API does not accept the API token/);
    expect(stderr).not.toContain('event_source_id');
    expect(code).toBe(77);
  });
});
