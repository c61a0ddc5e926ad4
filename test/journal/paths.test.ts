import { describe, expect, it } from 'vitest';
import { isRunId, makeRunId, slotOf } from '../../src/journal/paths.js';

describe('slotOf', () => {
  const parts = {
    config: '/etc/result.json',
    inputs: ['/data/a.csv', '/data/b.csv'],
    eventSourceId: 'p1',
    endpoint: 'events',
    apiHost: 'tr.snapchat.com',
  } as const;

  it('is the same in every version of the program', () => {
    // printf '%s' '["inputs","/etc/result.json",["/data/a.csv","/data/b.csv"],"p1","events","tr.snapchat.com"]' | sha256sum | cut -c1-16
    expect(slotOf(parts)).toBe('be71037f287af052');
  });

  const { config: _, inputs: __, ...place } = parts;

  it('differs in anything that makes another job', () => {
    const slots = [
      parts,
      { ...parts, inputs: ['/data/b.csv', '/data/a.csv'] },
      { ...parts, inputs: ['stdin'] },
      { ...parts, config: '/etc/other.json' },
      { ...place, job: 'nightly' },
      { ...place, job: 'hourly' },
      { ...parts, eventSourceId: 'p2' },
      { ...parts, endpoint: 'validate' },
      { ...parts, apiHost: '127.0.0.1:8080' },
    ] as const;
    expect(new Set(slots.map(slotOf)).size).toBe(slots.length);
  });
});

describe('makeRunId', () => {
  it('says when the run began and sorts by it', () => {
    const id = makeRunId(Date.UTC(2026, 10, 23, 13, 30, 0, 999), () => 0x4f9a / 0x10000);
    expect(id).toBe('20261123T133000-4f9a');
    expect(isRunId(id)).toBe(true);
    expect(makeRunId(0, () => 0)).toBe('19700101T000000-0000');
    expect(isRunId(makeRunId(Date.UTC(2026, 0, 1), () => 0.999999))).toBe(true);
    expect(isRunId('lock')).toBe(false);
  });
});
