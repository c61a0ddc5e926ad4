import { CONTENTS_KEYS, CONTENTS_PREFIXES, fieldByName } from '../catalogue/index.js';
import type { ContentsKey, FieldSpec } from '../catalogue/types.js';
import type { EventSourceType } from '../types.js';
import type { MappedColumn } from './mapping.js';

/** What a column name means by itself, before its neighbors are looked at. */
export type Resolved =
  | { readonly kind: 'field'; readonly column: MappedColumn; readonly field: FieldSpec }
  | {
      readonly kind: 'element';
      readonly column: MappedColumn;
      readonly field: FieldSpec;
      readonly index: number;
    }
  | {
      readonly kind: 'contents';
      readonly column: MappedColumn;
      readonly key: ContentsKey;
      readonly index: number;
    }
  | {
      readonly kind: 'numbered';
      readonly column: MappedColumn;
      readonly base: string;
      readonly index: number;
    }
  | { readonly kind: 'custom'; readonly column: MappedColumn };

/** Resolves one column name (case-insensitive) for an event source type. */
export function resolveColumn(column: MappedColumn, type: EventSourceType): Resolved {
  const field = fieldByName(column.name, type);
  if (field !== undefined) return { kind: 'field', column, field };
  const numbered = splitIndex(column.name);
  if (numbered === undefined) return { kind: 'custom', column };
  const { base, index } = numbered;
  const baseField = fieldByName(base, type);
  if (baseField !== undefined && baseField.shape !== 'single')
    return { kind: 'element', column, field: baseField, index };
  const key = contentsKey(base.toLowerCase());
  if (key !== undefined) return { kind: 'contents', column, key, index };
  return { kind: 'numbered', column, base, index };
}

/** Splits `name_12` into base and index; leading zeros and more than four digits make no index. */
function splitIndex(name: string): { readonly base: string; readonly index: number } | undefined {
  const match = /^(.+)_(0|[1-9]\d{0,3})$/s.exec(name);
  return match?.[1] === undefined ? undefined : { base: match[1], index: Number(match[2]) };
}

function contentsKey(base: string): ContentsKey | undefined {
  for (const prefix of CONTENTS_PREFIXES) {
    if (!base.startsWith(`${prefix}_`)) continue;
    const key = base.slice(prefix.length + 1);
    return CONTENTS_KEYS.find((candidate) => candidate.key === key);
  }
  return undefined;
}
