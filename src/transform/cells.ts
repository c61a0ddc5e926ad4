import { isBlank } from '../normalize/text.js';
import { problem, type Problem } from '../issues.js';
import type { Source } from '../plan/types.js';
import { damageOf } from './damage.js';
import { parseJsonValue } from '../read/index.js';
import type { Cell, Row } from '../types.js';
import type { OneOrMany } from './draft.js';

const SPACE = 32;
const BRACKET = 91;
const BACKSLASH = 92;
const DELETE = 127;

const NOT_FINITE = problem('number_not_finite');
const FOUND_LIST = problem('wrong_type', { found: 'a list' });
const FOUND_OBJECT = problem('wrong_type', { found: 'an object' });
const NOT_AN_ARRAY = problem('invalid_array');
/** Text in brackets that is no JSON. */
export const NOT_JSON = problem('invalid_array');

/** The cell a source points at; `undefined` for every form of NULL and for blank text. */
export function readCell(row: Row, source: Source, nullTexts: readonly string[]): Exclude<Cell, null> {
  const cell = source.constant ?? row[source.index];
  if (typeof cell !== 'string') return cell ?? undefined;
  return isNullText(cell, nullTexts) ? undefined : cell;
}

/**
 * Tells text that its first character shows to be one value: no form of NULL, no list. Most cells are, and need no closer
 * look; what is not told may be one value all the same.
 */
export function isOneValue(cell: Cell, nullTexts: readonly string[]): cell is string {
  if (typeof cell !== 'string' || nullTexts.length > 0) return false;
  const first = cell.charCodeAt(0);
  return first > SPACE && first < DELETE && first !== BRACKET && first !== BACKSLASH;
}

function isNullText(text: string, nullTexts: readonly string[]): boolean {
  return isBlank(text) || text === '\\N' || (nullTexts.length > 0 && nullTexts.includes(text));
}

/** The text of a cell that must hold one value. Numbers become plain decimal text, exactly as a double holds them. */
export function cellText(cell: Exclude<Cell, null | undefined>): string | Problem {
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

/** The values of a cell that may hold several: JSON array text, a native array, or one value. NULL elements are skipped. */
export function cellTexts(cell: Exclude<Cell, null | undefined>): OneOrMany<string> | Problem {
  if (typeof cell === 'string') return looksLikeArray(cell) ? arrayTexts(cell) : cell;
  return Array.isArray(cell) ? elementTexts(cell as readonly Cell[]) : cellText(cell);
}

function arrayTexts(text: string): readonly string[] | Problem {
  const value = parseJsonValue(text.trim());
  // Text in brackets that is JSON is a list.
  if (!Array.isArray(value)) return NOT_JSON;
  return escapedDamage(text, value) ?? elementTexts(value as readonly Cell[]);
}

function elementTexts(elements: readonly Cell[]): readonly string[] | Problem {
  const texts: string[] = [];
  for (const element of elements) {
    if (element === null || element === undefined) continue;
    if (typeof element === 'object') return NOT_AN_ARRAY;
    const text = cellText(element);
    if (typeof text !== 'string') return text;
    if (!isBlank(text)) texts.push(text);
  }
  return texts;
}

/** The value of JSON text in a cell; `undefined` when it is not JSON, or cannot be hashed or sent (see `damageOf`). */
export function parseCell(text: string): Cell {
  const value = parseJsonValue(text.trim());
  return escapedDamage(text, value) === undefined ? value : undefined;
}

/** Only an escape can put a NUL or half of a surrogate pair into a cell that has been found clean. */
function escapedDamage(text: string, value: Cell): Problem | undefined {
  const code = text.includes('\\u') ? damageOf(value) : undefined;
  return code === undefined ? undefined : { code };
}

/** Whether text starts and ends like a JSON array; text that only starts with a bracket is ordinary text. */
function looksLikeArray(text: string): boolean {
  const first = text.charCodeAt(0);
  if (first !== BRACKET && first > SPACE && first < DELETE) return false;
  const trimmed = text.trim();
  return trimmed.startsWith('[') && trimmed.endsWith(']');
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
