import { describe, expect, it } from 'vitest';
import { bytesInput, exportRows, ISSUES, parseConfig, startSimulator } from '../../src/index.js';
import type { IssueCode, ReadOptions, SimulatorOptions } from '../../src/index.js';
import { parseFaults } from '../../src/simulator/index.js';

const AS_OF_MS = Date.parse('2026-11-20T12:00:00Z');
const WEB = {
  event_name: 'PAGE_VIEW',
  event_time: '2026-11-20T11:00:00Z',
  event_source_url: 'https://example.com/',
  em: 'person@example.com',
};
const APP = {
  event_name: 'APP_OPEN',
  event_time: '2026-11-20T11:00:00Z',
  em: 'person@example.com',
  advertiser_tracking_enabled: '1',
  app_id: '447188370',
  device_os: 'i2',
  os_version: '17.1',
};

/** An input that raises a code: cells that replace those of a complete row, or a whole text. */
type Example = {
  readonly cells?: Readonly<Record<string, unknown>>;
  readonly base?: Readonly<Record<string, unknown>>;
  readonly name?: string;
  readonly text?: string;
  readonly config?: object;
  readonly read?: Partial<ReadOptions>;
  readonly simulator?: SimulatorOptions;
};

const row = (cells: Readonly<Record<string, unknown>>): Example => ({ cells });
const app = (cells: Readonly<Record<string, unknown>>): Example => ({
  cells,
  base: APP,
  config: { event_source_type: 'mobile_app' },
});
const csv = (text: string): Example => ({ name: 'rows.csv', text });
const HEADER = 'event_name,event_time,event_source_url,em';
const CELLS = 'PAGE_VIEW,2026-11-20T11:00:00Z,https://example.com/,person@example.com';
const line = (cells: object): string => JSON.stringify({ ...WEB, ...cells });
const deep = JSON.parse(`${'['.repeat(200)}${']'.repeat(200)}`) as unknown;

/** One example for every issue code. The type demands that none is forgotten. */
const EXAMPLES: Readonly<Record<IssueCode, Example>> = {
  column_count: csv(`${HEADER}\n${CELLS},more\n`),
  not_json: { text: `${line({})}\nnot json\n` },
  not_an_object: { text: `${line({})}\n[1]\n` },
  duplicate_key: { text: `${line({ EM: 'x@example.com' })}\n` },
  record_too_large: { text: `${line({ note: 'x'.repeat(2000) })}\n`, read: { maxRecordBytes: 1000 } },
  nul_character: row({ note: 'a\0b' }),
  lone_surrogate: { text: `${line({}).slice(0, -1)},"note":"\\ud800"}\n` },
  number_not_finite: { text: `${line({}).slice(0, -1)},"note":1e400}\n` },
  nested_too_deep: row({ note: deep }),
  missing_required: row({ event_name: null }),
  missing_identifier: row({ em: null }),
  unknown_event_name: row({ event_name: 'BUY' }),
  invalid_event_time: row({ event_time: 'yesterday' }),
  event_in_future: row({ event_time: '2026-11-21T12:00:00Z' }),
  event_expired: row({ event_time: '2026-11-01T12:00:00Z' }),
  invalid_url: row({ event_source_url: '/page' }),
  invalid_email: row({ em: 'not an address' }),
  invalid_uuid: row({ sc_click_id: 'x' }),
  invalid_ip: row({ client_ip_address: '1.2.3.256' }),
  invalid_number: row({ value: '1,5' }),
  invalid_integer: row({ num_items: '1.5' }),
  negative_integer: row({ num_adults: '-1' }),
  invalid_datetime: { ...row({ seen: 'yesterday' }), config: { custom_datetime_columns: ['seen'] } },
  integer_out_of_range: row({ num_items: '9007199254740993' }),
  invalid_boolean: row({ advertiser_tracking_enabled: 'maybe' }),
  invalid_choice: row({ content_type: 'bundle' }),
  invalid_currency: row({ currency: 'ZZZ' }),
  invalid_date: row({ checkin_date: '2026-02-30' }),
  invalid_airport: row({ origin_airport: 'KJFK' }),
  invalid_app_id: app({ app_id: 'my app' }),
  platform_mismatch: app({ app_id: 'com.example.app' }),
  invalid_extinfo: app({ device_os: undefined, os_version: undefined, extinfo: ['i2'] }),
  invalid_array: row({ content_ids: '[a, b' }),
  invalid_contents: row({ contents: 'x' }),
  wrong_type: row({ order_id: ['a'] }),
  unknown_gender: row({ ge: 'x' }),
  unknown_country: row({ country: 'Atlantis' }),
  field_dropped: { ...row({ value: 'x' }), config: { on_invalid_field: 'drop_field' } },
  unknown_contents_key: row({ contents: [{ sku: 'A' }] }),
  invalid_phone: row({ ph: '+' }),
  phone_lost_digits: row({ ph: '4.42079E+11' }),
  placeholder_value: row({ madid: 'unknown' }),
  looks_like_null: row({ fn: 'NULL' }),
  phone_without_country_code: row({ ph: '030 7654321' }),
  spreadsheet_marks: row({ zp: '="02116"' }),
  timestamp_left_as_text: row({ seen: '2026-11-20 11:00:00' }),
  weak_identifier: row({ em: null, client_user_agent: 'x' }),
  suspicious_phone: row({ ph: '12345' }),
  integer_as_text: { text: `${line({}).slice(0, -1)},"note":9007199254740993}\n` },
  duplicate_column: { text: `${line({})}\n`, config: mapping({ value: 'x', to: 'em' }) },
  base_and_flattened: row({ em_1: 'b@example.com' }),
  mapping_source_missing: { text: `${line({})}\n`, config: mapping({ from: 'absent', to: 'x' }) },
  action_source_ignored: row({ action_source: 'WEB' }),
  unnamed_column: csv(`${HEADER},\n${CELLS},x\n`),
  index_gap: row({ content_ids_1: 'a', content_ids_3: 'c' }),
  index_zero: row({ content_ids_0: 'a' }),
  missing_column: csv(`event_name,event_time,em\nPAGE_VIEW,2026-11-20T11:00:00Z,a@example.com\n`),
  suspicious_column: row({ emial: 'x' }),
  array_not_assembled: row({ order_id_1: 'a', order_id_2: 'b' }),
  personal_data: { ...row({ full_name: 'Ann Smith' }), config: { personal_data: 'warn' } },
  no_final_line_end: csv(`${HEADER}\n${CELLS}`),
  empty_input: { text: '' },
  semicolon_header: { ...csv('em;event_name\n'), config: mapping({ from: 'em;event_name', to: 'em' }) },
  event_too_large: { ...row({ note: 'x'.repeat(2000) }), config: { max_batch_bytes: 1000 } },
  refused_by_api: { ...row({ em: null, client_user_agent: 'x' }), simulator: { strictIdentifiers: true } },
  no_readable_answer: {
    ...row({}),
    config: { event_id: 'none' },
    simulator: { faults: parseFaults('reset-after@1') },
  },
  not_attempted: { ...row({}), simulator: { token: 'another' } },
};

function mapping(entry: object): object {
  return { columns: ['*', entry] };
}

/** Every code that an export of the example reports, in any way. */
async function codesOf(example: Example): Promise<ReadonlySet<string>> {
  const api = await startSimulator({ clock: () => AS_OF_MS, ...example.simulator });
  const codes = new Set<string>();
  try {
    const text = example.text ?? `${JSON.stringify({ ...(example.base ?? WEB), ...example.cells })}\n`;
    const config = {
      type: 'snapchat_conversion',
      auth_method: 'api_token',
      api_token: 't',
      event_source_id: 'p',
      api_base_url: api.url,
      ...example.config,
    };
    const summary = await exportRows({
      inputs: [bytesInput(example.name ?? 'rows.jsonl', text)],
      config: parseConfig(JSON.stringify(config), { name: 'config' }),
      asOfMs: AS_OF_MS,
      ...(example.read && { read: example.read }),
      observer: (event) => {
        if (event.type === 'row_rejected') for (const issue of event.issues) codes.add(issue.code);
      },
    });
    for (const { code } of [...summary.warnings, ...summary.inputWarnings]) codes.add(code);
    return codes;
  } finally {
    await api.close();
  }
}

describe('every issue code', () => {
  it.each(Object.keys(ISSUES) as IssueCode[])('%s is raised by an input', async (code) => {
    expect([...(await codesOf(EXAMPLES[code]))]).toContain(code);
  });
});
