import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  inTemporaryFolder,
  parseLines,
  runCli as runBare,
  type CliOptions,
  type CliResult,
} from '../support/cli.js';

const AS_OF = ['--as-of', '2026-11-20T12:00:00Z'];
const CONFIG = JSON.stringify({
  type: 'snapchat_conversion',
  auth_method: 'api_token',
  api_token: '${SNAPCAPI_API_TOKEN}',
  event_source_type: 'OFFLINE',
  event_source_id: 'pixel',
});
const WITH_CONFIG = ['--result', CONFIG, ...AS_OF];

const ROW = { event_name: 'PAGE_VIEW', event_time: '2026-11-19T12:00:00Z', madid: 'ab-1' };
const CSV = 'event_name,event_time,madid\nPAGE_VIEW,2026-11-19T12:00:00Z,ab-1\n';

function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  return runBare(args, { ...options, env: { SNAPCAPI_API_TOKEN: 'token', ...options.env } });
}

function check(stdin: string, ...flags: string[]): Promise<CliResult> {
  return runCli(['check', '-', ...WITH_CONFIG, '--json', ...flags], { stdin });
}

/** What a run says of its input and its end. */
function summaryOf({ code, stdout }: CliResult): object {
  const { rowsRead, outcomes, inputWarnings, error } = JSON.parse(stdout) as {
    readonly rowsRead: number;
    readonly outcomes: { readonly invalid: number };
    readonly inputWarnings: readonly { readonly code: string }[];
    readonly error?: { readonly code: string };
  };
  const warnings = inputWarnings.map((warning) => warning.code);
  return { code, rowsRead, invalid: outcomes.invalid, warnings, error: error?.code };
}

describe('a JSON array', () => {
  const pretty = JSON.stringify([ROW, { ...ROW, event_time: 'CANARY' }, 7, { ...ROW, note: 'x' }], null, 2);

  it('is told by its content, and checked as JSONL is', async () => {
    expect(summaryOf(await check(pretty))).toEqual({
      code: 0,
      rowsRead: 4,
      invalid: 2,
      warnings: [],
      error: undefined,
    });
  });

  it('gives rejected rows of one line each, which are read again', async () => {
    await inTemporaryFolder(async (folder) => {
      const rejected = join(folder, 'rejected.jsonl');
      const rejects = join(folder, 'rejects.jsonl');
      await check(pretty, '--rejected-rows', rejected, '--rejects', rejects);
      const rows = readFileSync(rejected, 'utf8').trimEnd().split('\n');
      expect(rows.map((row) => JSON.parse(row) as unknown)).toEqual([{ ...ROW, event_time: 'CANARY' }, 7]);
      expect(parseLines(readFileSync(rejects, 'utf8'))).toMatchObject([
        { row: 2, line: 7 },
        { row: 3, line: 12, issues: [{ code: 'not_an_object' }] },
      ]);
      const again = await runCli(['check', rejected, ...WITH_CONFIG, '--json']);
      expect(summaryOf(again)).toMatchObject({ rowsRead: 2, invalid: 2 });
    });
  });

  it('keeps a line end in a string, which is no JSON, out of the rejected rows', async () => {
    await inTemporaryFolder(async (folder) => {
      const rejected = join(folder, 'rejected.jsonl');
      await check('[{"em":"a\nb"},{}]', '--rejected-rows', rejected);
      expect(readFileSync(rejected, 'utf8')).toBe('{"em":"a\tb"}\n{}\n');
    });
  });

  it('that is cut short gives the rows before, and fails', async () => {
    expect(summaryOf(await check(pretty.slice(0, -4)))).toMatchObject({
      code: 65,
      rowsRead: 3,
      error: 'cut_short',
    });
  });

  it('is previewed and described', async () => {
    const preview = await runCli(['preview', '-', ...WITH_CONFIG, '-n', '1'], { stdin: pretty });
    expect(preview.code).toBe(0);
    expect(parseLines(preview.stdout)).toHaveLength(1);
    const columns = await runCli(['columns', '-', ...WITH_CONFIG, '--json'], { stdin: pretty });
    expect(columns.code).toBe(0);
    expect((JSON.parse(columns.stdout) as { column: string }[]).map(({ column }) => column)).toEqual([
      'event_name',
      'event_time',
      'madid',
      'note',
    ]);
  });

  it('takes no more memory when it is long', async () => {
    await inTemporaryFolder(async (folder) => {
      const file = join(folder, 'rows.json');
      const row = `  ${JSON.stringify({ ...ROW, note: 'x'.repeat(200) })}`;
      const rows = Array.from({ length: 150_000 }, () => row).join(',\n');
      writeFileSync(file, `[\n${rows}\n]\n`);
      const result = await runCli(['check', file, ...WITH_CONFIG, '--json', '--threads', '0'], {
        env: { NODE_OPTIONS: '--max-old-space-size=40' },
      });
      expect(summaryOf(result)).toMatchObject({ code: 0, rowsRead: 150_000, invalid: 0 });
    });
  });
});

describe('an input that may be cut short', () => {
  it.each<[string, string, readonly string[], object]>([
    ['no last line end', CSV.trimEnd(), [], { code: 0, rowsRead: 1, warnings: ['no_final_line_end'] }],
    [
      'no last line end, required',
      CSV.trimEnd(),
      ['--require-final-newline'],
      { code: 65, rowsRead: 0, error: 'cut_short' },
    ],
    ['a last line end, required', CSV, ['--require-final-newline'], { code: 0, rowsRead: 1, warnings: [] }],
    ['no bytes, allowed', '', ['--allow-empty'], { code: 0, rowsRead: 0 }],
    ['no bytes in JSONL', '', ['--format', 'jsonl'], { code: 0, rowsRead: 0, warnings: ['empty_input'] }],
    ['no bytes in JSON', '', ['--format', 'json'], { code: 0, rowsRead: 0, warnings: ['empty_input'] }],
    ['an empty array', '[]', [], { code: 0, rowsRead: 0, warnings: [] }],
  ])('%s', async (_, text, flags, expected) => {
    expect(summaryOf(await check(text, ...flags))).toMatchObject(expected);
  });

  it.each(['check', 'export', 'preview', 'columns'])('of no bytes ends %s', async (command) => {
    const flags = command === 'columns' ? ['--result', CONFIG] : WITH_CONFIG;
    const { code, stderr } = await runCli([command, '-', ...flags], { stdin: '' });
    expect(code).toBe(65);
    expect(stderr).toContain('input_empty');
  });
});

it('a file with the line sep= gives rejected rows that are read again', async () => {
  await inTemporaryFolder(async (folder) => {
    const rejected = join(folder, 'rejected.csv');
    const text = `sep=;\n${CSV.replaceAll(',', ';').replace('2026-11-19T12:00:00Z', 'CANARY')}`;
    await check(text, '--rejected-rows', rejected);
    expect(readFileSync(rejected, 'utf8')).toBe(text);
    const again = await runCli(['check', rejected, ...WITH_CONFIG, '--json']);
    expect(summaryOf(again)).toMatchObject({ rowsRead: 1, invalid: 1, code: 65 });
  });
});

it('backslash escapes are read, in threads as well, and quoted in the rejects', async () => {
  await inTemporaryFolder(async (folder) => {
    const head = 'event_name\tevent_time\tmadid\tnote\n';
    const good = 'PAGE_VIEW\t2026-11-19T12:00:00Z\tab-1\t"a\\tb\n';
    const bad = 'PAGE_VIEW\tCAN\\nARY\tab-1\t\\N\n';
    const nul = 'PAGE_VIEW\t2026-11-19T12:00:00Z\tab-1\t\\0\n';
    const flags = ['--escape', 'backslash', '--delimiter', 'tab'];
    const preview = await runCli(['preview', '-', ...WITH_CONFIG, ...flags], { stdin: head + good + bad });
    expect(parseLines(preview.stdout)).toMatchObject([
      { event: { custom_data: { note: '"a\tb' } } },
      { issues: [{ code: 'invalid_event_time' }] },
    ]);
    const rejects = join(folder, 'rejects.jsonl');
    const many = head + good.repeat(70_000) + nul + bad;
    const result = await check(
      many,
      ...flags,
      '--rejects',
      rejects,
      '--rejects-with-values',
      '--threads',
      '1',
    );
    expect(summaryOf(result)).toMatchObject({ rowsRead: 70_002, invalid: 2 });
    expect(parseLines(readFileSync(rejects, 'utf8'))).toMatchObject([
      { row: 70_001, issues: [{ code: 'nul_character', column: 'note' }] },
      { row: 70_002, issues: [{ code: 'invalid_event_time', value: 'CAN\nARY' }] },
    ]);
  });
});

it('the command for a foreign format works as it is written', async () => {
  await inTemporaryFolder(async (folder) => {
    writeFileSync(join(folder, "it's rows.csv"), CSV);
    try {
      execFileSync('sh', ['-c', `xz -k "it's rows.csv"`], { cwd: folder });
    } catch {
      return;
    }
    const refused = await runCli(['check', "it's rows.csv.xz", ...WITH_CONFIG], { cwd: folder });
    expect(refused.code).toBe(65);
    expect(refused.stderr).toContain('unsupported_format');
    const command = /the file: (.*) \| snapcapi/.exec(refused.stderr)?.[1] ?? '';
    expect(execFileSync('sh', ['-c', command], { cwd: folder }).toString()).toBe(CSV);
  });
});

it('the header is named by its real line, and a NUL in it has a remedy', async () => {
  const twice = await runCli(['check', '-', ...WITH_CONFIG], { stdin: '\n\nem,EM\nx,y\n' });
  expect(twice.code).toBe(65);
  expect(twice.stderr).toContain('header_invalid');
  const nul = await check('em,a\0b\nx,y\n');
  const { error } = JSON.parse(nul.stdout) as { error: { code: string; fix: string } };
  expect(error.code).toBe('header_invalid');
  expect(error.fix).not.toBe('');
});
