import { quoteName } from '../printable.js';
import { CONFIG_KEYS, environmentName, type ConfigKey } from './keys.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Where the value of a top-level key came from. */
export type Origin = 'config' | 'environment' | 'flag';

/** The config with all layers on top of each other, not yet checked. */
export type LayeredConfig = {
  readonly values: Readonly<Record<string, unknown>>;
  readonly origin: ReadonlyMap<string, Origin>;
};

/** Names of variables a text refers to that are not set. */
export type Unset = { readonly path: string; readonly name: string };

/**
 * Lays flags over the environment over the config. `SNAPCAPI_<KEY>` of a scalar key counts when it is not
 * empty; `variables` of both sides are merged name by name. `${NAME}` in the config is replaced, but not in
 * values that something else goes before; variables that are not set are added to `unset`.
 */
export function layerConfig(
  file: Readonly<Record<string, unknown>>,
  env: Environment,
  flags: Readonly<Record<string, unknown>>,
  unset: Unset[],
): LayeredConfig {
  const upper = environmentValues(env);
  const values = new Map<string, unknown>();
  const origin = new Map<string, Origin>();
  for (const [key, value] of Object.entries(file)) {
    const covered = upper.has(key) || (flags[key] !== undefined && key !== 'variables');
    values.set(key, covered ? value : substitute(value, env, unset, key));
    origin.set(key, 'config');
  }
  for (const [key, value] of upper) {
    values.set(key, value);
    origin.set(key, 'environment');
  }
  for (const [key, value] of Object.entries(flags)) {
    if (value === undefined) continue;
    values.set(key, key === 'variables' ? mergeVariables(values.get(key), value) : value);
    origin.set(key, 'flag');
  }
  return { values: Object.fromEntries(values), origin };
}

function environmentValues(env: Environment): ReadonlyMap<string, unknown> {
  const values = new Map<string, unknown>();
  for (const key of Object.keys(CONFIG_KEYS) as ConfigKey[]) {
    const spec = CONFIG_KEYS[key];
    const text = env[environmentName(key)]?.trim() ?? '';
    if ('environment' in spec && text !== '') values.set(key, fromEnvironment(text, spec.environment));
  }
  return values;
}

function mergeVariables(file: unknown, flags: unknown): unknown {
  const usable = file === undefined || isObject(file);
  return usable && isObject(flags) ? { ...file, ...flags } : file;
}

/** Narrows to a JSON object. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fromEnvironment(text: string, kind: 'text' | 'number' | 'boolean'): unknown {
  if (kind === 'number' && /^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (kind === 'boolean' && /^(true|1)$/i.test(text)) return true;
  if (kind === 'boolean' && /^(false|0)$/i.test(text)) return false;
  return text;
}

/**
 * Replaces `${NAME}` in every string value, at any depth, by the environment variable of that name;
 * `$${` stands for a literal `${`. Names of unset variables are added to `unset`.
 */
function substitute(value: unknown, env: Environment, unset: Unset[], path: string): unknown {
  if (typeof value === 'string') return substituteText(value, env, unset, path);
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) => substitute(item, env, unset, `${path}[${index}]`));
  }
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, substitute(item, env, unset, `${path}.${key}`)]),
  );
}

function substituteText(text: string, env: Environment, unset: Unset[], path: string): string {
  if (!text.includes('${')) return text;
  return text.replace(/\$\$\{|\$\{([^{}]*)\}/g, (whole, name: string | undefined) => {
    if (name === undefined) return '${';
    const value = Object.hasOwn(env, name) ? env[name] : undefined;
    if (value === undefined) unset.push({ path, name });
    return value ?? whole;
  });
}

/** How to speak of a top-level key: by the place its value came from. */
export function nameOfKey(key: string, origin: Origin | undefined): string {
  if (origin === 'environment') return `${environmentName(key as ConfigKey)} (in the environment)`;
  return quoteName(key);
}
