import { country } from '../normalize/identity.js';
import type { OutputColumn, OutputMapping } from '../transform/types.js';
import type { RawConfig } from './schema.js';
import type { Auth, Config, PersonalDataRule, RejectLimit } from './types.js';

/** The checked config with every default filled in. */
export function completeConfig(raw: RawConfig): Config {
  const auth = completeAuth(raw);
  const defaultCountry = raw.default_country === undefined ? undefined : normalCountry(raw.default_country);
  const phoneCountry = raw.phone_country === undefined ? undefined : normalCountry(raw.phone_country);
  const maxRejected = parseRejectLimit(raw.max_rejected);
  return Object.freeze({
    auth,
    eventSourceType: raw.event_source_type ?? 'WEB',
    eventSourceId: raw.event_source_id,
    sendTestEvents: raw.send_test_events ?? false,
    skipInvalidRecords: raw.skip_invalid_records ?? true,
    apiBaseUrl: raw.api_base_url ?? 'https://tr.snapchat.com',
    batchSize: raw.batch_size ?? 2000,
    maxBatchBytes: raw.max_batch_bytes ?? 2_000_000,
    concurrency: raw.concurrency ?? 4,
    maxRequestsPerSecond: raw.max_requests_per_second ?? (auth.method === 'oauth' ? 10 : 100),
    maxEventAgeDays: raw.max_event_age_days ?? 7,
    maxFutureMinutes: raw.max_future_minutes ?? 60,
    eventId: raw.event_id ?? 'derive',
    eventTimeUnit: raw.event_time_unit ?? 'auto',
    onInvalidField: raw.on_invalid_field ?? 'reject_row',
    assembleCustomArrays: raw.assemble_custom_arrays ?? true,
    customDatetime: raw.custom_datetime ?? 'seconds',
    mapping: completeMapping(raw.columns),
    variables: Object.freeze(
      Object.fromEntries(Object.entries(raw.variables ?? {}).map(([name, value]) => [name, String(value)])),
    ),
    personalData: completePersonalData(raw.personal_data),
    customDatetimeColumns: (raw.custom_datetime_columns ?? []).map((name) => name.toLowerCase()),
    contentsKeys: completeContentsKeys(raw.contents_keys),
    minRows: raw.min_rows ?? 0,
    minSent: raw.min_sent ?? 0,
    onUnfinished: raw.on_unfinished ?? 'resume-first',
    keepRunsDays: raw.keep_runs ?? 30,
    ...(raw.job === undefined ? {} : { job: raw.job }),
    ...(raw.integration === undefined ? {} : { integration: raw.integration }),
    ...(raw.test_event_code === undefined ? {} : { testEventCode: raw.test_event_code }),
    ...(raw.time_zone === undefined ? {} : { timeZone: raw.time_zone }),
    ...(phoneCountry === undefined ? {} : { phoneCountry }),
    ...(defaultCountry === undefined ? {} : { defaultCountry }),
    ...(maxRejected === undefined ? {} : { maxRejected }),
  });
}

function completePersonalData(given: RawConfig['personal_data']): PersonalDataRule {
  if (given === undefined || typeof given === 'string') return given ?? 'stop';
  return { allow: given.allow.map((name) => name.toLowerCase()) };
}

function completeContentsKeys(given: RawConfig['contents_keys']): Config['contentsKeys'] {
  return Object.fromEntries(
    Object.entries(given ?? {}).map(([name, key]) => [name.trim().toLowerCase(), key]),
  );
}

function completeAuth(raw: RawConfig): Auth {
  if (raw.auth_method === 'api_token') {
    return raw.api_token === undefined
      ? { method: 'api_token' }
      : { method: 'api_token', token: raw.api_token };
  }
  return { method: 'oauth', credentialsId: raw.oauth_credentials_id ?? '' };
}

function completeMapping(columns: RawConfig['columns']): OutputMapping {
  if (columns === undefined || columns === 'all') return { all: true, list: [] };
  const list = columns.filter((entry) => entry !== '*');
  return {
    all: list.length < columns.length,
    list: list.map((entry): OutputColumn =>
      'from' in entry ? { from: entry.from, to: targetOf(entry) } : entry,
    ),
  };
}

/** Name of the column an entry of the mapping makes. */
export function targetOf(entry: { readonly to?: string | undefined; readonly from?: string }): string {
  return entry.to ?? entry.from ?? '';
}

/** Lower-case alpha-2 code of a country as people write it; `undefined` when it is not known. */
export function normalCountry(text: string): string | undefined {
  const found = country(text.normalize('NFC'));
  return typeof found === 'string' ? found : undefined;
}

/** `max_rejected` as a limit. */
export function parseRejectLimit(value: string | number | undefined): RejectLimit | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number') return { rows: value };
  const text = value.trim();
  return text.endsWith('%') ? { percent: Number(text.slice(0, -1)) } : { rows: Number(text) };
}
