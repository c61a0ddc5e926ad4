import { CONTENTS_KEYS } from '../catalogue/index.js';
import { isProblem, problem } from '../issues.js';
import type { ContentsGroup, ContentsSlot, Source } from '../plan/types.js';
import type { Cell, Row } from '../types.js';
import { cellText, parseCell, readCell } from './cells.js';
import { note, type ContentsItem, type RowContext } from './draft.js';
import { readText } from './texts.js';

const NOT_JSON = problem('invalid_contents', { reason: 'not JSON' });
const NOT_A_LIST = problem('invalid_contents', { reason: 'not a list' });
const NOT_OBJECTS = problem('invalid_contents', { reason: 'an item is no object' });

/** Reads `contents`: one cell with a JSON array of objects, or numbered columns. Items without a value are left out. */
export function readContents(
  slot: ContentsSlot,
  row: Row,
  context: RowContext,
): readonly ContentsItem[] | undefined {
  const items: ContentsItem[] = [];
  if (slot.base !== undefined) readCellItems(slot, slot.base, row, context, items);
  for (const group of slot.groups) readGroup(slot, group, row, context, items);
  return items.length === 0 ? undefined : items;
}

function readCellItems(
  slot: ContentsSlot,
  source: Source,
  row: Row,
  context: RowContext,
  items: ContentsItem[],
): void {
  const cell = readCell(row, source, context.options.nullTexts);
  if (cell === undefined) return;
  const value = jsonOf(cell);
  if (!Array.isArray(value)) {
    note(context, value === undefined ? NOT_JSON : NOT_A_LIST, source.column, slot.path, slot.field);
    return;
  }
  for (const entry of value as readonly Cell[]) readObject(slot, source, entry, context, items);
}

function readGroup(
  slot: ContentsSlot,
  group: ContentsGroup,
  row: Row,
  context: RowContext,
  items: ContentsItem[],
): void {
  if (group.whole !== undefined) {
    const cell = readCell(row, group.whole, context.options.nullTexts);
    if (cell !== undefined) readObject(slot, group.whole, jsonOf(cell), context, items);
    return;
  }
  const members: { key: string; value: string | number }[] = [];
  for (const { key, source } of group.members) {
    const value = readMember(
      slot,
      source,
      readCell(row, source, context.options.nullTexts),
      key,
      items.length,
      context,
    );
    if (value !== undefined) members.push({ key: key.key, value });
  }
  addItem(items, members);
}

function readObject(
  slot: ContentsSlot,
  source: Source,
  entry: Cell,
  context: RowContext,
  items: ContentsItem[],
): void {
  if (entry === null) return;
  if (typeof entry !== 'object' || Array.isArray(entry)) {
    note(context, NOT_OBJECTS, source.column, slot.path, slot.field);
    return;
  }
  const object = entry as { readonly [key: string]: Cell };
  const members: { key: string; value: string | number }[] = [];
  for (const [name, cell] of Object.entries(object)) {
    const key = CONTENTS_KEYS.find((candidate) => candidate.key === name);
    if (key === undefined) {
      note(
        context,
        problem('unknown_contents_key', { key: name, hint: '' }),
        source.column,
        `${slot.path}[${items.length}]`,
      );
      continue;
    }
    const value = readMember(slot, source, cell ?? undefined, key, items.length, context);
    if (value !== undefined) members.push({ key: key.key, value });
  }
  addItem(items, members);
}

function readMember(
  slot: ContentsSlot,
  source: Source,
  cell: Exclude<Cell, null>,
  key: (typeof CONTENTS_KEYS)[number],
  index: number,
  context: RowContext,
): string | number | undefined {
  if (cell === undefined || (typeof cell === 'string' && cell.trim() === '')) return undefined;
  const path = `${slot.path}[${index}].${key.key}`;
  const text = cellText(cell);
  if (isProblem(text)) {
    note(context, text, source.column, path, slot.field);
    return undefined;
  }
  return readText(key, { column: source.column, path, field: slot.field }, text, context);
}

function addItem(items: ContentsItem[], members: { key: string; value: string | number }[]): void {
  if (members.length === 0) return;
  items.push(members.sort((a, b) => (a.key < b.key ? -1 : 1)));
}

/** A JSON text's value, a native value as it is; `undefined` for text that is not JSON. */
function jsonOf(cell: Exclude<Cell, null | undefined>): Cell {
  return typeof cell === 'string' ? parseCell(cell) : cell;
}
