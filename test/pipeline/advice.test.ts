import { describe, expect, it } from 'vitest';
import { withAdvice } from '../../src/advice.js';
import { parseConfig } from '../../src/config.js';
import { ERRORS, RunError, type ErrorCode } from '../../src/errors.js';
import type { ExportOptions, RunSummary } from '../../src/summary.js';
import { summaryOf } from '../report/support.js';

const optionsWith = (event_id: 'derive' | 'none', more: Partial<ExportOptions> = {}): ExportOptions => ({
  inputs: [{ name: 'rows.csv', path: 'rows.csv', open: () => [][Symbol.iterator]() as never }],
  config: parseConfig(
    JSON.stringify({
      ...{ type: 'snapchat_conversion', auth_method: 'api_token', api_token: 'a-token' },
      ...{ event_source_id: 'pixel', event_id },
    }),
    { name: 'c' },
  ),
  ...more,
});

const fixOf = (
  code: ErrorCode,
  options: ExportOptions,
  { fix = ERRORS[code].fix, ...changes }: Partial<RunSummary> & { readonly fix?: string } = {},
): string =>
  withAdvice(summaryOf({ error: new RunError(code, 'message', { fix }), ...changes }), options).error?.fix ??
  '';

const run = { id: 'r', resumed: false, alreadyComplete: false, sentBefore: 0 };
const doubt = { sent: 5, invalid: 0, expired: 0, refused: 0, in_doubt: 2, not_attempted: 0 };
const CODES = ['interrupted', 'service_unavailable', 'unreadable_answers', 'output_io'] as const;

describe('advice', () => {
  it.each(CODES)('with a journal is the same command: %s', (code) => {
    for (const ids of ['derive', 'none'] as const)
      expect(fixOf(code, optionsWith(ids), { run })).toContain('same command again: it resumes');
    const piped = optionsWith('none', { inputs: [{ name: '-', open: () => [] as never }] });
    expect(fixOf(code, piped, { run })).toContain('same rows piped in');
  });

  it.each(CODES)('without a journal is the same command only with IDs: %s', (code) => {
    expect(fixOf(code, optionsWith('derive'))).toContain('Run the same command again');
    expect(fixOf(code, optionsWith('none'))).toContain('the rows after row 12345 of "rows.csv"');
    const unsent = { ...doubt, sent: 0, in_doubt: 0 };
    expect(fixOf(code, optionsWith('none'), { outcomes: unsent })).toContain('Run the same command again.');
  });

  it('says what becomes of rows in doubt', () => {
    const here = { run, outcomes: doubt };
    expect(fixOf('answer_in_doubt', optionsWith('derive'), here)).toContain('within 48 hours');
    const hold = optionsWith('derive', { journaling: { stateDir: 's', inDoubt: 'hold' } });
    expect(fixOf('answer_in_doubt', hold, here)).not.toContain('48 hours');
    expect(fixOf('answer_in_doubt', optionsWith('none'), here)).toContain('count twice');
  });

  it('never says of events without IDs that they keep them', () => {
    const fix = 'Restore it; or add --force to start anew (events keep their ids).';
    expect(fixOf('run_changed', optionsWith('derive'), { fix })).toBe(fix);
    const without = fixOf('run_changed', optionsWith('none'), { fix });
    expect(without).not.toContain('keep their');
    expect(without).toContain('count twice');
  });

  it('warns of an export of corrected rows that would count twice', () => {
    expect(fixOf('broken_quote', optionsWith('derive'))).toBe(ERRORS.broken_quote.fix);
    expect(fixOf('broken_quote', optionsWith('none'))).toContain('count twice');
    const outcomes = { ...doubt, sent: 0, in_doubt: 0 };
    expect(fixOf('broken_quote', optionsWith('none'), { outcomes })).toBe(ERRORS.broken_quote.fix);
  });
});
