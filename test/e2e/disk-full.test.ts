import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseFaults } from '../../src/simulator/index.js';
import { BATCH, CONCURRENCY, inScene } from '../support/scene.js';
import type { Scene, Trial } from '../support/scene.js';
import { shopRows, toCsv } from '../support/shop-rows.js';
import type { ShopRows } from '../support/shop-rows.js';
import { missing, missingMount, onSmallDisk } from '../support/tools.js';

const ROWS = shopRows(60, () => false);
const NO_STRACE = missing('strace');
const NO_MOUNT = missingMount();

/** Rows that fill more than a small disk: with rejects, or with a line in the journal for each. */
const MANY = shopRows(700, () => false);
const HALF_BAD: ShopRows = {
  ...MANY,
  rows: MANY.rows.map((row, index) => row.map((cell, at) => (at === 4 && index % 2 === 0 ? 'broken' : cell))),
};
const HALF_REFUSED = shopRows(1500, (row) => row % 2 === 0);

async function expectAll(scene: Scene, inputs: readonly string[], rows: ShopRows, trial: Trial = {}) {
  const last = await scene.export(inputs, trial);
  expect(last.stderr).not.toContain('error[');
  expect(last.code).toBe(0);
  expect(last.summary.outcomes).toMatchObject({ sent: rows.good.length, refused: 0, in_doubt: 0 });
  const stored = scene.simulator.events().map(({ eventId }) => eventId);
  expect([...stored].sort()).toEqual([...rows.good].sort());
  expect(scene.repeats()).toBeLessThanOrEqual(BATCH * CONCURRENCY);
  expect(scene.rejects()).toHaveLength(rows.invalid.length + rows.expired.length);
}

describe.skipIf(NO_STRACE !== '')(`a write that fails${NO_STRACE}`, () => {
  /** The calls of one thread are counted, so files get one thread. `path` alone is traced. */
  function failing(scene: Scene, path: string, error: string, nth: number): Trial {
    const inject = `inject=write:error=${error}:when=${nth}`;
    const log = join(scene.folder, 'calls');
    return {
      env: { UV_THREADPOOL_SIZE: '1' },
      wrap: ['strace', '-f', '-o', log, '-P', path, '-e', 'trace=write', '-e', inject],
    };
  }
  const writesIn = (scene: Scene): number =>
    readFileSync(join(scene.folder, 'calls'), 'utf8').split('write(').length - 1;

  it.concurrent.each([
    ['ENOSPC', 2],
    ['EIO', 5],
  ])('the journal, %s at write %i: nothing is sent or written after it', async (error, nth) => {
    await inScene({ faults: parseFaults('401@1'), latencyMs: 10 }, async (scene) => {
      const inputs = [scene.file('rows.csv', toCsv(ROWS))];
      // A journal has a name only when its run has begun, so the first run ends early.
      expect((await scene.export(inputs)).code).toBe(77);
      const [journal = ''] = scene.journals();
      const { requests } = scene.simulator.stats();
      const failed = await scene.export(inputs, failing(scene, journal, error, nth));
      expect(failed.stderr).toMatch(new RegExp(`error\\[journal_io\\].*${error}`));
      expect(failed.code).toBe(74);
      expect(writesIn(scene)).toBe(nth);
      // Of the writes before it at least each second one was an intent.
      expect(scene.simulator.stats().requests - requests).toBeLessThan(nth);
      await expectAll(scene, inputs, ROWS);
    });
  });

  // Without space: see the small disk below.
  it.concurrent('the rejects, EIO: the run ends, and goes on', async () => {
    await inScene({}, async (scene) => {
      const inputs = [scene.file('rows.csv', toCsv(ROWS))];
      const rejects = join(scene.folder, 'rejects.jsonl');
      const failed = await scene.export(inputs, failing(scene, rejects, 'EIO', 1));
      expect(failed.stderr).toMatch(/error\[output_io\].*rejects\.jsonl/);
      expect(failed.code).toBe(74);
      expect(writesIn(scene)).toBeGreaterThan(0);
      await expectAll(scene, inputs, ROWS);
      expect(scene.repeats()).toBe(0);
    });
  });
});

describe.skipIf(NO_MOUNT !== '')(`a disk of 64 KB${NO_MOUNT}`, () => {
  const one: Trial = { args: ['--batch-size', '1'] };

  it.concurrent('full of journal: the run stops, and goes on when there is space', async () => {
    await inScene({}, async (scene) => {
      await onSmallDisk(join(scene.folder, 'state'), async (disk) => {
        const inputs = [scene.file('rows.csv', toCsv(MANY))];
        const full = await scene.export(inputs, one);
        expect(full.stderr).toMatch(/error\[journal_io\].*ENOSPC/);
        expect(full.code).toBe(74);
        const stored = scene.simulator.events().length;
        expect(stored).toBeGreaterThan(0);
        expect(stored).toBeLessThan(MANY.good.length);
        disk.resize('1m');
        await expectAll(scene, inputs, MANY, one);
        expect(scene.repeats()).toBeLessThanOrEqual(CONCURRENCY);
      });
    });
  });

  it.concurrent('too small for a copy of standard input: nothing is sent, and nothing is left', async () => {
    await inScene({}, async (scene) => {
      await onSmallDisk(join(scene.folder, 'state'), async (disk) => {
        const stdin = toCsv(MANY);
        const full = await scene.export(['-'], { stdin });
        expect(full.stderr).toMatch(/error\[journal_io\].*standard input.*ENOSPC/);
        expect(full.code).toBe(74);
        expect(scene.simulator.stats().requests).toBe(0);
        expect(scene.spools()).toEqual([]);
        disk.resize('1m');
        await expectAll(scene, ['-'], MANY, { stdin });
      });
    });
  });

  it.concurrent.each([
    ['invalid', HALF_BAD],
    ['refused', HALF_REFUSED],
  ])('full of rejects, %s: the run stops, and goes on when there is space', async (_, rows) => {
    await inScene({}, async (scene) => {
      await onSmallDisk(join(scene.folder, 'out'), async (disk) => {
        const inputs = [scene.file('rows.csv', toCsv(rows))];
        const rejects = join(disk.path, 'rejects.jsonl');
        const args = ['--rejects', rejects, '--batch-size', '50'];
        const full = await scene.export(inputs, { args });
        expect(full.stderr).toMatch(/error\[output_io\].*rejects\.jsonl/);
        expect(full.code).toBe(74);
        const { outcomes } = full.summary;
        expect(Object.values(outcomes).reduce((sum, count) => sum + count)).toBe(full.summary.rowsRead);
        expect(scene.simulator.events()).toHaveLength(outcomes.sent);
        expect(outcomes.not_attempted).toBeGreaterThan(0);
        disk.resize('1m');
        const last = await scene.export(inputs, { args });
        expect(last.code).toBe(0);
        expect(last.summary.run).toMatchObject({ resumed: true, sentBefore: outcomes.sent });
        const { sent } = last.summary.outcomes;
        expect(scene.simulator.events()).toHaveLength(sent);
        expect(sent).toBeGreaterThan(outcomes.sent);
        expect(scene.repeats()).toBe(0);
        const lines = readFileSync(rejects, 'utf8').trimEnd().split('\n');
        expect(lines).toHaveLength(rows.rows.length - sent);
      });
    });
  });
});
