import type { FieldSpec } from '../catalogue/types.js';
import { isProblem, problem } from '../issues.js';
import { nfc, readyHash } from '../normalize/text.js';
import type { ListSlot, SingleSlot, Source } from '../plan/types.js';
import type { Row, Sha256Hex } from '../types.js';
import { cellText, cellTexts, NOT_JSON, readCell } from './cells.js';
import { note, type RowContext, type Unhashed } from './draft.js';

const BRACKETS = problem('text_in_brackets');

/** Reads a field that takes one value. */
export function readSingle(slot: SingleSlot, row: Row, context: RowContext): string | number | undefined {
  const cell = readCell(row, slot.source, context.options.nullTexts);
  if (cell === undefined) return undefined;
  const text = cellText(cell);
  if (typeof text !== 'string') {
    note(context, text, slot.source.column, slot.path, slot.field);
    return undefined;
  }
  return normalizeText(text, slot.field, placeOf(slot, slot.source), context);
}

/** Reads a field that takes several plain values; `undefined` when none is left. */
export function readList(slot: ListSlot, row: Row, context: RowContext): readonly string[] | undefined {
  const values: string[] = [];
  eachText(slot, row, context, (text, source) => {
    const value = normalizeText(text, slot.field, placeOf(slot, source), context);
    if (value !== undefined) values.push(String(value));
  });
  return values.length === 0 ? undefined : values;
}

/** Reads a field that is hashed: canonical text, or the hash the input already holds. Repeats go after hashing. */
export function readHashed(
  slot: ListSlot,
  row: Row,
  context: RowContext,
): readonly (Unhashed | Sha256Hex)[] | undefined {
  const values: (Unhashed | Sha256Hex)[] = [];
  eachText(slot, row, context, (text, source) => {
    const trimmed = nfc(text).trim();
    const ready = readyHash(trimmed);
    if (ready !== undefined) {
      values.push(ready);
      return;
    }
    const value = normalizeText(trimmed, slot.field, placeOf(slot, source), context);
    if (value !== undefined) values.push({ clear: String(value) });
  });
  return values.length === 0 ? undefined : values;
}

/** Where a value comes from and goes to, for messages; `field` decides whether a bad value costs the row. */
export type ValuePlace = { readonly column: string; readonly path: string; readonly field: FieldSpec };

/** Normalizes and checks one text; `undefined` when it is empty, left out or wrong (which is noted). */
export function normalizeText(
  text: string,
  rule: Pick<FieldSpec, 'normalize' | 'check'>,
  { column, path, field }: ValuePlace,
  context: RowContext,
): string | number | undefined {
  const value = rule.normalize(text, context);
  if (isProblem(value)) {
    note(context, value, column, path, field);
    return undefined;
  }
  if (value === '') return undefined;
  const found = rule.check?.(value, text);
  if (found !== undefined) {
    const before = context.findings.length;
    note(context, found, column, path, field);
    if (context.findings.length > before) return undefined;
  }
  return value;
}

function placeOf(slot: SingleSlot | ListSlot, source: Source): ValuePlace {
  return { column: source.column, path: slot.path, field: slot.field };
}

function eachText(
  slot: ListSlot,
  row: Row,
  context: RowContext,
  take: (text: string, source: Source) => void,
): void {
  if (slot.base !== undefined) eachOfCell(slot, slot.base, row, context, take);
  for (const source of slot.elements) eachOfCell(slot, source, row, context, take);
}

function eachOfCell(
  slot: ListSlot,
  source: Source,
  row: Row,
  context: RowContext,
  take: (text: string, source: Source) => void,
): void {
  const cell = readCell(row, source, context.options.nullTexts);
  if (cell === undefined) return;
  const texts = cellTexts(cell);
  if (texts === NOT_JSON && typeof cell === 'string' && slot.field.shape !== 'comma_array') {
    // Text in brackets may be a name or a category; what looks like a list in another notation is worth a look.
    note(context, BRACKETS, source.column, slot.path, slot.field);
    take(cell, source);
    return;
  }
  if (isProblem(texts)) {
    note(context, texts, source.column, slot.path, slot.field);
    return;
  }
  const commaList = slot.field.shape === 'comma_array' && source === slot.base && typeof cell === 'string';
  if (commaList && texts[0] === cell) {
    for (const part of cell.split(',')) if (part.trim() !== '') take(part.trim(), source);
    return;
  }
  for (const text of texts) take(text, source);
}
