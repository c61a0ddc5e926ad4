import { describe, expect, it } from 'vitest';
import type { Cell } from '../../src/types.js';
import { RECENT, transform } from './support.js';

const COLUMNS = {
  device_os: 'i2',
  package_name: 'com.snapchat.sdk',
  short_version: '1.0',
  long_version: '1.0',
  os_version: '10.3.1',
  device_model: 'iphone14',
  locale: 'En_US',
  timezone_abbr: 'EDT',
  carrier: 'AT&T',
  screen_width: '320',
  screen_height: '568',
  screen_density: '2',
  cpu_cores: '2',
  storage_size: '15',
  free_storage_size: '8',
  timezone_location: 'USA/New York',
};
const EXTINFO = Object.values(COLUMNS);
const APP = {
  event_name: 'APP_OPEN',
  event_time: RECENT,
  em: 'person@example.com',
  event_id: '1',
  app_id: '447188370',
  advertiser_tracking_enabled: 'true',
};

function app(
  cells: Record<string, Cell>,
  options = {},
): { codes: readonly string[]; appData?: unknown; event?: unknown } {
  const result = transform({ ...APP, ...cells }, { eventSourceType: 'MOBILE_APP', ...options });
  if (result.outcome !== 'ok')
    return { codes: result.issues.map((issue) => `${issue.code}@${issue.column ?? ''}`) };
  const event = JSON.parse(result.text) as { app_data: unknown };
  return {
    codes: result.warnings.map((issue) => `${issue.code}@${issue.column ?? ''}`),
    appData: event.app_data,
    event,
  };
}

describe('extinfo', () => {
  it('is assembled from its 16 columns in the order of the API', () => {
    const shuffled = Object.fromEntries(Object.entries(COLUMNS).reverse());
    expect(app(shuffled).appData).toEqual({
      advertiser_tracking_enabled: 1,
      app_id: '447188370',
      extinfo: EXTINFO,
    });
  });

  it('is taken from one cell, as JSON text or native, numbers as text', () => {
    const native = EXTINFO.map((value, i) => ([9, 10, 12, 13, 14].includes(i) ? Number(value) : value));
    expect(app({ extinfo: JSON.stringify(EXTINFO) }).appData).toMatchObject({ extinfo: EXTINFO });
    expect(app({ extinfo: native }).appData).toMatchObject({ extinfo: EXTINFO });
  });

  it('writes a missing value as the empty string, never null', () => {
    const expected = EXTINFO.map((value, i) => (i === 8 || i === 9 ? '' : value));
    const { carrier: _, ...rest } = COLUMNS;
    expect(app({ ...rest, screen_width: null }).appData).toMatchObject({ extinfo: expected });
    expect(app({ extinfo: expected.map((value) => value || null) }).appData).toMatchObject({
      extinfo: expected,
    });
  });

  it.each([
    ['15 values', { extinfo: JSON.stringify(EXTINFO.slice(1)) }, 'invalid_extinfo@extinfo'],
    ['17 values', { extinfo: JSON.stringify([...EXTINFO, 'x']) }, 'invalid_extinfo@extinfo'],
    ['text', { extinfo: 'i2,com.example' }, 'invalid_extinfo@extinfo'],
    ['an unknown system', { ...COLUMNS, device_os: 'w1' }, 'invalid_choice@device_os'],
    ['no system', { ...COLUMNS, device_os: '' }, 'missing_required@device_os'],
    ['no system version', { ...COLUMNS, os_version: null }, 'missing_required@os_version'],
    ['a width that is no integer', { ...COLUMNS, screen_width: '320px' }, 'invalid_integer@screen_width'],
    [
      'a size beyond 64 bits',
      { ...COLUMNS, storage_size: '9223372036854775808' },
      'integer_out_of_range@storage_size',
    ],
  ])('refuses %s', (_, cells, code) => {
    expect(app(cells).codes).toEqual([code]);
  });

  it('keeps the largest 64-bit integer', () => {
    const result = app({ ...COLUMNS, storage_size: '9223372036854775807' });
    expect((result.appData as { extinfo: string[] }).extinfo[13]).toBe('9223372036854775807');
  });

  it('loses only an optional value under drop_field', () => {
    const result = app({ ...COLUMNS, screen_width: 'x' }, { onInvalidField: 'drop_field' });
    expect(result.codes).toEqual(['field_dropped@screen_width']);
    expect((result.appData as { extinfo: string[] }).extinfo[9]).toBe('');
    expect(app({ ...COLUMNS, device_os: 'x' }, { onInvalidField: 'drop_field' }).codes).toEqual([
      'invalid_choice@device_os',
    ]);
  });
});

describe('required fields of app events', () => {
  it.each([
    ['app_id', 'missing_required@app_id'],
    ['advertiser_tracking_enabled', 'missing_required@advertiser_tracking_enabled'],
  ])('%s', (name, code) => {
    expect(app({ ...COLUMNS, [name]: null }).codes).toEqual([code]);
  });

  it('extinfo', () => {
    expect(app({}).codes).toEqual(['missing_required@extinfo']);
  });

  it('never invents advertiser_tracking_enabled, and keeps it out of the event level', () => {
    expect(app(COLUMNS).event).not.toHaveProperty('advertiser_tracking_enabled');
  });
});

describe('app_id and device_os', () => {
  it.each([
    ['447188370', 'i2', []],
    ['com.snapchat.android', 'a2', []],
    ['447188370', 'a2', ['platform_mismatch@app_id']],
    ['com.snapchat.android', 'i2', ['platform_mismatch@app_id']],
    ['snapchat', 'i2', ['invalid_app_id@app_id']],
  ])('%s on %s', (appId, os, codes) => {
    expect(app({ ...COLUMNS, app_id: appId, device_os: os }).codes).toEqual(codes);
  });
});

describe('app columns elsewhere', () => {
  it('are custom fields', () => {
    const web = transform({
      ...APP,
      event_source_url: 'https://example.com/',
      carrier: 'AT&T',
      advertiser_tracking_enabled: '1',
    });
    expect(web.outcome === 'ok' && JSON.parse(web.text)).toMatchObject({
      advertiser_tracking_enabled: 1,
      custom_data: { app_id: '447188370', carrier: 'AT&T' },
    });
  });
});
