import { parse as parseLossless } from 'lossless-json';
import type { Cell } from '../types.js';
import { parseUnchecked } from './parse-json.js';

/**
 * The value of a JSON text in which a number at the top level of an array is the text as written (`1e5`, `1.50`,
 * `9007199254740993`): the elements of a list are identifiers. `undefined` when it is not JSON.
 */
export function parseJsonList(text: string): Cell {
  const value = parseUnchecked(text);
  // Callers take a list or a text of JSON; there is nothing else to check in either.
  if (!Array.isArray(value)) return value;
  const elements: readonly Cell[] = value as readonly Cell[];
  if (!elements.some((element) => typeof element === 'number')) return elements;
  // Arrays of plain values only: anything nested is refused by the caller and may be nested too deeply to walk.
  if (elements.some((element) => typeof element === 'object' && element !== null)) return elements;
  return parseLossless(text, undefined, { parseNumber: (digits) => digits }) as Cell;
}
