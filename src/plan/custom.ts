import { FIELDS, suggestField } from '../catalogue/index.js';
import type { Issue } from '../issues.js';
import type { EventSourceType } from '../types.js';
import type { MappedColumn } from './mapping.js';
import type { Resolved } from './resolve.js';
import { inOrder, pathOf, type Collected } from './slots.js';

type Numbered = Extract<Resolved, { kind: 'numbered' }>;

/** Turns all columns that are no standard field into custom fields; numbered ones into arrays where the rule says so. */
export function customSlots(
  resolved: readonly Resolved[],
  type: EventSourceType,
  assembleArrays: boolean,
  out: Collected,
): void {
  const plain = resolved.filter((entry) => entry.kind === 'custom');
  const taken = new Map(plain.map((entry) => [entry.column.name.toLowerCase(), entry.column.name]));
  for (const { column } of plain) addCustom(column, type, out);
  for (const group of groupByBase(resolved)) {
    if (assembleArrays && isContiguous(group)) addArray(group, type, taken, out);
    else for (const { column } of group) addCustom(column, type, out);
  }
}

function groupByBase(resolved: readonly Resolved[]): Iterable<readonly Numbered[]> {
  const groups = new Map<string, Numbered[]>();
  for (const entry of resolved) {
    if (entry.kind !== 'numbered') continue;
    const base = entry.base.trim().toLowerCase();
    const group = groups.get(base);
    if (group === undefined) groups.set(base, [entry]);
    else group.push(entry);
  }
  // The lowest number gives the array its spelling, wherever its column stands.
  return [...groups.values()].map((group) => group.sort((a, b) => a.index - b.index));
}

/** Two or more columns contiguous from 1; a column before or after a gap then belongs to the array as well. */
function isContiguous(group: readonly Numbered[]): boolean {
  return group.some((entry) => entry.index === 1) && group.some((entry) => entry.index === 2);
}

function addArray(
  group: readonly Numbered[],
  type: EventSourceType,
  taken: ReadonlyMap<string, string>,
  out: Collected,
): void {
  const key = group[0]?.base.trim() ?? '';
  const first = group[0]?.column.name ?? '';
  if (isStandardKey(key.toLowerCase(), type)) {
    out.warnings.push({ code: 'array_not_assembled', column: first });
    for (const { column } of group) addCustom(column, type, out);
    return;
  }
  const base = taken.get(key.toLowerCase());
  if (base !== undefined) {
    out.errors.push({ code: 'base_and_flattened', column: base, args: { flattened: first } });
    return;
  }
  out.warnings.push(...suspicionOf(first, type));
  const path = pathOf('custom_data', key);
  const ordered = inOrder(group, out);
  for (const { column } of ordered) {
    out.roles.push({
      column: column.name,
      index: column.source.index,
      meaning: 'custom_array',
      path: `${path}[]`,
    });
  }
  out.slots.push({
    kind: 'custom_array',
    place: 'custom_data',
    key,
    path,
    elements: ordered.map((entry) => entry.column.source),
  });
}

/** Whether a column of that name has a meaning of its own. */
function isStandardKey(key: string, type: EventSourceType): boolean {
  return FIELDS.some((field) => field.places[type] !== undefined && field.name === key);
}

function addCustom(column: MappedColumn, type: EventSourceType, out: Collected): void {
  const path = pathOf('custom_data', column.name);
  out.warnings.push(...suspicionOf(column.name, type));
  out.roles.push({ column: column.name, index: column.source.index, meaning: 'custom', path });
  out.slots.push({ kind: 'custom', place: 'custom_data', key: column.name, path, source: column.source });
}

/** The warning about a custom name that was probably meant to be a standard one. */
export function suspicionOf(name: string, type: EventSourceType): readonly Issue[] {
  const suggestion = suggestField(name, type);
  return suggestion === undefined ? [] : [{ code: 'suspicious_column', column: name, args: { suggestion } }];
}
