import { isTimeZone } from '../normalize/time.js';
import { quoteName } from '../printable.js';
import { normalCountry, parseRejectLimit, targetOf } from './complete.js';
import type { RawConfig } from './schema.js';
import { nameOfKey, type LayeredConfig } from './layers.js';

/** What no single key can tell: keys that do not go together, names that lead nowhere. */
export function findContradictions(
  raw: RawConfig,
  layered: LayeredConfig,
  credentials: 'required' | 'optional',
): readonly string[] {
  return [
    ...findAuthProblems(raw, layered, credentials),
    ...findColumnProblems(raw),
    ...findCountryProblem('default_country', raw, layered),
    ...findCountryProblem('phone_country', raw, layered),
    ...findTimeZoneProblem(raw, layered),
    ...findDatetimeProblem(raw),
    ...findLimitProblem(raw),
  ];
}

function findAuthProblems(
  raw: RawConfig,
  layered: LayeredConfig,
  credentials: 'required' | 'optional',
): readonly string[] {
  const oauth = (raw.auth_method ?? 'oauth') === 'oauth';
  const stated =
    raw.auth_method === undefined ? 'auth_method is oauth when it is absent' : 'auth_method is oauth';
  // A token in the environment may be meant for another run, so only one in the config is a contradiction.
  if (oauth && raw.api_token !== undefined && layered.origin.get('api_token') === 'config') {
    return [`"api_token" is given, but ${stated}; set "auth_method" to "api_token", or remove "api_token"`];
  }
  if (oauth && raw.oauth_credentials_id === undefined && credentials === 'required') {
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
  const used = new Set(raw.columns.flatMap((entry) => (hasSource(entry) ? [entry.from.toLowerCase()] : [])));
  for (const [index, entry] of raw.columns.entries()) {
    if (entry !== '*' && 'drop' in entry) {
      if (used.has(entry.drop.toLowerCase()))
        problems.push(`"columns[${index}]" drops a column that another entry exports; remove one of the two`);
      continue;
    }
    const target = entry === '*' ? '*' : targetOf(entry).toLowerCase();
    const earlier = seen.get(target);
    if (earlier !== undefined) {
      problems.push(`"columns[${index}]" gives the same name as "columns[${earlier}]" (case is ignored)`);
    }
    seen.set(target, index);
    if (entry !== '*' && 'template' in entry)
      problems.push(...findTemplateProblems(entry.template, index, raw));
  }
  if (raw.columns.every((entry) => entry !== '*' && 'drop' in entry))
    problems.push('"columns" only drops columns, so nothing would be exported; add "*"');
  return problems;
}

type ColumnEntry = Exclude<NonNullable<RawConfig['columns']>, 'all'>[number];

function hasSource(entry: ColumnEntry): entry is Extract<ColumnEntry, { from: string }> {
  return entry !== '*' && 'from' in entry;
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

function findCountryProblem(
  key: 'default_country' | 'phone_country',
  raw: RawConfig,
  layered: LayeredConfig,
): readonly string[] {
  const given = raw[key];
  if (given === undefined || normalCountry(given) !== undefined) return [];
  const subject = nameOfKey(key, layered.origin.get(key));
  return [`${subject} is not a country known here; use the two-letter code`];
}

function findTimeZoneProblem(raw: RawConfig, layered: LayeredConfig): readonly string[] {
  if (raw.time_zone === undefined || isTimeZone(raw.time_zone)) return [];
  const subject = nameOfKey('time_zone', layered.origin.get('time_zone'));
  return [`${subject} is not a time zone known here; use an IANA name such as "Europe/Berlin" or "UTC"`];
}

function findDatetimeProblem(raw: RawConfig): readonly string[] {
  if (raw.custom_datetime !== 'keep' || raw.custom_datetime_columns === undefined) return [];
  return [
    '"custom_datetime_columns" converts columns, but "custom_datetime" is "keep"; set it to "seconds" or "milliseconds"',
  ];
}

function findLimitProblem(raw: RawConfig): readonly string[] {
  const limit = parseRejectLimit(raw.max_rejected);
  const fits = limit === undefined || 'rows' in limit || limit.percent <= 100;
  return fits ? [] : ['"max_rejected" must not be above 100%'];
}
