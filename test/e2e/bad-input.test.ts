import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parseFaults } from '../../src/simulator/index.js';
import { runCli } from '../support/cli.js';
import { BAD, exportThrough } from '../support/exports.js';
import type { ExportRun } from '../support/exports.js';

const HEADER = 'event_name,event_time,event_source_url,event_id,em';

function goodRow(id: number): string {
  return `VIEW_CONTENT,2026-11-18T10:00:00Z,https://example.com/page,b-${id},person${id}@example.com`;
}

/** What became of each row that was not sent: `ROW OUTCOME CODE COLUMN…`. */
function rejectsOf(run: ExportRun): readonly string[] {
  return run.rejects.map(({ row, outcome, issues }) => {
    const findings = issues.map(({ code, column }) => (column === undefined ? code : `${code} ${column}`));
    return [row, outcome, ...findings.sort()].join(' ');
  });
}

function sentIds(run: ExportRun): readonly string[] {
  return run.events.map((event) => event.eventId ?? '').sort();
}

function bad(name: string): string {
  return join(BAD, name);
}

type Case = {
  readonly input: string;
  readonly args?: readonly string[];
  /** Exit code; default 0. */
  readonly exit?: number;
  /** The error that ends the run. */
  readonly error?: string;
  /** What the messages must name. */
  readonly names?: readonly string[];
  readonly sent: readonly string[];
  readonly rejects?: readonly string[];
};

describe('damage that ends the run', () => {
  const cases: readonly Case[] = [
    { input: 'no-such-file.csv', exit: 66, error: 'input_missing', names: ['no-such-file.csv'], sent: [] },
    { input: 'duplicate-column.csv', exit: 65, error: 'header_invalid', names: ['"em"', 'twice'], sent: [] },
    { input: 'duplicate-column-case.csv', exit: 65, error: 'header_invalid', names: ['"EM"'], sent: [] },
    { input: 'base-and-flattened.csv', exit: 65, error: 'header_invalid', names: ['"em"', 'em_1'], sent: [] },
    { input: 'unclosed-quote.csv', exit: 65, error: 'broken_quote', names: ['line 4'], sent: ['b-1', 'b-2'] },
    { input: 'stray-quote.csv', exit: 65, error: 'broken_quote', names: ['line 3'], sent: ['b-1'] },
    { input: 'text-after-quote.csv', exit: 65, error: 'broken_quote', names: ['line 3'], sent: ['b-1'] },
    {
      input: 'invalid-utf8.csv',
      exit: 65,
      error: 'input_encoding',
      names: ['offset 228', 'line 3'],
      sent: ['b-1'],
    },
    { input: 'latin1.csv', exit: 65, error: 'input_encoding', names: ['--encoding'], sent: [] },
    { input: 'utf-16le.csv', args: ['--encoding', 'utf-9'], exit: 64, error: 'unknown_encoding', sent: [] },
  ];

  it.concurrent.each(cases)('$input: $error', async (one) => {
    const run = await exportThrough({ args: [bad(one.input), ...(one.args ?? [])] });
    expect(run.stderr).toContain(`error[${one.error ?? ''}]`);
    for (const name of one.names ?? []) expect(run.stderr).toContain(name);
    expect(run.code).toBe(one.exit);
    expect(sentIds(run)).toEqual(one.sent);
  });
});

describe('an archive that is cut short', () => {
  it.concurrent('ends the run after the rows before the cut', async () => {
    const run = await exportThrough({ args: [bad('cut-short.csv.gz')] });
    expect(run.stderr).toContain('error[input_compression]');
    expect(run.stderr).toContain('cut-short.csv.gz');
    expect(run.code).toBe(65);
    const rows = run.events.map((event) => event.text);
    expect(rows.length).toBeLessThan(40);
    // Whole rows in their order, the last one included: no row is made from half a line.
    expect(rows.map((_, i) => `b-${i + 1}`)).toEqual(run.events.map((event) => event.eventId));
    for (const row of rows) expect(row).toMatch(/"user_data":\{"em":\["[0-9a-f]{64}"\]\}/);
  });
});

describe('rows that cannot be sent', () => {
  const cases: readonly Case[] = [
    {
      input: 'unknown-event-name.csv',
      sent: ['b-1', 'b-3'],
      rejects: ['2 invalid unknown_event_name event_name'],
    },
    { input: 'short-row.csv', sent: ['b-1', 'b-3'], rejects: ['2 invalid column_count'] },
    { input: 'long-row.csv', sent: ['b-1', 'b-3'], rejects: ['2 invalid column_count'] },
    { input: 'nul.csv', sent: ['b-1', 'b-3'], rejects: ['2 invalid nul_character note'] },
    {
      input: 'impossible-date.csv',
      sent: ['b-1'],
      rejects: ['2 invalid invalid_date checkin_date', '3 invalid invalid_event_time event_time'],
    },
    { input: 'thousands-separator.csv', sent: ['b-2'], rejects: ['1 invalid invalid_number value'] },
    { input: 'not-json.jsonl', sent: ['b-1', 'b-3'], rejects: ['2 invalid not_json', '4 invalid not_json'] },
    {
      input: 'not-objects.jsonl',
      sent: ['b-1'],
      rejects: [2, 3, 4, 5, 6].map((row) => `${row} invalid not_an_object`),
    },
    { input: 'duplicate-key.jsonl', sent: ['b-2'], rejects: ['1 invalid duplicate_key EM'] },
    { input: 'lone-surrogate.jsonl', sent: ['b-2'], rejects: ['1 invalid lone_surrogate note'] },
    {
      input: 'nested.jsonl',
      sent: ['b-1'],
      rejects: ['2 invalid wrong_type em', '3 invalid wrong_type content_name'],
    },
    {
      input: 'large-numbers.jsonl',
      sent: ['b-1'],
      rejects: ['2 invalid number_not_finite visit_id', '3 invalid integer_out_of_range num_adults'],
    },
  ];

  it.concurrent.each(cases)('$input', async (one) => {
    const run = await exportThrough({ args: [bad(one.input), ...(one.args ?? [])] });
    expect(rejectsOf(run)).toEqual(one.rejects);
    expect(sentIds(run)).toEqual(one.sent);
    expect(run.code).toBe(one.exit ?? 0);
  });

  it.concurrent('empty strings everywhere: no row is complete, so the run failed', async () => {
    const run = await exportThrough({ args: [bad('empty-strings.csv')] });
    expect(run.stderr).toContain('error[nothing_sent]');
    expect(run.code).toBe(65);
    expect(run.summary?.outcomes.invalid).toBe(3);
    expect(run.stats.requests).toBe(0);
  });

  it.concurrent('a header with another delimiter: the run fails and says which', async () => {
    const run = await exportThrough({ args: [bad('semicolons.csv')] });
    expect(run.code).toBe(65);
    expect(run.stderr).toContain('--delimiter');
    expect(run.stats.requests).toBe(0);
    const right = await exportThrough({ args: [bad('semicolons.csv'), '--delimiter', ';'] });
    expect(right.code).toBe(0);
    expect(sentIds(right)).toEqual(['b-1', 'b-2']);
  });

  it.concurrent('rejected rows come out as they went in, ready to be corrected', async () => {
    const run = await exportThrough({ args: [bad('thousands-separator.csv')] });
    expect(run.rejectedRows.split('\n')).toEqual([
      `${HEADER},currency,value`,
      'PURCHASE,2026-11-18T10:00:00Z,https://example.com/page,b-1,person1@example.com,USD,"1,234.50"',
      '',
    ]);
  });

  it.concurrent(
    'skip_invalid_records false: what came before is sent, nothing after it is read',
    async () => {
      const run = await exportThrough({
        args: [bad('unknown-event-name.csv')],
        env: { SNAPCAPI_SKIP_INVALID_RECORDS: 'false' },
      });
      expect(run.code).toBe(65);
      expect(run.stderr).toContain('error[invalid_row_stop]');
      expect(run.stderr).toContain('row 2');
      expect(sentIds(run)).toEqual(['b-1']);
    },
  );
});

describe('unusual input that is right', () => {
  const cases: readonly Case[] = [
    { input: 'utf-16le.csv', sent: ['b-1', 'b-2'] },
    { input: 'utf-16be.csv', sent: ['b-1', 'b-2'] },
    { input: 'latin1.csv', args: ['--encoding', 'latin1'], sent: ['b-1', 'b-2'] },
    { input: 'bom.csv', sent: ['b-1'] },
    { input: 'mixed-line-ends.csv', sent: ['b-1', 'b-2', 'b-3'] },
    { input: 'header-only.csv', sent: [] },
    { input: 'empty.csv', sent: [], args: ['--allow-empty'] },
    { input: 'blank-lines.csv', sent: [], args: ['--allow-empty'] },
  ];

  it.concurrent.each(cases)('$input', async (one) => {
    const run = await exportThrough({ args: [bad(one.input), ...(one.args ?? [])] });
    expect(run.rejects).toEqual([]);
    expect(sentIds(run)).toEqual(one.sent);
    expect(run.code).toBe(0);
  });

  it.concurrent('a name with an accent hashes the same in every encoding', async () => {
    // printf 'josé' | sha256sum
    const jose = 'd994e1d001886fe5b45b1267bd1fa2b752ac50742579bd3dad7b2a2aa0ed6866';
    for (const args of [['utf-16le.csv'], ['utf-16be.csv'], ['latin1.csv', '--encoding', 'latin1']]) {
      const run = await exportThrough({ args: [bad(args[0] ?? ''), ...args.slice(1)] });
      const [first] = run.events.filter((event) => event.eventId === 'b-1');
      expect(first?.event['user_data']).toHaveProperty('fn', [jose]);
    }
  });

  it.concurrent.each(['prototype-columns.csv', 'prototype-keys.jsonl'])(
    '%s: special names are data',
    async (name) => {
      const run = await exportThrough({ args: [bad(name)] });
      expect(run.code).toBe(0);
      const text = run.events[0]?.text ?? '';
      expect(text).toMatch(/"__proto__":("a"|\{"polluted":true\})/);
      expect(text).toMatch(/"constructor":"b"/);
      expect(text).toMatch(/"prototype":"c"/);
    },
  );

  it.concurrent('an integer beyond 2^53 arrives digit for digit', async () => {
    const run = await exportThrough({ args: [bad('large-numbers.jsonl')] });
    expect(run.events[0]?.text).toContain('"visit_id":"12345678901234567890"');
    expect(run.events[0]?.text).toContain('"exact":9007199254740991');
  });
});

describe('large input', () => {
  it.concurrent('a cell of 2 MB costs its own row only', async () => {
    const cell = 'x'.repeat(2_000_000);
    const stdin = [
      `${HEADER},note`,
      `${goodRow(1)},one`,
      `${goodRow(2)},${cell}`,
      `${goodRow(3)},three`,
    ].join('\n');
    const run = await exportThrough({ args: ['-', '--format', 'csv'], stdin });
    expect(rejectsOf(run)).toEqual(['2 invalid record_too_large']);
    expect(sentIds(run)).toEqual(['b-1', 'b-3']);
    expect(run.code).toBe(0);
  });

  it.concurrent('5,000 columns are 5,000 fields', async () => {
    const names = Array.from({ length: 5_000 }, (_, i) => `field${i}x`);
    const stdin = [`${HEADER},${names.join(',')}`, `${goodRow(1)},${names.map((_, i) => i).join(',')}`].join(
      '\n',
    );
    const run = await exportThrough({ args: ['-', '--format', 'csv'], stdin });
    expect(run.code).toBe(0);
    expect(Object.keys(run.events[0]?.event['custom_data'] ?? {})).toHaveLength(5_000);
  });

  it.concurrent('gzip is recognized by its content', async () => {
    const run = await exportThrough({ args: ['-'], stdin: gzipSync(`${HEADER}\n${goodRow(1)}\n`) });
    expect(run.code).toBe(0);
    expect(sentIds(run)).toEqual(['b-1']);
  });
});

describe('configs that cannot work', () => {
  const cases = [
    { config: 'config-not-json.json', error: 'config_not_json', names: ['line 4'] },
    { config: 'config-list.json', error: 'config_invalid', names: [] },
    {
      config: 'config-unknown-key.json',
      error: 'config_invalid',
      names: ['"skip_invalid_record"', 'did you mean "skip_invalid_records"'],
    },
    {
      config: 'config-wrong-type.json',
      error: 'config_invalid',
      names: ['"send_test_events"', 'true or false'],
    },
    { config: 'config-no-token.json', error: 'token_missing', names: ['SNAPCAPI_API_TOKEN'] },
    {
      config: 'config-unset-variable.json',
      error: 'config_unset_variable',
      names: ['SNAPCAPI_TEST_UNSET_VARIABLE'],
    },
    { config: 'config-empty-asset.json', error: 'config_invalid', names: ['event_source_id'] },
    { config: 'no-such-config.json', error: 'config_unreadable', names: ['no-such-config.json'] },
  ];

  it.concurrent.each(cases)('$config: $error', async ({ config, error, names }) => {
    const run = await exportThrough({ args: [bad('bom.csv')], config: bad(config) });
    expect(run.stderr).toContain(`error[${error}]`);
    for (const name of names) expect(run.stderr).toContain(name);
    expect(run.code).toBe(78);
    expect(run.stats.requests).toBe(0);
    expect(run.stderr).not.toContain('not-a-real-token');
  });

  it.concurrent('config-plain-http.json: a token never travels in the open', async () => {
    const run = await runCli(['export', bad('bom.csv'), '--config', bad('config-plain-http.json')]);
    expect(run.stderr).toContain('error[endpoint_not_allowed]');
    expect(run.code).toBe(78);
  });

  it.concurrent('an output file in a folder that does not exist: nothing is sent', async () => {
    const run = await exportThrough({
      args: [bad('bom.csv'), '--report', bad('no-such-folder/report.json')],
    });
    expect(run.stderr).toContain('error[output_not_writable]');
    expect(run.code).toBe(74);
    expect(run.stats.requests).toBe(0);
  });
});

describe('answers that are no answers', () => {
  it.concurrent.each([
    ['html@all', 76, 'unreadable_answers', 'in_doubt'],
    ['empty@all', 76, 'unreadable_answers', 'in_doubt'],
    ['garbage@all', 76, 'unreadable_answers', 'in_doubt'],
    ['cut@all', 76, 'unreadable_answers', 'in_doubt'],
    ['silence@all', 69, 'service_unavailable', 'in_doubt'],
    ['reset-after@all', 69, 'service_unavailable', 'in_doubt'],
    ['404@all', 69, 'wrong_endpoint', 'not_attempted'],
    ['302@all', 69, 'redirect_refused', 'not_attempted'],
    ['401@all', 77, 'unauthorized', 'not_attempted'],
    ['403@all', 77, 'unauthorized', 'not_attempted'],
  ])('%s: exit %i, %s', async (faults, exit, error, outcome) => {
    const run = await exportThrough({
      args: [bad('mixed-line-ends.csv'), '--retry-for', '0', '--request-timeout', '1'],
      simulator: { faults: parseFaults(faults) },
    });
    expect(run.stderr).toContain(`error[${error}]`);
    expect(run.code).toBe(exit);
    expect(run.summary?.outcomes.sent).toBe(0);
    expect(rejectsOf(run).map((line) => line.split(' ')[1])).toEqual([outcome, outcome, outcome]);
  });

  it.concurrent('one such answer is asked again, and nothing is lost', async () => {
    const run = await exportThrough({
      args: [bad('mixed-line-ends.csv')],
      simulator: { faults: parseFaults('503@1') },
    });
    expect(run.code).toBe(0);
    expect(sentIds(run)).toEqual(['b-1', 'b-2', 'b-3']);
  });

  it.concurrent('200 INVALID refuses one event and delivers the others', async () => {
    const stdin = [
      JSON.stringify(goodEvent(1)),
      JSON.stringify({ ...goodEvent(2), simulator_refuse: 'too blue' }),
      JSON.stringify(goodEvent(3)),
    ].join('\n');
    const run = await exportThrough({ args: ['-'], stdin, simulator: { onInvalid: 'partial-200' } });
    expect(run.rejects.map(({ row, outcome }) => [row, outcome])).toEqual([[2, 'refused']]);
    expect(sentIds(run)).toEqual(['b-1', 'b-3']);
    expect(run.code).toBe(0);
  });
});

function goodEvent(id: number): object {
  return {
    event_name: 'VIEW_CONTENT',
    event_time: 1_794_996_000,
    event_source_url: 'https://example.com/page',
    event_id: `b-${id}`,
    em: `person${id}@example.com`,
  };
}
