import { chmodSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { main } from '../../src/cli/main.js';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../src/simulator/index.js';
import { BAD, resultText, csv, folderWith, GOOD, NOW, OLD, run, testIo } from './support.js';

let simulator: Simulator;
const start = async (options: SimulatorOptions = {}): Promise<void> => {
  simulator = await startSimulator({ clock: () => Date.parse(NOW), token: 'CANARY-TOKEN', ...options });
};
beforeEach(() => start());
afterEach(() => simulator.close());

const config = (changes: object = {}) => resultText({ api_base_url: simulator.url, ...changes });
const exportText = (text: string, flags: readonly string[] = [], changes: object = {}) =>
  run(['export', '--result', config(changes), ...flags], { stdin: [text] });

describe('snapcapi export', () => {
  it('sends the valid rows and accounts for the others', async () => {
    const { at, read } = folderWith({ 'rows.csv': csv(GOOD, BAD, OLD, GOOD) });
    const flags = [
      '--rejects',
      at('r.jsonl'),
      '--rejected-rows',
      at('again.csv'),
      '--report',
      at('report.json'),
    ];
    const { code, stdout, stderr } = await run(['export', at('rows.csv'), '--result', config(), ...flags]);
    expect(code).toBe(0);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/ {2}sent +2 /);
    expect(simulator.stats()).toMatchObject({ received: 2 });
    const rejects = read('r.jsonl')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(rejects).toMatchObject([
      {
        file: at('rows.csv'),
        row: 2,
        line: 3,
        outcome: 'invalid',
        issues: [{ code: 'invalid_email', column: 'em' }],
      },
      { row: 3, line: 4, outcome: 'expired', issues: [{ code: 'event_expired' }] },
    ]);
    expect(read('again.csv')).toBe(csv(BAD, OLD));
    expect(JSON.parse(read('report.json'))).toMatchObject({
      rowsRead: 4,
      outcomes: { sent: 2, invalid: 1, expired: 1 },
      rejections: [{ code: 'invalid_email' }, { code: 'event_expired' }],
      outputs: { rejects: { rows: 2 }, report: { path: at('report.json') } },
    });
    expect(read('report.json') + stderr).not.toContain('CANARY');
  });

  it('says it all as one JSON object', async () => {
    const { code, stdout, stderr } = await exportText(csv(GOOD, BAD), ['--json']);
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(stdout.endsWith('}\n')).toBe(true);
    expect(JSON.parse(stdout)).toMatchObject({
      exitCode: 0,
      error: null,
      rowsRead: 2,
      outcomes: { sent: 1, invalid: 1, expired: 0, refused: 0, in_doubt: 0, not_attempted: 0 },
      delivery: { endpoint: 'events', requests: 1 },
    });
  });

  it('sends nothing in a dry run, and needs no token for it', async () => {
    const { code, stderr } = await run(
      ['export', '--dry-run', '--result', config({ api_token: undefined })],
      {
        stdin: [csv(GOOD)],
      },
    );
    expect(code).toBe(0);
    expect(stderr).toContain('would be sent  1');
    expect(simulator.stats().requests).toBe(0);
  });

  it('takes flags before the environment before the file', async () => {
    const flags = ['export', '--result', config({ batch_size: 3 }), '--json'];
    const rows = csv(GOOD, GOOD, GOOD, GOOD, GOOD, GOOD);
    const requestsOf = async (argv: readonly string[], env: Record<string, string>) => {
      const { stdout } = await run(argv, { stdin: [rows], env });
      return (JSON.parse(stdout) as { delivery: { batches: number } }).delivery.batches;
    };
    expect(await requestsOf(flags, {})).toBe(2);
    expect(await requestsOf(flags, { SNAPCAPI_BATCH_SIZE: '2' })).toBe(3);
    expect(await requestsOf([...flags, '--batch-size', '1'], { SNAPCAPI_BATCH_SIZE: '2' })).toBe(6);
  });

  it('takes the token from a file', async () => {
    const { at } = folderWith({ token: 'CANARY-TOKEN\n' });
    chmodSync(at('token'), 0o600);
    const argv = ['export', '--result', config({ api_token: '${WRONG}' }), '--token-file', at('token')];
    expect((await run(argv, { stdin: [csv(GOOD)] })).code).toBe(0);
  });

  it.each<[string, object, number, string]>([
    ['is wrong', { api_token: '${WRONG}' }, 77, 'unauthorized'],
    ['is missing', { api_token: undefined }, 78, 'token_missing'],
    [
      'is of the other kind',
      { api_token: undefined, auth_method: 'oauth', oauth_credentials_id: 'c' },
      78,
      'credential_missing',
    ],
  ])('says when the credential %s', async (_, changes, exit, error) => {
    const { code, stderr } = await exportText(csv(GOOD), [], changes);
    expect(code).toBe(exit);
    expect(stderr).toContain(`error[${error}]: `);
    expect(stderr).not.toContain('wrong"');
  });

  it('fails when too many rows are rejected', async () => {
    const one = await exportText(csv(GOOD, BAD), ['--max-rejected', '1']);
    expect(one.code).toBe(0);
    const none = await exportText(csv(GOOD, BAD), ['--max-rejected', '0']);
    expect(none.code).toBe(65);
    expect(none.stderr).toContain('error[too_many_rejected]: ');
    const share = await exportText(csv(GOOD, BAD), ['--max-rejected', '50%']);
    expect(share.code).toBe(0);
  });

  it('stops at the first invalid row when it must not skip', async () => {
    const { code, stderr } = await exportText(csv(GOOD, BAD, GOOD), [], { skip_invalid_records: false });
    expect(code).toBe(65);
    expect(stderr).toContain('error[invalid_row_stop]: ');
    expect(stderr).toContain('row 2, column "em"');
    expect(simulator.stats().stored).toBe(1);
  });

  it('says when an input is missing, before anything else happens', async () => {
    const { code, stderr, stdout } = await run(['export', '/nonexistent/rows.csv', '--result', config()]);
    expect(code).toBe(66);
    expect(stderr).toMatch(/^error\[input_missing\]: .*\/nonexistent\/rows\.csv/);
    expect(stdout).toBe('');
  });

  it('says when an output is impossible, before anything is sent', async () => {
    const { code, stderr } = await exportText(csv(GOOD), ['--rejects', '/nonexistent/r.jsonl']);
    expect(code).toBe(74);
    expect(stderr).toContain('error[output_not_writable]: ');
    expect(simulator.stats().requests).toBe(0);
  });

  it.skipIf(process.platform !== 'linux')('says when the disk is full', async () => {
    const { code, stderr } = await exportText(csv(GOOD, BAD), ['--rejects', '/dev/full']);
    expect(code).toBe(74);
    expect(stderr).toContain('error[output_io]: ');
  });

  it('names its inputs as they were given', async () => {
    const { at, read } = folderWith({});
    await exportText(csv(BAD, GOOD), ['--rejects', at('r.jsonl')]);
    expect(JSON.parse(read('r.jsonl'))).toMatchObject({ file: '-', row: 1, line: 2 });
  });
});

describe('test events', () => {
  const rows = csv(GOOD, GOOD.replace('a@', 'b@'));

  it('are counted nowhere; rows that fail are shown, and all with --verbose', async () => {
    const { code, stdout, stderr } = await exportText(rows, ['--test-events']);
    expect(code).toBe(0);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/valid for the API +2/);
    const all = await exportText(rows, ['--test-events', '-v']);
    expect(all.stdout).toBe('-:2 row 1 VALID\n-:3 row 2 VALID\n');
    expect(simulator.stats()).toMatchObject({ stored: 0, validated: 4 });
  });

  it('stand in the JSON object by the same rule', async () => {
    const quiet = await exportText(rows, ['--json'], { send_test_events: true });
    expect(JSON.parse(quiet.stdout)).toMatchObject({ delivery: { endpoint: 'validate' } });
    expect(JSON.parse(quiet.stdout)).not.toHaveProperty('answers');
    const { stdout } = await exportText(rows, ['--json', '-v'], { send_test_events: true });
    expect(JSON.parse(stdout)).toMatchObject({
      answers: [
        { file: '-', row: 1, line: 2, status: 'VALID', codes: [], messages: [] },
        { file: '-', row: 2, line: 3, status: 'VALID' },
      ],
    });
  });
});

describe('messages', () => {
  it('are only errors with --quiet', async () => {
    expect((await exportText(csv(GOOD, BAD), ['-q'])).stderr).toBe('');
    const failed = await exportText(csv(GOOD, BAD), ['-q', '--max-rejected', '0']);
    expect(failed.stderr).toMatch(/^error\[too_many_rejected\]: .+\n {2}fix: .+\n$/);
  });

  it('tell about inputs, requests and rows with --verbose', async () => {
    const { stderr } = await exportText(csv(GOOD, BAD), ['-v']);
    expect(stderr).toContain('reading -: csv, 5 columns\n');
    expect(stderr).toContain('invalid -:3 row 2: column "em" is neither');
    expect(stderr).toMatch(/^batch 1 request 1: 1 events, \d+ B, 200 after \d+ ms: accept$/m);
    expect(stderr).not.toContain('not an address');
  });

  it('are JSON lines with --log-format json', async () => {
    const { stderr } = await exportText(csv(GOOD, BAD), [
      '-v',
      '--log-format',
      'json',
      '--max-rejected',
      '0',
    ]);
    const records = stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string; level: string });
    expect(records.map(({ level, event }) => `${level} ${event}`)).toEqual(
      expect.arrayContaining(['info input_opened', 'debug row_rejected', 'info summary', 'error error']),
    );
    expect(records.at(-1)).toMatchObject({
      code: 'too_many_rejected',
      exitCode: 65,
      time: '2026-11-20T12:00:00.000Z',
    });
  });

  it('warn about the header once', async () => {
    const text = `${csv(GOOD).replace('madid,em', 'madid,em,emial').trimEnd()},x\n`;
    const { stderr } = await exportText(text);
    expect(stderr.match(/warning\[suspicious_column\]: -: column "emial" .*did you mean em\?/g)).toHaveLength(
      1,
    );
  });
});

describe('an interrupt', () => {
  it('ends reading, delivers what is in flight and keeps the books', async () => {
    const { at, read } = folderWith({});
    let interrupt = (): void => undefined;
    async function* rows(): AsyncGenerator<string> {
      yield csv(...Array.from({ length: 3000 }, (_, index) => GOOD.replace('a@', `a${index}@`)));
      await Promise.resolve();
      interrupt();
      for (let more = 0; more < 500; more += 1) yield `${GOOD}\n`.repeat(100);
    }
    const { io, interrupt: send, stdout, stderr } = testIo({ stdin: rows() });
    interrupt = () => {
      send('SIGINT');
    };
    const argv = ['export', '--result', config({ batch_size: 100 }), '--json', '--rejects', at('r.jsonl')];
    const code = await main(argv, io);
    expect(code).toBe(130);
    expect(stderr()).toContain('error[interrupted]: ');
    const summary = JSON.parse(stdout()) as { rowsRead: number; outcomes: Record<string, number> };
    expect(summary.rowsRead).toBeLessThan(53_000);
    const lines = read('r.jsonl').split('\n').length - 1;
    expect(lines).toBe(summary.rowsRead - (summary.outcomes['sent'] ?? 0));
  });

  it('a second time ends at once', async () => {
    let interrupt = (): void => undefined;
    async function* rows(): AsyncGenerator<string> {
      await Promise.resolve();
      interrupt();
      yield csv(GOOD);
    }
    const test = testIo({ stdin: rows() });
    interrupt = () => {
      test.interrupt('SIGTERM');
      test.interrupt('SIGINT');
    };
    expect(await main(['export', '--result', config(), '-q'], test.io)).toBe(143);
    expect(test.ended).toEqual([130]);
  });
});
