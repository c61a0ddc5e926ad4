import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config.js';
import { CONFIG_KEYS } from '../../src/config.js';
import { DEFAULT_READ_OPTIONS } from '../../src/read/index.js';
import { CONFIG_EFFECTS, INPUT_EFFECTS, changedSettings, settingsOf } from '../../src/resume/settings.js';

const CONFIG = {
  type: 'snapchat_conversion',
  auth_method: 'api_token',
  api_token: 'CANARY-TOKEN',
  event_source_id: 'x',
};

function settings(changes: object = {}, more: Parameters<typeof settingsOf>[1] = {}) {
  const config = parseConfig(JSON.stringify({ ...CONFIG, ...changes }), { name: 'c.json', env: {} });
  return settingsOf(config, more);
}

/** Settings that make other events than those of the bare config. */
function changed(changes: object, more: Parameters<typeof settingsOf>[1] = {}): readonly string[] {
  return changedSettings(settings(), settings(changes, more), ['events']);
}

/** Every key of the config with a value that is not its default. */
const EVERY_KEY: Readonly<Record<Exclude<keyof typeof CONFIG_KEYS, keyof typeof CONFIG>, unknown>> = {
  oauth_credentials_id: undefined,
  event_source_type: 'OFFLINE',
  send_test_events: true,
  skip_invalid_records: false,
  api_base_url: 'https://ads.snapchat.com',
  batch_size: 3,
  max_batch_bytes: 5000,
  concurrency: 2,
  max_requests_per_second: 3,
  max_event_age_days: 3,
  max_future_minutes: 3,
  event_id: 'none',
  event_time_unit: 'seconds',
  on_invalid_field: 'drop_field',
  assemble_custom_arrays: false,
  custom_datetime: 'milliseconds',
  default_country: 'DE',
  columns: ['*', { value: 'PURCHASE', to: 'event_name' }],
  variables: { segment_id: '1' },
  integration: 'i',
  test_event_code: 't',
  personal_data: 'warn',
  custom_datetime_columns: ['a'],
  time_zone: 'Asia/Kolkata',
  phone_country: 'DE',
  contents_keys: { sku: 'id' },
  min_rows: 5,
  min_sent: 5,
  max_rejected: 5,
  job: 'nightly',
  on_unfinished: 'refuse',
  keep_runs: 5,
};

/** Keys that change no event: what is sent is the same, or the run stops. Any other key changes events. */
const FREE: readonly string[] = [
  ...['oauth_credentials_id', 'skip_invalid_records', 'api_base_url', 'batch_size', 'max_batch_bytes'],
  ...['concurrency', 'max_requests_per_second', 'variables', 'personal_data', 'min_rows', 'min_sent'],
  ...['max_rejected', 'job', 'on_unfinished', 'keep_runs'],
];

describe('the settings a run is compared by', () => {
  it('classify every config key and every option of the reader', () => {
    const config = parseConfig(JSON.stringify({ ...CONFIG, ...EVERY_KEY }), { name: 'c.json', env: {} });
    expect(Object.keys(CONFIG_EFFECTS).sort()).toEqual(Object.keys(config).sort());
    expect(Object.keys(INPUT_EFFECTS)).toEqual(expect.arrayContaining(Object.keys(DEFAULT_READ_OPTIONS)));
    expect(Object.keys({ ...CONFIG, ...EVERY_KEY }).sort()).toEqual(Object.keys(CONFIG_KEYS).sort());
  });

  it.each(Object.entries(EVERY_KEY))('%s', (key, value) => {
    expect(changed({ [key]: value }).length).toBe(FREE.includes(key) ? 0 : 1);
  });

  it('tell a variable that a template uses, and no other', () => {
    const columns = ['*', { template: '{segment_id}', to: 'note' }];
    const of = (variables: object) => settings({ columns, variables });
    expect(changedSettings(of({ segment_id: '1' }), of({ segment_id: '2' }), ['events'])).toEqual([
      'usedVariables',
    ]);
    expect(changedSettings(of({ segment_id: '1' }), of({ segment_id: '1', a: '2' }), ['events'])).toEqual([]);
  });

  it.each([
    [{ delimiter: ';' }, 1],
    [{ delimiter: ',' }, 0],
    [{ encoding: 'UTF-8' }, 0],
    [{ encoding: 'utf-16le' }, 1],
    [{ format: 'csv' }, 0],
    [{ escape: 'backslash' }, 1],
    [{ requireFinalNewline: true }, 0],
    [{ allowEmpty: true }, 0],
    [{ csvEngine: 'csv-parse' }, 0],
    [{ chunkBytes: 5 }, 0],
    [{ maxRecordBytes: 5 }, 1],
  ] as const)('tell how the input is read: %j, %i changes', (read, changes) => {
    expect(changed({}, { read })).toHaveLength(changes);
  });

  it('tell additional NULL texts, and two formats that were named', () => {
    expect(changed({}, { nullTexts: ['-'] })).toEqual(['input.null']);
    const [csv, jsonl] = [
      settings({}, { read: { format: 'csv' } }),
      settings({}, { read: { format: 'jsonl' } }),
    ];
    expect(changedSettings(csv, jsonl, ['events'])).toEqual(['input.format']);
  });

  it('compare only what both programs knew', () => {
    const { timeZone: _, ...older } = settings();
    expect(changedSettings(older, settings({ time_zone: 'Asia/Kolkata' }), ['events'])).toEqual([]);
  });

  it('hold no secret, and constants, templates and variables only as hashes', () => {
    const text = JSON.stringify(
      settings({
        columns: ['*', { template: 'CANARY-VALUE {segment_id}', to: 'order_id' }],
        variables: { segment_id: 'CANARY-VARIABLE' },
      }),
    );
    expect(text).not.toContain('CANARY');
  });
});
