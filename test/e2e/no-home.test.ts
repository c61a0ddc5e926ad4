import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSimulator, type Simulator } from '../../src/simulator/index.js';
import { runCli } from '../support/cli.js';
import { AS_OF, BAD } from '../support/exports.js';
import { startCli } from '../support/process.js';

/** Stands before a command so that it runs as a user without a passwd entry. */
const STRANGER = ['setpriv', '--reuid=12345', '--regid=12345', '--clear-groups'];
const cannotBeStranger =
  process.getuid?.() !== 0 || spawnSync('setpriv', [...STRANGER.slice(1), 'true']).status !== 0;
const reason = cannotBeStranger ? ' (skipped: it takes root and setpriv)' : '';

const ROW =
  'event_name,event_time,event_source_url,em\nPAGE_VIEW,2026-11-20T11:00:00Z,https://example.com/,a@example.com\n';
const CONFIG = join(BAD, 'config.json');

let folder = '';
let simulator: Simulator;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'snapcapi-home-'));
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, 'open'));
  chmodSync(join(folder, 'open'), 0o777);
  simulator = await startSimulator({ clock: () => Date.parse(AS_OF) });
});
afterEach(async () => {
  await simulator.close();
  rmSync(folder, { recursive: true, force: true });
});

const exporting = ['export', '-', '--config', CONFIG, '--as-of', AS_OF];

describe.skipIf(cannotBeStranger)(`a user without a passwd entry${reason}`, () => {
  const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    startCli(args, { wrap: STRANGER, stdin: ROW, env: { SNAPCAPI_API_BASE_URL: simulator.url, ...env } })
      .ended;

  it('is told what to name when there is no home directory', async () => {
    const result = await run(exporting);
    expect(result.code).toBe(78);
    expect(result.stderr).toContain('error[home_missing]');
    for (const way of ['--state-dir', 'SNAPCAPI_STATE_DIR', '--no-resume'])
      expect(result.stderr).toContain(way);
    expect((await run(['runs', 'list'])).code).toBe(78);
    expect((await run(['auth', 'list'])).stderr).toContain('--credentials-file');
  });

  it('exports with each of the ways out, and checks without any', async () => {
    const state = join(folder, 'open', 'state');
    expect((await run([...exporting, '--state-dir', state])).code).toBe(0);
    expect((await run(exporting, { SNAPCAPI_STATE_DIR: join(folder, 'open', 'other') })).code).toBe(0);
    expect((await run([...exporting, '--no-resume'])).code).toBe(0);
    expect((await run([...exporting, '--dry-run'])).code).toBe(0);
    expect((await run(['check', '-', '--config', CONFIG, '--as-of', AS_OF])).code).toBe(0);
    expect(simulator.events()).toHaveLength(1);
  });

  it('is not advised to free disk space when it may not write', async () => {
    const result = await run([...exporting, '--state-dir', join(folder, 'state')]);
    expect(result.code).toBe(74);
    expect(result.stderr).toContain('(EACCES)');
    expect(result.stderr).toContain('--state-dir');
    expect(result.stderr).not.toMatch(/disk/i);
  });
});

describe.skipIf(process.platform === 'win32')('HOME', () => {
  it.each([[''], ['here'], ['./here']])(
    '%j puts no copy of the rows below the working directory',
    async (HOME) => {
      const result = await runCli(exporting, {
        stdin: ROW,
        cwd: folder,
        env: { HOME, SNAPCAPI_STATE_DIR: '', SNAPCAPI_API_BASE_URL: simulator.url },
      });
      expect(result.code).toBe(78);
      expect(result.stderr).toContain('error[home_missing]');
      expect(readdirSync(folder)).toEqual(['open']);
      const noState = await runCli([...exporting, '--no-resume'], {
        stdin: ROW,
        cwd: folder,
        env: { HOME, SNAPCAPI_STATE_DIR: '', SNAPCAPI_API_BASE_URL: simulator.url },
      });
      expect(noState.code).toBe(0);
      expect(existsSync(join(folder, 'here'))).toBe(false);
    },
  );
});

it('a state directory below a file says that a file is in the way', async () => {
  writeFileSync(join(folder, 'file'), '');
  const result = await runCli([...exporting, '--state-dir', join(folder, 'file', 'state')], {
    stdin: ROW,
    env: { SNAPCAPI_API_BASE_URL: simulator.url },
  });
  expect(result.code).toBe(74);
  expect(result.stderr).toContain('(ENOTDIR)');
  expect(result.stderr).toContain('is a file');
  expect(result.stderr).not.toContain('Free disk space');
});
