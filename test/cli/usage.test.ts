import { describe, expect, it } from 'vitest';

import { configText, resultText, csv, folderWith, GOOD, run } from './support.js';

describe('help and version', () => {
  it('go to standard output', async () => {
    const help = await run(['--help']);
    expect(help.code).toBe(0);
    for (const name of ['export', 'check', 'preview', 'columns', 'fields', 'explain', 'simulator']) {
      expect(help.stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
    }
    expect(help.stderr).toBe('');
    expect((await run(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('group the flags of a command and give examples', async () => {
    const { stdout } = await run(['export', '--help']);
    for (const heading of ['Config:', 'What to send:', 'Output files:', 'Input:', 'Delivery:', 'Messages:']) {
      expect(stdout).toContain(`\n${heading}\n`);
    }
    expect(stdout).toContain('\nExamples:\n  $ snapcapi export rows.csv --config result.json');
  });

  it('without arguments are a usage error', async () => {
    const nothing = await run([]);
    expect(nothing.code).toBe(64);
    expect(nothing.stderr).toContain('Usage: snapcapi');
    expect(nothing.stdout).toBe('');
  });
});

describe('usage errors', () => {
  it.each<[string, readonly string[], string]>([
    ['a command', ['exprt'], 'unknown command "exprt"; did you mean "export"?'],
    ['validate', ['validate', 'x'], 'unknown command "validate"; did you mean "check"?'],
    ['send', ['send', 'x'], 'unknown command "send"; did you mean "export"?'],
    ['upload', ['Upload'], 'unknown command "Upload"; did you mean "export"?'],
    ['a synonym below a command', ['runs', 'validate'], 'unknown command "validate"\n'],
    ['a flag', ['export', '--dryrun'], 'unknown option "--dryrun"; did you mean "--dry-run"?'],
    ['a flag with a value', ['export', '--rejcts=X'], 'unknown option "--rejcts"; did you mean "--rejects"?'],
    ['a strange flag', ['check', '--\u001b[2J'], 'unknown option "--\\u001b[2J"'],
    ['a number', ['export', '--batch-size', '2001'], 'It must be an integer from 1 to 2000.'],
    ['a limit', ['export', '--max-rejected', 'five'], 'It must be a number of rows such as 100'],
    ['a delimiter', ['check', '--delimiter', ';;'], 'It must be one character'],
    ['a variable', ['check', '--var', 'x'], 'It must be NAME=VALUE.'],
    ['a format', ['check', '--format', 'xml'], 'Allowed choices are csv, jsonl, json.'],
    ['an engine', ['check', '--csv-engine', 'fast'], 'Allowed choices are auto, csv-parse.'],
    ['a field', ['fields', 'emial'], 'unknown field "emial"; did you mean "em"?'],
    ['a code', ['explain', 'invalid_emial'], 'unknown code "invalid_emial"; did you mean "invalid_email"?'],
    ['too many arguments', ['explain', 'a', 'b'], "too many arguments for 'explain'"],
    [
      'two configs',
      ['check', 'x', '--config', 'c', '--result', '{}'],
      '--config and --result are both given',
    ],
    ['no config', ['check', 'x'], 'no config is given'],
    [
      'a token among the arguments',
      ['check', 'x', '--result', configText()],
      'the api_token stands in --result, where everybody on this machine can read it',
    ],
    ['no input', ['check', '--result', resultText()], 'no input: give a FILE'],
    ['standard input twice', ['check', '-', '-', '--result', resultText()], 'can be read only once'],
    [
      'a point in time',
      ['check', 'x', '--as-of', 'today', '--result', resultText()],
      '--as-of is not a point in time',
    ],
  ])('name what is wrong with %s', async (_, argv, message) => {
    const { code, stdout, stderr } = await run(argv);
    expect(stderr).toContain('error[usage]: ');
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/\n {2}fix: .+\n$/);
    expect(stderr).not.toContain('\u001b');
    expect(code).toBe(64);
    expect(stdout).toBe('');
  });

  it.each([['--token=SECRET'], ['--api-token=SECRET'], ['--token', 'SECRET']])(
    'refuse a token as %s %s without repeating it',
    async (...flag) => {
      const { code, stderr } = await run(['export', ...flag]);
      expect(code).toBe(64);
      expect(stderr).toContain('SNAPCAPI_API_TOKEN');
      expect(stderr).not.toContain('SECRET');
    },
  );

  it('refuse an output that is the input', async () => {
    const { at, read } = folderWith({ 'rows.csv': csv(GOOD) });
    const { code, stderr } = await run([
      'check',
      at('rows.csv'),
      '--result',
      resultText(),
      '--rejects',
      at('rows.csv'),
    ]);
    expect(code).toBe(64);
    expect(stderr).toContain('--rejects would overwrite the input');
    expect(read('rows.csv')).toBe(csv(GOOD));
  });
});

describe('config errors', () => {
  it('name file, key and remedy, and never the token', async () => {
    const { at } = folderWith({ 'c.json': configText({ batchsize: 5, event_source_id: '' }) });
    const { code, stderr } = await run(['check', 'x', '--config', at('c.json')]);
    expect(code).toBe(78);
    expect(stderr).toContain('unknown key "batchsize"; did you mean "batch_size"?');
    expect(stderr).toContain('"event_source_id" must be a string that is not empty');
    expect(stderr).not.toContain('CANARY');
  });

  it('are JSON too when logs are', async () => {
    const { code, stderr } = await run(['check', '--result', '{', '--log-format', 'json']);
    expect(code).toBe(78);
    expect(JSON.parse(stderr)).toMatchObject({
      level: 'error',
      event: 'error',
      code: 'config_not_json',
      exitCode: 78,
    });
  });

  it('say when the file cannot be read', async () => {
    const { code, stderr } = await run(['check', 'x', '--config', '/nonexistent/c.json']);
    expect(code).toBe(78);
    expect(stderr).toContain(
      'error[config_unreadable]: the config file "/nonexistent/c.json" cannot be read',
    );
  });
});
