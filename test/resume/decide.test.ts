import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config.js';
import type { EndRecord, RecoveredRun } from '../../src/journal/types.js';
import { decide, type Wanted } from '../../src/resume/decide.js';
import { settingsOf } from '../../src/resume/settings.js';

const INPUT = { name: 'rows.csv', realPath: '/data/rows.csv', fingerprint: 'f1' };
const FACTS = { transformVersion: 1, settings: { batchSize: '2000' }, inputs: [INPUT] };
const WANTED: Wanted = { ...FACTS, asOfMs: undefined, force: false };

function runWith(status: EndRecord['status'] | undefined): RecoveredRun {
  const end: EndRecord | undefined =
    status === undefined ? undefined : { status, outcomes: {}, exitCode: 0, atMs: 2 };
  return {
    run: {
      ...FACTS,
      version: '0.1.0',
      runId: '20261120T120000-0001',
      createdMs: 1,
      asOfMs: 1,
      batchSize: 2000,
      maxBatchBytes: 1,
    },
    batches: new Map(),
    ...(end && { end }),
    warnings: [],
    damagedLines: 0,
    maybeBegun: 0,
    tornBytes: 0,
    nextSeq: 2,
    validBytes: 1,
  };
}

const CHANGES: readonly (readonly [string, Partial<Wanted>, string])[] = [
  ['input', { inputs: [{ ...INPUT, fingerprint: 'f2' }] }, 'the input "rows.csv"'],
  ['number of inputs', { inputs: [INPUT, INPUT] }, 'the number of inputs'],
  ['setting', { settings: { batchSize: '10' } }, 'the setting batchSize'],
  ['as-of time', { asOfMs: 7 }, 'the as-of time'],
  ['rules', { transformVersion: 2 }, 'the rules of this version'],
];

describe('what to do about an earlier run', () => {
  it.each([
    [undefined, 'resume'],
    ['incomplete', 'resume'],
    ['stopped', 'resume'],
    ['complete', 'done'],
  ] as const)('with the same command and end %s: %s', (status, decision) => {
    expect(decide(runWith(status), WANTED)).toBe(decision);
    expect(decide(runWith(status), { ...WANTED, asOfMs: 1 })).toBe(decision);
    expect(decide(runWith(status), { ...WANTED, force: true })).toBe('fresh');
  });

  it.each([
    [undefined, 'resume'],
    ['incomplete', 'resume'],
    ['stopped', 'resume'],
    ['complete', 'fresh'],
  ] as const)('with --force, of a run begun with --force and end %s: %s', (status, decision) => {
    const before = runWith(status);
    const forced = { ...before, run: { ...before.run, forced: true } };
    expect(decide(forced, { ...WANTED, force: true })).toBe(decision);
    for (const [, change] of CHANGES) {
      expect(decide(forced, { ...WANTED, ...change, force: true })).toBe('fresh');
    }
    const retry = { ...forced, run: { ...forced.run, retryOf: 'r' } };
    expect(decide(retry, { ...WANTED, force: true })).toBe('fresh');
  });

  it('begins when there is none', () => {
    expect(decide(undefined, WANTED)).toBe('fresh');
  });

  it.each(CHANGES)('refuses to go on with a changed %s, and names it', (_, change, name) => {
    for (const status of [undefined, 'incomplete'] as const) {
      const deciding = () => decide(runWith(status), { ...WANTED, ...change });
      expect(deciding).toThrow(expect.objectContaining({ code: 'run_changed', exitCode: 78 }));
      expect(deciding).toThrow(name);
    }
  });

  it.each(CHANGES)('begins anew with a changed %s when the earlier run is over', (_, change) => {
    for (const status of ['complete', 'stopped'] as const) {
      expect(decide(runWith(status), { ...WANTED, ...change })).toBe('fresh');
    }
  });
});

describe('settings', () => {
  const base = {
    type: 'snapchat_conversion',
    auth_method: 'api_token',
    event_source_id: 'x',
    api_token: 'SECRET',
  };
  const settings = (more: object, read = {}): Readonly<Record<string, string>> =>
    settingsOf(parseConfig(JSON.stringify({ ...base, ...more }), { name: 'c', env: {} }), { read });

  it('differ with what changes bytes', () => {
    for (const more of [
      { batch_size: 5 },
      { custom_datetime: 'keep' },
      { columns: [{ from: 'a', to: 'b' }] },
      { default_country: 'US' },
    ]) {
      expect(settings(more)).not.toEqual(settings({}));
    }
    expect(settings({}, { delimiter: ';' })).not.toEqual(settings({}));
  });

  it('agree where bytes stay the same, and hold no secret and no constant', () => {
    for (const more of [
      { concurrency: 9 },
      { api_token: 'OTHER' },
      { max_requests_per_second: 3 },
      { max_rejected: '5%' },
    ]) {
      expect(settings(more)).toEqual(settings({}));
    }
    const text = JSON.stringify(settings({ columns: ['*', { value: 'PRIVATE', to: 'note' }] }));
    expect(text).not.toContain('SECRET');
    expect(text).not.toContain('PRIVATE');
  });
});
