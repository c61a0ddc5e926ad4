import { CONTENTS_KEYS } from '../catalogue/index.js';
import type { ContentsKey } from '../catalogue/types.js';
import { isProblem, problem, type Problem } from '../issues.js';
import { nearestHint } from '../nearest.js';
import type { ContentsGroup, ContentsSlot, Source } from '../plan/types.js';
import { quoteName } from '../printable.js';
import type { Cell, Row } from '../types.js';
import { cellText, parseCell, readStandardCell, type PresentCell } from './cells.js';
import { note, type ContentsItem, type RowContext, type ValuePlace } from './draft.js';
import { readText } from './texts.js';
import type { TransformOptions } from './types.js';

const NOT_JSON = problem('invalid_contents', { reason: 'not JSON' });
const NOT_A_LIST = problem('invalid_contents', { reason: 'not a list' });
const NOT_OBJECTS = problem('invalid_contents', { reason: 'an item is no object' });
const REPEATED_KEY = problem('invalid_contents', { reason: 'an item has two keys for the same value' });

type Member = { readonly key: string; readonly value: string | number };

/** Gives the key of the API that a key of an item stands for, or why there is none. */
type KeyOf = (name: string) => ContentsKey | Problem;

/** Reads `contents`: one cell with a JSON array of objects, or numbered columns. Items without a value are left out. */
export function compileContents(
  slot: ContentsSlot,
  options: TransformOptions,
): (row: Row, context: RowContext) => readonly ContentsItem[] | undefined {
  const keyOf = compileKeys(options.contentsKeys);
  return function readContents(row, context) {
    const items: ContentsItem[] = [];
    if (slot.base !== undefined) readCellItems(slot, slot.base, keyOf, row, context, items);
    for (const [index, group] of slot.groups.entries()) {
      const item = readGroup(slot, group, index, keyOf, row, context);
      if (item !== undefined) items.push(item);
    }
    return items.length === 0 ? undefined : items;
  };
}

/** Keys match in any case; the config may rename them. What a key stands for is worked out once. */
function compileKeys(renamed: TransformOptions['contentsKeys']): KeyOf {
  const known = new Map<string, ContentsKey>();
  for (const key of CONTENTS_KEYS) known.set(key.key, key);
  for (const [name, target] of Object.entries(renamed)) {
    const key = CONTENTS_KEYS.find((candidate) => candidate.key === target);
    if (key !== undefined) known.set(name, key);
  }
  return (name) => known.get(name.trim().toLowerCase()) ?? unknownKey(name);
}

function unknownKey(name: string): Problem {
  const similar = CONTENTS_KEYS.find((key) => key.similarNames.includes(name.trim().toLowerCase()));
  const candidates = CONTENTS_KEYS.map((key) => key.key);
  const hint =
    similar === undefined ? nearestHint(name, candidates) : `; did you mean ${quoteName(similar.key)}?`;
  // A key of a nested value may be data; what does not look like a name is not printed.
  const key = /^[A-Za-z_][\w .-]{0,39}$/.test(name) ? quoteName(name) : 'of another form';
  return { code: 'unknown_contents_key', args: { key, hint } };
}

function readCellItems(
  slot: ContentsSlot,
  source: Source,
  keyOf: KeyOf,
  row: Row,
  context: RowContext,
  items: ContentsItem[],
): void {
  const place = placeOf(slot, source);
  const cell = readStandardCell(row, source, place, context);
  if (cell === undefined) return;
  const value = jsonOf(cell);
  if (!Array.isArray(value)) {
    note(context, value === undefined ? NOT_JSON : NOT_A_LIST, place.column, place.path, place.field);
    return;
  }
  for (const [index, entry] of (value as readonly Cell[]).entries()) {
    const item = readObject(entry, { ...place, path: `${slot.path}[${index}]` }, keyOf, context);
    if (item !== undefined) items.push(item);
  }
}

function readGroup(
  slot: ContentsSlot,
  group: ContentsGroup,
  index: number,
  keyOf: KeyOf,
  row: Row,
  context: RowContext,
): ContentsItem | undefined {
  const path = `${slot.path}[${index}]`;
  if (group.whole !== undefined) {
    const place = { ...placeOf(slot, group.whole), path };
    const cell = readStandardCell(row, group.whole, place, context);
    return cell === undefined ? undefined : readObject(jsonOf(cell), place, keyOf, context);
  }
  const members: Member[] = [];
  for (const { key, source } of group.members) {
    const place = { ...placeOf(slot, source), path: `${path}.${key.key}` };
    addMember(members, key, readStandardCell(row, source, place, context), place, context);
  }
  return itemOf(members);
}

function readObject(
  entry: Cell,
  place: ValuePlace,
  keyOf: KeyOf,
  context: RowContext,
): ContentsItem | undefined {
  const { column, path, field } = place;
  if (entry === null) return undefined;
  if (typeof entry !== 'object' || Array.isArray(entry)) {
    note(context, NOT_OBJECTS, column, path, field);
    return undefined;
  }
  const members: Member[] = [];
  for (const [name, cell] of Object.entries(entry as { readonly [key: string]: Cell })) {
    const key = keyOf(name);
    if (isProblem(key)) note(context, key, column, path, field);
    else addMember(members, key, cell ?? undefined, { ...place, path: `${path}.${key.key}` }, context);
  }
  return itemOf(members);
}

function addMember(
  members: Member[],
  key: ContentsKey,
  cell: PresentCell | undefined,
  place: ValuePlace,
  context: RowContext,
): void {
  const { column, path, field } = place;
  if (cell === undefined || (typeof cell === 'string' && cell.trim() === '')) return;
  const text = cellText(cell);
  if (isProblem(text)) {
    note(context, text, column, path, field);
    return;
  }
  const value = readText(key.type, place, text, context);
  if (value === undefined) return;
  if (members.some((member) => member.key === key.key)) note(context, REPEATED_KEY, column, path, field);
  else members.push({ key: key.key, value });
}

function itemOf(members: Member[]): ContentsItem | undefined {
  return members.length === 0 ? undefined : members.sort((a, b) => (a.key < b.key ? -1 : 1));
}

function placeOf(slot: ContentsSlot, source: Source): ValuePlace {
  return { column: source.column, path: slot.path, field: slot.field };
}

/** The value of a JSON text, a native value as it is; `undefined` for text that is not JSON. */
function jsonOf(cell: PresentCell): Cell {
  return typeof cell === 'string' ? parseCell(cell) : cell;
}
