import { looksLikeNull } from '../normalize/absent.js';
import { isBlank } from '../normalize/text.js';
import { problem, type Problem } from '../issues.js';
import type { Source } from '../plan/types.js';
import { damageOf } from './damage.js';
import { parseJsonValue } from '../read/index.js';
import type { Cell, Row } from '../types.js';
import { note, type OneOrMany, type RowContext, type ValuePlace } from './draft.js';
import { elementTexts, listElements } from './lists.js';

const NOT_FINITE = problem('number_not_finite');
const FOUND_LIST = problem('wrong_type', { found: 'a list' });
const FOUND_OBJECT = problem('wrong_type', { found: 'an object' });
const LOOKS_LIKE_NULL = problem('looks_like_null');
const SPREADSHEET_MARKS = problem('spreadsheet_marks');

/** A cell that holds something. */
export type PresentCell = Exclude<Cell, null | undefined>;

/** The cell a source points at; `undefined` for every form of NULL and for blank text. */
export function readCell(row: Row, source: Source, nullTexts: readonly string[]): PresentCell | undefined {
  const cell = source.constant ?? row[source.index];
  if (typeof cell !== 'string') return cell ?? undefined;
  return isNullText(cell, nullTexts) ? undefined : cell;
}

/**
 * `readCell` for a standard field: text that looks like the NULL of another program is left out, and the marks of a
 * spreadsheet are removed, both with a warning.
 */
export function readStandardCell(
  row: Row,
  source: Source,
  { column, path, field }: ValuePlace,
  context: RowContext,
): PresentCell | undefined {
  const cell = readCell(row, source, context.options.nullTexts);
  if (typeof cell !== 'string') return cell;
  const unmarked = withoutMarks(cell);
  if (unmarked !== cell) note(context, SPREADSHEET_MARKS, column, path, field);
  const text = unmarked.trim();
  if (text === '') return undefined;
  // A placeholder is reported as such, where the field knows placeholders.
  if (field.dropsPlaceholders || !looksLikeNull(text)) return unmarked;
  note(context, LOOKS_LIKE_NULL, column, path, field);
  return undefined;
}

/** The text without a leading apostrophe or `="…"` around it, as spreadsheets protect text. */
function withoutMarks(text: string): string {
  const trimmed = text.trim();
  if (trimmed.startsWith("'") && trimmed.length > 1) return trimmed.slice(1);
  if (!trimmed.startsWith('="') || !trimmed.endsWith('"') || trimmed.length < 3) return text;
  return trimmed.slice(2, -1).replaceAll('""', '"');
}

/** First characters of forms of NULL, of lists and of spreadsheet marks. */
const SPECIAL_FIRST: ReadonlySet<number> = new Set(Array.from('\\[{("\'=<Nn', (char) => char.charCodeAt(0)));
const FIRST_IS_ORDINARY = Uint8Array.from({ length: 128 }, (_, unit) =>
  unit > 32 && unit < 127 && !SPECIAL_FIRST.has(unit) ? 1 : 0,
);

/**
 * Whether the first character of a text shows that it is one ordinary value: no form of NULL, no list, no mark of a
 * spreadsheet. Most cells are, and need no closer look; a text for which this is false may still be one.
 */
export function isOneValue(cell: Cell, nullTexts: readonly string[]): cell is string {
  if (typeof cell !== 'string' || nullTexts.length > 0) return false;
  return FIRST_IS_ORDINARY[cell.charCodeAt(0)] === 1;
}

/** Blanks around a NULL text do not count: some clients pad their columns. */
function isNullText(text: string, nullTexts: readonly string[]): boolean {
  if (isBlank(text)) return true;
  const first = text.charCodeAt(0);
  if (nullTexts.length === 0 && first > 32 && first < 127 && first !== 92) return false;
  const trimmed = text.trim();
  return trimmed === '\\N' || nullTexts.some((nullText) => nullText.trim() === trimmed);
}

/** The text of a cell that must hold one value. Numbers become decimal text without exponent, exactly as a double holds them. */
export function cellText(cell: PresentCell): string | Problem {
  switch (typeof cell) {
    case 'string':
      return cell;
    case 'number':
      return Number.isFinite(cell) ? numberText(cell) : NOT_FINITE;
    case 'object':
      return Array.isArray(cell) ? FOUND_LIST : FOUND_OBJECT;
    default:
      return String(cell);
  }
}

/** The values of a cell that may hold several: a list as text, a native array, or one value. NULL elements are left out. */
export function cellTexts(cell: PresentCell): OneOrMany<string> | Problem {
  if (typeof cell === 'string') return listElements(cell) ?? cell;
  return Array.isArray(cell) ? elementTexts(cell as readonly Cell[], cellText) : cellText(cell);
}

/** The value of JSON text in a cell; `undefined` when it is not JSON, or cannot be hashed or sent (see `damageOf`). */
export function parseCell(text: string): Cell {
  const trimmed = text.trim();
  const parsed = parseJsonValue(trimmed);
  // JSON text that was written as JSON once more.
  const value = typeof parsed === 'string' && /^\s*[[{]/.test(parsed) ? parseJsonValue(parsed) : parsed;
  // Only an escape can put a NUL or half of a surrogate pair into a cell that has been found clean.
  return trimmed.includes('\\u') && damageOf(value) !== undefined ? undefined : value;
}

/** A finite number as decimal text without an exponent. */
function numberText(value: number): string {
  const text = String(value);
  const at = text.indexOf('e');
  if (at < 0) return text;
  const exponent = Number(text.slice(at + 1));
  const mantissa = text.slice(0, at);
  const sign = mantissa.startsWith('-') ? '-' : '';
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${whole}${fraction}`;
  return `${sign}${whole}${fraction}${'0'.repeat(exponent - fraction.length)}`;
}
