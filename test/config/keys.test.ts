import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';

import { CONFIG_KEYS, configJsonSchema, configKeyRows } from '../../src/config.js';

const validate = new Ajv2020({ strict: false }).compile(configJsonSchema());
const BASE = { type: 'snapchat_conversion', auth_method: 'api_token', api_token: 't', event_source_id: 'p' };

describe('the JSON Schema of the config', () => {
  it.each([
    { event_source_type: 'web' },
    { event_source_type: 'Mobile_App' },
    { max_rejected: '5%' },
    { columns: 'all' },
    {
      columns: ['*', { from: 'a', to: 'em' }, { value: 'x', to: 'y' }, { template: '{timestamp}', to: 'z' }],
    },
    { variables: { segment_id: '1' } },
    { $schema: './config.schema.json' },
  ])('accepts %j', (extra) => {
    expect(validate({ ...BASE, ...extra }), JSON.stringify(validate.errors)).toBe(true);
  });

  it.each([
    { event_source_type: 'desktop' },
    { unknown: 1 },
    { batch_size: 2001 },
    { columns: ['x'] },
    { max_rejected: 'five' },
    { event_source_id: undefined },
  ])('refuses %j', (extra) => {
    expect(validate(JSON.parse(JSON.stringify({ ...BASE, ...extra })))).toBe(false);
  });

  it('describes every key', () => {
    const { properties } = configJsonSchema() as { properties: Record<string, { description?: string }> };
    expect(Object.keys(properties)).toEqual(['$schema', ...Object.keys(CONFIG_KEYS)]);
    expect(Object.values(properties).filter((one) => (one.description ?? '').length < 10)).toEqual([]);
  });
});

describe('configKeyRows', () => {
  it('is one line for each key, with the variable that overrides it', () => {
    const rows = configKeyRows();
    expect(rows.map((row) => row.key)).toEqual(Object.keys(CONFIG_KEYS));
    expect(rows.find((row) => row.key === 'batch_size')).toEqual({
      key: 'batch_size',
      values: 'an integer from 1 to 2000',
      default: '2000',
      required: 'no',
      summary: 'Maximum number of events in a request. Flag: --batch-size.',
      environment: 'SNAPCAPI_BATCH_SIZE',
    });
    expect(rows.find((row) => row.key === 'columns')).not.toHaveProperty('environment');
    expect(rows.find((row) => row.key === 'api_token')?.environment).toBe('SNAPCAPI_API_TOKEN');
  });
});
