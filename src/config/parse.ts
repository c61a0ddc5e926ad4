import { RunError } from '../errors.js';
import { quoteName } from '../issues.js';
import { country } from '../normalize/identity.js';
import type { OutputColumn, OutputMapping } from '../transform/types.js';
import { explainIssues } from './explain.js';
import { findJsonFault, lineAndColumn } from './json.js';
import { CONFIG_SCHEMA, type RawConfig } from './keys.js';
import {
  isObject,
  layerConfig,
  nameOfKey,
  type Environment,
  type LayeredConfig,
  type Unset,
} from './layers.js';
import type { Auth, Config, RejectLimit } from './types.js';

export type ParseConfigOptions = {
  /** What to call the config in messages: the path as given, or `--result`. */
  readonly name: string;
  /** Variables for `${NAME}` and `SNAPCAPI_<KEY>`. Default: none. */
  readonly env?: Environment;
  /** Values of flags, under the keys of the config; they win over everything. */
  readonly overrides?: Readonly<Record<string, unknown>>;
};

/**
 * Reads a config from JSON text: replaces `${NAME}`, lays environment and flags over it, checks every key and
 * fills in the defaults. Throws RunError config_not_json, config_unset_variable, config_invalid, or usage
 * when only flags are wrong; the message lists every problem and quotes no value.
 */
export function parseConfig(text: string, options: ParseConfigOptions): Config {
  const { name, env = {}, overrides = {} } = options;
  const file = parseJson(text, name);
  const unset: Unset[] = [];
  const layered = layerConfig(file, env, overrides, unset);
  if (unset.length > 0) throw unsetError(unset, name);
  const parsed = CONFIG_SCHEMA.safeParse(layered.values);
  if (!parsed.success)
    throw invalid(explainIssues(parsed.error.issues, layered), name, layered, parsed.error.issues);
  const problems = findContradictions(parsed.data, layered);
  if (problems.length > 0) throw invalid(problems, name, layered, []);
  return completeConfig(parsed.data);
}

function parseJson(source: string, name: string): Readonly<Record<string, unknown>> {
  const text = source.startsWith('\ufeff') ? source.slice(1) : source;
  const fault = findJsonFault(text);
  if (fault !== undefined) {
    const { line, column } = lineAndColumn(text, fault.offset);
    throw new RunError(
      'config_not_json',
      `${quoteName(name)}, line ${line}, column ${column}: ${fault.what}`,
    );
  }
  const value: unknown = JSON.parse(text);
  if (!isObject(value)) {
    throw new RunError('config_invalid', `${quoteName(name)} must hold one JSON object`);
  }
  return value;
}

function unsetError(unset: readonly Unset[], name: string): RunError {
  const list = unset.map((one) => `${quoteName(one.path)} needs ${quoteName(one.name)}`).join(', ');
  return new RunError(
    'config_unset_variable',
    `${quoteName(name)} refers to environment variables that are not set: ${list}`,
  );
}

function invalid(
  problems: readonly string[],
  name: string,
  layered: LayeredConfig,
  issues: readonly { readonly path: readonly PropertyKey[] }[],
): RunError {
  const flagsOnly =
    issues.length > 0 && issues.every(({ path }) => layered.origin.get(String(path[0])) === 'flag');
  const where = flagsOnly ? 'the flags' : quoteName(name);
  const [first = ''] = problems;
  const message =
    problems.length === 1
      ? `${where}: ${first}`
      : `${where} ${flagsOnly ? 'have' : 'has'} ${problems.length} problems:${problems.map((one) => `\n  - ${one}`).join('')}`;
  return new RunError(flagsOnly ? 'usage' : 'config_invalid', message);
}

/** What no single key can tell: keys that do not go together, names that lead nowhere. */
function findContradictions(raw: RawConfig, layered: LayeredConfig): readonly string[] {
  return [
    ...findAuthProblems(raw, layered),
    ...findColumnProblems(raw),
    ...findCountryProblem(raw, layered),
    ...findLimitProblem(raw),
  ];
}

function findAuthProblems(raw: RawConfig, layered: LayeredConfig): readonly string[] {
  const oauth = (raw.auth_method ?? 'oauth') === 'oauth';
  const stated =
    raw.auth_method === undefined ? 'auth_method is oauth when it is absent' : 'auth_method is oauth';
  // A token in the environment may be meant for another run, so only one in the config is a contradiction.
  if (oauth && raw.api_token !== undefined && layered.origin.get('api_token') === 'config') {
    return [`"api_token" is given, but ${stated}; set "auth_method" to "api_token", or remove "api_token"`];
  }
  if (oauth && raw.oauth_credentials_id === undefined) {
    return [
      `"oauth_credentials_id" is required: ${stated}; to use a Conversions API token, set "auth_method" to "api_token"`,
    ];
  }
  if (
    !oauth &&
    raw.oauth_credentials_id !== undefined &&
    layered.origin.get('oauth_credentials_id') === 'config'
  ) {
    return [
      '"oauth_credentials_id" is given, but auth_method is api_token; remove it, or set "auth_method" to "oauth"',
    ];
  }
  return [];
}

function findColumnProblems(raw: RawConfig): readonly string[] {
  if (raw.columns === undefined || raw.columns === 'all') return [];
  const problems: string[] = [];
  const seen = new Map<string, number>();
  for (const [index, entry] of raw.columns.entries()) {
    const target = entry === '*' ? '*' : targetOf(entry).toLowerCase();
    const earlier = seen.get(target);
    if (earlier !== undefined) {
      problems.push(`"columns[${index}]" gives the same name as "columns[${earlier}]" (case is ignored)`);
    }
    seen.set(target, index);
    if (entry !== '*' && 'template' in entry)
      problems.push(...findTemplateProblems(entry.template, index, raw));
  }
  return problems;
}

function targetOf(entry: { readonly to?: string | undefined; readonly from?: string }): string {
  return entry.to ?? entry.from ?? '';
}

function findTemplateProblems(template: string, index: number, raw: RawConfig): readonly string[] {
  const variables = raw.variables ?? {};
  return [...template.matchAll(/\{([A-Za-z_][A-Za-z0-9_]*)\}/g)]
    .map((found) => found[1] ?? '')
    .filter((variable) => variable !== 'timestamp' && !Object.hasOwn(variables, variable))
    .map(
      (variable) =>
        `the template of "columns[${index}]" uses the variable ${quoteName(variable)}, which has no value; give it in "variables" or with --var`,
    );
}

function findCountryProblem(raw: RawConfig, layered: LayeredConfig): readonly string[] {
  if (raw.default_country === undefined || normalCountry(raw.default_country) !== undefined) return [];
  const subject = nameOfKey('default_country', layered.origin.get('default_country'));
  return [`${subject} is not a country known here; use the two-letter code`];
}

function normalCountry(text: string): string | undefined {
  const found = country(text.normalize('NFC'));
  return typeof found === 'string' ? found : undefined;
}

function findLimitProblem(raw: RawConfig): readonly string[] {
  const limit = parseRejectLimit(raw.max_rejected);
  const fits = limit === undefined || 'rows' in limit || limit.percent <= 100;
  return fits ? [] : ['"max_rejected" must not be above 100%'];
}

function parseRejectLimit(value: string | number | undefined): RejectLimit | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number') return { rows: value };
  const text = value.trim();
  return text.endsWith('%') ? { percent: Number(text.slice(0, -1)) } : { rows: Number(text) };
}

function completeConfig(raw: RawConfig): Config {
  const auth = completeAuth(raw);
  const defaultCountry = raw.default_country === undefined ? undefined : normalCountry(raw.default_country);
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
    ...(defaultCountry === undefined ? {} : { defaultCountry }),
    ...(maxRejected === undefined ? {} : { maxRejected }),
  });
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
