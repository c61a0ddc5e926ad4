import { describe, expect, it } from 'vitest';

import { parseConfig } from '../../src/config.js';
import { failure, parse } from './support.js';

const TOKEN_SHAPE = `{
  "type": "snapchat_conversion", "auth_method": "api_token", "api_token": "xxxxxxxxxxx",
  "event_source_type": "web", "event_source_id": "xxxxxxxxxxx",
  "send_test_events": false, "skip_invalid_records": true }`;

const COLUMN_SHAPES =
  '"*", or an object with exactly the keys "from" and "to", "value" and "to", or "template" and "to" (names are not empty)';

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
    [{ columns: ['*', { from: 'a', value: 'x', to: 'em' }] }, `"columns[1]" must be ${COLUMN_SHAPES}`],
    [{ columns: [{ from: 'a' }, 5] }, `"columns[1]" must be ${COLUMN_SHAPES}`],
    [
      { columns: ['*', { from: 'a', too: 'em' }] },
      `"columns[1]" has the unknown key "too" (did you mean "to"?); it must be ${COLUMN_SHAPES}`,
    ],
    [
      { columns: [{ frm: 'a', zzz: 1, to: 'em' }] },
      `"columns[0]" has the unknown keys "frm" (did you mean "from"?), "zzz"; it must be ${COLUMN_SHAPES}`,
    ],
    [
      { columns: [{ from: 'a', to: 'em', too: 'x' }] },
      `"columns[0]" has the unknown key "too"; it must be ${COLUMN_SHAPES}`,
    ],
    [
      { columns: [{ from: 'a', '\u001b[31m\u202e': 'x' }] },
      `"columns[0]" has the unknown key "\\u001b[31m\\u202e"; it must be ${COLUMN_SHAPES}`,
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
      { columns: ['*', { from: 'Mail', to: 'em' }, { drop: 'mail' }] },
      '"columns[2]" drops a column that another entry exports; remove one of the two',
    ],
    [{ columns: [{ drop: 'dob' }] }, '"columns" only drops columns, so nothing would be exported; add "*"'],
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
    const entry = { from: secret, too: secret };
    expect(failure(() => parse({ columns: [entry] })).message).not.toContain('4711');
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
