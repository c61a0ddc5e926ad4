import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSimulator, type Simulator } from '../../src/simulator/index.js';
import { startAuth, type AuthCli } from '../auth/cli.js';
import { missingBrowser, openBrowser, type Browser } from '../support/browser.js';
import { inTemporaryFolder, runCli, type CliResult } from '../support/cli.js';
import { AS_OF } from '../support/exports.js';
import { freePort } from '../support/port.js';
import { nightlyConfig } from '../support/oauth.js';
import { shopRows, toCsv } from '../support/shop-rows.js';

const NO_BROWSER = missingBrowser();
const PHONE = { width: 320, height: 640 };
const DESK = { width: 1000, height: 700 };
const SECRET = 'secret-of-the-nightly-export';
const SHOP = shopRows(600, () => false);
const ADDRESS = /^ {2}(http:\/\/127\.0\.0\.1:\d+\/login\/oauth2\/authorize\?\S+)$/m;

type Scene = {
  readonly simulator: Simulator;
  readonly folder: string;
  readonly store: string;
  /** Starts `auth login --id nightly` and gives the address it shows. */
  readonly login: () => Promise<{ readonly running: AuthCli; readonly address: string; readonly back: URL }>;
  readonly snapcapi: (...args: readonly string[]) => Promise<CliResult>;
};

type Measures = { readonly width: number; readonly fontSize: string; readonly ink: string };
const MEASURES = `(() => {
  const { color, fontSize } = getComputedStyle(document.querySelector('p'));
  return { width: document.documentElement.scrollWidth, fontSize, ink: color };
})()`;

/** A simulator whose access tokens are good for 7 requests, and a command line that knows its client secret. */
async function withScene(work: (scene: Scene) => Promise<void>): Promise<void> {
  await inTemporaryFolder(async (folder) => {
    const simulator = await startSimulator({
      clock: () => Date.parse(AS_OF),
      oauth: { clientSecret: SECRET, expireAfterRequests: 7, rotation: 'rotate', revokeOnReuse: true },
    });
    const store = join(folder, 'store', 'credentials.json');
    const client = { SNAPCAPI_OAUTH_CLIENT_ID: 'simulator-client', SNAPCAPI_OAUTH_CLIENT_SECRET: SECRET };
    const env = { SNAPCAPI_CREDENTIALS_FILE: store, SNAPCAPI_OAUTH_BASE_URL: simulator.url };
    const started: AuthCli[] = [];
    try {
      await work({
        simulator,
        folder,
        store,
        async login() {
          const flags = ['login', '--id', 'nightly', '--port', String(await freePort())];
          const running = startAuth(flags, { ...env, ...client });
          started.push(running);
          const address = await running.says(ADDRESS);
          return { running, address, back: new URL(new URL(address).searchParams.get('redirect_uri') ?? '') };
        },
        // Without the client: what a later command needs is stored.
        snapcapi: (...args) => runCli(args, { cwd: folder, env }),
      });
    } finally {
      for (const running of started) running.kill();
      await simulator.close();
    }
  });
}

function writeExport({ folder, simulator }: Scene): void {
  writeFileSync(join(folder, 'rows.csv'), toCsv(SHOP));
  const config = { ...nightlyConfig(simulator.url), batch_size: 20 };
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
}

function refreshTokenIn(store: string): string {
  const { credentials } = JSON.parse(readFileSync(store, 'utf8')) as {
    readonly credentials: { readonly nightly: { readonly refresh_token: string } };
  };
  return credentials.nightly.refresh_token;
}

describe.skipIf(NO_BROWSER !== '')(`a login in a real browser${NO_BROWSER}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());

  it('is stored, and carries an export over many expired tokens', async () => {
    await withScene(async (scene) => {
      const { simulator, login, snapcapi, store } = scene;
      const { running, address } = await login();
      await browser.open(address);
      await browser.click('Allow');
      await browser.reads('Logged in');
      expect(await running.ended).toMatchObject({ code: 0, stdout: expect.stringContaining('"nightly"') });
      expect(statSync(store).mode & 0o777).toBe(0o600);
      expect(simulator.stats().oauth).toMatchObject({ authorizations: 1, codeExchanges: 1, refreshes: 0 });

      writeExport(scene);
      const before = refreshTokenIn(store);
      const flags = ['--config', 'config.json', '--as-of', AS_OF, '--concurrency', '4'];
      const run = await snapcapi('export', 'rows.csv', ...flags);
      expect(run.stderr).not.toContain('error[');
      expect(run.code).toBe(0);
      const sent = simulator.events().map(({ eventId }) => eventId);
      expect(sent.sort()).toEqual([...SHOP.good].sort());
      const { oauth, received, repeats } = simulator.stats();
      expect({ received, repeats }).toEqual({ received: SHOP.good.length, repeats: 0 });
      expect(oauth.expiredTokenAnswers).toBeGreaterThanOrEqual(3);
      expect(oauth.refreshes).toBeGreaterThanOrEqual(3);
      expect(oauth).toMatchObject({ reusedRefreshTokens: 0, refusedRefreshes: 0, maxConcurrentRefreshes: 1 });
      expect(refreshTokenIn(store)).not.toBe(before);

      expect((await snapcapi('auth', 'status', 'nightly')).code).toBe(0);
      // The refresh token that the last expiry left behind is one that the server takes.
      expect((await snapcapi('auth', 'status', 'nightly', '--check')).code).toBe(0);
    });
  });

  it('that is denied, by keyboard, ends with an error in both places and stores nothing', async () => {
    await withScene(async ({ simulator, login, snapcapi }) => {
      const { running, address } = await login();
      await browser.open(address);
      await browser.reads('Deny');
      for (const key of ['Tab', 'Tab', 'Enter'] as const) await browser.press(key);
      expect(await browser.reads('The login failed')).toContain('access_denied');
      const { code, stderr } = await running.ended;
      expect(code).toBe(77);
      expect(stderr).toContain('error[login_failed]');
      expect(stderr).toContain('access_denied');
      expect(simulator.stats().oauth).toMatchObject({ denials: 1, authorizations: 0, tokenRequests: 0 });
      expect((await snapcapi('auth', 'status', 'nightly')).code).toBe(78);
    });
  });

  it('is not ended by an answer with another state', async () => {
    await withScene(async ({ simulator, login }) => {
      const { running, address, back } = await login();
      back.search = '?code=a-code-of-somebody-else&state=another-state';
      await browser.open(back.href);
      await browser.reads('Not part of this login');
      back.search = '?error=access_denied&state=another-state';
      await browser.open(back.href);
      await browser.reads('Not part of this login');
      expect(simulator.stats().oauth.tokenRequests).toBe(0);
      await browser.open(address);
      await browser.click('Allow');
      await browser.reads('Logged in');
      expect((await running.ended).code).toBe(0);
      expect(simulator.stats().oauth.codeExchanges).toBe(1);
    });
  });

  it('shows pages that can be read on a phone, by day and by night', async () => {
    await withScene(async ({ login }) => {
      const { running, address, back } = await login();
      for (const url of [address, back.href]) {
        await browser.open(url);
        for (const size of [PHONE, DESK]) {
          for (const colors of ['light', 'dark'] as const) {
            await browser.show({ ...size, colors });
            const { width, fontSize, ink } = (await browser.evaluate(MEASURES)) as Measures;
            // 17.6 px: the style has passed the policy of its page.
            expect({ width, fontSize }).toEqual({ width: size.width, fontSize: '17.6px' });
            expect(ink).toBe(colors === 'light' ? 'rgb(0, 0, 0)' : 'rgb(255, 255, 255)');
          }
        }
      }
      running.kill();
    });
  });
});
