import type { Slot } from '../plan/types.js';
import type { Cell } from '../types.js';
import type { ContentsItem, PlainValue } from './draft.js';
import { LISTED, QUOTED, type Frame } from './joints.js';
import { jsonNumber } from './number-text.js';

/** What JSON does not take as it is: quotes, backslashes, control characters and halves of surrogate pairs. */
const ESCAPED = /["\\\u0000-\u001f\ud800-\udfff]/;

/** Writes a value that is no text. `timeUnitMs` is 1 for milliseconds, 1000 for seconds. */
export type ValueWriter = (value: Exclude<PlainValue, string | undefined>, timeUnitMs: 1 | 1000) => string;

/** What a text in this slot stands in: fields that are always arrays have brackets around a single value, too. */
export function frameOfText(slot: Slot): Frame {
  if (slot.kind === 'hashed') return LISTED;
  return slot.kind === 'list' && slot.field.shape !== 'string_or_array' ? LISTED : QUOTED;
}

/** Whether no text in this slot ever needs escaping: hashes, and types that say so. */
export function neverNeedsEscaping(slot: Slot): boolean {
  if (slot.kind === 'hashed') return true;
  return slot.kind === 'single' && slot.field.type.neverNeedsEscaping;
}

/** The inside of a JSON string, as JSON.stringify writes it. */
export function escaped(text: string): string {
  return ESCAPED.test(text) ? JSON.stringify(text).slice(1, -1) : text;
}

/** Writes what is no text, with sorted keys. It holds no null, no bigint and only finite numbers by now. */
export function compileWriter(kind: Slot['kind'], isTime: boolean): ValueWriter {
  if (isTime) return (value, timeUnitMs) => jsonNumber(Math.floor(Number(value) / timeUnitMs));
  switch (kind) {
    case 'hashed':
      return (hashes) => `["${(hashes as readonly string[]).join('","')}"]`;
    case 'contents':
      return (items) => `[${(items as readonly ContentsItem[]).map(writeItem).join(',')}]`;
    case 'custom':
    case 'custom_array':
      return (value) => writeValue(value);
    default:
      return (value) => (typeof value === 'number' ? jsonNumber(value) : JSON.stringify(value));
  }
}

function writeItem(item: ContentsItem): string {
  return `{${item.map(({ key, value }) => `"${key}":${JSON.stringify(value)}`).join(',')}}`;
}

/** A custom value as JSON, with sorted keys at every level. */
export function writeValue(value: Cell): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${(value as readonly Cell[]).map(writeValue).join(',')}]`;
  const object = value as { readonly [key: string]: Cell };
  const members = Object.keys(object).sort();
  return `{${members.map((key) => `${JSON.stringify(key)}:${writeValue(object[key])}`).join(',')}}`;
}
