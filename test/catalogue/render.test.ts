import { describe, expect, it } from 'vitest';
import { fieldsJson, fieldsMarkdown } from '../../src/catalogue/index.js';

const row = (column: string) => fieldsJson().find((candidate) => candidate.column === column);

describe('fieldsJson', () => {
  it('has one row for each column and for each key of contents', () => {
    const columns = fieldsJson().map((candidate) => candidate.column);
    expect(columns).toHaveLength(79 + 5);
    expect(new Set(columns).size).toBe(79 + 5);
  });

  it('shows a hashed identifier', () => {
    expect(row('em')).toMatchObject({
      group: 'user_data',
      paths: { WEB: 'user_data.em[]', MOBILE_APP: 'user_data.em[]', OFFLINE: 'user_data.em[]' },
      type: 'array of text',
      required: ['one identifier'],
      hashed: true,
    });
  });

  it('shows a field that moves with the event source type', () => {
    expect(row('advertiser_tracking_enabled')).toMatchObject({
      group: 'event',
      paths: {
        WEB: 'advertiser_tracking_enabled',
        MOBILE_APP: 'app_data.advertiser_tracking_enabled',
        OFFLINE: 'advertiser_tracking_enabled',
      },
      type: 'boolean',
      required: ['MOBILE_APP'],
      hashed: false,
    });
  });

  it.each([
    ['custom_country', 'custom_data', { WEB: 'custom_data.country' }, 'text'],
    ['content_ids', 'custom_data', { WEB: 'custom_data.content_ids[]' }, 'array of text'],
    ['content_category', 'custom_data', { WEB: 'custom_data.content_category' }, 'text or array'],
    ['contents', 'custom_data', { WEB: 'custom_data.contents[]' }, 'array of objects'],
    ['content_item_price_N', 'contents', { WEB: 'custom_data.contents[].item_price' }, 'number'],
    ['content_quantity_N', 'contents', { OFFLINE: 'custom_data.contents[].quantity' }, 'integer'],
    ['extinfo', 'app_data', { MOBILE_APP: 'app_data.extinfo[]' }, 'array of 16 texts'],
    ['screen_density', 'extinfo', { MOBILE_APP: 'app_data.extinfo[11]' }, 'text'],
    ['device_os', 'extinfo', { MOBILE_APP: 'app_data.extinfo[0]' }, 'word'],
    ['event_time', 'event', { WEB: 'event_time' }, 'time'],
    ['sc_click_id', 'user_data', { WEB: 'user_data.sc_click_id' }, 'UUID'],
    ['data_processing_options', 'event', { WEB: 'data_processing_options[]' }, 'array of word'],
  ])('shows %s', (column, group, paths, type) => {
    expect(row(column)).toMatchObject({ group, paths, type });
  });

  it('names no place where the column is a custom field', () => {
    expect(Object.keys(row('app_id')?.paths ?? {})).toEqual(['MOBILE_APP']);
  });

  it('lists accepted words and examples', () => {
    expect(row('content_type')?.choices).toEqual(['product', 'product_group']);
    expect(row('event_name')?.choices).toHaveLength(31);
    expect(row('city')).not.toHaveProperty('choices');
    expect(row('value')?.bad).toContainEqual({ input: '1,234.50', code: 'invalid_number' });
  });

  it('is plain data', () => {
    expect(JSON.parse(JSON.stringify(fieldsJson()))).toEqual(fieldsJson());
  });
});

describe('fieldsMarkdown', () => {
  const lines = fieldsMarkdown().split('\n');

  it('has a table for each group', () => {
    expect(lines.filter((line) => line.startsWith('### '))).toHaveLength(6);
    expect(lines.filter((line) => line.startsWith('| ---'))).toHaveLength(6);
    expect(lines.filter((line) => line.startsWith('| `'))).toHaveLength(84);
    expect(lines.at(-1)).toBe('');
    expect(lines.at(-2)).toMatch(/^\| `timezone_location` /);
  });

  it('has six cells in every row', () => {
    const cells = (line: string) => line.split(/(?<!\\)\|/).length - 2;
    expect(lines.filter((line) => line.startsWith('|')).filter((line) => cells(line) !== 6)).toEqual([]);
  });

  it.each([
    '| `custom_country` | `custom_data.country` | text |  |  | Country of destination, passed on as it is. |',
    '| `currency` | `custom_data.currency` | currency code | PURCHASE |  | ISO 4217 code in any case; sent in upper case. |',
    '| `ge` | `user_data.ge[]` | array of word |  | yes | Gender: f/female or m/male; anything else is left out with a warning. |',
  ])('has the row %s', (line) => {
    expect(lines).toContain(line);
  });

  it('says where a column moves to', () => {
    expect(lines.find((line) => line.startsWith('| `advertiser_tracking_enabled` '))).toContain(
      '`advertiser_tracking_enabled` (WEB, OFFLINE); `app_data.advertiser_tracking_enabled` (MOBILE_APP)',
    );
  });
});
