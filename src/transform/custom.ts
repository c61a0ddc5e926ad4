import { problem, type Problem } from '../issues.js';
import { parseCustomDatetime } from '../normalize/time.js';
import type { CustomArraySlot, CustomSlot, Source } from '../plan/types.js';
import type { Cell, Row } from '../types.js';
import { readCell } from './cells.js';
import { note, type RowContext } from './draft.js';

const NOT_FINITE = problem('number_not_finite');
const TOO_DEEP = problem('nested_too_deep');
const INTEGER_AS_TEXT = problem('integer_as_text');

/** Deeper values would make a stack of their own in every later step. */
const MAX_DEPTH = 100;

/** Reads a custom field: its value as it is, but for date-time text, which becomes Unix time. */
export function readCustom(slot: CustomSlot, row: Row, context: RowContext): Cell {
  return customCell(slot.source, slot.path, row, context);
}

/** Reads a custom array; NULL elements are skipped; `undefined` when none is left. */
export function readCustomArray(
  slot: CustomArraySlot,
  row: Row,
  context: RowContext,
): readonly Cell[] | undefined {
  const values: Cell[] = [];
  for (const source of slot.elements) {
    const value = customCell(source, slot.path, row, context);
    if (value !== undefined) values.push(value);
  }
  return values.length === 0 ? undefined : values;
}

function customCell(source: Source, path: string, row: Row, context: RowContext): Cell {
  const cell = readCell(row, source, context.options.nullTexts);
  if (cell === undefined) return undefined;
  if (typeof cell === 'string') return customText(cell, context);
  const bigBefore = context.warnings.length;
  const value = cleanValue(cell, 0, () => {
    // One warning for a column is enough, however many integers a nested value holds.
    if (context.warnings.length === bigBefore) note(context, INTEGER_AS_TEXT, source.column, path);
  });
  if (!isCustomProblem(value)) return value;
  note(context, value.problem, source.column, path);
  return undefined;
}

function customText(text: string, context: RowContext): string | number {
  const unit = context.options.customDatetime;
  if (unit === 'keep') return text;
  const ms = parseCustomDatetime(text);
  if (ms === undefined) return text;
  return unit === 'seconds' ? Math.floor(ms / 1000) : ms;
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
