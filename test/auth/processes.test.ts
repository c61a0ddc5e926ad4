import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../support/cli.js';

it('lets processes share a credential: no refresh token is used twice, none is lost', () => {
  const args = [join(ROOT, 'bench', 'refresh-race.mjs'), '--processes', '3', '--refreshes', '12'];
  const run = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 25_000 });
  expect(run.stderr).toBe('');
  const end = { code: 0, refreshed: 4, taken: expect.any(Number) as unknown };
  expect(JSON.parse(run.stdout)).toEqual({
    processes: 3,
    refreshes: 12,
    refused: 0,
    atOnce: 1,
    kept: true,
    seconds: expect.any(Number) as unknown,
    ends: [end, end, end],
  });
  expect(run.status).toBe(0);
});
