import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseFaults, startSimulator, type OAuthOptions, type Simulator } from '../../src/simulator/index.js';
import { inTemporaryFolder, runCli, type CliResult } from '../support/cli.js';
import { AS_OF } from '../support/exports.js';
import { nightlyConfig } from '../support/oauth.js';
import { shopRows, toCsv } from '../support/shop-rows.js';

const SHOP = shopRows(600, () => false);
const REFRESH_TOKEN = 'first-refresh-token';
const SECRET = 'simulator-secret';

type Stored = { readonly access_token?: string; readonly refresh_token?: string };
type Scene = {
  readonly simulator: Simulator;
  readonly exportRows: (
    more?: readonly string[],
    env?: Readonly<Record<string, string>>,
  ) => Promise<CliResult>;
  readonly stored: () => Stored;
};

/** A simulator that knows one client, a credential `nightly` stored for it, and rows to export in batches of 20. */
async function withCredential(oauth: OAuthOptions, work: (scene: Scene) => Promise<void>): Promise<void> {
  await inTemporaryFolder(async (folder) => {
    const simulator = await startSimulator({
      clock: () => Date.parse(AS_OF),
      oauth: { refreshToken: REFRESH_TOKEN, ...oauth },
    });
    try {
      const at = (name: string): string => join(folder, name);
      writeFileSync(at('rows.csv'), toCsv(SHOP));
      writeFileSync(at('config.json'), JSON.stringify(nightlyConfig(simulator.url)));
      const nightly = {
        client_id: 'simulator-client',
        client_secret: SECRET,
        accounts_url: simulator.url,
        refresh_token: REFRESH_TOKEN,
        updated_at_ms: 0,
      };
      const store = JSON.stringify({ version: 1, credentials: { nightly } });
      writeFileSync(at('credentials.json'), store, { mode: 0o600 });
      chmodSync(folder, 0o700);
      await work({
        simulator,
        exportRows: (more = [], env = {}) =>
          runCli(
            [
              'export',
              'rows.csv',
              '--config',
              'config.json',
              '--as-of',
              AS_OF,
              '--batch-size',
              '20',
              ...more,
            ],
            {
              cwd: folder,
              env: { SNAPCAPI_CREDENTIALS_FILE: at('credentials.json'), ...env },
            },
          ),
        stored: () =>
          (JSON.parse(readFileSync(at('credentials.json'), 'utf8')) as { credentials: { nightly: Stored } })
            .credentials.nightly,
      });
    } finally {
      await simulator.close();
    }
  });
}

function expectAllSent(run: CliResult, simulator: Simulator): void {
  expect(run.stderr).not.toContain('error[');
  expect(run.code).toBe(0);
  expect(
    simulator
      .events()
      .map(({ eventId }) => eventId)
      .sort(),
  ).toEqual([...SHOP.good].sort());
  expect(simulator.stats().oauth.reusedRefreshTokens).toBe(0);
}

describe('a stored OAuth credential', () => {
  it('outlives its access tokens: refreshed when refused, rotated, stored, and every event once', async () => {
    await withCredential({ expireAfterRequests: 7 }, async ({ simulator, exportRows, stored }) => {
      const run = await exportRows(['--verbose', '--concurrency', '4']);
      expectAllSent(run, simulator);
      const { refreshes, expiredTokenAnswers, maxConcurrentRefreshes } = simulator.stats().oauth;
      expect(refreshes).toBeGreaterThanOrEqual(4);
      expect(expiredTokenAnswers).toBeGreaterThanOrEqual(3);
      // However many batches were refused at the same time.
      expect(maxConcurrentRefreshes).toBe(1);
      expect(stored().refresh_token).not.toBe(REFRESH_TOKEN);
      expect(run.stderr).toContain('the access token was refreshed');
      for (const secret of [SECRET, REFRESH_TOKEN, stored().refresh_token, stored().access_token]) {
        expect(run.stdout + run.stderr).not.toContain(secret);
      }
    });
  });

  it('is refreshed before it expires', async () => {
    await withCredential({ expiresInS: 3600 }, async ({ simulator, exportRows }) => {
      expectAllSent(await exportRows(), simulator);
      expect(simulator.stats().oauth).toMatchObject({ refreshes: 1, expiredTokenAnswers: 0 });
      // The next night finds the access token of this one, and it is still good.
      expectAllSent(await exportRows(['--force']), simulator);
      expect(simulator.stats().oauth.refreshes).toBe(1);
    });
  });

  it.each([400, 403] as const)('is refreshed when a %i speaks of the token', async (expiredStatus) => {
    await withCredential({ expireAfterRequests: 10, expiredStatus }, async ({ simulator, exportRows }) => {
      expectAllSent(await exportRows(), simulator);
      expect(simulator.stats().oauth.expiredTokenAnswers).toBeGreaterThan(0);
    });
  });

  it('survives a token endpoint that fails now and then', async () => {
    const oauth: OAuthOptions = { expireAfterRequests: 12, tokenFaults: parseFaults('503@every:2') };
    await withCredential(oauth, async ({ simulator, exportRows }) => {
      expectAllSent(await exportRows(), simulator);
      expect(Object.values(simulator.stats().oauth.tokenFaults).reduce((a, b) => a + b, 0)).toBeGreaterThan(
        0,
      );
    });
  });

  it('that was revoked ends the run with 77 and the command that repairs it; the run can be gone on with', async () => {
    await withCredential({}, async ({ simulator, exportRows }) => {
      simulator.revoke('all');
      const run = await exportRows();
      expect(run.code).toBe(77);
      expect(run.stderr).toContain('error[credential_refused]');
      expect(run.stderr).toContain('snapcapi auth login --id nightly');
      expect(simulator.events()).toEqual([]);
    });
  });

  it('that does not exist ends before anything is read or made', async () => {
    await withCredential({}, async ({ exportRows }) => {
      const run = await exportRows(['--rejects', 'r.jsonl'], {
        SNAPCAPI_CREDENTIALS_FILE: '/nonexistent/none.json',
      });
      expect(run.code).toBe(78);
      expect(run.stderr).toContain('error[credential_missing]');
    });
  });
});

describe('an OAuth credential of the environment', () => {
  const env = (simulator: Simulator, more: object = {}) => ({
    SNAPCAPI_CREDENTIALS_FILE: '/nonexistent/none.json',
    SNAPCAPI_OAUTH_CLIENT_ID: 'simulator-client',
    SNAPCAPI_OAUTH_CLIENT_SECRET: SECRET,
    SNAPCAPI_OAUTH_REFRESH_TOKEN: REFRESH_TOKEN,
    SNAPCAPI_OAUTH_BASE_URL: simulator.url,
    ...more,
  });

  it('works without a store, and says when it is used up', async () => {
    await withCredential({ expireAfterRequests: 10 }, async ({ simulator, exportRows }) => {
      const run = await exportRows([], env(simulator));
      expectAllSent(run, simulator);
      expect(run.stderr).toContain('warning[credential]');
    });
  });

  it('stays quiet where refresh tokens stay good', async () => {
    await withCredential({ rotation: 'keep' }, async ({ simulator, exportRows }) => {
      const run = await exportRows([], env(simulator));
      expectAllSent(run, simulator);
      expect(run.stderr).not.toContain('warning[credential]');
    });
  });

  it('with a wrong secret is refused', async () => {
    await withCredential({}, async ({ simulator, exportRows }) => {
      const run = await exportRows([], env(simulator, { SNAPCAPI_OAUTH_CLIENT_SECRET: 'not-the-secret' }));
      expect(run.code).toBe(77);
      expect(run.stderr).toContain('error[credential_refused]');
      expect(run.stderr).not.toContain('not-the-secret');
    });
  });
});
