import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inTemporaryFolder, ROOT } from '../support/cli.js';
import { BAD } from '../support/exports.js';
import { inScene } from '../support/scene.js';
import { shopRows, toCsv } from '../support/shop-rows.js';

const CONFIG = ['--config', join(BAD, 'config.json')];
const hasPrlimit = spawnSync('prlimit', ['--version']).status === 0;
const reason = hasPrlimit ? '' : ' (skipped: there is no prlimit)';

describe.skipIf(!hasPrlimit)(`a low limit of open files${reason}`, () => {
  it.each([24, 40, 60, 80, 90, 100, 120, 256])(
    'of %d ends or succeeds, and says what to do',
    async (limit) => {
      await inScene({}, async (scene) => {
        const inputs = [scene.file('rows.csv', toCsv(shopRows(12, () => false)))];
        const result = await scene.export(inputs, { wrap: ['prlimit', `--nofile=${limit}:${limit}`] });
        if (result.code === 0) return;
        expect(result.code).toBe(74);
        expect(result.stderr).toContain('error[open_files_limit]');
        expect(result.stderr).toContain('ulimit -n 1024');
      });
    },
  );

  it('of 1024 is enough', async () => {
    await inScene({}, async (scene) => {
      const inputs = [scene.file('rows.csv', toCsv(shopRows(12, () => false)))];
      expect((await scene.export(inputs, { wrap: ['prlimit', '--nofile=1024:1024'] })).code).toBe(0);
    });
  });
});

describe.skipIf(process.platform === 'win32')('standard input that is a directory', () => {
  it.each([
    ['check', ...CONFIG, '--format', 'jsonl'],
    ['check', ...CONFIG, '--allow-empty'],
    ['preview', ...CONFIG, '--allow-empty'],
    ['columns'],
    ['export', ...CONFIG, '--format', 'jsonl'],
    ['export', ...CONFIG, '--no-resume', '--allow-empty'],
  ])('is no empty input: %s', async (...args) => {
    await inTemporaryFolder((folder) => {
      const fd = openSync(folder, 'r');
      try {
        const result = spawnSync(process.execPath, [join(ROOT, 'bin', 'snapcapi.js'), ...args], {
          stdio: [fd, 'pipe', 'pipe'],
          encoding: 'utf8',
          env: { PATH: process.env['PATH'], SNAPCAPI_STATE_DIR: join(folder, 'state') },
        });
        expect(result.status).toBe(66);
        expect(result.stderr).toContain('error[input_missing]: standard input is a directory');
      } finally {
        closeSync(fd);
      }
      return Promise.resolve();
    });
  });
});
