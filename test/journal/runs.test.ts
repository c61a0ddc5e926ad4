import { describe, expect, it } from 'vitest';
import { cleanRuns, removeRunDir } from '../../src/journal/clean.js';
import { createJournal } from '../../src/journal/journal.js';
import { acquireLock } from '../../src/journal/lock.js';
import { runPathsOf, slotDirOf } from '../../src/journal/paths.js';
import { findRuns, listRuns, runsOfSlot } from '../../src/journal/runs.js';
import type { EndRecord } from '../../src/journal/types.js';
import { memoryFs, type MemoryFs } from './memory-fs.js';
import { ackOf, intentOf, nackOf, RUN, STATE } from './support.js';

const DONE = '20260101T000000-0001';
const STOPPED = '20260102T000000-0002';
const OPEN = '20260103T000000-0003';
const DAMAGED = '20260104T000000-0004';
const DAY = 86_400_000;
const STATUS: Readonly<Record<string, string>> = {
  [DONE]: 'complete',
  [STOPPED]: 'stopped',
  [OPEN]: 'unfinished',
  [DAMAGED]: 'damaged',
};

const ended = (status: EndRecord['status'], atMs: number): EndRecord => ({
  status,
  outcomes: { sent: 10 },
  exitCode: 0,
  atMs,
});

async function makeRun(fs: MemoryFs, slot: string, runId: string, end?: EndRecord): Promise<void> {
  const { journal, spool } = runPathsOf(slotDirOf(STATE, slot), runId);
  const made = await createJournal(journal, { ...RUN, runId, createdMs: 5 * DAY }, fs);
  await made.intent(intentOf(1));
  await made.ack(ackOf(1));
  await made.intent(intentOf(2));
  await made.nack(nackOf(2));
  if (end !== undefined) await made.end(end);
  await made.close();
  fs.put(spool, Buffer.from('rows'));
}

/** Two slots with four runs, and a directory that a killed process left. */
async function world(): Promise<MemoryFs> {
  const fs = memoryFs();
  await makeRun(fs, 'aa', OPEN);
  await makeRun(fs, 'aa', DONE, ended('complete', 6 * DAY));
  await makeRun(fs, 'bb', STOPPED, ended('stopped', 7 * DAY));
  await makeRun(fs, 'bb', DAMAGED);
  const { journal } = runPathsOf(slotDirOf(STATE, 'bb'), DAMAGED);
  fs.content(journal)!.fill(0, 0, 4);
  await fs.mkdir(slotDirOf(STATE, 'cc'));
  const { dir, spool } = runPathsOf(slotDirOf(STATE, 'cc'), OPEN);
  await fs.mkdir(dir);
  fs.put(spool, Buffer.from('half the rows'));
  return fs;
}

describe('findRuns and runsOfSlot', () => {
  it('find the runs that have a journal, oldest first', async () => {
    const fs = await world();
    const found = (await findRuns(STATE, fs)).map(({ slot, runId }) => `${slot} ${runId}`);
    expect(found).toEqual([`aa ${DONE}`, `bb ${STOPPED}`, `aa ${OPEN}`, `bb ${DAMAGED}`]);
    const idsOf = async (slot: string) =>
      (await runsOfSlot(slotDirOf(STATE, slot), slot, fs)).map(({ runId }) => runId);
    expect(await idsOf('aa')).toEqual([DONE, OPEN]);
    expect(await idsOf('cc')).toEqual([]);
    expect(await idsOf('dd')).toEqual([]);
    expect(await findRuns('/nowhere', fs)).toEqual([]);
  });
});

describe('listRuns', () => {
  it('tells how far each run is and who is at work', async () => {
    const fs = await world();
    await acquireLock(slotDirOf(STATE, 'aa'), { pid: 77, fs });
    const events = { sent: 16, refused: 1, inDoubt: 2, notAttempted: 1 };
    const listed = await listRuns(STATE, fs, () => true);
    expect(listed).toMatchObject([
      { runId: DONE, status: 'complete', end: { exitCode: 0 }, batches: 2, events },
      { runId: STOPPED, status: 'stopped', run: { runId: STOPPED } },
      { runId: OPEN, status: 'unfinished', lockedBy: 77, events },
      {
        runId: DAMAGED,
        status: 'damaged',
        batches: 0,
        warnings: ['the first line of the journal is damaged'],
      },
    ]);
    expect(listed.map(({ lockedBy }) => lockedBy)).toEqual([undefined, undefined, 77, undefined]);
  });
});

describe('cleanRuns', () => {
  const nowMs = 10 * DAY;

  async function cleaned(fs: MemoryFs, more: object = {}) {
    const { removed, busySlots } = await cleanRuns(STATE, fs, {
      nowMs,
      pid: 9,
      isAlive: () => true,
      ...more,
    });
    const left = (await findRuns(STATE, fs)).map(({ runId }) => runId);
    return { removed: removed.map(({ runId }) => runId), busySlots, left };
  }

  it('removes complete runs, and what killed processes left', async () => {
    const fs = await world();
    expect(await cleaned(fs)).toEqual({ removed: [DONE], busySlots: [], left: [STOPPED, OPEN, DAMAGED] });
    expect(await fs.readdir(`${STATE}/runs`)).toEqual(['aa', 'bb']);
    expect((await fs.readdir(slotDirOf(STATE, 'aa'))).toSorted()).toEqual([OPEN, 'lock']);
  });

  it('removes the others only when it is told to, and then everything', async () => {
    const fs = await world();
    const all = [DONE, STOPPED, OPEN, DAMAGED];
    const { removed, left } = await cleaned(fs, { unfinished: true });
    expect([removed.sort(), left]).toEqual([all, []]);
    expect(await fs.readdir(`${STATE}/runs`)).toEqual([]);
  });

  it('keeps what is younger than asked for, by the end of the run or else its start', async () => {
    expect(await cleaned(await world(), { olderThanMs: 4 * DAY + 1 })).toMatchObject({ removed: [] });
    expect(await cleaned(await world(), { olderThanMs: 4 * DAY })).toMatchObject({ removed: [DONE] });
    const some = await cleaned(await world(), { olderThanMs: 5 * DAY, unfinished: true });
    // A damaged journal tells no age.
    expect(some.left).toEqual([DONE, STOPPED]);
  });

  it('leaves a slot alone while a process is at work there', async () => {
    const fs = await world();
    await acquireLock(slotDirOf(STATE, 'aa'), { pid: 77, fs });
    expect(await cleaned(fs)).toMatchObject({ removed: [], busySlots: ['aa'] });
  });

  it('leaves no half run wherever it is killed', async () => {
    const whole = await world();
    const before = whole.log.length;
    await cleaned(whole, { unfinished: true });
    for (let at = before; at < whole.log.length; at += 1) {
      const fs = await world();
      fs.failAt(at);
      await cleaned(fs, { unfinished: true }).catch(() => undefined);
      const left = fs.afterKill();
      for (const { runId, status } of await listRuns(STATE, left)) expect(status).toBe(STATUS[runId]);
      const rest = await cleaned(left, { unfinished: true, isAlive: () => false });
      expect(rest.left).toEqual([]);
      expect(await left.readdir(`${STATE}/runs`)).toEqual([]);
    }
  });
});

describe('removeRunDir', () => {
  it('removes a run whole, and minds nothing when there is none', async () => {
    const fs = await world();
    const paths = runPathsOf(slotDirOf(STATE, 'aa'), DONE);
    await removeRunDir(paths, fs);
    await removeRunDir(paths, fs);
    expect(await fs.lstat(paths.dir)).toBeUndefined();
  });
});

describe('a journal that cannot be read', () => {
  it('does not hide the other runs', async () => {
    const fs = await world();
    const broken = runPathsOf(slotDirOf(STATE, 'aa'), DONE).journal;
    const failing: typeof fs = {
      ...fs,
      open: (path, mode) =>
        path === broken
          ? Promise.reject(Object.assign(new Error('bad'), { code: 'EIO' }))
          : fs.open(path, mode),
    };
    const listed = await listRuns(STATE, failing);
    expect(listed.map(({ runId, status }) => [runId, status])).toEqual([
      [DONE, 'damaged'],
      ...[STOPPED, OPEN, DAMAGED].map((runId) => [runId, STATUS[runId]]),
    ]);
  });
});
