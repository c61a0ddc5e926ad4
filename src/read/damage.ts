import { RunError, type ErrorPlace } from '../errors.js';
import { quoteName } from '../printable.js';
import type { QuoteDamage } from './scan.js';

/** The error for bytes that are not valid in their encoding; `byte` is an offset in the decompressed input. */
export function invalidBytes(file: string, encoding: string, byte: number): RunError {
  return new RunError('input_encoding', `${file}: the bytes from offset ${byte} are not valid ${encoding}`, {
    place: { file, byte },
  });
}

/** Adds the physical line, which only the scanner knows, to an encoding error; other errors stay as they are. */
export function withLine(error: unknown, line: number): unknown {
  if (!(error instanceof RunError) || error.code !== 'input_encoding') return error;
  if (error.place.line !== undefined) return error;
  return new RunError(error.code, `${error.message} (line ${line})`, {
    place: { ...error.place, line },
    fix: error.fix,
  });
}

const QUOTE_DAMAGE: Readonly<Record<QuoteDamage['kind'], { readonly what: string; readonly fix: string }>> =
  Object.freeze({
    stray: {
      what: 'there is a quote inside a cell that does not begin with one',
      fix: 'Put the whole cell in quotes and double the quotes inside it: 12" becomes "12""".',
    },
    after_close: {
      what: 'there is text between the closing quote of a cell and the next delimiter',
      fix: 'Double the quotes inside quoted cells: "a "b" c" becomes "a ""b"" c". If the cells are separated by another character, name it with --delimiter.',
    },
    unclosed: {
      what: 'a quote is opened that is never closed',
      fix: 'Close the quote; double quotes that belong to the text.',
    },
    too_large: {
      what: 'a quote is opened that is never closed, or the cell makes the record larger than {limit} bytes',
      fix: 'Close the quote; if the cell is right, raise --max-record-bytes.',
    },
  });

/**
 * The error for broken quoting. `row` is the data row, absent for the header; `header` gives the name of the
 * column where there is one.
 */
export function brokenQuote(
  damage: QuoteDamage,
  where: {
    readonly file: string;
    readonly row: number | undefined;
    readonly header: readonly string[] | undefined;
    readonly maxRecordBytes: number;
  },
): RunError {
  const { file, row, header, maxRecordBytes } = where;
  const { what, fix } = QUOTE_DAMAGE[damage.kind];
  const column = header?.[damage.column - 1];
  const cell = column === undefined ? '' : ` (${quoteName(column)})`;
  const record = row === undefined ? 'the header' : `row ${row}`;
  const place: ErrorPlace = {
    file,
    line: damage.line,
    ...(row === undefined ? {} : { row }),
    ...(column === undefined ? {} : { column }),
  };
  const text = what.replace('{limit}', String(maxRecordBytes));
  return new RunError(
    'broken_quote',
    `${file}, ${record}, line ${damage.line}, column ${damage.column}${cell}: ${text}`,
    { place, fix },
  );
}
