import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startAuth } from '../auth/cli.js';
import { inTemporaryFolder, runCli, type CliResult } from '../support/cli.js';
import { AS_OF } from '../support/exports.js';
import {
  commandLines,
  filesIn,
  leaksIn,
  markedCsv,
  SECRET_ENV,
  startEchoServer,
  type Echo,
} from './canary-scene.js';

// The marker of the secrets of the scene, in whatever the authorization server gives.
const CODE = 'Zk9Qsecret_code-4/0AX';
const tokenOf = (count: number): string => `Zk9Qsecret/access+${count}=`;
const refreshOf = (count: number): string => `Zk9Qsecret.refresh+${count}=`;

const GIVEN = ['rows.csv', 'config.json', 'credentials.json'];
const CONFIG = {
  type: 'snapchat_conversion',
  auth_method: 'oauth',
  oauth_credentials_id: 'nightly',
  event_source_id: '11111111-2222-4333-8444-555555555555',
};

type Stage = {
  readonly folder: string;
  readonly url: string;
  readonly env: Readonly<Record<string, string>>;
  readonly login: (type: string) => Promise<CliResult>;
  readonly exportRows: (...args: readonly string[]) => Promise<CliResult>;
};

function isTokenRequest(request: string): boolean {
  return request.startsWith('POST /login/oauth2/access_token');
}

/** Gives tokens, each a new one, and everything it was asked besides. */
function tokenAnswer(request: string, count: number): string {
  return JSON.stringify({
    access_token: tokenOf(count),
    refresh_token: refreshOf(count),
    token_type: 'Bearer',
    expires_in: 3600,
    note: request,
  });
}

function onStage(echo: Echo, work: (stage: Stage) => Promise<void>): Promise<void> {
  return inTemporaryFolder(async (folder) => {
    const at = (name: string): string => join(folder, name);
    const server = await startEchoServer(echo);
    writeFileSync(at('rows.csv'), markedCsv());
    writeFileSync(at('config.json'), JSON.stringify({ ...CONFIG, api_base_url: server.url }));
    mkdirSync(at('state'), { mode: 0o700 });
    const { SNAPCAPI_OAUTH_CLIENT_ID, SNAPCAPI_OAUTH_CLIENT_SECRET } = SECRET_ENV;
    const env = {
      SNAPCAPI_OAUTH_CLIENT_ID,
      SNAPCAPI_OAUTH_CLIENT_SECRET,
      SNAPCAPI_OAUTH_BASE_URL: server.url,
      SNAPCAPI_CREDENTIALS_FILE: at('credentials.json'),
      SNAPCAPI_STATE_DIR: at('state'),
    };
    const outputs = ['--rejects', at('rejects.jsonl'), '--report', at('report.json')];
    const how = [
      '--json',
      '--debug',
      '--verbose',
      '--batch-size',
      '20',
      '--rate',
      '1000',
      '--retry-for',
      '1',
      '--no-early-stop',
    ];
    try {
      await work({
        folder,
        url: server.url,
        env,
        login: async (text) => {
          const running = startAuth(['login', '--id', 'nightly', '--paste'], env);
          await running.says(/(http:\S+authorize\?\S+)/);
          running.type(`${text}\n`);
          return running.ended;
        },
        exportRows: (...args) =>
          runCli(
            [
              'export',
              at('rows.csv'),
              '--config',
              at('config.json'),
              '--as-of',
              AS_OF,
              ...outputs,
              ...how,
              ...args,
            ],
            {
              env,
            },
          ),
      });
    } finally {
      await server.close();
    }
  });
}

function expectNoLeak({ stdout, stderr }: CliResult, folder: string): void {
  const written = new Map([['stdout', stdout], ['stderr', stderr], ...filesIn(folder, GIVEN)]);
  for (const [name, text] of written) expect({ name, leaks: leaksIn(text) }).toEqual({ name, leaks: [] });
  expect(leaksIn(commandLines().join('\n'))).toEqual([]);
}

describe.concurrent('no secret of OAuth is written', () => {
  test('by a login, and by an export whose tokens are refused, renewed and echoed', () => {
    const seen: string[] = [];
    const echo: Echo = (request, answer, count) => {
      seen.push(request);
      if (isTokenRequest(request)) answer.end(tokenAnswer(request, count));
      else if (count % 3 === 2)
        answer.writeHead(401).end(JSON.stringify({ status: 'INVALID', reason: `token ${request}` }));
      else {
        const said = `${request} ${Buffer.from(request.slice(0, 400)).toString('base64')}`;
        answer.writeHead(400).end(JSON.stringify({ status: 'INVALID', reason: said }));
      }
    };
    return onStage(echo, async ({ folder, login, exportRows }) => {
      const loggedIn = await login(CODE);
      expect(loggedIn.code).toBe(0);
      expectNoLeak(loggedIn, folder);
      const exported = await exportRows();
      expectNoLeak(exported, folder);
      // Otherwise there was nothing to be seen.
      expect(seen[0]).toContain(encodeURIComponent(CODE));
      expect(seen.filter(isTokenRequest).length).toBeGreaterThan(2);
      expect(exported.stderr).toContain('the access token was refreshed');
      expect(exported.stderr).toContain('***');
    });
  });

  test('by a login and a refresh that fail with an echo', () => {
    let good = false;
    const echo: Echo = (request, answer, count) => {
      if (!isTokenRequest(request)) answer.writeHead(401).end(`token ${request}`);
      else if (good) answer.end(tokenAnswer(request, count));
      else {
        answer.setHeader('location', `http://127.0.0.1/?${encodeURIComponent(request)}`);
        const error = { error: 'invalid_grant', error_description: request, error_uri: request };
        answer.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify(error));
      }
    };
    return onStage(echo, async ({ folder, login, exportRows, env }) => {
      const refused = await login(CODE);
      expect(refused.code).not.toBe(0);
      expectNoLeak(refused, folder);
      good = true;
      expect((await login(CODE)).code).toBe(0);
      good = false;
      const exported = await exportRows();
      expect(exported.code).toBe(77);
      expectNoLeak(exported, folder);
      const refreshed = await runCli(['auth', 'refresh', 'nightly'], { env });
      expect(refreshed.code).toBe(77);
      expectNoLeak(refreshed, folder);
      for (const command of [
        ['status', 'nightly'],
        ['status', 'nightly', '--json'],
        ['list'],
        ['list', '--json'],
      ]) {
        expectNoLeak(await runCli(['auth', ...command], { env }), folder);
      }
    });
  });
});
