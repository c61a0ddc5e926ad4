import type { FieldSpec } from '../catalogue/types.js';
import { isProblem } from '../issues.js';
import { nfc, readyHash } from '../normalize/text.js';
import type { ListSlot, SingleSlot, Source } from '../plan/types.js';
import type { Row, Sha256Hex } from '../types.js';
import { cellText, cellTexts, readCell } from './cells.js';
import { note, type RowContext, type Unhashed } from './draft.js';

/** Reads a field that takes one value. */
export function readSingle(slot: SingleSlot, row: Row, context: RowContext): string | number | undefined {
  const cell = readCell(row, slot.source, context.options.nullTexts);
  if (cell === undefined) return undefined;
  const text = cellText(cell);
  if (typeof text !== 'string') {
    note(context, text, slot.source.column, slot.path, slot.field);
    return undefined;
  }
  return normalizeText(text, slot.field, slot.source.column, slot.path, context);
}

/** Reads a field that takes several plain values; `undefined` when none is left. */
export function readList(slot: ListSlot, row: Row, context: RowContext): readonly string[] | undefined {
  const values: string[] = [];
  eachText(slot, row, context, (text, source) => {
    const value = normalizeText(text, slot.field, source.column, slot.path, context);
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
    const value = normalizeText(trimmed, slot.field, source.column, slot.path, context);
    if (value !== undefined) values.push({ clear: String(value) });
  });
  return values.length === 0 ? undefined : values;
}

/** Normalizes and checks one text; `undefined` when it is empty, left out or wrong (which is noted). */
export function normalizeText(
  text: string,
  field: Pick<FieldSpec, 'normalize' | 'check'>,
  column: string,
  path: string,
  context: RowContext,
): string | number | undefined {
  const value = field.normalize(text, context);
  if (isProblem(value)) {
    note(context, value, column, path, field as FieldSpec);
    return undefined;
  }
  if (value === '') return undefined;
  const found = field.check?.(value, text);
  if (found !== undefined) {
    const before = context.findings.length;
    note(context, found, column, path, field as FieldSpec);
    if (context.findings.length > before) return undefined;
  }
  return value;
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
