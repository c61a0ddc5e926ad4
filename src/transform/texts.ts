import type { ValueType } from '../catalogue/types.js';
import { isPlaceholder } from '../normalize/absent.js';
import { problem } from '../issues.js';
import { note, type RowContext, type ValuePlace } from './draft.js';

export const PLACEHOLDER = problem('placeholder_value');

/** Normalizes and checks one text; `undefined` when it is empty, left out or wrong (which is noted). */
export type TextReader<T> = (text: string, context: RowContext) => T | undefined;

/** Compiles the reader of one place. The rule is looked up once: what differs from field to field is slow to reach. */
export function compileText({ normalize, check }: ValueType, place: ValuePlace): TextReader<string | number> {
  if (!place.field.dropsPlaceholders)
    return (text, context) => valueOf(normalize, check, place, text, context);
  return (text, context) => {
    if (!isPlaceholder(text)) return valueOf(normalize, check, place, text, context);
    note(context, PLACEHOLDER, place.column, place.path, place.field);
    return undefined;
  };
}

/** As `compileText`, for a place that is known only when its row is read. */
export function readText(
  { normalize, check }: ValueType,
  place: ValuePlace,
  text: string,
  context: RowContext,
): string | number | undefined {
  return valueOf(normalize, check, place, text, context);
}

/** As `compileText`, for values that are always text. */
export function compileTextual(type: ValueType, place: ValuePlace): TextReader<string> {
  const read = compileText(type, place);
  return function readTextual(text, context) {
    const value = read(text, context);
    return typeof value === 'number' ? String(value) : value;
  };
}

function valueOf(
  normalize: ValueType['normalize'],
  check: ValueType['check'],
  place: ValuePlace,
  text: string,
  context: RowContext,
): string | number | undefined {
  const value = normalize(text, context);
  if (typeof value === 'object') {
    note(context, value, place.column, place.path, place.field);
    return undefined;
  }
  if (value === '') return undefined;
  const found = check?.(value, text, context);
  if (found === undefined) return value;
  const before = context.findings.length;
  note(context, found, place.column, place.path, place.field);
  return context.findings.length > before ? undefined : value;
}
