import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config.js';
import { settingsOf } from '../../src/resume/settings.js';

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

describe('the settings a run is compared by', () => {
  it.each([
    [{ api_token: 'another' }],
    [{ concurrency: 2 }],
    [{ max_requests_per_second: 3 }],
    [{ max_rejected: '5%' }],
    [{ min_rows: 5 }],
    [{ min_sent: 5 }],
    [{ personal_data: 'warn' }],
    [{ personal_data: { allow: ['email'] } }],
  ])('leave out what changes no byte: %j', (changes) => {
    expect(settings(changes)).toEqual(settings());
  });

  it.each([
    [{ batch_size: 3 }],
    [{ event_id: 'none' }],
    [{ max_rejected: 5 }],
    [{ skip_invalid_records: false }],
    [{ columns: ['*', { value: 'PURCHASE', to: 'event_name' }] }],
    [{ variables: { segment_id: '1' } }],
  ])('tell %j', (changes) => {
    expect(settings(changes)).not.toEqual(settings());
  });

  it('tell how the input is read', () => {
    expect(settings({}, { read: { delimiter: ';' } })).not.toEqual(settings());
    expect(settings({}, { nullTexts: ['-'] })).not.toEqual(settings());
    expect(settings({}, { read: { chunkBytes: 5 } })).toEqual(settings());
    expect(settings({}, { read: { csvEngine: 'csv-parse' } })).toEqual(settings());
  });

  it('hold no secret, and constants, templates and variables only as hashes', () => {
    const text = JSON.stringify(
      settings({
        columns: ['*', { value: 'CANARY-VALUE', to: 'order_id' }],
        variables: { segment_id: 'CANARY-VARIABLE' },
      }),
    );
    expect(text).not.toContain('CANARY');
  });
});
