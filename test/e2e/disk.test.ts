import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BATCH, CONCURRENCY, inScene } from '../support/scene.js';
import type { Scene } from '../support/scene.js';
import { shopRows, toCsv } from '../support/shop-rows.js';

const ROWS = shopRows(60, () => false);
const CSV = toCsv(ROWS);

const has = (tool: string): boolean => spawnSync(tool, ['--version']).status === 0;
const NO_STRACE = has('strace') ? '' : ' (NOT RUN: strace is not installed)';
const NO_PRLIMIT = has('prlimit') ? '' : ' (NOT RUN: prlimit is not installed)';

async function expectToGoOn(scene: Scene, inputs: readonly string[]): Promise<void> {
  const last = await scene.export(inputs);
  expect(last.stderr).not.toContain('error[');
  expect(last.code).toBe(0);
  expect(last.summary.outcomes.sent).toBe(ROWS.good.length);
  expect(scene.simulator.events()).toHaveLength(ROWS.good.length);
  expect(scene.repeats()).toBeLessThanOrEqual(BATCH * CONCURRENCY);
  expect(scene.rejects()).toHaveLength(ROWS.invalid.length + ROWS.expired.length);
}

describe('rejects on a full disk', () => {
  it.concurrent('end the run, which goes on elsewhere', { skip: !existsSync('/dev/full') }, async () => {
    await inScene({}, async (scene) => {
      const inputs = [scene.file('rows.csv', CSV)];
      const full = await scene.export(inputs, { args: ['--rejects', '/dev/full'] });
      expect(full.code).toBe(74);
      expect(full.stderr).toMatch(/error\[output_io\].*\/dev\/full/);
      expect(full.stderr).toContain('Free disk space. Run the same command again');
      // A run whose rejects are lost is not complete: the rows are read again, and none is sent again.
      await expectToGoOn(scene, inputs);
      expect(scene.repeats()).toBe(0);
    });
  });
});

describe('a journal that cannot be written', () => {
  it.concurrent(
    `ends in a torn line: the run stops, and goes on later${NO_PRLIMIT}`,
    { skip: NO_PRLIMIT !== '' },
    async () => {
      await inScene({}, async (scene) => {
        const inputs = [scene.file('rows.csv', CSV)];
        // No file may grow beyond this: the write in the middle of which it happens is cut short.
        const stopped = await scene.export(inputs, { wrap: ['prlimit', '--fsize=2200'] });
        expect(stopped.stderr).toMatch(/error\[journal_io\].*EFBIG/);
        expect(stopped.code).toBe(74);
        const [journal = ''] = scene.journals();
        expect(readFileSync(journal)).toHaveLength(2200);
        expect(readFileSync(journal, 'utf8').endsWith('\n')).toBe(false);
        await expectToGoOn(scene, inputs);
      });
    },
  );

  it.concurrent.each([
    ['fdatasync', 'EIO', 4],
    ['fdatasync', 'ENOSPC', 2],
    ['fsync', 'EIO', 2],
  ])(
    `%s fails with %s: nothing is sent after it, and it is not tried again${NO_STRACE}`,
    { skip: NO_STRACE !== '' },
    async (call, error, nth) => {
      await inScene({ latencyMs: 20 }, async (scene) => {
        const inputs = [scene.file('rows.csv', CSV)];
        const log = `${scene.folder}/calls`;
        const inject = `inject=${call}:error=${error}:when=${nth}`;
        const failed = await scene.export(inputs, {
          // One thread for files, because strace counts the calls of each thread.
          env: { UV_THREADPOOL_SIZE: '1' },
          wrap: ['strace', '-f', '-o', log, '-e', `trace=${call}`, '-e', inject],
        });
        expect(failed.code).toBe(74);
        expect(failed.stderr).toContain('error[journal_io]');
        expect(failed.stderr).toContain(error);
        const calls = readFileSync(log, 'utf8')
          .split('\n')
          .filter((line) => line.includes(`${call}(`));
        expect(calls).toHaveLength(nth);
        // An intent that is not durable is not sent: each batch that was sent had a sync that succeeded.
        expect(scene.simulator.stats().requests).toBeLessThan(nth);
        await expectToGoOn(scene, inputs);
      });
    },
  );
});
