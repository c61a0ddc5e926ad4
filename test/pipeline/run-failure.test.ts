import { describe, expect, it } from 'vitest';

import { parseConfig } from '../../src/config.js';
import { failureOf } from '../../src/run-failure.js';
import type { RunMode } from '../../src/summary.js';
import type { RowOutcome } from '../../src/types.js';

type Case = {
  readonly outcomes?: Partial<Record<RowOutcome, number>>;
  readonly config?: object;
  readonly mode?: RunMode;
  readonly dropsDoubt?: boolean;
  readonly isRetry?: boolean;
};

function failure({ outcomes: given = {}, config = {}, ...rest }: Case) {
  const outcomes = { sent: 0, invalid: 0, expired: 0, refused: 0, in_doubt: 0, not_attempted: 0, ...given };
  const text = { type: 'snapchat_conversion', oauth_credentials_id: 'c', event_source_id: 'p', ...config };
  const rowsRead = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
  return failureOf({
    config: parseConfig(JSON.stringify(text), { name: 'c' }),
    mode: 'deliver',
    dropsDoubt: false,
    isRetry: false,
    ledger: { rowsRead: () => rowsRead, outcomes: () => outcomes },
    ...rest,
  });
}

describe('a run that sent nothing', () => {
  it.each<Case>([
    { outcomes: { expired: 3 } },
    { outcomes: { invalid: 3 } },
    { outcomes: { refused: 3 } },
    { outcomes: { expired: 280, invalid: 20 } },
    { outcomes: { expired: 3 }, mode: 'check' },
    { outcomes: { invalid: 3 }, mode: 'dry_run' },
    { outcomes: { invalid: 3 }, config: { max_rejected: '100%' } },
    { outcomes: { refused: 1 }, isRetry: true },
  ])('fails: %j', (one) => {
    expect(failure(one)).toMatchObject({ code: 'nothing_sent', exitCode: 65 });
  });

  it.each<Case>([
    {},
    { outcomes: { sent: 1, expired: 9 } },
    { outcomes: { not_attempted: 1, expired: 9 }, mode: 'check' },
    { outcomes: { not_attempted: 1, invalid: 9 }, mode: 'dry_run' },
    { outcomes: { in_doubt: 2 }, dropsDoubt: true },
  ])('is not this one: %j', (one) => {
    expect(failure(one)).toBeUndefined();
  });

  it('says why, and what to do', () => {
    const mixed = failure({ outcomes: { expired: 280, invalid: 20 }, mode: 'check' });
    expect(mixed?.message).toBe('0 of 300 rows would be sent: 280 expired, 20 invalid');
    const expired = failure({ outcomes: { expired: 3 } });
    expect(expired?.message).toBe('0 of 3 rows were sent: 3 expired');
    expect(expired?.fix).toContain('max_event_age_days');
  });

  it('gives way to rows in doubt and to the limit of rejects', () => {
    expect(failure({ outcomes: { in_doubt: 2, expired: 1 } })?.code).toBe('answer_in_doubt');
    expect(failure({ outcomes: { invalid: 2 }, config: { max_rejected: '5%' } })?.code).toBe(
      'too_many_rejected',
    );
  });
});

describe('min_rows and min_sent', () => {
  it.each<[Case, string | undefined]>([
    [{ config: { min_rows: 1 } }, 'too_few_rows'],
    [{ config: { min_sent: 1 } }, 'too_few_rows'],
    [{ outcomes: { sent: 3 }, config: { min_rows: 4 } }, 'too_few_rows'],
    [{ outcomes: { sent: 3 }, config: { min_rows: 3, min_sent: 3 } }, undefined],
    [{ outcomes: { sent: 3, expired: 1 }, config: { min_rows: 4, min_sent: 4 } }, 'too_few_rows'],
    [{ outcomes: { not_attempted: 3 }, config: { min_sent: 3 }, mode: 'check' }, undefined],
    [
      { outcomes: { not_attempted: 3, invalid: 1 }, config: { min_sent: 4 }, mode: 'dry_run' },
      'too_few_rows',
    ],
    [{ outcomes: { sent: 1 }, config: { min_rows: 9, min_sent: 9 }, isRetry: true }, undefined],
    [{ outcomes: { expired: 1 }, config: { min_rows: 9 } }, 'nothing_sent'],
  ])('%j', (one, code) => {
    expect(failure(one)?.code).toBe(code);
  });
});
