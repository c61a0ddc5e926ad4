import { describe, expect, it } from 'vitest';
import { encodeLine } from '../../src/journal/line.js';
import { recoverJournal } from '../../src/journal/recover.js';
import { FORMAT } from '../../src/journal/records.js';
import type { RecoveredRun } from '../../src/journal/types.js';
import { memoryFs } from './memory-fs.js';
import { ackOf, HASH, intentOf, JOURNAL, nackOf, resume, RUN, start } from './support.js';

const RUN_LINE = encodeLine(1, 'run', { format: FORMAT, ...RUN });

async function recover(content: Buffer): Promise<RecoveredRun | undefined> {
  const fs = memoryFs();
  fs.put('/journal', content);
  return recoverJournal('/journal', fs);
}

async function recovered(...lines: readonly Buffer[]): Promise<RecoveredRun> {
  const result = await recover(Buffer.concat([RUN_LINE, ...lines]));
  if (result === undefined) throw new Error('there is no run');
  return result;
}

/** Two acknowledged batches, one in doubt in part, one open, and an end. */
async function realJournal(): Promise<Buffer> {
  const fs = memoryFs();
  const journal = await start(fs);
  await journal.intent(intentOf(1));
  await journal.intent(intentOf(2));
  await journal.ack(ackOf(2));
  await journal.ack(ackOf(1));
  await journal.intent(intentOf(3));
  await journal.nack(nackOf(3));
  await journal.intent(intentOf(4));
  await journal.end({ status: 'incomplete', outcomes: { sent: 26 }, exitCode: 75, atMs: 9 });
  await journal.close();
  return fs.content(JOURNAL)!;
}

/** Offsets just after each line feed. */
function lineEnds(content: Buffer): readonly number[] {
  return [...content.keys()].filter((at) => content[at] === 0x0a).map((at) => at + 1);
}

function settledIn(run: RecoveredRun): readonly number[] {
  return [...run.batches].filter(([, { state }]) => state === 'settled').map(([batch]) => batch);
}

describe('recoverJournal', () => {
  it('gives back what was written', async () => {
    const run = await recover(await realJournal());
    expect(run).toMatchObject({
      run: RUN,
      end: { status: 'incomplete', outcomes: { sent: 26 }, exitCode: 75, atMs: 9 },
      warnings: [],
      damagedLines: 0,
      tornBytes: 0,
      nextSeq: 10,
    });
    const { sent, refused, inDoubt, notAttempted, reason } = nackOf(3);
    expect([...run!.batches.values()]).toEqual([
      { intent: intentOf(1), state: 'settled', parts: settledParts(10) },
      { intent: intentOf(2), state: 'settled', parts: settledParts(10) },
      {
        intent: intentOf(3),
        state: 'partial',
        parts: { sent, refused, inDoubt, notAttempted },
        doubtSinceMs: 1003,
        reason,
      },
      {
        intent: intentOf(4),
        state: 'open',
        parts: { sent: 0, refused: [], inDoubt: [[0, 9]], notAttempted: [] },
        doubtSinceMs: 1004,
      },
    ]);
  });

  it('finds no run where there is no file, or an empty one', async () => {
    expect(await recoverJournal('/journal', memoryFs())).toBeUndefined();
    expect(await recover(Buffer.alloc(0))).toBeUndefined();
  });

  it('survives being cut at every byte', async () => {
    const content = await realJournal();
    const ends = lineEnds(content);
    for (let size = 1; size < content.length; size += 1) {
      const lines = ends.filter((end) => end <= size).length;
      if (lines === 0) {
        await expect(recover(content.subarray(0, size))).rejects.toMatchObject({ code: 'journal_damaged' });
        continue;
      }
      const run = await recover(content.subarray(0, size));
      expect(run).toMatchObject({
        warnings: [],
        validBytes: ends[lines - 1],
        tornBytes: size - ends[lines - 1]!,
        nextSeq: lines + 1,
      });
      // Line 4 acknowledges batch 2, line 5 batch 1.
      expect(settledIn(run!)).toEqual([...(lines >= 5 ? [1] : []), ...(lines >= 4 ? [2] : [])]);
      expect(run!.end !== undefined).toBe(lines === 9);
    }
  });

  it('believes no damaged line, whichever byte is damaged, and believes all others', async () => {
    const content = await realJournal();
    const ends = lineEnds(content);
    for (let at = 0; at < content.length; at += 1) {
      const bent = Buffer.from(content);
      bent[at]! ^= 1 << (at % 8);
      const line = ends.filter((end) => end <= at).length + 1;
      if (line === 1) {
        await expect(recover(bent)).rejects.toMatchObject({ code: 'journal_damaged', exitCode: 74 });
        continue;
      }
      const run = await recover(bent);
      // A line feed that is lost takes the line after it along.
      const lost = new Set(content[at] === 0x0a ? [line, line + 1] : [line]);
      const believed = (needed: readonly number[]) => needed.every((one) => !lost.has(one));
      expect(settledIn(run!)).toEqual([...(believed([2, 5]) ? [1] : []), ...(believed([3, 4]) ? [2] : [])]);
      expect(run!.batches.has(4)).toBe(believed([8]));
      const atEnd = at === content.length - 1;
      expect(run!.warnings.length > 0).toBe(!atEnd);
      expect(run!.tornBytes > 0).toBe(atEnd);
    }
  });

  it('goes on after a torn line as if it had never been begun', async () => {
    const content = await realJournal();
    const [, second] = lineEnds(content);
    const fs = memoryFs();
    const first = await start(fs);
    await first.close();
    await fs.unlink(JOURNAL);
    fs.put(JOURNAL, content.subarray(0, second! + 30));
    const { journal, recovered: before } = await resume(fs);
    expect(before.tornBytes).toBe(30);
    await journal.intent(intentOf(2));
    await journal.close();
    const after = await recoverJournal(JOURNAL, fs);
    expect(after).toMatchObject({ warnings: [], tornBytes: 0, nextSeq: 4 });
    expect([...after!.batches.keys()]).toEqual([1, 2]);
  });

  it('says which line is damaged, and no more than twenty times', async () => {
    const damage = Buffer.from('damaged\n');
    const { warnings } = await recovered(damage, encodeLine(3, 'intent', intentOf(1)));
    expect(warnings).toEqual(['line 2 of the journal is damaged: what it recorded counts as unknown']);
    const many = await recovered(...Array.from({ length: 30 }, () => damage));
    expect(many.damagedLines).toBe(30);
    expect(many.warnings).toHaveLength(21);
    expect(many.warnings.at(-1)).toBe('10 more lines of the journal are damaged');
    expect(many.nextSeq).toBe(32);
  });

  it('notices lines that are gone, and lines that stand twice', async () => {
    const gone = await recovered(encodeLine(3, 'ack', ackOf(1)), encodeLine(4, 'intent', intentOf(2)));
    expect(gone).toMatchObject({ damagedLines: 2, nextSeq: 5 });
    expect([...gone.batches.keys()]).toEqual([2]);
    const twice = await recovered(
      encodeLine(2, 'intent', intentOf(1)),
      encodeLine(3, 'ack', ackOf(1)),
      encodeLine(2, 'intent', intentOf(1)),
    );
    expect(twice.damagedLines).toBe(1);
    expect(settledIn(twice)).toEqual([1]);
  });

  it('does not take an end for the end when anything follows, even if it cannot be read', async () => {
    const end = encodeLine(2, 'end', { status: 'complete', outcomes: {}, exitCode: 0, atMs: 1 });
    expect((await recovered(end)).end?.status).toBe('complete');
    expect((await recovered(end, encodeLine(3, 'intent', intentOf(1)))).end).toBeUndefined();
    expect((await recovered(end, Buffer.from('damaged\n'))).end).toBeUndefined();
  });

  it('refuses a journal in another layout, and one that describes no run', async () => {
    const other = recover(encodeLine(1, 'run', { ...RUN, format: FORMAT + 1 }));
    await expect(other).rejects.toMatchObject({
      code: 'journal_damaged',
      message: expect.stringContaining('another version'),
    });
    const partial = recover(encodeLine(1, 'run', { format: FORMAT }));
    await expect(partial).rejects.toMatchObject({ code: 'journal_damaged' });
    const headless = recover(encodeLine(1, 'intent', intentOf(1)));
    await expect(headless).rejects.toMatchObject({ code: 'journal_damaged' });
  });

  it.each([
    ['an intent without rows', encodeLine(2, 'intent', { ...intentOf(1), rows: undefined })],
    [
      'an intent with a backward range',
      encodeLine(2, 'intent', { ...intentOf(1), rows: [{ input: 0, first: 2, last: 1 }] }),
    ],
    ['an answer without an intent', encodeLine(2, 'ack', ackOf(1))],
    ['a nack without its lists', encodeLine(2, 'nack', ackOf(1))],
    [
      'an end with a status of its own',
      encodeLine(2, 'end', { status: 'fine', outcomes: {}, exitCode: 0, atMs: 1 }),
    ],
    ['a second run', encodeLine(2, 'run', { format: FORMAT, ...RUN })],
    ['null for a record', encodeLine(2, 'nack', { ...nackOf(1), refused: [null] })],
  ])('does not use %s', async (_, line) => {
    const run = await recovered(line);
    expect(run).toMatchObject({ damagedLines: 1 });
    expect(run.batches.size).toBe(0);
    expect(run.end).toBeUndefined();
  });

  it.each([
    ['too few events', ackOf(1, { sent: 9 })],
    ['too many events', ackOf(1, { sent: 11 })],
    ['an event twice', nackOf(1, { sent: 5, inDoubt: [[6, 8]] })],
    ['an event beyond the batch', nackOf(1, { inDoubt: [[9, 10]], notAttempted: [[7, 7]] })],
  ])('does not believe an answer with %s', async (_, answer) => {
    const kind = 'inDoubt' in answer ? 'nack' : 'ack';
    const run = await recovered(encodeLine(2, 'intent', intentOf(1)), encodeLine(3, kind, answer));
    expect(run.batches.get(1)?.state).toBe('open');
    expect(run.damagedLines).toBe(1);
  });
});

describe('a batch that a damaged line may have begun', () => {
  const damage = (bytes: number): Buffer => Buffer.from(`${'x'.repeat(bytes - 1)}\n`);
  const first = encodeLine(2, 'intent', intentOf(1));
  const rows = [{ input: 0, first: 1, last: 1 }];
  const SHORTEST = encodeLine(2, 'intent', intentOf(1, { rows, events: 1, atMs: 1_795_440_600_000 })).length;

  it('is none in a journal without damage', async () => {
    expect((await recovered(first)).maybeBegun).toBe(0);
  });

  it.each([
    ['one line', [damage(first.length)], 2],
    ['two lines that became one', [damage(2 * SHORTEST)], 3],
    ['a line cut in two', [damage(10), damage(first.length - 10)], 3],
    ['lines that are gone', [encodeLine(6, 'ack', ackOf(1))], 4],
    ['lines that are gone beside a damaged one', [damage(9), encodeLine(6, 'ack', ackOf(1))], 4],
    ['an intent that is lost while its answer is not', [encodeLine(3, 'ack', ackOf(5))], 5],
    ['an intent that says too little', [encodeLine(3, 'intent', { batch: 2 })], 2],
  ] as const)('is counted from the bytes and the numbers: %s', async (_, lines, upTo) => {
    expect((await recovered(first, ...lines)).maybeBegun).toBe(upTo);
  });

  it('never lies beyond the batches that were begun, wherever a line is damaged', async () => {
    const content = await realJournal();
    const [, ...ends] = lineEnds(content);
    for (const [index, end] of ends.slice(0, -1).entries()) {
      const start = lineEnds(content)[index] ?? 0;
      const bad = Buffer.from(content);
      bad.fill(0x78, start, end - 1);
      expect((await recover(bad))?.maybeBegun).toBeGreaterThanOrEqual(4);
    }
  });

  it('may be one that had events left: they are in doubt then, and those settled are not', async () => {
    const answered = [first, encodeLine(3, 'nack', nackOf(1))];
    const run = await recovered(...answered, damage(200));
    expect(run.batches.get(1)?.parts).toMatchObject({ sent: 6, inDoubt: [[7, 9]], notAttempted: [] });
    expect(run.batches.get(1)?.doubtSinceMs).toBe(1001);
    expect(
      (await recovered(first, damage(200), encodeLine(4, 'nack', nackOf(1)))).batches.get(1)?.parts,
    ).toMatchObject({ inDoubt: [[7, 8]], notAttempted: [[9, 9]] });
  });
});

describe('a batch that is begun again', () => {
  it('keeps what is settled and puts the rest in doubt, since the first attempt that may have delivered it', async () => {
    const run = await recovered(
      encodeLine(2, 'intent', intentOf(1)),
      encodeLine(3, 'nack', nackOf(1)),
      encodeLine(4, 'intent', intentOf(1, { attempt: 2, atMs: 5000 })),
    );
    expect(run.batches.get(1)).toEqual({
      intent: intentOf(1, { attempt: 2, atMs: 5000 }),
      state: 'open',
      parts: { ...settledParts(6), refused: nackOf(1).refused, inDoubt: [[7, 9]] },
      doubtSinceMs: 1001,
    });
  });

  it('is in doubt since the second attempt when the first surely delivered none of it', async () => {
    const nothing = nackOf(1, { sent: 0, refused: [], inDoubt: [], notAttempted: [[0, 9]] });
    const lines = [encodeLine(2, 'intent', intentOf(1)), encodeLine(3, 'nack', nothing)];
    const before = await recovered(...lines);
    expect(before.batches.get(1)).toMatchObject({ state: 'partial' });
    expect(before.batches.get(1)).not.toHaveProperty('doubtSinceMs');
    const after = await recovered(...lines, encodeLine(4, 'intent', intentOf(1, { attempt: 2, atMs: 5000 })));
    expect(after.batches.get(1)).toMatchObject({ state: 'open', doubtSinceMs: 5000 });
  });

  it('is settled by an answer that covers it', async () => {
    const run = await recovered(
      encodeLine(2, 'intent', intentOf(1)),
      encodeLine(3, 'nack', nackOf(1)),
      encodeLine(4, 'intent', intentOf(1, { attempt: 2 })),
      encodeLine(5, 'ack', ackOf(1, { sent: 9, refused: nackOf(1).refused })),
    );
    expect(run.batches.get(1)).toEqual({
      intent: intentOf(1, { attempt: 2 }),
      state: 'settled',
      parts: { ...settledParts(9), refused: nackOf(1).refused },
    });
  });

  it('counts as new when it is another batch than before', async () => {
    const run = await recovered(
      encodeLine(2, 'intent', intentOf(1)),
      encodeLine(3, 'ack', ackOf(1)),
      encodeLine(4, 'intent', intentOf(1, { bodyHash: HASH.replace('9f', '00') })),
    );
    expect(run.batches.get(1)?.state).toBe('open');
    expect(run.warnings).toEqual([expect.stringContaining('batch 1 is not the batch it was before')]);
  });
});

function settledParts(sent: number) {
  return { sent, refused: [], inDoubt: [], notAttempted: [] };
}
