import { isProblem } from '../issues.js';
import { parseJsonRecord, splitCsvRecord } from '../read/index.js';
import type { OpenedInput } from '../read/types.js';
import type { Rejection } from '../summary.js';
import type { OutputMapping } from '../transform/types.js';

const MAX_CHARS = 1000;

/** The cell of a column as text, at most 1,000 characters; `undefined` when the row has none. */
export type CellOf = (column: string) => string | undefined;

/**
 * Finds the cells of a rejected row in its bytes, if those were kept. What is no record has no cells. `mapping`: an issue of a
 * constant names the column that the mapping makes, and a column of that name in the input has another value.
 */
export function offendingCells(
  rejection: Rejection,
  inputs: readonly OpenedInput[],
  mapping: Pick<OutputMapping, 'list'> = { list: [] },
): CellOf {
  const input = inputs[rejection.input];
  if (rejection.raw === undefined || rejection.raw.length === 0 || input === undefined)
    return () => undefined;
  const cells = input.dialect.format === 'csv' ? csvCells(rejection.raw, input) : jsonCells(rejection.raw);
  const constants = mapping.list.flatMap((entry) =>
    'value' in entry || 'template' in entry ? [keyOf(entry.to)] : [],
  );
  return (column) => {
    const key = keyOf(column);
    const cell = constants.includes(key) ? undefined : cells.get(key);
    if (cell === undefined || cell.length <= MAX_CHARS) return cell;
    return `${cell.slice(0, MAX_CHARS - 1).toWellFormed()}…`;
  };
}

function csvCells(raw: Uint8Array, { dialect, header = [] }: OpenedInput): ReadonlyMap<string, string> {
  if (dialect.format !== 'csv') return new Map();
  const cells = splitCsvRecord(raw, dialect);
  return new Map(
    header.flatMap((name, index) => {
      const cell = cells[index];
      return typeof cell !== 'string' ? [] : [[keyOf(name), cell] as const];
    }),
  );
}

/** Issues name a column as the header or the output mapping does: blanks around it and case do not count. */
function keyOf(column: string): string {
  return column.trim().toLowerCase();
}

function jsonCells(raw: Uint8Array): ReadonlyMap<string, string> {
  const record = parseJsonRecord(Buffer.from(raw).toString());
  if (isProblem(record)) return new Map();
  return new Map(record.keys.map((key, index) => [keyOf(key), textOf(record.cells[index] ?? null)]));
}

function textOf(cell: unknown): string {
  if (typeof cell === 'string') return cell;
  return JSON.stringify(cell, (_, one: unknown) => (typeof one === 'bigint' ? String(one) : one));
}
