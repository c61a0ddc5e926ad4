import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startSimulator } from '../../src/simulator/index.js';
import { inTemporaryFolder, parseLines, runCli, type CliResult } from '../support/cli.js';
import { AS_OF } from '../support/exports.js';

const STANDARD = 'event_name,event_time,event_source_url,event_id,client_ip_address,client_user_agent';
const HASH = 'ab'.repeat(32);
const ALL_COLUMNS = ['customer_email', 'phone_e164', 'full_name', 'dob'];

type Json = Readonly<Record<string, unknown>>;
type Outcome = CliResult & {
  readonly sent: readonly Json[];
  /** The JSON of standard output, when there is one. */
  readonly summary: Json & { readonly error: { readonly code: string; readonly fix: string } | null };
};

type Case = {
  readonly files?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly args?: readonly string[];
  readonly config?: object;
};

/** CSV of standard columns and custom ones; one row for each list of custom cells. */
function csv(columns: readonly string[], ...rows: readonly (readonly string[])[]): string {
  const lines = rows.map(
    (cells, i) =>
      `PAGE_VIEW,2026-11-19T10:00:00Z,https://example.com/,e-${i},203.0.113.9,agent,${cells.join(',')}`,
  );
  return `${[[STANDARD, ...columns].join(','), ...lines].join('\n')}\n`;
}

function jsonl(...rows: readonly object[]): string {
  return rows
    .map((row, i) =>
      JSON.stringify({
        event_name: 'PAGE_VIEW',
        event_time: '2026-11-19T10:00:00Z',
        event_source_url: 'https://example.com/',
        event_id: `e-${i}`,
        client_ip_address: '203.0.113.9',
        client_user_agent: 'agent',
        ...row,
      }),
    )
    .join('\n');
}

const FOUR = csv(ALL_COLUMNS, ['ann@example.com', '+14155550101', 'Ann Lee', '1990-01-01']);

/** The same row twice, the first time on a day that does not exist. */
const TWO = FOUR.replace('2026-11-19T10', '2026-11-99T10') + FOUR.slice(FOUR.indexOf('\n') + 1);

/** Writes `config.json`: an API token, with changes. */
function writeConfig(folder: string, config: object): void {
  const settings = {
    ...{ type: 'snapchat_conversion', auth_method: 'api_token', api_token: '${TOKEN}' },
    ...{ event_source_id: 'pixel', ...config },
  };
  writeFileSync(join(folder, 'config.json'), JSON.stringify(settings));
}

async function inFolder<Result>(
  { files = {}, config = {} }: Case,
  work: (folder: string, url: string, events: () => readonly Json[]) => Promise<Result>,
): Promise<Result> {
  const simulator = await startSimulator({ clock: () => Date.parse(AS_OF) });
  try {
    return await inTemporaryFolder(async (folder) => {
      for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
      writeConfig(folder, config);
      return await work(folder, simulator.url, () => simulator.events());
    });
  } finally {
    await simulator.close();
  }
}

function exported(one: Case): Promise<Outcome> {
  return inFolder(one, async (folder, url, events) => {
    const { files = {}, stdin, args = [] } = one;
    const paths = stdin === undefined ? Object.keys(files) : ['-'];
    const result = await runCli(
      ['export', ...paths, '--config', 'config.json', '--as-of', AS_OF, '--json', ...args],
      {
        cwd: folder,
        env: { SNAPCAPI_API_BASE_URL: url, TOKEN: 't' },
        ...(stdin === undefined ? {} : { stdin }),
      },
    );
    return { ...result, sent: events(), summary: JSON.parse(result.stdout) as Outcome['summary'] };
  });
}

function expectStopped(run: Outcome, ...columns: readonly string[]): void {
  expect(run.summary.error?.code).toBe('personal_data_unhashed');
  expect(run.code).toBe(65);
  expect(run.sent).toEqual([]);
  for (const column of columns) expect(run.stderr).toContain(JSON.stringify(column));
}

describe('personal data in custom columns', () => {
  it.concurrent('stops an export before anything is sent, and names every column', async () => {
    const run = await exported({ files: { 'rows.csv': FOUR } });
    expectStopped(run, ...ALL_COLUMNS);
    expect(run.summary).toMatchObject({ rowsRead: 0 });
    for (const cell of ['ann@', '4155550101', 'Ann Lee', '1990']) {
      expect(run.stderr + run.stdout).not.toContain(cell);
    }
  });

  it.concurrent('gives remedies that work as they stand', async () => {
    const { summary } = await exported({ files: { 'rows.csv': FOUR } });
    const fix = summary.error?.fix ?? '';
    const texts = [...fix.matchAll(/"(?:columns|personal_data)": .*?(?=\.(?: |$))/g)].map(([text]) => text);
    expect(texts).toHaveLength(3);
    const customs: unknown[] = [];
    for (const text of texts) {
      const config = JSON.parse(`{${text}}`) as object;
      const run = await exported({ files: { 'rows.csv': FOUR }, config });
      expect(run.code).toBe(0);
      expect(run.sent).toHaveLength(1);
      expect(run.stderr).not.toContain('personal_data');
      const preview = await inFolder({ files: { 'rows.csv': FOUR }, config }, (folder) =>
        runCli(['preview', 'rows.csv', '--config', 'config.json', '--as-of', AS_OF], {
          cwd: folder,
          env: { TOKEN: 't' },
        }),
      );
      expect(preview.code).toBe(0);
      const [row] = parseLines(preview.stdout) as { event: { custom_data?: object; user_data: object } }[];
      customs.push([Object.keys(row?.event.user_data ?? {}), Object.keys(row?.event.custom_data ?? {})]);
    }
    const plain = ['client_ip_address', 'client_user_agent'];
    expect(customs).toEqual([
      [[...plain, 'em', 'ph'], []],
      [plain, []],
      [plain, [...ALL_COLUMNS].sort()],
    ]);
  });

  const MAILS = ['a@example.com', 'b@example.com', 'c@example.com'];
  it.concurrent.each<[string, Case, readonly string[]]>([
    ['innocent names', { files: { 'a.csv': csv(['info'], ...MAILS.map((mail) => [mail])) } }, ['info']],
    ['standard input', { stdin: FOUR }, ALL_COLUMNS],
    ['standard input without a journal', { stdin: FOUR, args: ['--no-resume'] }, ALL_COLUMNS],
    ['JSONL', { files: { 'a.jsonl': jsonl({ customerEmail: 'a@example.com' }) } }, ['customerEmail']],
    ['nested JSONL', { files: { 'a.jsonl': jsonl({ customer: { email: 'x' } }) } }, ['customer.email']],
    ['a dry run', { files: { 'a.csv': FOUR }, args: ['--dry-run'] }, ALL_COLUMNS],
    [
      'one column that is not allowed',
      {
        files: { 'a.csv': FOUR },
        config: { personal_data: { allow: ALL_COLUMNS.slice(1) } },
      },
      ['customer_email'],
    ],
    [
      'the last of several files',
      {
        files: {
          'a.csv': csv(['note'], ...Array.from({ length: 30 }, () => ['x'])),
          'b.csv': csv(['note'], ['x']),
          'c.csv': csv(['note', 'dob'], ['x', '1990-01-01']),
        },
        config: { batch_size: 1 },
      },
      ['dob'],
    ],
  ])('are found in %s', async (_, one, columns) => {
    expectStopped(await exported(one), ...columns);
  });

  it.concurrent.each<[string, Case]>([
    [
      'similar names',
      {
        files: {
          'a.csv': csv(['email_campaign', 'phone_model', 'email_opt_in'], ['spring', 'Pixel', 'yes']),
        },
      },
    ],
    ['hashes under a personal name', { files: { 'a.csv': csv(['customer_email'], [HASH], ['']) } }],
    ['booleans under a personal name', { files: { 'a.csv': csv(['mobile'], ['true'], ['false']) } }],
    ['fewer than three values', { files: { 'a.csv': csv(['info'], ['a@example.com'], ['b@example.com']) } }],
    ['a header without rows', { files: { 'a.csv': csv(ALL_COLUMNS), 'b.csv': csv(['note'], ['x']) } }],
    [
      'allowed columns, in any case',
      {
        files: { 'a.csv': FOUR },
        config: { personal_data: { allow: ALL_COLUMNS.map((name) => name.toUpperCase()) } },
      },
    ],
    [
      'an allowed member',
      {
        files: { 'a.jsonl': jsonl({ customer: { email: 'x' } }) },
        config: { personal_data: { allow: ['customer.email'] } },
      },
    ],
    [
      'an allowed object',
      {
        files: { 'a.jsonl': jsonl({ customer: { email: 'x' } }) },
        config: { personal_data: { allow: ['customer'] } },
      },
    ],
  ])('are not found in %s', async (_, one) => {
    const run = await exported(one);
    expect(run.summary.error).toBeNull();
    expect(run.code).toBe(0);
    expect(run.sent.length).toBeGreaterThan(0);
    expect(run.stderr).not.toContain('personal_data');
  });

  it.concurrent('are sent with a warning for each column with "warn"', async () => {
    const run = await exported({ files: { 'a.csv': FOUR }, config: { personal_data: 'warn' } });
    expect(run.code).toBe(0);
    expect(run.sent).toHaveLength(1);
    const { inputWarnings } = run.summary as unknown as { inputWarnings: { code: string; column: string }[] };
    const warned = inputWarnings.filter(({ code }) => code === 'personal_data');
    expect(warned.map(({ column }) => column)).toEqual(ALL_COLUMNS);
  });

  it.concurrent('are judged by the first 1,000 rows, whatever splits them', async () => {
    const cells = Array.from({ length: 2500 }, (_, i) => [i < 1000 ? `note ${i}` : `p${i}@example.com`]);
    const after = csv(['info'], ...cells);
    const before = csv(['info'], ...[...cells].reverse());
    for (const flags of [[], ['--csv-engine', 'csv-parse'], ['--threads', '2']]) {
      expect((await exported({ files: { 'a.csv': after }, args: flags })).code).toBe(0);
      expectStopped(await exported({ files: { 'a.csv': before }, args: flags }), 'info');
    }
  });

  it.concurrent('a resumed run stops as well, and goes on when they are allowed', async () => {
    await inFolder({ files: { 'rows.csv': FOUR } }, async (folder, url, events) => {
      const state = join(folder, 'state');
      const env = { SNAPCAPI_API_BASE_URL: url, TOKEN: 't', SNAPCAPI_STATE_DIR: state };
      const again = async (config: object) => {
        writeConfig(folder, config);
        const args = ['export', 'rows.csv', '--config', 'config.json', '--as-of', AS_OF, '--json'];
        const { code, stdout } = await runCli(args, { cwd: folder, env });
        return { code, summary: JSON.parse(stdout) as Outcome['summary'] };
      };
      for (let time = 0; time < 2; time += 1) {
        const { code, summary } = await again({});
        expect([code, summary.error?.code]).toEqual([65, 'personal_data_unhashed']);
      }
      expect(events()).toEqual([]);
      const last = await again({ personal_data: { allow: ALL_COLUMNS } });
      expect(last.code).toBe(0);
      expect(last.summary['run']).toMatchObject({ resumed: true });
      expect(events()).toHaveLength(1);
    });
  });
});

describe('commands that send nothing', () => {
  const look = (command: string, ...args: readonly string[]): Promise<CliResult> =>
    inFolder({ files: { 'rows.csv': TWO } }, (folder) =>
      runCli([command, 'rows.csv', '--config', 'config.json', ...args], {
        cwd: folder,
        env: { TOKEN: 't' },
      }),
    );

  it.concurrent('check judges all rows and ends as an export would', async () => {
    const { code, stdout, stderr } = await look('check', '--json', '--as-of', AS_OF);
    expect(code).toBe(65);
    expect(JSON.parse(stdout)).toMatchObject({
      rowsRead: 2,
      outcomes: { invalid: 1, not_attempted: 1 },
      error: { code: 'personal_data_unhashed' },
    });
    for (const column of ALL_COLUMNS) expect(stderr).toContain(column);
  });

  it.concurrent.each([[[]], [['--bodies']]])(
    'preview %j shows the rows and ends as an export would',
    async (args) => {
      const { code, stdout, stderr } = await look('preview', '--as-of', AS_OF, ...args);
      expect(code).toBe(65);
      expect(stdout).toContain('Ann Lee');
      expect(stderr).toContain('error[personal_data_unhashed]');
    },
  );

  it.concurrent('columns shows it at its column', async () => {
    const { code, stdout } = await look('columns', '--json');
    expect(code).toBe(0);
    const columns = JSON.parse(stdout) as { column: string; issues: { code: string }[] }[];
    const named = columns.filter(({ issues }) => issues.some((issue) => issue.code === 'personal_data'));
    expect(named.map(({ column }) => column)).toEqual(ALL_COLUMNS);
  });
});
