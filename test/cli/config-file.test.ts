import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import { inTemporaryFolder, runCli } from '../support/cli.js';
import { csv, GOOD, NOW } from './support.js';

const CONFIG = {
  $schema: './config.schema.json',
  type: 'snapchat_conversion',
  auth_method: 'api_token',
  api_token: '${SNAPCHAT_TOKEN}',
  event_source_id: 'p',
};

/** Runs the built program in a folder with `rows.csv` and `c.json`. */
function runWith(config: string | Uint8Array, args: readonly string[]) {
  return inTemporaryFolder((folder) => {
    writeFileSync(`${folder}/c.json`, config);
    writeFileSync(`${folder}/rows.csv`, csv(GOOD));
    return runCli(args, { cwd: folder });
  });
}

describe('a command that sends nothing', () => {
  it.each([
    ['check', 'rows.csv', '--config', 'c.json', '--as-of', NOW],
    ['preview', 'rows.csv', '--config', 'c.json', '--as-of', NOW],
    ['columns', 'rows.csv', '--config', 'c.json'],
    ['columns', 'rows.csv'],
    ['export', 'rows.csv', '--config', 'c.json', '--as-of', NOW, '--dry-run'],
    ['fields'],
  ])('needs no credential: %s %s %s', async (...args) => {
    const { code, stderr } = await runWith(JSON.stringify(CONFIG), args);
    expect(stderr).not.toContain('error[');
    expect(code).toBe(0);
  });

  it('is told apart from an export', async () => {
    const args = ['export', 'rows.csv', '--config', 'c.json', '--as-of', NOW];
    const { code, stderr } = await runWith(JSON.stringify(CONFIG), args);
    expect(stderr).toContain('error[config_unset_variable]');
    expect(code).toBe(78);
  });
});

describe('columns without a config', () => {
  it('shows what the defaults make of the input', async () => {
    const { stdout } = await runWith('', ['columns', 'rows.csv', '--json']);
    const columns = JSON.parse(stdout) as readonly { column: string; meaning: string }[];
    expect(columns.map(({ meaning }) => meaning)).toEqual(columns.map(() => 'standard'));
    expect(columns).toHaveLength(5);
  });

  it('respects the environment', async () => {
    const result = await runCli(['columns', '-'], { stdin: csv(GOOD), env: { SNAPCAPI_BATCH_SIZE: 'x' } });
    expect(result.code).toBe(78);
    expect(result.stderr).toContain('SNAPCAPI_BATCH_SIZE');
  });
});

describe('a config file that is not UTF-8', () => {
  const text = JSON.stringify({ ...CONFIG, columns: ['*', { value: 'Zoë', to: 'fn' }] });
  const args = ['preview', 'rows.csv', '--config', 'c.json', '--as-of', NOW];

  it.each([
    ['Latin-1', Buffer.from(text, 'latin1')],
    ['UTF-16', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16 without a mark', Buffer.from(text, 'utf16le')],
  ])('is refused: %s', async (_, bytes) => {
    const { code, stdout, stderr } = await runWith(bytes, args);
    expect(stderr).toContain('error[config_unreadable]');
    expect(stderr).toContain('not UTF-8');
    expect(stdout).toBe('');
    expect(code).toBe(78);
  });

  it('is accepted as UTF-8 with a byte order mark', async () => {
    expect((await runWith(`\ufeff${text}`, args)).code).toBe(0);
  });
});
