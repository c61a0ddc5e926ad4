#!/usr/bin/env node
// Writes fixtures/demo/ (or the folder given): the query results of an invented web shop, the same ones on every run.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { appEvent, dice, pageView, purchase, signUp, storeSale } from './demo-rows.mjs';
import { ROOT } from './lock.mjs';

const FOLDER = process.argv[2] ?? join(ROOT, 'fixtures', 'demo');

function rows(seed, count, make, mistakes = {}) {
  const d = dice(seed);
  return Array.from({ length: count }, (_, i) => ({ ...make(d, i + 1), ...mistakes[i + 1] }));
}

function cell(text) {
  return /[",\n\r]/.test(text) || text.trim() !== text ? `"${text.replaceAll('"', '""')}"` : text;
}

/** `damage` changes finished lines by row number: what no writer of CSV would produce. */
function csv(list, damage = {}) {
  const header = Object.keys(list[0]).map(cell).join(',');
  const lines = list.map((row, i) => {
    const line = Object.values(row).map(cell).join(',');
    return damage[i + 1] ? damage[i + 1](line) : line;
  });
  return `${[header, ...lines].join('\n')}\n`;
}

function json(value) {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function config(type, id) {
  return json({
    type: 'snapchat_conversion',
    auth_method: 'api_token',
    api_token: '${SNAPCAPI_DEMO_TOKEN}',
    event_source_type: type,
    event_source_id: id,
    send_test_events: false,
    skip_invalid_records: true,
    api_base_url: '${SNAPCAPI_DEMO_URL}',
    batch_size: 250,
  });
}

const PIXEL = '5d2c1a7e-0b4f-4c8e-9a63-1f7be20c9d11';
const files = {
  'purchases.csv': csv(
    rows(11, 480, purchase, {
      17: { em: 'anna.smith(at)example.com' },
      58: { event_name: 'PURCHASED' },
      96: { currency: '' },
      131: { value: '1,234.50' },
      188: { event_time: '2026-02-30 10:15:00.000' },
      240: { event_time: '2026-11-02 09:00:00.000' },
      241: { event_time: '2026-11-02 09:05:00.000' },
      303: { event_source_url: 'shop.example.com/checkout' },
      352: { currency: 'EURO' },
      377: { country: 'Atlantis' },
      410: { em: '', ph: '', sc_click_id: '', client_ip_address: '', client_user_agent: '' },
    }),
    { 266: (line) => `${line},left over`, 444: (line) => line.split(',').slice(0, 9).join(',') },
  ),
  'signups.csv': csv(
    rows(22, 160, signUp, {
      44: { sc_cookie1: 'not-a-uuid' },
      90: { event_time: '17632' },
      120: { ge: 'x' },
    }),
  ),
  'page_views.csv': csv(
    rows(33, 320, pageView, {
      75: { client_ip_address: '203.0.113.300' },
      200: { event_source_url: '' },
      260: { content_type: 'shoe' },
    }),
  ),
  'app.jsonl': `${[
    ...rows(44, 150, appEvent, {
      33: { device_os: 'win' },
      81: { app_id: 'com.example.shop', device_os: 'i2' },
      82: { screen_width: 'wide' },
    }).map((row) => JSON.stringify(row)),
    '{"event_name":"APP_OPEN","event_time":',
  ].join('\n')}\n`,
  'offline.csv': csv(rows(55, 90, storeSale, { 20: { value: '' }, 61: { currency: 'XEU1' } })),
  'web.json': config('web', PIXEL),
  'app.json': config('mobile_app', '0e1f7d52-6a8b-47f3-8f0c-52c1f3a4b6d8'),
  'offline.json': config('offline', PIXEL),
};

mkdirSync(FOLDER, { recursive: true });
for (const [name, text] of Object.entries(files)) writeFileSync(join(FOLDER, name), text);
