import { describe, expect, it } from 'vitest';
import { createJournal } from '../../src/journal/journal.js';
import { recoverJournal } from '../../src/journal/recover.js';
import { memoryFs, type MemoryFs } from './memory-fs.js';
import { ackOf, intentOf, JOURNAL, nackOf, resume, RUN, start } from './support.js';

function syncs(fs: MemoryFs): number {
  return fs.log.filter((name) => name === 'datasync').length;
}

/** What the file holds, as kind and batch of each line. */
function lines(fs: MemoryFs): readonly string[] {
  const texts = fs.content(JOURNAL)!.toString().trim().split('\n');
  return texts.map((text) => {
    const { seq, t, batch } = JSON.parse(text) as { seq: number; t: string; batch?: number };
    return batch === undefined ? `${seq} ${t}` : `${seq} ${t} ${batch}`;
  });
}

/** A journal that is begun, with counters from here on. */
async function begun() {
  const fs = memoryFs();
  const journal = await start(fs);
  const before = { syncs: syncs(fs), operations: fs.log.length };
  return { fs, journal, before };
}

describe('createJournal', () => {
  it('has file and directories durable before it resolves', async () => {
    const fs = memoryFs();
    await start(fs);
    // The disk that keeps the least.
    const left = fs.afterPowerLoss(() => 0);
    expect(await recoverJournal(JOURNAL, left)).toMatchObject({ run: RUN, nextSeq: 2 });
  });

  it('leaves a run or none, wherever it is killed or loses power', async () => {
    const whole = memoryFs();
    await start(whole);
    for (let at = 0; at < whole.log.length; at += 1) {
      const fs = memoryFs();
      fs.failAt(at);
      await expect(start(fs)).rejects.toMatchObject({ code: 'journal_io' });
      for (const left of [fs.afterKill(), fs.afterPowerLoss(() => 0), fs.afterPowerLoss((max) => max)]) {
        const run = await recoverJournal(JOURNAL, left);
        expect(run?.run ?? RUN).toEqual(RUN);
        if (run === undefined) await expect(start(left)).resolves.toBeDefined();
      }
    }
    expect(whole.log.length).toBeGreaterThan(15);
  });

  it('does not touch the journal of another run', async () => {
    const { fs, journal } = await begun();
    await journal.intent(intentOf(1));
    const content = fs.content(JOURNAL);
    await expect(createJournal(JOURNAL, RUN, fs)).rejects.toMatchObject({ code: 'journal_io' });
    expect(fs.content(JOURNAL)).toEqual(content);
  });
});

describe('a journal', () => {
  it('makes an intent durable, and every line before it', async () => {
    const { fs, journal } = await begun();
    await journal.intent(intentOf(1));
    await journal.ack(ackOf(1));
    await journal.intent(intentOf(2));
    const run = await recoverJournal(
      JOURNAL,
      fs.afterPowerLoss(() => 0),
    );
    expect([...run!.batches.values()].map(({ state }) => state)).toEqual(['settled', 'open']);
  });

  it('writes an answer without waiting for the disk', async () => {
    const { fs, journal, before } = await begun();
    await journal.intent(intentOf(1));
    await journal.nack(nackOf(1));
    expect(syncs(fs) - before.syncs).toBe(1);
    expect(lines(fs)).toEqual(['1 run', '2 intent 1', '3 nack 1']);
    await journal.flush();
    expect(syncs(fs) - before.syncs).toBe(2);
    await journal.flush();
    await journal.close();
    expect(syncs(fs) - before.syncs).toBe(2);
  });

  it('shares one sync among intents that come together', async () => {
    const { fs, journal, before } = await begun();
    await Promise.all([1, 2, 3, 4].map((batch) => journal.intent(intentOf(batch))));
    expect(fs.log.slice(before.operations)).toEqual(['write', 'datasync']);
  });

  it('gathers what comes while it waits for the disk', async () => {
    const { fs, journal, before } = await begun();
    const done: string[] = [];
    const note = (name: string) => () => done.push(name);
    const first = journal.intent(intentOf(1)).then(note('1'));
    while (fs.log.at(-1) !== 'datasync' || fs.log.length === before.operations) await Promise.resolve();
    const rest = [
      journal.intent(intentOf(2)).then(note('2')),
      journal.ack(ackOf(1)).then(note('ack')),
      journal.intent(intentOf(3)).then(note('3')),
    ];
    await Promise.all([first, ...rest]);
    expect(syncs(fs) - before.syncs).toBe(2);
    expect(done).toEqual(['1', 'ack', '2', '3']);
    expect(lines(fs)).toEqual(['1 run', '2 intent 1', '3 intent 2', '4 ack 1', '5 intent 3']);
  });

  it('keeps the order of the calls in the file', async () => {
    const { fs, journal } = await begun();
    const calls = [];
    for (let batch = 1; batch <= 50; batch += 1) {
      calls.push(journal.intent(intentOf(batch)), journal.ack(ackOf(batch)));
      if (batch % 7 === 0) await Promise.resolve();
    }
    await Promise.all(calls);
    const expected = Array.from({ length: 50 }, (_, index) => [
      `${2 * index + 2} intent ${index + 1}`,
      `${2 * index + 3} ack ${index + 1}`,
    ]);
    expect(lines(fs).slice(1)).toEqual(expected.flat());
  });

  it('makes its end durable, and goes on after it when the run is resumed', async () => {
    const { fs, journal } = await begun();
    const end = {
      status: 'stopped',
      outcomes: { sent: 1, not_attempted: 2 },
      exitCode: 130,
      atMs: 5,
    } as const;
    await journal.end(end);
    const left = fs.afterPowerLoss(() => 0);
    const { journal: next, recovered } = await resume(left);
    expect(recovered.end).toEqual(end);
    await next.intent(intentOf(1));
    expect((await recoverJournal(JOURNAL, left))?.end).toBeUndefined();
  });

  it.each([
    ['write', 0],
    ['datasync', 1],
  ])('is over after a failed %s: nothing is tried again', async (_, after) => {
    const { fs, journal, before } = await begun();
    fs.failAt(before.operations + after, 'ENOSPC');
    const first = journal.intent(intentOf(1));
    const second = journal.intent(intentOf(2));
    const error = await first.catch((problem: unknown) => problem);
    expect(error).toMatchObject({
      code: 'journal_io',
      exitCode: 74,
      message: 'writing the journal failed (ENOSPC)',
    });
    await expect(second).rejects.toBe(error);
    const operations = fs.log.length;
    for (const call of [
      () => journal.intent(intentOf(3)),
      () => journal.ack(ackOf(1)),
      () => journal.nack(nackOf(1)),
      () => journal.end({ status: 'stopped', outcomes: {}, exitCode: 74, atMs: 1 }),
      () => journal.flush(),
    ]) {
      await expect(call()).rejects.toBe(error);
    }
    await expect(journal.close()).resolves.toBeUndefined();
    expect(fs.log.length).toBe(operations);
  });

  it('lets those know who wait while a sync fails', async () => {
    const { fs, journal, before } = await begun();
    fs.failAt(before.operations + 1);
    const first = journal.intent(intentOf(1));
    while (fs.log.at(-1) !== 'datasync' || fs.log.length === before.operations) await Promise.resolve();
    const late = journal.ack(ackOf(1));
    await expect(first).rejects.toMatchObject({ code: 'journal_io' });
    await expect(late).rejects.toMatchObject({ code: 'journal_io' });
    expect(fs.log.at(-1)).toBe('datasync');
  });

  it('is made durable by closing, and cannot be written afterwards', async () => {
    const { fs, journal } = await begun();
    await journal.intent(intentOf(1));
    await journal.ack(ackOf(1));
    await Promise.all([journal.close(), journal.close()]);
    const run = await recoverJournal(
      JOURNAL,
      fs.afterPowerLoss(() => 0),
    );
    expect(run!.batches.get(1)?.state).toBe('settled');
    await expect(journal.intent(intentOf(2))).rejects.toMatchObject({ code: 'internal' });
  });
});

describe('openJournal', () => {
  it('makes durable what it read', async () => {
    const { fs, journal } = await begun();
    await journal.intent(intentOf(1));
    await journal.ack(ackOf(1));
    const killed = fs.afterKill();
    expect((await resume(killed)).recovered.batches.get(1)?.state).toBe('settled');
    const run = await recoverJournal(
      JOURNAL,
      killed.afterPowerLoss(() => 0),
    );
    expect(run!.batches.get(1)?.state).toBe('settled');
  });

  it('says what failed, in one word of the system and no path', async () => {
    const { fs } = await begun();
    fs.failAt(fs.log.length, 'EACCES');
    await expect(resume(fs)).rejects.toMatchObject({
      code: 'journal_io',
      message: 'reading the journal failed (EACCES)',
    });
  });
});
