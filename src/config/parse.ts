import { RunError } from '../errors.js';
import { quoteName } from '../printable.js';
import { completeConfig } from './complete.js';
import { findContradictions } from './contradictions.js';
import { explainIssues } from './explain.js';
import { findJsonFault, lineAndColumn } from '../json-fault.js';
import type { ConfigKey } from './keys.js';
import { CONFIG_SCHEMA } from './schema.js';
import { isObject, layerConfig, type Environment, type LayeredConfig, type Unset } from './layers.js';
import type { Config } from './types.js';

export type ParseConfigOptions = {
  /** What to call the config in messages: the path as given, or `--result`. */
  readonly name: string;
  /** Variables for `${NAME}` and `SNAPCAPI_<KEY>`. Default: none. */
  readonly env?: Environment;
  /** Values of flags, under the keys of the config; they win over everything. */
  readonly overrides?: Readonly<Record<string, unknown>>;
  /**
   * Whether the config must name a credential. `optional`, for what sends nothing: a credential that is missing or empty, or
   * whose variable is not set, counts as absent. Default `required`.
   */
  readonly credentials?: 'required' | 'optional';
};

/**
 * Reads a config from JSON text: replaces `${NAME}`, lays environment and flags over it, checks every key and
 * fills in the defaults. Throws RunError config_not_json, config_unset_variable, config_invalid, or usage
 * when only flags are wrong; the message lists every problem and quotes no value.
 */
export function parseConfig(text: string, options: ParseConfigOptions): Config {
  const { name, env = {}, overrides = {}, credentials = 'required' } = options;
  const file = parseJson(text, name);
  const unset: Unset[] = [];
  const given = layerConfig(file, env, overrides, unset);
  const layered = credentials === 'optional' ? withoutUnusable(given, unset) : given;
  const missing = credentials === 'optional' ? unset.filter(({ path }) => !isCredential(path)) : unset;
  if (missing.length > 0) throw unsetError(missing, name);
  const parsed = CONFIG_SCHEMA.safeParse(layered.values);
  if (!parsed.success)
    throw invalid(explainIssues(parsed.error.issues, layered), name, layered, parsed.error.issues);
  const problems = findContradictions(parsed.data, layered, credentials);
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
  // Names the JSON Schema for editors; it is no setting.
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== '$schema'));
}

const CREDENTIAL_KEYS: readonly string[] = ['api_token', 'oauth_credentials_id'] satisfies ConfigKey[];

function isCredential(key: string): boolean {
  return CREDENTIAL_KEYS.includes(key);
}

/** The config without credentials that have no value: empty text, or a variable that is not set. */
function withoutUnusable(layered: LayeredConfig, unset: readonly Unset[]): LayeredConfig {
  const isUsable = (key: string, value: unknown): boolean =>
    !isCredential(key) ||
    (!(typeof value === 'string' && value.trim() === '') && !unset.some(({ path }) => path === key));
  const kept = Object.entries(layered.values).filter(([key, value]) => isUsable(key, value));
  return { ...layered, values: Object.fromEntries(kept) };
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
