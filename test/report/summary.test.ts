import { describe, expect, it } from 'vitest';

import { parseConfig } from '../../src/config.js';
import { RunError } from '../../src/errors.js';
import { reportRecord, type ReportContext } from '../../src/report/run-report.js';
import { summaryText } from '../../src/report/summary-text.js';
import { createTally } from '../../src/report/tally.js';
import { rejection, summaryOf } from './support.js';

const config = parseConfig(
  JSON.stringify({
    type: 'snapchat_conversion',
    auth_method: 'api_token',
    api_token: 'CANARY-TOKEN',
    event_source_id: 'pixel',
    api_base_url: 'https://user-visible.example/CANARY-PATH',
    columns: ['*', { value: 'CANARY-CONSTANT', to: 'x' }],
    variables: { segment_id: 'CANARY-VARIABLE' },
    personal_data: { allow: ['email'] },
    contents_keys: { sku: 'id' },
    min_rows: 3,
    min_sent: 2,
  }),
  { name: 'c' },
);

const contextOf = (changes: Partial<ReportContext> = {}): ReportContext => ({
  command: 'export',
  version: '1.2.3',
  config,
  rejections: [],
  outputs: {},
  ...changes,
});

describe('summaryText', () => {
  it('counts every outcome, names reasons, requests, files and the next step', () => {
    const tally = createTally(0);
    tally.add([
      rejection(7, 'event_expired', { outcome: 'expired', column: 'event_time' }),
      rejection(11, 'invalid_email', { column: 'em' }),
      rejection(12, 'invalid_email', { column: 'em' }),
    ]);
    const text = summaryText(
      summaryOf({
        warnings: [
          {
            code: 'weak_identifier',
            count: 3,
            first: { file: 'rows.csv', row: 1, line: 2 },
            message: 'the row has only weak identifiers',
          },
        ],
      }),
      contextOf({
        rejections: tally.counts(),
        outputs: {
          rejects: { path: 'r.jsonl', rows: 45 },
          rejectedRows: [{ path: 'again.csv', rows: 45 }],
        },
      }),
    );
    expect(text).toBe(`export: 12,345 rows read from rows.csv in 3.2 s

  sent           12,300  99.6 %
  invalid            40   0.3 %
  expired             5  <0.1 %
  refused             0   0.0 %
  in doubt            0   0.0 %
  not attempted       0   0.0 %

Why rows were not sent
  2  invalid_email  column "em" is neither an e-mail address nor a SHA-256 hash (first: rows.csv:12 row 11)
  1  event_expired  column "event_time" is more than days days before the as-of time (first: rows.csv:8 row 7)

Warnings
  3  weak_identifier  the row has only weak identifiers (first: rows.csv:2 row 1)

8 requests (1 repeated) for 7 batches, 12.3 MB
rejects: r.jsonl (45)
rejected rows: again.csv (45)

next: correct the invalid rows in again.csv and export that file
next: export expired rows sooner (within 7 days), or raise max_event_age_days and export again.csv
`);
  });

  it('of a command that had nothing to do recall what the finished run left, and where it is listed', () => {
    const run = { id: '20261123T133000-4f9a', resumed: true, alreadyComplete: true, sentBefore: 1234 };
    const outcomes = { sent: 1234, invalid: 2, expired: 0, refused: 3, in_doubt: 1, not_attempted: 0 };
    const text = summaryText(
      summaryOf({ run: { ...run, outcomes }, rowsRead: 0 }),
      contextOf({ earlierRejects: 'rejects.jsonl' }),
    );
    expect(text).toContain('(1,234 rows sent)');
    expect(text).toContain('2 invalid, 3 refused, 1 in doubt');
    expect(text).toContain(`snapcapi runs show ${run.id}`);
    expect(text).toContain('rejects.jsonl lists');
    expect(text).toContain(`snapcapi export --retry ${run.id} --config FILE`);
    const clean = { ...outcomes, invalid: 0, refused: 0, in_doubt: 0 };
    const nothing = summaryText(summaryOf({ run: { ...run, outcomes: clean }, rowsRead: 0 }), contextOf({}));
    expect(nothing).not.toContain('--retry');
    expect(nothing).not.toContain('runs show');
  });

  it('names the command that sends what a complete run left', () => {
    const outcomes = { sent: 1, invalid: 0, expired: 0, refused: 2, in_doubt: 0, not_attempted: 0 };
    const run = { id: '20261123T133000-4f9a', resumed: false, alreadyComplete: false, sentBefore: 0 };
    const textOf = (more: Partial<typeof outcomes>) =>
      summaryText(summaryOf({ run, outcomes: { ...outcomes, ...more } }), contextOf());
    const retry = '`snapcapi export --retry 20261123T133000-4f9a --config FILE` sends the rows left again';
    expect(textOf({})).toContain(`next: if the reason was not in the rows, ${retry} (2 refused)\n`);
    expect(textOf({ in_doubt: 3 })).toContain(`next: ${retry} (2 refused, 3 in doubt)\n`);
    expect(textOf({ refused: 0 })).not.toContain('--retry');
    // Without a journal there is no run to retry.
    expect(summaryText(summaryOf({ outcomes }), contextOf())).not.toContain('--retry');
  });

  it('has other advice for each outcome', () => {
    const none = { sent: 1, invalid: 0, expired: 0, refused: 0, in_doubt: 0, not_attempted: 0 };
    const nextOf = (outcomes: Partial<typeof none>, outputs: ReportContext['outputs'] = {}) =>
      summaryText(summaryOf({ outcomes: { ...none, ...outcomes } }), contextOf({ outputs }))
        .split('\n')
        .filter((line) => line.startsWith('next: '));
    const kept = { rejectedRows: [{ path: 'again.csv', rows: 1 }] };
    expect(nextOf({ sent: 2 }, kept)).toEqual([]);
    const [expired, ...rest] = nextOf({ expired: 1 }, kept);
    expect(expired).toContain('max_event_age_days');
    expect(expired).not.toContain('correct');
    expect(rest).toEqual([]);
    expect(nextOf({ invalid: 1 }, kept)).toHaveLength(1);
    expect(nextOf({ invalid: 1 }, kept)[0]).not.toContain('max_event_age_days');
    expect(nextOf({ refused: 1 }, kept)[0]).toContain('the reason of the API');
    expect(nextOf({ invalid: 1, expired: 1, refused: 1 }, kept)).toHaveLength(3);
    expect(nextOf({ expired: 1 })[1]).toContain('--rejects FILE');
    expect(nextOf({ expired: 1 }, { rejects: { path: 'r.jsonl', rows: 1 } })[1]).toContain('r.jsonl');
  });

  it('does not call rows of a dry run or a check a failure', () => {
    const outcomes = { sent: 0, invalid: 0, expired: 0, refused: 0, in_doubt: 0, not_attempted: 2 };
    const dry = summaryOf({
      mode: 'dry_run',
      endpoint: 'none',
      rowsRead: 2,
      outcomes,
      batches: 1,
      requests: 0,
    });
    expect(summaryText(dry, contextOf())).toBe(`export (dry run): 2 rows read from rows.csv in 3.2 s

  would be sent  2  100.0 %
  invalid        0    0.0 %
  expired        0    0.0 %

1 batch, nothing sent

next: run without --dry-run to send
`);
    const check = summaryOf({ mode: 'check', endpoint: 'none', rowsRead: 2, outcomes });
    expect(summaryText(check, contextOf({ command: 'check' })))
      .toBe(`check: 2 rows read from rows.csv in 3.2 s

  valid    2  100.0 %
  invalid  0    0.0 %
  expired  0    0.0 %
`);
  });

  it('says what test events are', () => {
    expect(summaryText(summaryOf({ endpoint: 'validate' }), contextOf())).toContain('valid for the API');
  });

  it('escapes names of files', () => {
    const inputs = [{ file: 'a\u001b[2J.csv', format: 'csv' as const, rows: 1, bytes: 1 }];
    expect(summaryText(summaryOf({ inputs }), contextOf())).not.toContain('\u001b');
  });
});

describe('reportRecord', () => {
  it('has the numbers and the settings', () => {
    const error = new RunError('too_many_rejected', 'too many', { place: { row: 3 } });
    const record = reportRecord(summaryOf({ error, exitCode: 65 }), contextOf());
    expect(record).toMatchObject({
      tool: { name: 'snapcapi', version: '1.2.3' },
      exitCode: 65,
      error: { code: 'too_many_rejected', message: 'too many', place: { row: 3 } },
      rowsRead: 12_345,
      outcomes: { sent: 12_300 },
      delivery: { endpoint: 'events', batches: 7, requests: 8, retries: 1, bytesSent: 12_345_678 },
      config: {
        authMethod: 'api_token',
        apiHost: 'user-visible.example',
        eventSourceId: 'pixel',
        batchSize: 2000,
        columns: { all: true, entries: 1 },
        variables: ['segment_id'],
        personalData: { allow: ['email'] },
        contentsKeys: { sku: 'id' },
        minRows: 3,
        minSent: 2,
      },
    });
  });

  it('has no secret and no value', () => {
    expect(JSON.stringify(reportRecord(summaryOf(), contextOf()))).not.toContain('CANARY');
  });
});

describe('createTally', () => {
  it('tells kinds apart by outcome, code and column, and keeps the first place', () => {
    const tally = createTally(2);
    tally.add([
      rejection(1, 'invalid_email', { column: 'em' }),
      rejection(2, 'invalid_email', { column: 'em_2', text: 'bytes' }),
      rejection(3, 'invalid_email', { column: 'em_2' }),
      rejection(4, 'refused_by_api', { outcome: 'refused' }),
    ]);
    expect(
      tally
        .counts()
        .map(({ outcome, code, column, count, first }) => [outcome, code, column, count, first.row]),
    ).toEqual([
      ['invalid', 'invalid_email', 'em_2', 2, 2],
      ['invalid', 'invalid_email', 'em', 1, 1],
      ['refused', 'refused_by_api', undefined, 1, 4],
    ]);
    expect(tally.rejected()).toBe(4);
    expect(tally.examples().map((one) => one.place.row)).toEqual([1, 2]);
    expect(tally.examples()[1]).not.toHaveProperty('raw');
  });

  it('stays small when every row has other columns', () => {
    const tally = createTally(0);
    for (let row = 1; row <= 5000; row += 1)
      tally.add([rejection(row, 'invalid_email', { column: `em_${row}` })]);
    expect(tally.counts().length).toBe(2001);
    expect(tally.counts()[0]).toMatchObject({ count: 3000 });
    expect(tally.counts()[0]).not.toHaveProperty('column');
  });
});

describe('what the events are found by', () => {
  it('is shown with their ages', () => {
    const events = {
      count: 1000,
      identifiers: [
        { field: 'ph', count: 400 },
        { field: 'em', count: 810 },
      ],
      ageDays: [900, 0, 100],
      newest: '2026-11-20T10:00:00.000Z',
      oldest: '2026-11-17T18:00:00.000Z',
    };
    const text = summaryText(summaryOf({ events }), contextOf());
    expect(text).toContain('identifiers: em 81.0 %, ph 40.0 %\n');
    expect(text).toContain('ages: newest 2 h 00 min, oldest 2.8 days\n');
  });
});
