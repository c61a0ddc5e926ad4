import type { z } from 'zod';

import { quoteName } from '../printable.js';
import { nearest, nearestHint } from '../nearest.js';
import { CONFIG_KEYS, type ConfigKey } from './keys.js';
import { isObject, nameOfKey, type LayeredConfig } from './layers.js';

type ZodIssue = z.core.$ZodIssue;

const COLUMN_KEYS: readonly string[] = ['from', 'value', 'template', 'to'];

/** Sentences for what a schema found, one for each problem. They name keys and kinds, never values. */
export function explainIssues(issues: readonly ZodIssue[], layered: LayeredConfig): readonly string[] {
  const sentences = issues.flatMap((issue) =>
    issue.path.length === 0 && issue.code === 'unrecognized_keys'
      ? issue.keys.map(unknownKey)
      : [explainValue(issue, layered)],
  );
  return [...new Set(sentences)];
}

function unknownKey(name: string): string {
  return `unknown key ${quoteName(name)}${nearestHint(name, Object.keys(CONFIG_KEYS))}`;
}

function explainValue(issue: ZodIssue, layered: LayeredConfig): string {
  const key = String(issue.path[0]);
  const spec = CONFIG_KEYS[key as ConfigKey];
  const value = layered.values[key];
  const subject = nameOfKey(key, layered.origin.get(key));
  if (value === undefined) return `${subject} is required: ${spec.expected}`;
  if (key === 'columns' && Array.isArray(value)) return explainColumns(issue, value);
  const found = kindOf(value);
  const hint = spellingHint(value, spec.expected);
  return `${subject} must be ${spec.expected}${found === '' ? '' : `, not ${found}`}${hint}`;
}

function explainColumns(issue: ZodIssue, value: readonly unknown[]): string {
  const index = firstIndex(issue);
  if (index === undefined) {
    return value.length === 0
      ? '"columns" must not be an empty list'
      : `"columns" must be ${CONFIG_KEYS.columns.expected}`;
  }
  const subject = `"columns[${index}]"`;
  const unknown = unknownColumnKeys(value[index]);
  const must = unknown === '' ? `${subject} must` : `${subject} has ${unknown}; it must`;
  return `${must} be "*", or an object with exactly the keys "from" and "to", "value" and "to", or "template" and "to" (names are not empty)`;
}

/** The keys of an entry that no entry takes, as `the unknown key "too" (did you mean "to"?)`; empty when there are none. */
function unknownColumnKeys(entry: unknown): string {
  if (!isObject(entry)) return '';
  const unknown = Object.keys(entry).filter((name) => !COLUMN_KEYS.includes(name));
  if (unknown.length === 0) return '';
  const free = COLUMN_KEYS.filter((name) => !Object.hasOwn(entry, name));
  const named = unknown.map((name) => {
    const near = nearest(name, free);
    return near === undefined ? quoteName(name) : `${quoteName(name)} (did you mean ${quoteName(near)}?)`;
  });
  return `the unknown key${named.length === 1 ? '' : 's'} ${named.join(', ')}`;
}

function firstIndex(issue: ZodIssue): number | undefined {
  const direct = issue.path[1];
  if (typeof direct === 'number') return direct;
  if (issue.code !== 'invalid_union') return undefined;
  for (const branch of issue.errors) {
    const index = branch.find((inner) => typeof inner.path[0] === 'number')?.path[0];
    if (typeof index === 'number') return index;
  }
  return undefined;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return '';
  if (typeof value === 'string') return value.trim() === '' ? 'an empty string' : 'this string';
  if (typeof value === 'number') return 'this number';
  return `a ${typeof value}`;
}

/** The accepted word a string is close to. Words of the table only, so that no value is quoted. */
function spellingHint(value: unknown, expected: string): string {
  if (typeof value !== 'string') return '';
  const words = [...expected.matchAll(/"([A-Za-z_]+)"/g)].map((found) => found[1] ?? '');
  return nearestHint(value, words);
}
