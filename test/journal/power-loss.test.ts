import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RunError } from '../../src/errors.js';
import { indexesOf } from '../../src/journal/ranges.js';
import { recoverJournal } from '../../src/journal/recover.js';
import type { Journal } from '../../src/journal/writer.js';
import { memoryFs, type MemoryFs } from './memory-fs.js';
import { ackOf, intentOf, JOURNAL, nackOf, resume, RUN, start } from './support.js';

const EVENTS = 10;

type Step = {
  readonly call: 'intent' | 'ack' | 'nack' | 'flush';
  readonly batch: number;
  readonly wait: boolean;
};
type Life = {
  readonly steps: readonly Step[];
  readonly dieAfter: number;
  readonly power: boolean;
  readonly draws: readonly number[];
};

const step: fc.Arbitrary<Step> = fc.record({
  call: fc.constantFrom('intent', 'intent', 'ack', 'nack', 'flush'),
  batch: fc.integer({ min: 1, max: 4 }),
  wait: fc.boolean(),
});

const life: fc.Arbitrary<Life> = fc.record({
  steps: fc.array(step, { maxLength: 25 }),
  dieAfter: fc.integer({ min: 0, max: 80 }),
  power: fc.boolean(),
  draws: fc.array(fc.nat(), { minLength: 1, maxLength: 40 }),
});

/** What is true, kept apart from the program under test. */
type Truth = {
  started: boolean;
  attempts: number;
  /** Highest attempt of each batch whose intent resolved: its request may have gone out. */
  readonly promised: Map<number, number>;
  /** Highest attempt of each batch that was called for. */
  readonly called: Map<number, number>;
  /** Events that some answer named as settled, or as not sent by the attempts up to a certain one. */
  readonly settled: Map<number, Set<number>>;
  readonly spared: Map<number, Map<number, number>>;
};

function newTruth(): Truth {
  const [promised, called] = [new Map<number, number>(), new Map<number, number>()];
  return { started: false, attempts: 0, promised, called, settled: new Map(), spared: new Map() };
}

describe('a journal on a disk that loses power', () => {
  it('loses no intent that was promised and invents no answer', async () => {
    const seen = { runs: 0, torn: 0, damaged: 0, settled: 0 };
    await fc.assert(
      fc.asyncProperty(fc.array(life, { minLength: 1, maxLength: 4 }), async (lives) => {
        const truth = newTruth();
        let fs = memoryFs();
        for (const one of lives) {
          fs.failAt(one.dieAfter);
          await live(fs, one, truth);
          fs = one.power ? fs.afterPowerLoss(drawFrom(one.draws)) : fs.afterKill();
          await compare(fs, truth, seen);
        }
      }),
      { numRuns: 1000 },
    );
    // The test says something only when bad things have happened in it.
    expect(Math.min(seen.runs, seen.torn, seen.damaged, seen.settled)).toBeGreaterThan(20);
  });
});

async function live(fs: MemoryFs, { steps }: Life, truth: Truth): Promise<void> {
  try {
    const journal =
      (await recoverJournal(JOURNAL, fs)) === undefined ? await start(fs) : (await resume(fs)).journal;
    truth.started = true;
    const open: Promise<unknown>[] = [];
    for (const one of steps) {
      const done = perform(one, journal, truth).catch(ignoreDeath);
      open.push(done);
      if (one.wait) await done;
    }
    await Promise.all(open);
  } catch (error) {
    ignoreDeath(error);
  }
}

async function perform({ call, batch }: Step, journal: Journal, truth: Truth): Promise<void> {
  if (call === 'flush') return journal.flush();
  if (call === 'intent') {
    const attempt = (truth.attempts += 1);
    truth.called.set(batch, attempt);
    await journal.intent(intentOf(batch, { attempt }));
    truth.promised.set(batch, Math.max(attempt, truth.promised.get(batch) ?? 0));
    return;
  }
  const attempt = truth.called.get(batch) ?? 0;
  const settled = truth.settled.get(batch) ?? new Set<number>();
  const spared = truth.spared.get(batch) ?? new Map<number, number>();
  for (let index = 0; index < (call === 'ack' ? EVENTS : 7); index += 1) settled.add(index);
  if (call === 'nack') spared.set(9, attempt);
  truth.settled.set(batch, settled);
  truth.spared.set(batch, spared);
  return call === 'ack' ? journal.ack(ackOf(batch)) : journal.nack(nackOf(batch));
}

async function compare(
  fs: MemoryFs,
  truth: Truth,
  seen: { runs: number; torn: number; damaged: number; settled: number },
): Promise<void> {
  const recovered = await recoverJournal(JOURNAL, fs);
  if (recovered === undefined) {
    expect(truth.started).toBe(false);
    return;
  }
  seen.runs += 1;
  if (recovered.tornBytes > 0) seen.torn += 1;
  if (recovered.damagedLines > 0) seen.damaged += 1;
  expect(recovered.run).toEqual(RUN);
  for (const [batch, attempt] of truth.promised) {
    expect(recovered.batches.get(batch)?.intent.attempt).toBeGreaterThanOrEqual(attempt);
  }
  for (const [batch, { parts, state }] of recovered.batches) {
    const spared = [...indexesOf(parts.notAttempted)];
    const unsettled = new Set([...indexesOf(parts.inDoubt), ...spared]);
    const settled = Array.from({ length: EVENTS }, (_, index) => index).filter(
      (index) => !unsettled.has(index),
    );
    expect(settled.filter((index) => truth.settled.get(batch)?.has(index) !== true)).toEqual([]);
    const promised = truth.promised.get(batch) ?? 0;
    const tooGood = spared.filter((index) => (truth.spared.get(batch)?.get(index) ?? -1) < promised);
    expect(tooGood).toEqual([]);
    if (state === 'settled') seen.settled += 1;
  }
}

function drawFrom(draws: readonly number[]): (max: number) => number {
  let next = 0;
  return (max) => (draws[next++ % draws.length] ?? 0) % (max + 1);
}

function ignoreDeath(error: unknown): void {
  if (!(error instanceof RunError) || error.code !== 'journal_io') throw error;
}
