import type { FieldSpec } from '../catalogue/types.js';
import { note, type RowContext, type ValuePlace } from './draft.js';

/** What makes a value of text and judges it. */
type Rule = Pick<FieldSpec, 'normalize' | 'check'>;

/** Normalizes and checks one text; `undefined` when it is empty, left out or wrong (which is noted). */
export type TextReader<T> = (text: string, context: RowContext) => T | undefined;

/** Compiles the reader of one place. The rule is looked at once: what differs from field to field is slow to reach. */
export function compileText({ normalize, check }: Rule, place: ValuePlace): TextReader<string | number> {
  return (text, context) => judged(normalize, check, place, text, context);
}

/** As `compileText`, for a place that is known only when its row is read. */
export function readText(
  { normalize, check }: Rule,
  place: ValuePlace,
  text: string,
  context: RowContext,
): string | number | undefined {
  return judged(normalize, check, place, text, context);
}

/** As `compileText`, for values that are always text. */
export function compileTextual(rule: Rule, place: ValuePlace): TextReader<string> {
  const read = compileText(rule, place);
  return function readTextual(text, context) {
    const value = read(text, context);
    return typeof value === 'number' ? String(value) : value;
  };
}

function judged(
  normalize: Rule['normalize'],
  check: Rule['check'],
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
  const found = check?.(value, text);
  if (found === undefined) return value;
  const before = context.findings.length;
  note(context, found, place.column, place.path, place.field);
  return context.findings.length > before ? undefined : value;
}
