import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RunError } from '../../src/errors.js';
import { acquireLock, lockHolder } from '../../src/journal/lock.js';
import { nodeFs } from '../../src/journal/node-fs.js';
import { holderOf } from '../../src/lock/lock.js';
import type { ProcessIdentity } from '../../src/lock/process.js';
import { memoryFs } from './memory-fs.js';
import { createStage, type Burst, type Stage } from './stage.js';

let slotDir = '';
beforeEach(() => {
  slotDir = join(mkdtempSync(join(tmpdir(), 'snapcapi-lock-')), 'slot');
});
afterEach(() => {
  rmSync(join(slotDir, '..'), { recursive: true, force: true });
});

/** A timer that never rings. */
const every = () => () => undefined;

/** Who holds the lock in the eyes of a process that shares its process numbers with the owner. */
function holderFor(viewer: ProcessIdentity) {
  return holderOf(join(slotDir, 'lock'), { ...viewer, fs: nodeFs, isAlive: () => true });
}

/** Takes the lock as some process, in a world where only the given ones are alive. */
function acquireAs(self: ProcessIdentity, alive: readonly ProcessIdentity[]) {
  return acquireLock(slotDir, {
    ...self,
    every,
    fs: nodeFs,
    isAlive: ({ pid, startTime }) => alive.some((one) => one.pid === pid && one.startTime === startTime),
  });
}

describe('acquireLock', () => {
  const first = { pid: 100, startTime: 'a' };
  const second = { pid: 200, startTime: 'b' };

  it('gives the lock to one process and names it to the next', async () => {
    const lock = await acquireAs(first, [first, second]);
    await expect(acquireAs(second, [first, second])).rejects.toMatchObject({
      code: 'run_locked',
      exitCode: 75,
      message: 'process 100 is at work on the same run',
    });
    await lock.release();
    await lock.release();
    await expect(acquireAs(second, [first, second])).resolves.toBeDefined();
  });

  it('is not given twice to the same process', async () => {
    await acquireLock(slotDir, { fs: nodeFs });
    await expect(acquireLock(slotDir, { fs: nodeFs })).rejects.toMatchObject({
      message: `process ${process.pid} is at work on the same run`,
    });
    expect(await lockHolder(slotDir, nodeFs)).toMatchObject({ pid: process.pid });
  });

  it('is taken over from a process that is gone', async () => {
    await acquireAs(first, [first]);
    await acquireAs(second, [second]);
    await expect(acquireAs(first, [first, second])).rejects.toMatchObject({
      message: 'process 200 is at work on the same run',
    });
  });

  it('is taken over when the number of the process belongs to another one now', async () => {
    await acquireAs(first, [first]);
    const reborn = { pid: 100, startTime: 'later' };
    await expect(acquireAs(second, [second, reborn])).resolves.toBeDefined();
  });

  it.each([
    ['an empty file', ''],
    ['half a file', '{"pid":10'],
    ['no number', '{"pid":"100"}'],
    ['a group of processes', '{"pid":-1}'],
  ])('is taken over when a power loss left %s', async (_, content) => {
    mkdirSync(join(slotDir, 'lock', '3'), { recursive: true });
    writeFileSync(join(slotDir, 'lock', '3', 'owner'), content);
    await expect(acquireAs(first, [first])).resolves.toBeDefined();
    expect(await holderFor(first)).toEqual(first);
  });

  it('keeps its directory small', async () => {
    for (let round = 0; round < 10; round += 1) await (await acquireAs(first, [first])).release();
    expect(readdirSync(join(slotDir, 'lock'))).toHaveLength(2);
    expect(await holderFor(first)).toBeUndefined();
  });

  it('can be removed with its empty slot', async () => {
    await (await acquireAs(first, [first])).remove();
    expect(readdirSync(join(slotDir, '..'))).toEqual([]);
    await (await acquireAs(first, [first])).release();
    mkdirSync(join(slotDir, 'a-run'));
    await (await acquireAs(first, [first])).remove();
    expect(readdirSync(slotDir)).toEqual(['a-run']);
  });

  it('says what failed when the directory cannot be used', async () => {
    writeFileSync(slotDir, '');
    await expect(acquireAs(first, [first])).rejects.toMatchObject({
      code: 'journal_io',
      message: 'locking the run failed (ENOTDIR)',
    });
  });
});

type Ending = 'release' | 'remove' | 'die';
type Actor = { readonly rounds: readonly Ending[]; readonly dieAt: number | undefined };

const actor: fc.Arbitrary<Actor> = fc.record({
  rounds: fc.array(fc.constantFrom<Ending>('release', 'release', 'remove', 'die'), {
    minLength: 1,
    maxLength: 4,
  }),
  dieAt: fc.option(fc.integer({ min: 0, max: 60 }), { nil: undefined }),
});

const burst: fc.Arbitrary<Burst> = fc.record({
  who: fc.nat({ max: 11 }),
  steps: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 40 })),
});

describe('contenders whose steps mix in any order', () => {
  it('never hold the lock together, and somebody can always get it in the end', async () => {
    let [won, lost, died] = [0, 0, 0];
    await fc.assert(
      fc.asyncProperty(
        fc.array(actor, { minLength: 2, maxLength: 4 }),
        fc.array(burst, { minLength: 5, maxLength: 40 }),
        async (actors, plan) => {
          const fs = memoryFs();
          const stage = createStage(fs);
          actors.forEach((one, index) => {
            stage.enter(index, play(one, index, stage), one.dieAt);
          });
          await stage.run(plan);
          expect(stage.worst()).toBeLessThanOrEqual(1);
          won += stage.wins();
          lost += stage.losses();
          died += stage.deaths();
          await (await acquireLock('/slot', { pid: 1, fs, isAlive: stage.isAlive, every })).release();
        },
      ),
      { numRuns: 1500 },
    );
    expect(Math.min(won, lost, died)).toBeGreaterThan(20);
  });
});

/** One process after another under the same name, each with a number of its own. */
function play({ rounds }: Actor, index: number, stage: Stage) {
  return async () => {
    for (const [round, ending] of rounds.entries()) {
      const pid = 1000 * (index + 1) + round;
      stage.born(index, pid);
      const fs = stage.fsOf(index);
      try {
        const lock = await acquireLock('/slot', {
          ...{ pid, fs, every, isAlive: stage.isAlive, random: stage.random },
        });
        stage.holds(pid);
        await fs.lstat('/slot');
        stage.letsGo(pid);
        if (ending === 'die') stage.dies(pid);
        else await lock[ending]();
      } catch (error) {
        if (!(error instanceof RunError) || error.code !== 'run_locked') throw error;
        stage.lost();
      }
      stage.dies(pid);
    }
  };
}
