import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { runCli } from '../support/cli.js';
import { BATCH, CONCURRENCY, inScene, until } from '../support/scene.js';
import type { Ended, Scene } from '../support/scene.js';
import { shopRows, toCsv, toJsonl } from '../support/shop-rows.js';
import { missing } from '../support/tools.js';

const ROWS = shopRows(60, () => false);
const CSV = Buffer.from(toCsv(ROWS));
const NO_STRACE = missing('strace');

function expectAll(scene: Scene, last: Ended): void {
  expect(last.stderr).not.toContain('error[');
  expect(last.code).toBe(0);
  expect(last.summary.rowsRead).toBe(ROWS.rows.length);
  expect(last.summary.outcomes).toMatchObject({ sent: ROWS.good.length, in_doubt: 0, not_attempted: 0 });
  const stored = scene.simulator.events().map(({ eventId }) => eventId);
  expect([...stored].sort()).toEqual([...ROWS.good].sort());
  // A complete run needs no copy, and nobody else's is left.
  expect(scene.spools()).toEqual([]);
  const [journal = '', ...others] = scene.journals();
  expect(others).toEqual([]);
  expect(readdirSync(dirname(dirname(journal))).filter((name) => name !== 'lock')).toHaveLength(1);
}

const sizeOf = (path: string | undefined): number => {
  try {
    return path === undefined ? -1 : statSync(path).size;
  } catch {
    return -1;
  }
};

describe('a process that is killed while it copies standard input', () => {
  it.concurrent.each([
    ['before the first byte', 0],
    ['in the middle', CSV.length >> 1],
    ['before its end is known', CSV.length],
  ])('%s: the same command with the same rows delivers all', async (_, bytes) => {
    await inScene({}, async (scene) => {
      const half = scene.start(['-'], { stdin: CSV.subarray(0, bytes), stdinEnds: false });
      await until(() => sizeOf(scene.spools()[0]) === bytes, half);
      half.kill('SIGKILL');
      expect((await half.ended).code).toBe(-1);
      const [copy = ''] = scene.spools();
      expect(sizeOf(copy)).toBe(bytes);
      expect(scene.simulator.stats().requests).toBe(0);
      const last = await scene.export(['-'], { stdin: CSV });
      expect(last.summary.run.resumed).toBe(false);
      expectAll(scene, last);
      expect(scene.repeats()).toBe(0);
      expect(existsSync(dirname(copy))).toBe(false);
    });
  });

  it.concurrent.each([
    ['the copy', 1],
    ['the journal that is to begin', 2],
  ])(
    `while %s becomes durable: the same holds${NO_STRACE}`,
    { skip: NO_STRACE !== '' },
    async (_what, nth) => {
      await inScene({}, async (scene) => {
        const inject = `inject=fdatasync:signal=KILL:when=${nth}`;
        const killed = await scene.export(['-'], {
          stdin: CSV,
          env: { UV_THREADPOOL_SIZE: '1' },
          wrap: ['strace', '-f', '-o', '/dev/null', '-e', 'trace=fdatasync', '-e', inject],
        });
        expect(killed.stdout).toBe('');
        expect(scene.spools().map(sizeOf)).toEqual([CSV.length]);
        expect(scene.journals()).toEqual([]);
        expectAll(scene, await scene.export(['-'], { stdin: CSV }));
        expect(scene.repeats()).toBe(0);
      });
    },
  );

  it.concurrent('leaves a half copy that `runs clean` removes as well', async () => {
    await inScene({}, async (scene) => {
      const half = scene.start(['-'], { stdin: CSV.subarray(0, 99), stdinEnds: false });
      await until(() => sizeOf(scene.spools()[0]) === 99, half);
      half.kill('SIGKILL');
      await half.ended;
      const cleaned = await runCli(['runs', 'clean', '--state-dir', `${scene.folder}/state`]);
      expect(cleaned.code).toBe(0);
      expect(scene.spools()).toEqual([]);
    });
  });
});

describe('a compressed standard input', () => {
  it.concurrent.each([
    ['CSV', gzipSync(toCsv(ROWS))],
    ['JSONL', gzipSync(toJsonl(ROWS))],
  ])('%s: a run that was killed goes on with it', async (_, stdin) => {
    await inScene({ latencyMs: 30 }, async (scene) => {
      await scene.killAfter(5, ['-'], { stdin });
      expect(scene.spools()).toHaveLength(1);
      expect(scene.simulator.events().length).toBeLessThan(ROWS.good.length);
      const last = await scene.export(['-'], { stdin });
      expect(last.summary.run.resumed).toBe(true);
      expect(last.summary.run.sentBefore).toBeGreaterThanOrEqual(BATCH);
      expectAll(scene, last);
      expect(scene.repeats()).toBeLessThanOrEqual(BATCH * CONCURRENCY);
    });
  });
});
