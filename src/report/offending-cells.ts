import { isProblem } from '../issues.js';
import { parseJsonRecord } from '../read/index.js';
import { parseCsvRecord } from '../read/parse-csv.js';
import type { OpenedInput } from '../read/types.js';
import type { Rejection } from '../summary.js';

const MAX_CHARS = 1000;

/** The cell of a column as text, at most 1,000 characters; `undefined` when the row has none. */
export type CellOf = (column: string) => string | undefined;

/** Finds the cells of a rejected row in its bytes, if those were kept. What is no record has no cells. */
export function offendingCells(rejection: Rejection, inputs: readonly OpenedInput[]): CellOf {
  const input = inputs[rejection.input];
  if (rejection.raw === undefined || rejection.raw.length === 0 || input === undefined)
    return () => undefined;
  const cells = input.dialect.format === 'csv' ? csvCells(rejection.raw, input) : jsonCells(rejection.raw);
  return (column) => {
    const cell = cells.get(column);
    if (cell === undefined || cell.length <= MAX_CHARS) return cell;
    return `${cell.slice(0, MAX_CHARS - 1).toWellFormed()}…`;
  };
}

function csvCells(raw: Uint8Array, { dialect, header = [] }: OpenedInput): ReadonlyMap<string, string> {
  if (dialect.format !== 'csv') return new Map();
  const cells = parseCsvRecord(raw, dialect.delimiter);
  // Issues name a column as the header does, or without the blanks around it.
  return new Map(
    header.flatMap((name, index) => {
      const cell = cells[index];
      return cell === undefined ? [] : [[name, cell] as const, [name.trim(), cell] as const];
    }),
  );
}

function jsonCells(raw: Uint8Array): ReadonlyMap<string, string> {
  const record = parseJsonRecord(Buffer.from(raw).toString());
  if (isProblem(record)) return new Map();
  return new Map(record.keys.map((key, index) => [key, textOf(record.cells[index] ?? null)]));
}

function textOf(cell: unknown): string {
  if (typeof cell === 'string') return cell;
  return JSON.stringify(cell, (_, one: unknown) => (typeof one === 'bigint' ? String(one) : one));
}
