import { chmodSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import { configText, folderWith, run } from './support.js';

const TOKEN = 'CANARY-TOKEN-1';
const NAMED = '${MY_TOKEN}';

async function check(token: string, mode: number, flags: readonly string[] = []) {
  const { at } = folderWith({ 'c.json': configText({ api_token: token }), 'rows.csv': 'event_name\n' });
  chmodSync(at('c.json'), mode);
  const argv = ['check', at('rows.csv'), '--config', at('c.json'), ...flags];
  return run(argv, { env: { MY_TOKEN: TOKEN } });
}

describe.skipIf(process.platform === 'win32')('a config file that holds a token', () => {
  it.each([0o644, 0o640, 0o604])('is warned of with mode %o, once and without the token', async (mode) => {
    const { stderr } = await check(TOKEN, mode);
    expect(stderr.match(/warning\[config_exposed\]/g)).toHaveLength(1);
    expect(stderr).toContain(`(mode 0${mode.toString(8)})`);
    expect(stderr).toMatch(/fix: Close it: chmod 600 .*c\.json/);
    expect(stderr).not.toContain(TOKEN);
  });

  it('is warned of in the JSON log, and not with --quiet', async () => {
    const { stderr } = await check(TOKEN, 0o644, ['--log-format', 'json']);
    expect(JSON.parse(stderr.split('\n')[0] ?? '')).toMatchObject({ level: 'warn', code: 'config_exposed' });
    expect((await check(TOKEN, 0o644, ['--quiet'])).stderr).not.toContain('config_exposed');
  });

  it.each([
    [TOKEN, 0o600],
    [NAMED, 0o644],
  ])('is no matter with %s and mode %o', async (token, mode) => {
    expect((await check(token, mode)).stderr).not.toContain('config_exposed');
  });
});
