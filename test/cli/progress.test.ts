import { describe, expect, it } from 'vitest';

import { progressLine, startProgress, type ProgressState } from '../../src/cli/progress.js';
import { testIo } from './support.js';

const state = (changes: Partial<ProgressState> = {}): ProgressState => ({
  rows: 0,
  sent: 0,
  rejected: 0,
  retries: 0,
  bytes: new Map(),
  ...changes,
});

describe('progressLine', () => {
  it('counts rows, speed, outcomes and the time left', () => {
    const bytes = new Map([
      ['a', 200],
      ['b', 50],
    ]);
    const line = progressLine(
      state({ rows: 50_000, sent: 40_000, rejected: 1000, retries: 2, bytes }),
      5000,
      1000,
    );
    expect(line).toBe(
      '50,000 rows, 10,000 rows/s, 40,000 sent, 1,000 rejected, 9,000 in flight, 2 retries, 25 %, about 15.0 s left',
    );
  });

  it('leaves out what is not known', () => {
    expect(progressLine(state({ rows: 3, sent: 3 }), 100, undefined)).toBe('3 rows, 3 sent, 0 rejected');
    expect(progressLine(state({ bytes: new Map([['a', 10]]) }), 100, 10)).toBe(
      '0 rows, 0 sent, 0 rejected, 100 %',
    );
  });
});

describe('startProgress', () => {
  it('redraws one line on a terminal, and clears it for messages', () => {
    const { io, stderr, tick } = testIo({ terminal: true });
    const progress = startProgress(io, { totalBytes: undefined, silent: false });
    progress.observe({ type: 'rows_read', file: 'a', rows: 2, bytes: 10 });
    tick();
    progress.say('hello\n');
    tick();
    progress.stop();
    tick();
    const line = '2 rows, 0 sent, 0 rejected, 2 in flight';
    expect(stderr()).toBe(`\r\u001b[2K${line}\r\u001b[2Khello\n\r\u001b[2K${line}\r\u001b[2K`);
  });

  it.each([
    ['elsewhere', {}, false],
    ['with NO_COLOR', { NO_COLOR: '1' }, true],
  ])('writes whole lines without escapes %s', (_, env, terminal) => {
    const { io, stderr, tick } = testIo({ env, terminal });
    const progress = startProgress(io, { totalBytes: undefined, silent: false });
    progress.observe({ type: 'rows_sent', rows: 2 });
    tick();
    progress.stop();
    expect(stderr()).toBe('0 rows, 2 sent, 0 rejected\n');
  });

  it('gives the counts to a log', () => {
    const { io, stderr, tick } = testIo({ terminal: true });
    const reports: object[] = [];
    const report = (counts: object) => reports.push(counts);
    const progress = startProgress(io, { totalBytes: 1, silent: false, report });
    progress.observe({ type: 'rows_read', file: 'a', rows: 2, bytes: 10 });
    tick();
    expect(reports).toEqual([{ rows: 2, sent: 0, rejected: 0, retries: 0 }]);
    expect(stderr()).toBe('');
  });

  it('can be silent', () => {
    const { io, stderr, tick } = testIo({ terminal: true });
    const progress = startProgress(io, { totalBytes: undefined, silent: true });
    tick();
    progress.stop();
    expect(stderr()).toBe('');
  });
});
