import { EXTINFO_COLUMNS } from '../catalogue/index.js';
import { isProblem, problem } from '../issues.js';
import type { ExtinfoSlot, Source } from '../plan/types.js';
import type { Cell, Row } from '../types.js';
import { cellText, parseCell, readStandardCell, type PresentCell } from './cells.js';
import { note, type RowContext } from './draft.js';
import { readText } from './texts.js';

const NOT_JSON = problem('invalid_extinfo', { reason: 'not a JSON array' });
const NOT_SIXTEEN = problem('invalid_extinfo', { reason: 'it must have 16 values' });
const MISSING = problem('missing_required');

/**
 * Reads `extinfo`: 16 strings in the order the API demands, a missing one as the empty string, never null
 * (a null inside it fails the whole request). `undefined` when no cell has a value.
 */
export function readExtinfo(slot: ExtinfoSlot, row: Row, context: RowContext): readonly string[] | undefined {
  const cells =
    slot.base === undefined ? columnCells(slot, row, context) : arrayCells(slot, slot.base, row, context);
  if (cells === undefined || cells.every((cell) => cell === undefined)) return undefined;
  return EXTINFO_COLUMNS.map((field, position) => {
    const path = `${slot.path}[${position}]`;
    const column = (slot.base ?? slot.positions[position])?.column ?? field.name;
    const cell = cells[position];
    if (cell === undefined) {
      if (field.required.length > 0) note(context, MISSING, column, path, field);
      return '';
    }
    const text = cellText(cell);
    if (isProblem(text)) {
      note(context, text, column, path, field);
      return '';
    }
    return String(readText(field.type, { column, path, field }, text, context) ?? '');
  });
}

type Cells = readonly (PresentCell | undefined)[];

function columnCells(slot: ExtinfoSlot, row: Row, context: RowContext): Cells {
  return slot.positions.map((source, position) => {
    if (source === undefined) return undefined;
    const place = { column: source.column, path: `${slot.path}[${position}]`, field: slot.field };
    return readStandardCell(row, source, place, context);
  });
}

function arrayCells(slot: ExtinfoSlot, base: Source, row: Row, context: RowContext): Cells | undefined {
  const place = { column: base.column, path: slot.path, field: slot.field };
  const cell = readStandardCell(row, base, place, context);
  if (cell === undefined) return undefined;
  const value = typeof cell === 'string' ? parseCell(cell) : cell;
  if (!Array.isArray(value) || value.length !== 16) {
    note(context, Array.isArray(value) ? NOT_SIXTEEN : NOT_JSON, base.column, slot.path, slot.field);
    return undefined;
  }
  return (value as readonly Cell[]).map((element) =>
    element === null || (typeof element === 'string' && element.trim() === '') ? undefined : element,
  );
}
