import { describe, expect, it } from 'vitest';
import type { EndRecord } from '../../src/journal/types.js';
import { decide, type KnownRun, type Wanted } from '../../src/resume/decide.js';

const INPUT = { name: 'rows.csv', realPath: '/data/rows.csv', fingerprint: 'f1' };
const FACTS = { transformVersion: 1, settings: { eventId: 'derive', batchSize: '2000' }, inputs: [INPUT] };
const WANTED: Wanted = {
  ...FACTS,
  ...{ asOfMs: undefined, nowMs: 1, force: false, onUnfinished: 'resume-first', testEvents: false },
};
const OTHER = { inputs: [{ ...INPUT, fingerprint: 'f2' }] };

function runWith(status: EndRecord['status'] | undefined, changes: Partial<KnownRun> = {}): KnownRun {
  const run = { ...FACTS, version: '0.1.0', runId: '20261120T120000-0001', createdMs: 1, asOfMs: 1 };
  return {
    run: { ...run, batchSize: 2000, maxBatchBytes: 1 },
    ...(status !== undefined && { end: { status, outcomes: { sent: 5 }, exitCode: 0, atMs: 2 } }),
    isOpen: status === undefined || status === 'incomplete',
    ...{ isUntouched: false, isReadable: true },
    ...changes,
  };
}

const CHANGES: readonly (readonly [string, Partial<Wanted>, string])[] = [
  ['setting', { settings: { eventId: 'none', batchSize: '2000' } }, 'the setting eventId'],
  ['as-of time', { asOfMs: 7 }, 'the as-of time'],
  ['rules', { transformVersion: 2 }, 'the rules of this version'],
];

describe('what to do with rows that an earlier run had', () => {
  it.each([
    [undefined, 'resume'],
    ['incomplete', 'resume'],
    ['stopped', 'resume'],
    ['complete', 'nothing'],
  ] as const)('with the same command and end %s: %s', (status, fate) => {
    const known = runWith(status);
    const expected = { own: { do: fate, known }, finish: [], close: [] };
    expect(decide([known], WANTED)).toEqual(expected);
    expect(decide([known], { ...WANTED, asOfMs: 1 })).toEqual(expected);
    for (const onUnfinished of ['start-over', 'refuse'] as const)
      expect(decide([known], { ...WANTED, onUnfinished })).toEqual(expected);
    expect(decide([known], { ...WANTED, force: true }).own).toEqual({ do: 'start' });
  });

  describe('when its clock was wrong', () => {
    const DAY_MS = 86_400_000;
    const wanted = { ...WANTED, nowMs: 100 * DAY_MS };

    it.each([0, 99 * DAY_MS, 101 * DAY_MS, 9000 * DAY_MS])(
      'starts over if nothing was sent: %d',
      (createdMs) => {
        const at = (known: KnownRun): KnownRun => ({
          ...known,
          run: { ...known.run, createdMs, asOfMs: createdMs },
        });
        const stopped = { status: 'stopped', outcomes: { expired: 3 }, exitCode: 65, atMs: 2 } as const;
        for (const known of [
          at(runWith(undefined, { isUntouched: true })),
          at(runWith('stopped', { end: stopped })),
        ]) {
          expect(decide([known], wanted).own.do).toBe('start');
          expect(decide([known], { ...wanted, asOfMs: createdMs }).own.do).toBe('resume');
          expect(decide([known], { ...wanted, nowMs: createdMs }).own.do).toBe('resume');
        }
        expect(decide([at(runWith(undefined))], wanted).own.do).toBe('resume');
        expect(decide([at(runWith('stopped'))], wanted).own.do).toBe('resume');
        expect(decide([at(runWith('complete'))], wanted).own.do).toBe('nothing');
      },
    );
  });

  it.each([
    [undefined, 'resume'],
    ['incomplete', 'resume'],
    ['stopped', 'resume'],
    ['complete', 'start'],
  ] as const)('with --force, of a run begun with --force and end %s: %s', (status, decision) => {
    const before = runWith(status);
    const forced = { ...before, run: { ...before.run, forced: true } };
    const wanted = { ...WANTED, force: true };
    expect(decide([forced], wanted).own.do).toBe(decision);
    expect(decide([forced], { ...wanted, inputs: OTHER.inputs }).own.do).toBe('start');
    const retry = { ...forced, run: { ...forced.run, retryOf: 'r' } };
    expect(decide([retry], wanted).own.do).toBe('start');
  });

  it('begins when there is none', () => {
    expect(decide([], WANTED)).toEqual({ own: { do: 'start' }, finish: [], close: [] });
  });

  it('finds a complete run of these rows before newer ones of others', () => {
    const newer = runWith('complete');
    const other = { ...newer, run: { ...newer.run, ...OTHER } };
    expect(decide([runWith('complete'), other], WANTED).own.do).toBe('nothing');
  });

  it.each([
    { batchSize: '5' },
    { batchSize: '2000', phoneCountry: 'de' },
    { batchSize: '2000', 'input.format': 'csv' },
  ])('does not mind %j, which changes no event or which the run did not know', (settings) => {
    const now = { ...WANTED, settings: { eventId: 'derive', ...settings } };
    expect(decide([runWith('complete')], now).own.do).toBe('nothing');
    expect(decide([runWith(undefined)], now).own.do).toBe('resume');
  });

  it('knows an input by what programs recorded before they hashed all of it', () => {
    const inputs = [{ ...INPUT, fingerprint: 'whole', sampled: 'f1' }];
    expect(decide([runWith('complete')], { ...WANTED, inputs }).own.do).toBe('nothing');
  });

  it.each(CHANGES)(
    'refuses to send delivered rows again for a changed %s, and names it',
    (_, change, name) => {
      const deciding = () => decide([runWith('complete')], { ...WANTED, ...change });
      expect(deciding).toThrow(expect.objectContaining({ code: 'settings_changed', exitCode: 78 }));
      expect(deciding).toThrow(name);
      const testing = { ...WANTED, ...change, testEvents: true };
      expect(decide([runWith('complete')], testing).own.do).toBe('start');
    },
  );

  it.each(CHANGES)('refuses to resume with a changed %s, and names it', (_, change, name) => {
    for (const status of [undefined, 'incomplete'] as const) {
      const deciding = () => decide([runWith(status)], { ...WANTED, ...change });
      expect(deciding).toThrow(expect.objectContaining({ code: 'run_changed', exitCode: 75 }));
      expect(deciding).toThrow(name);
    }
  });

  it.each(CHANGES)('starts over with a changed %s when nothing was sent, or it was asked to', (_, change) => {
    const untouched = runWith('incomplete', { isUntouched: true });
    const decision = decide([untouched], { ...WANTED, ...change });
    expect(decision).toMatchObject({ own: { do: 'start' }, close: [{ known: untouched, isLoss: false }] });
    const asked = decide([runWith('incomplete')], { ...WANTED, ...change, onUnfinished: 'start-over' });
    expect(asked).toMatchObject({ own: { do: 'start' }, close: [{ isLoss: false }] });
  });

  it.each(CHANGES)('starts over with a changed %s when the input had stopped the run', (_, change) => {
    expect(decide([runWith('stopped')], { ...WANTED, ...change }).own).toEqual({ do: 'start' });
  });
});

describe('what to do about an unfinished run of other rows', () => {
  const known = runWith('incomplete');
  const now = { ...WANTED, ...OTHER };

  it('finishes it first, with its own as-of time', () => {
    const expected = { own: { do: 'start' }, finish: [known], close: [] };
    expect(decide([known], now)).toEqual(expected);
    expect(decide([known], { ...now, asOfMs: 7 })).toEqual(expected);
  });

  it('gives it up when its rows are gone or would become other events', () => {
    const gone = runWith('incomplete', { isReadable: false });
    const expected = { own: { do: 'start' }, finish: [], close: [{ isLoss: true }] };
    expect(decide([gone], now)).toMatchObject(expected);
    expect(decide([known], { ...now, transformVersion: 2 })).toMatchObject(expected);
  });

  it('refuses or starts over when it was asked to', () => {
    expect(() => decide([known], { ...now, onUnfinished: 'refuse' })).toThrow(
      expect.objectContaining({ code: 'run_changed', exitCode: 75 }),
    );
    expect(decide([known], { ...now, onUnfinished: 'start-over' })).toMatchObject({
      ...{ own: { do: 'start' }, finish: [], close: [{ known, isLoss: false }] },
    });
  });

  it('leaves a run alone that ended, or was given up', () => {
    const expected = { own: { do: 'start' }, finish: [], close: [] };
    for (const over of [runWith('complete'), runWith('stopped'), runWith('incomplete', { isOpen: false })])
      expect(decide([over], now)).toEqual(expected);
  });
});
