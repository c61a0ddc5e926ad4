import { RunError, type ErrorPlace } from '../errors.js';
import type { ArrayDamage, CsvDamage } from './scan.js';

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

type Explanation = { readonly what: string; readonly fix: string };

const QUOTE_DAMAGE: Readonly<Record<Exclude<CsvDamage['kind'], 'no_line_end'>, Explanation>> = Object.freeze({
  stray: {
    what: 'there is a quote inside a cell that does not begin with one',
    fix: 'Put the whole cell in quotes and double the quotes inside it: 12" becomes "12""". If quotes are escaped with backslashes, add --escape backslash.',
  },
  after_close: {
    what: 'there is text between the closing quote of a cell and the next delimiter',
    fix: 'Double the quotes inside quoted cells: "a "b" c" becomes "a ""b"" c". If quotes are escaped with backslashes, add --escape backslash. If the cells are separated by another character, name it with --delimiter.',
  },
  unclosed: {
    what: 'a quote is opened that is never closed',
    fix: 'Close the quote; double quotes that belong to the text. If the input was cut short, produce it again.',
  },
  too_large: {
    what: 'a quote is opened that is never closed, or the cell makes the record larger than {limit} bytes',
    fix: 'Close the quote; if the cell is right, raise --max-record-bytes.',
  },
});

/**
 * The error for a damaged CSV text. `row` is the data row, absent for the header. Columns are named by their
 * position alone: as long as no name in the header is known to be one, it may be a cell.
 */
export function csvError(
  { kind, line, column }: CsvDamage,
  where: { readonly file: string; readonly row: number | undefined; readonly maxRecordBytes: number },
): RunError {
  const { file, row, maxRecordBytes } = where;
  const record = row === undefined ? 'the header' : `row ${row}`;
  const place: ErrorPlace = { file, line, ...(row === undefined ? {} : { row }) };
  if (kind === 'no_line_end') {
    const text = `${file}, ${record}, line ${line}: the last record has no line end, so it may have been cut short; it was left out`;
    return new RunError('cut_short', text, { place });
  }
  const { what, fix } = QUOTE_DAMAGE[kind];
  const text = what.replace('{limit}', String(maxRecordBytes));
  return new RunError('broken_quote', `${file}, ${record}, line ${line}, column ${column}: ${text}`, {
    place,
    fix,
  });
}

const ARRAY_DAMAGE: Readonly<Record<Exclude<ArrayDamage['kind'], 'cut'>, Explanation>> = Object.freeze({
  no_array: {
    what: 'the input does not begin with [',
    fix: 'Write one JSON array of objects, or use --format jsonl for one object on each line.',
  },
  missing_comma: {
    what: 'there is no comma between two elements of the array',
    fix: 'Separate the elements by commas, or write one object on each line and use --format jsonl.',
  },
  missing_element: {
    what: 'there is a comma without an element before it',
    fix: 'Remove the comma.',
  },
  trailing_comma: {
    what: 'there is a comma before the end of the array',
    fix: 'Remove the comma before the ], or add the element that is missing.',
  },
  wrong_bracket: {
    what: 'there is a closing bracket or brace that fits no opening one',
    fix: 'Correct the JSON at this line.',
  },
  text_after: {
    what: 'there is text after the end of the array',
    fix: 'Write one array; export several arrays as several inputs.',
  },
});

/** The error for a damaged JSON array. `rows` is the number of elements before the damage. */
export function arrayError({ kind, line }: ArrayDamage, file: string, rows: number): RunError {
  const place: ErrorPlace = { file, line };
  if (kind === 'cut') {
    const text = `${file}, after row ${rows}, line ${line}: the JSON array ends before its closing ]`;
    return new RunError('cut_short', text, { place });
  }
  const { what, fix } = ARRAY_DAMAGE[kind];
  return new RunError('broken_array', `${file}, after row ${rows}, line ${line}: ${what}`, { place, fix });
}
