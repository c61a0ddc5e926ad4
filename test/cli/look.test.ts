import { describe, expect, it } from 'vitest';

import { BAD, resultText, csv, folderWith, GOOD, OLD, run } from './support.js';

const look = (command: string, text: string, flags: readonly string[] = [], changes: object = {}) =>
  run([command, '--result', resultText(changes), ...flags], { stdin: [text] });

describe('snapcapi check', () => {
  it('shows every bad row with place, reason and remedy', async () => {
    const { code, stdout, stderr } = await look('check', csv(GOOD, BAD, OLD));
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toContain(
      '-:3 row 2 invalid\n  invalid_email: column "em" is neither an e-mail address nor a SHA-256 hash. Correct the address, or leave the cell empty.\n',
    );
    expect(stdout).toContain('-:4 row 3 expired\n  event_expired: ');
    expect(stdout).toMatch(/ {2}valid +1 +33\.3 %\n {2}invalid +1 +33\.3 %\n {2}expired +1 +33\.3 %\n/);
    expect(stdout).not.toContain('not an address');
  });

  it('shows at most twenty rows', async () => {
    const { stdout } = await look('check', csv(...Array.from({ length: 25 }, () => BAD)));
    expect(stdout.match(/^-:\d+ row \d+ invalid$/gm)).toHaveLength(20);
    expect(stdout).toContain('… and 5 more; --rejects FILE lists them all');
  });

  it.each<[readonly string[], string, number]>([
    [[], csv(GOOD, BAD), 0],
    [['--strict'], csv(GOOD, BAD), 65],
    [['--strict'], csv(GOOD, OLD), 0],
    [['--max-rejected', '0'], csv(GOOD, BAD), 65],
    [['--max-rejected', '50%'], csv(GOOD, BAD), 0],
  ])('%j decides the exit code', async (flags, text, exit) => {
    expect((await look('check', text, flags)).code).toBe(exit);
  });

  it('validates all rows, also where an export would stop, and then fails as it would', async () => {
    const { code, stdout } = await look('check', csv(BAD, GOOD, BAD), ['--json'], {
      skip_invalid_records: false,
    });
    expect(code).toBe(65);
    expect(JSON.parse(stdout)).toMatchObject({
      command: 'check',
      error: { code: 'invalid_row_stop', place: { row: 1 } },
      rowsRead: 3,
      outcomes: { invalid: 2, not_attempted: 1 },
      examples: [{ row: 1, issues: [{ code: 'invalid_email', fix: expect.any(String) }] }, { row: 3 }],
      config: { skipInvalidRecords: false },
    });
  });

  it('needs no token and no network, also with oauth', async () => {
    const oauth = { auth_method: 'oauth', oauth_credentials_id: 'c', api_token: undefined };
    expect((await look('check', csv(GOOD), [], oauth)).code).toBe(0);
  });

  it('understands the flags of the input', async () => {
    const text = csv(GOOD).replaceAll(',', '\t').replace('ab-1', 'nil').replace('a@example.com', 'nil');
    const { stdout } = await look('check', text, ['--delimiter', 'tab', '--null', 'nil', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ examples: [{ issues: [{ code: 'missing_identifier' }] }] });
    const long = GOOD.replace('example.com/', `example.com/${'x'.repeat(100)}`);
    const large = await look('check', csv(long), ['--max-record-bytes', '100', '--json']);
    expect(large.stdout).toContain('record_too_large');
    const future = await look('check', csv(GOOD), ['--as-of', '2026-10-01T00:00:00Z', '--json']);
    expect(future.stdout).toContain('event_in_future');
  });
});

describe('snapcapi preview', () => {
  it('gives the same events whatever splits the records', async () => {
    const quoted = GOOD.replace('ab-1', '"ab-""1"""');
    const [auto, parsed] = await Promise.all(
      ['auto', 'csv-parse'].map((engine) => look('preview', csv(GOOD, quoted), ['--csv-engine', engine])),
    );
    expect(auto?.stdout.match(/"event_name"/g)).toHaveLength(2);
    expect(auto?.stdout).toBe(parsed?.stdout);
  });

  it('writes a line for each row, the event exactly as it would be sent', async () => {
    const { code, stdout, stderr } = await look('preview', csv(GOOD, BAD, OLD));
    expect(code).toBe(0);
    expect(stderr).toBe('');
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(
      /^\{"row":1,"line":2,"outcome":"ok","event":\{"action_source":"WEB",.*\},"warnings":\[\]\}$/,
    );
    expect(lines[1]).toBe(
      '{"row":2,"line":3,"outcome":"invalid","issues":[{"code":"invalid_email","column":"em","path":"user_data.em","message":"column \\"em\\" is neither an e-mail address nor a SHA-256 hash"}]}',
    );
    expect(lines[2]).toMatch(/^\{"row":3,"line":4,"outcome":"expired","issues":\[/);
    expect(lines).toHaveLength(3);
  });

  it('names the file first when there are several', async () => {
    const { at } = folderWith({ 'a.csv': csv(GOOD), 'b.csv': csv(BAD) });
    const { stdout } = await run(['preview', at('a.csv'), at('b.csv'), '--result', resultText()]);
    expect(
      stdout.split('\n').map((line) => /^\{"file":".*\/(.)\.csv","row":1,"line":2,/.exec(line)?.[1]),
    ).toEqual(['a', 'b', undefined]);
  });

  it.each([
    [[], 10],
    [['-n', '2'], 2],
    [['-n', 'all'], 12],
    [['-n', '0'], 12],
  ])('%j shows as many rows as asked for', async (flags, rows) => {
    const { stdout } = await look('preview', csv(...Array.from({ length: 12 }, () => GOOD)), flags);
    expect(stdout.split('\n').length - 1).toBe(rows);
  });

  it('shows whole request bodies', async () => {
    const { stdout } = await look('preview', csv(GOOD, BAD, GOOD), ['--bodies'], { batch_size: 1 });
    const bodies = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { data: unknown[] });
    expect(bodies.map((body) => body.data.length)).toEqual([1, 1]);
  });

  it('fails with the damage after the rows before it', async () => {
    const { code, stdout, stderr } = await look('preview', `${csv(GOOD)}"PAGE_VIEW,x\n`);
    expect(code).toBe(65);
    expect(stdout.split('\n').length - 1).toBe(1);
    expect(stderr).toContain('error[broken_quote]: ');
  });
});

describe('snapcapi columns', () => {
  const text = `${csv(GOOD).replace('madid,em', 'madid,em_1,emial,\u001b[31mred').trimEnd()},x,y\n`;

  it('shows each column in a table', async () => {
    const { code, stdout } = await look('columns', text);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^5 +em_1 +array element +user_data\.em\[\] +yes$/m);
    expect(stdout).toMatch(/^6 +emial +custom +custom_data\.emial +.*did you mean em\?/m);
    expect(stdout).toContain('\\u001b[31mred');
    expect(stdout).not.toContain('\u001b');
  });

  it('shows each column as JSON', async () => {
    const { stdout } = await look('columns', text, ['--json']);
    expect(JSON.parse(stdout)).toMatchObject([
      { column: 'event_name', position: 1, meaning: 'standard', field: 'event_name', hashed: false },
      { position: 2 },
      { position: 3 },
      { column: 'madid', path: 'user_data.madid' },
      { column: 'em_1', meaning: 'array_element', field: 'em', hashed: true },
      { column: 'emial', meaning: 'custom', suggestion: 'em' },
      { position: 7 },
    ]);
  });

  it('says what is wrong with the input', async () => {
    const { code, stderr } = await run(['columns', '/nonexistent/rows.csv', '--result', resultText()]);
    expect(code).toBe(66);
    expect(stderr).toContain('error[input_missing]: ');
  });
});

describe('snapcapi fields', () => {
  it('lists all, tells about one, in three forms', async () => {
    expect((await run(['fields'])).stdout).toMatch(/^em +user_data\.em\[\] +/m);
    expect((await run(['fields', 'EM'])).stdout).toMatch(/^em\n {2}E-mail address/);
    expect(JSON.parse((await run(['fields', 'em', '--json'])).stdout)).toMatchObject({
      column: 'em',
      hashed: true,
    });
    expect((JSON.parse((await run(['fields', '--json'])).stdout) as unknown[]).length).toBeGreaterThan(60);
    expect((await run(['fields', '--markdown'])).stdout).toContain('| `em` |');
    expect((await run(['fields', 'content_id'])).stdout).toMatch(/^content_id_N\n/);
  });
});

describe('snapcapi explain', () => {
  it.each([
    ['invalid_email', 'Correct the address, or leave the cell empty.'],
    ['INVALID-EMAIL', 'Raw addresses are checked'],
    ['error[unauthorized]', 'the run ends with exit code 77'],
    ['77', 'unauthorized'],
    ['not_attempted', 'the row was valid, but was not delivered'],
  ])('knows %s', async (code, text) => {
    const { stdout, code: exit } = await run(['explain', code]);
    expect(exit).toBe(0);
    expect(stdout).toContain(text);
  });

  it('lists all codes', async () => {
    const { stdout } = await run(['explain']);
    for (const code of ['invalid_email', 'unauthorized', 'weak_identifier'])
      expect(stdout).toContain(`  ${code} `);
    expect(stdout).toMatch(/^ {2}143 +Terminated/m);
  });
});
