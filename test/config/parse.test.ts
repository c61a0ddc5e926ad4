import { describe, expect, it } from 'vitest';

import { parseConfig, transformOptions } from '../../src/config.js';
import { failure, parse } from './support.js';

const TOKEN_SHAPE = `{
  "type": "snapchat_conversion", "auth_method": "api_token", "api_token": "xxxxxxxxxxx",
  "event_source_type": "web", "event_source_id": "xxxxxxxxxxx",
  "send_test_events": false, "skip_invalid_records": true }`;
const OAUTH_SHAPE = `{"type":"snapchat_conversion","auth_method":"oauth","oauth_credentials_id":"xxx","event_source_type":"WEB","event_source_id":"xxx", "send_test_events":false,"skip_invalid_records":true}`;

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
      personalData: 'stop',
      customDatetimeColumns: [],
      contentsKeys: {},
      minRows: 0,
      minSent: 0,
      onUnfinished: 'resume-first',
      keepRunsDays: 30,
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
      { drop: 'dob' },
    ];
    const config = parse({ columns, variables: { segment_name: 'gold', segment_id: 7 } });
    expect(config.mapping).toEqual({
      all: true,
      list: [
        { from: 'user_email', to: 'em' },
        { value: 'spring', to: 'campaign' },
        { template: '{segment_name}-{timestamp}', to: 'note' },
        { from: 'city', to: 'city' },
        { drop: 'dob' },
      ],
    });
    expect(config.variables).toEqual({ segment_name: 'gold', segment_id: '7' });
    expect(parse({ columns: [{ from: 'a', to: 'em' }] }).mapping.all).toBe(false);
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
