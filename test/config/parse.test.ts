import { describe, expect, it } from 'vitest';

import { parseConfig, transformOptions } from '../../src/config.js';
import { RunError } from '../../src/errors.js';

const TOKEN_SHAPE = `{
  "type": "snapchat_conversion", "auth_method": "api_token", "api_token": "xxxxxxxxxxx",
  "event_source_type": "web", "event_source_id": "xxxxxxxxxxx",
  "send_test_events": false, "skip_invalid_records": true }`;
const OAUTH_SHAPE = `{"type":"snapchat_conversion","auth_method":"oauth","oauth_credentials_id":"xxx","event_source_type":"WEB","event_source_id":"xxx", "send_test_events":false,"skip_invalid_records":true}`;

const BASE = { type: 'snapchat_conversion', auth_method: 'api_token', event_source_id: 'pixel-1' };
const parse = (extra: object, env: Record<string, string> = {}, overrides: Record<string, unknown> = {}) =>
  parseConfig(JSON.stringify({ ...BASE, ...extra }), { name: 'result.json', env, overrides });

function failure(action: () => unknown): RunError {
  try {
    action();
  } catch (error) {
    if (error instanceof RunError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('the two documented shapes', () => {
  it('accepts the token shape verbatim', () => {
    const config = parseConfig(TOKEN_SHAPE, { name: '--result' });
    expect(config.auth).toEqual({ method: 'api_token', token: 'xxxxxxxxxxx' });
    expect(config.eventSourceType).toBe('WEB');
    expect(config.maxRequestsPerSecond).toBe(100);
  });

  it('accepts the oauth shape verbatim', () => {
    const config = parseConfig(OAUTH_SHAPE, { name: '--result' });
    expect(config.auth).toEqual({ method: 'oauth', credentialsId: 'xxx' });
    expect(config.maxRequestsPerSecond).toBe(10);
  });
});

describe('defaults', () => {
  it('fills in every default of the rule book', () => {
    expect(parse({})).toEqual({
      auth: { method: 'api_token' },
      eventSourceType: 'WEB',
      eventSourceId: 'pixel-1',
      sendTestEvents: false,
      skipInvalidRecords: true,
      apiBaseUrl: 'https://tr.snapchat.com',
      batchSize: 2000,
      maxBatchBytes: 2_000_000,
      concurrency: 4,
      maxRequestsPerSecond: 100,
      maxEventAgeDays: 7,
      maxFutureMinutes: 60,
      eventId: 'derive',
      eventTimeUnit: 'auto',
      onInvalidField: 'reject_row',
      assembleCustomArrays: true,
      customDatetime: 'seconds',
      mapping: { all: true, list: [] },
      variables: {},
    });
  });

  it('takes auth_method as oauth when it is absent', () => {
    const config = parseConfig(
      '{"type":"snapchat_conversion","oauth_credentials_id":"c","event_source_id":"p"}',
      {
        name: 'x',
      },
    );
    expect(config.auth).toEqual({ method: 'oauth', credentialsId: 'c' });
  });
});

describe('values', () => {
  it.each(['web', 'Web', 'WEB'])('takes event_source_type %s', (type) => {
    expect(parse({ event_source_type: type }).eventSourceType).toBe('WEB');
  });

  it.each([
    [5, { rows: 5 }],
    ['5', { rows: 5 }],
    ['5%', { percent: 5 }],
    [' 2.5% ', { percent: 2.5 }],
  ])('takes max_rejected %s', (given, expected) => {
    expect(parse({ max_rejected: given }).maxRejected).toEqual(expected);
  });

  it('normalizes default_country', () => {
    expect(parse({ default_country: 'Germany' }).defaultCountry).toBe('de');
    expect(failure(() => parse({ default_country: 'Atlantis' })).message).toBe(
      '"result.json": "default_country" is not a country known here; use the two-letter code',
    );
  });

  it('reads the output mapping', () => {
    const columns = [
      '*',
      { from: 'user_email', to: 'em' },
      { value: 'spring', to: 'campaign' },
      { template: '{segment_name}-{timestamp}', to: 'note' },
      { from: 'city' },
    ];
    const config = parse({ columns, variables: { segment_name: 'gold', segment_id: 7 } });
    expect(config.mapping).toEqual({
      all: true,
      list: [
        { from: 'user_email', to: 'em' },
        { value: 'spring', to: 'campaign' },
        { template: '{segment_name}-{timestamp}', to: 'note' },
        { from: 'city', to: 'city' },
      ],
    });
    expect(config.variables).toEqual({ segment_name: 'gold', segment_id: '7' });
    expect(parse({ columns: [{ from: 'a', to: 'em' }] }).mapping.all).toBe(false);
  });
});

describe('what is wrong is named', () => {
  it.each<[object, string]>([
    [{ event_source_typ: 'web' }, 'unknown key "event_source_typ"; did you mean "event_source_type"?'],
    [{ 'batch-size': 5 }, 'unknown key "batch-size"; did you mean "batch_size"?'],
    [{ zzzzzzzz: 5 }, 'unknown key "zzzzzzzz"'],
    [{ batch_size: 'many' }, '"batch_size" must be an integer from 1 to 2000, not this string'],
    [{ batch_size: 2001 }, '"batch_size" must be an integer from 1 to 2000, not this number'],
    [{ batch_size: 1.5 }, '"batch_size" must be an integer from 1 to 2000, not this number'],
    [{ send_test_events: 'yes' }, '"send_test_events" must be true or false, not this string'],
    [{ event_source_id: '' }, '"event_source_id" must be a string that is not empty, not an empty string'],
    [{ event_source_id: undefined }, '"event_source_id" is required: a string that is not empty'],
    [{ type: 'snapchat' }, '"type" must be "snapchat_conversion", not this string'],
    [
      { event_id: 'derived' },
      '"event_id" must be "derive" or "none", not this string; did you mean "derive"?',
    ],
    [
      { variables: ['a'] },
      '"variables" must be an object of strings; names are letters, digits and _, not a list',
    ],
    [{ max_rejected: '101%' }, '"max_rejected" must not be above 100%'],
    [
      { max_rejected: -1 },
      '"max_rejected" must be an integer from 0, or a percentage such as "5%", not this number',
    ],
    [{ columns: [] }, '"columns" must not be an empty list'],
    [
      { columns: ['*', { from: 'a', too: 'em' }] },
      '"columns[1]" must be "*", or an object with exactly the keys "from" and "to", "value" and "to", or "template" and "to" (names are not empty)',
    ],
    [
      {
        columns: [
          { from: 'a', to: 'em' },
          { value: 'x', to: 'EM' },
        ],
      },
      '"columns[1]" gives the same name as "columns[0]" (case is ignored)',
    ],
    [
      { columns: [{ template: '{segment_id}', to: 'x' }] },
      'the template of "columns[0]" uses the variable "segment_id", which has no value; give it in "variables" or with --var',
    ],
    [
      { auth_method: 'oauth' },
      '"oauth_credentials_id" is required: auth_method is oauth; to use a Conversions API token, set "auth_method" to "api_token"',
    ],
    [
      { auth_method: 'oauth', api_token: 'T' },
      '"api_token" is given, but auth_method is oauth; set "auth_method" to "api_token", or remove "api_token"',
    ],
    [
      { auth_method: undefined, api_token: 'T' },
      '"api_token" is given, but auth_method is oauth when it is absent; set "auth_method" to "api_token", or remove "api_token"',
    ],
    [
      { oauth_credentials_id: 'c' },
      '"oauth_credentials_id" is given, but auth_method is api_token; remove it, or set "auth_method" to "oauth"',
    ],
  ])('%j', (extra, sentence) => {
    const error = failure(() => parse(extra));
    expect(error.code).toBe('config_invalid');
    expect(error.exitCode).toBe(78);
    expect(error.message).toBe(`"result.json": ${sentence}`);
  });

  it('lists all problems', () => {
    const error = failure(() => parse({ batchsize: 1, concurrency: 0, event_id: 3 }));
    expect(error.message.split('\n')).toEqual([
      '"result.json" has 3 problems:',
      '  - "concurrency" must be an integer from 1 to 64, not this number',
      '  - "event_id" must be "derive" or "none", not this number',
      '  - unknown key "batchsize"; did you mean "batch_size"?',
    ]);
  });

  it('blames the flags when only they are wrong', () => {
    const error = failure(() => parse({}, {}, { batch_size: 5000 }));
    expect(error.code).toBe('usage');
    expect(error.message).toBe('the flags: "batch_size" must be an integer from 1 to 2000, not this number');
  });

  it('does not confuse __proto__ with anything', () => {
    const text = `{"type":"snapchat_conversion","auth_method":"api_token","event_source_id":"p","__proto__":{"batch_size":1}}`;
    expect(failure(() => parseConfig(text, { name: 'c' })).message).toBe('"c": unknown key "__proto__"');
  });

  it('never shows a value', () => {
    const secret = 'SECRET-4711';
    const extra = Object.fromEntries(
      [
        'type',
        'event_source_type',
        'batch_size',
        'columns',
        'variables',
        'max_rejected',
        'default_country',
      ].map((key) => [key, secret]),
    );
    expect(failure(() => parse(extra)).message).not.toContain('4711');
  });
});

describe('JSON', () => {
  it.each([
    ['', 'line 1, column 1: the text ends where a value is expected'],
    ['{"api_token": "SECRET" "b": 1}', 'line 1, column 24: "," or "}" is expected'],
    ['{\n  "a": SECRET\n}', 'line 2, column 8: a value is expected'],
    [
      '{"a": 1,}',
      'line 1, column 9: a key in double quotes is expected (is there a comma too many before it?)',
    ],
    ["{'a': 1}", 'line 1, column 2: a key in double quotes is expected'],
    ['{"a": [1, 2}', 'line 1, column 12: "," or "]" is expected'],
    ['{"a": 1} x', 'line 1, column 10: more text after the end of the value'],
    ['{"api_token": "x", "api_token": "y"}', 'line 1, column 20: the key is given twice in one object'],
  ])('%s', (text, where) => {
    const error = failure(() => parseConfig(text, { name: 'result.json' }));
    expect(error.code).toBe('config_not_json');
    expect(error.message).toBe(`"result.json", ${where}`);
  });

  it('wants an object, and accepts a byte order mark', () => {
    expect(failure(() => parseConfig('[]', { name: 'c' })).message).toBe('"c" must hold one JSON object');
    expect(parseConfig(`\ufeff${TOKEN_SHAPE}`, { name: 'c' }).eventSourceId).toBe('xxxxxxxxxxx');
  });
});

describe('variables of the environment', () => {
  it('replaces them in any string, and $${ stays', () => {
    const config = parse(
      {
        api_token: '${SNAP}',
        event_source_id: 'a-${B}',
        columns: [
          { value: '$${B}', to: 'x' },
          { value: '${B}${B}', to: 'y' },
        ],
      },
      { SNAP: 'tok', B: 'b' },
    );
    expect(config.auth).toEqual({ method: 'api_token', token: 'tok' });
    expect(config.eventSourceId).toBe('a-b');
    expect(config.mapping.list).toEqual([
      { value: '${B}', to: 'x' },
      { value: 'bb', to: 'y' },
    ]);
  });

  it('names the ones that are not set', () => {
    const error = failure(() =>
      parse({ api_token: '${SNAP}', columns: [{ value: '${constructor}', to: 'x' }] }),
    );
    expect(error.code).toBe('config_unset_variable');
    expect(error.message).toBe(
      '"result.json" refers to environment variables that are not set: "api_token" needs "SNAP", "columns[0].value" needs "constructor"',
    );
  });
});

describe('layers', () => {
  it('puts flags over environment over file over default', () => {
    const env = { SNAPCAPI_BATCH_SIZE: '20', SNAPCAPI_SEND_TEST_EVENTS: 'true', SNAPCAPI_CONCURRENCY: ' ' };
    expect(parse({}).batchSize).toBe(2000);
    expect(parse({ batch_size: 10 }).batchSize).toBe(10);
    expect(parse({ batch_size: 10 }, env).batchSize).toBe(20);
    expect(parse({ batch_size: 10 }, env, { batch_size: 30, concurrency: undefined })).toMatchObject({
      batchSize: 30,
      sendTestEvents: true,
      concurrency: 4,
    });
  });

  it('names the variable when its value is wrong', () => {
    expect(failure(() => parse({}, { SNAPCAPI_BATCH_SIZE: 'lots' })).message).toBe(
      '"result.json": SNAPCAPI_BATCH_SIZE (in the environment) must be an integer from 1 to 2000, not this string',
    );
  });

  it('does not need the variables of values that are covered', () => {
    const env = { SNAPCAPI_API_TOKEN: 'tok', SNAPCAPI_API_BASE_URL: 'http://127.0.0.1:1' };
    const config = parse({ api_token: '${A}', api_base_url: '${B}', batch_size: '${C}' }, env, {
      batch_size: 9,
    });
    expect(config).toMatchObject({
      auth: { method: 'api_token', token: 'tok' },
      apiBaseUrl: 'http://127.0.0.1:1',
      batchSize: 9,
    });
  });

  it('does not mind a credential in the environment that the config has no use for', () => {
    const env = { SNAPCAPI_API_TOKEN: 'tok' };
    const oauth = parse({ auth_method: 'oauth', oauth_credentials_id: 'c' }, env);
    expect(oauth.auth).toEqual({ method: 'oauth', credentialsId: 'c' });
    expect(parse({}, { SNAPCAPI_OAUTH_CREDENTIALS_ID: 'c' }).auth).toEqual({ method: 'api_token' });
  });

  it('merges variables by name', () => {
    const config = parse({ variables: { a: '1', b: '2' } }, {}, { variables: { b: '3', c: '4' } });
    expect(config.variables).toEqual({ a: '1', b: '3', c: '4' });
  });
});

describe('transformOptions', () => {
  it('hands on what the transform needs, and no secret', () => {
    const options = transformOptions(
      parse({ api_token: 'SECRET', default_country: 'US', max_batch_bytes: 5000 }),
      {
        asOfMs: 17,
        nullTexts: ['NULL'],
      },
    );
    expect(options).toMatchObject({
      asOfMs: 17,
      nullTexts: ['NULL'],
      eventSourceId: 'pixel-1',
      defaultCountry: 'us',
      maxEventBytes: 4989,
    });
    expect(JSON.stringify(options)).not.toContain('SECRET');
  });
});
