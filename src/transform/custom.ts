import { problem, type Problem } from '../issues.js';
import { looksLikeTimestamp, parseCustomDatetime, parseEventTime } from '../normalize/time.js';
import type { CustomArraySlot, CustomSlot, Source } from '../plan/types.js';
import type { Cell, Row } from '../types.js';
import { cellText, readCell, type PresentCell } from './cells.js';
import { note, type OtherField, type RowContext } from './draft.js';
import type { OtherCells, TransformOptions } from './types.js';

const NOT_FINITE = problem('number_not_finite');
const TOO_DEEP = problem('nested_too_deep');
const LEFT_AS_TEXT = problem('timestamp_left_as_text');
const INTEGER_AS_TEXT = problem('integer_as_text');

/** Deeper values would make a stack of their own in every later step. */
const MAX_DEPTH = 100;

const MAX_READERS = 5000;

/** Compiles the reader of a custom field: its value as it is, but for date-time text, which becomes Unix time. */
export function compileCustom(
  slot: CustomSlot,
  options: TransformOptions,
): (row: Row, context: RowContext) => Cell {
  return compileCell(slot.source, slot, options);
}

/** Compiles the reader of a custom array; NULL elements are left out; `undefined` when none is left. */
export function compileCustomArray(
  slot: CustomArraySlot,
  options: TransformOptions,
): (row: Row, context: RowContext) => readonly Cell[] | undefined {
  const readers = slot.elements.map((source) => compileCell(source, slot, options));
  return function readCustomArray(row, context) {
    const values: Cell[] = [];
    for (const read of readers) {
      const value = read(row, context);
      if (value !== undefined) values.push(value);
    }
    return values.length === 0 ? undefined : values;
  };
}

function compileCell(
  source: Source,
  { key, path }: CustomSlot | CustomArraySlot,
  options: TransformOptions,
): (row: Row, context: RowContext) => Cell {
  const { customDatetime, customDatetimeColumns, nullTexts, timeZone } = options;
  const isDatetime = [key, source.column].some((name) => customDatetimeColumns.includes(name.toLowerCase()));
  const unitMs = customDatetime === 'seconds' ? 1000 : 1;

  function readText(text: string, context: RowContext): Cell {
    if (customDatetime === 'keep') return text;
    const ms = parseCustomDatetime(text, timeZone);
    if (ms !== undefined) return Math.floor(ms / unitMs);
    if (looksLikeTimestamp(text)) note(context, LEFT_AS_TEXT, source.column, path);
    return text;
  }

  /** Every shape of the rules of event_time, so that a column has one type in all rows. */
  function readDatetime(cell: PresentCell, context: RowContext): Cell {
    const text = cellText(cell);
    const ms = typeof text === 'string' ? parseEventTime(text, timeZone) : text;
    if (typeof ms === 'number') return Math.floor(ms / unitMs);
    const reason = ms.args?.['reason'] ?? 'not a single value';
    note(context, problem('invalid_datetime', { reason }), source.column, path);
    return undefined;
  }

  return function readCustomCell(row, context) {
    const cell = readCell(row, source, nullTexts);
    if (cell === undefined) return undefined;
    if (isDatetime) return readDatetime(cell, context);
    return typeof cell === 'string' ? readText(cell, context) : nativeValue(cell, source, path, context);
  };
}

/** Compiles the reader of the custom fields that a plan does not know; see `OtherCells`. */
export function compileOthers(
  options: TransformOptions,
): (others: OtherCells, context: RowContext) => readonly OtherField[] {
  const readers = new Map<string, (row: Row, context: RowContext) => Cell>();

  function readerOf(key: string): (row: Row, context: RowContext) => Cell {
    const known = readers.get(key);
    if (known !== undefined) return known;
    const source = { column: key, index: 0 };
    const read = compileCell(
      source,
      { kind: 'custom', place: 'custom_data', key, path: `custom_data.${key}`, source },
      options,
    );
    // Documents can have any number of keys; memory must not grow with them.
    if (readers.size >= MAX_READERS) readers.clear();
    readers.set(key, read);
    return read;
  }

  return function readOthers({ names, cells }, context) {
    const fields: OtherField[] = [];
    for (const [i, key] of names.entries()) {
      const value = readerOf(key)([cells[i]], context);
      if (value !== undefined && value !== null) fields.push({ key, value });
    }
    return fields;
  };
}

/** A JSON value that can be sent: no nulls, integers beyond 2^53 as text. */
function nativeValue(cell: PresentCell, source: Source, path: string, context: RowContext): Cell {
  const warningsBefore = context.warnings.length;
  const value = cleanValue(cell, 0, () => {
    // One warning for a column is enough, however many integers a nested value holds.
    if (context.warnings.length === warningsBefore) note(context, INTEGER_AS_TEXT, source.column, path);
  });
  if (!isCustomProblem(value)) return value;
  note(context, value.problem, source.column, path);
  return undefined;
}

/** A problem in a wrapper, since a custom object may itself have a key `code`. */
type CustomProblem = { readonly [problemKey]: true; readonly problem: Problem };
const problemKey = Symbol('problem');

function isCustomProblem(value: Cell | CustomProblem): value is CustomProblem {
  return typeof value === 'object' && value !== null && problemKey in value;
}

/** Drops nulls (the API fails on any), writes integers beyond 2^53 as text, refuses numbers that are not finite. */
function cleanValue(value: Cell, depth: number, onBigInteger: () => void): Cell | CustomProblem {
  if (typeof value === 'bigint') {
    onBigInteger();
    return String(value);
  }
  if (typeof value === 'number') {
    return Number.isFinite(value) ? value : { [problemKey]: true, problem: NOT_FINITE };
  }
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return { [problemKey]: true, problem: TOO_DEEP };
  return Array.isArray(value)
    ? cleanArray(value as readonly Cell[], depth, onBigInteger)
    : cleanObject(value as { readonly [key: string]: Cell }, depth, onBigInteger);
}

function cleanArray(value: readonly Cell[], depth: number, onBigInteger: () => void): Cell | CustomProblem {
  const result: Cell[] = [];
  for (const element of value) {
    if (element === null || element === undefined) continue;
    const clean = cleanValue(element, depth + 1, onBigInteger);
    if (isCustomProblem(clean)) return clean;
    result.push(clean);
  }
  return result;
}

function cleanObject(
  value: { readonly [key: string]: Cell },
  depth: number,
  onBigInteger: () => void,
): Cell | CustomProblem {
  const result = Object.create(null) as Record<string, Cell>;
  for (const [key, member] of Object.entries(value)) {
    if (member === null || member === undefined) continue;
    const clean = cleanValue(member, depth + 1, onBigInteger);
    if (isCustomProblem(clean)) return clean;
    result[key] = clean;
  }
  return result;
}
