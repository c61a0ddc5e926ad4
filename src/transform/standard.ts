import { isProblem, type Problem } from '../issues.js';
import { nfc, readyHash } from '../normalize/text.js';
import type { HashedSlot, ListSlot, SingleSlot, Source } from '../plan/types.js';
import type { Row } from '../types.js';
import { cellText, cellTexts, isOneValue, readStandardCell } from './cells.js';
import {
  note,
  type OneOrMany,
  type Personal,
  type RowContext,
  type SlotReader,
  type ValuePlace,
} from './draft.js';
import { listElements } from './lists.js';
import type { Memo, Memos } from './memo.js';
import { compileText, compileTextual, PLACEHOLDER, type TextReader } from './texts.js';

/** SHA-256 of the empty text: what a query makes of a missing value. It would match all others that lack one. */
const HASH_OF_NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** Compiles the reader of a field that takes one value. */
export function compileSingle(slot: SingleSlot, nullTexts: readonly string[]): SlotReader {
  const { source, field } = slot;
  const { index } = source;
  const place: ValuePlace = { column: source.column, path: slot.path, field };
  const take = compileText(field.type, place);
  return function readSingle(row, context) {
    const given = row[index];
    if (isOneValue(given, nullTexts)) return take(given, context);
    const cell = readStandardCell(row, source, place, context);
    if (cell === undefined) return undefined;
    const text = cellText(cell);
    if (typeof text === 'string') return take(text, context);
    note(context, text, place.column, place.path, field);
    return undefined;
  };
}

/** Compiles the reader of a field that takes several plain values. */
export function compileList(slot: ListSlot, nullTexts: readonly string[]): SlotReader {
  return compileMany(slot, nullTexts, (place) => compileTextual(slot.field.type, place));
}

/** Compiles the reader of a field that is hashed: canonical text, or the hash the input already holds. Repeats go after hashing. */
export function compileHashed(slot: HashedSlot, nullTexts: readonly string[], memos: Memos): SlotReader {
  const { recurring, dependsOnCountry } = slot.field.type;
  if (!recurring) return compileMany(slot, nullTexts, (place) => compilePersonal(slot, place));
  const remember = remembering(memos(slot.field), dependsOnCountry);
  return compileMany(slot, nullTexts, (place) => remember(compilePersonal(slot, place)));
}

function compilePersonal({ field }: HashedSlot, place: ValuePlace): TextReader<Personal> {
  const normalized = compileTextual(field.type, place);
  return function takePersonal(text, context) {
    const trimmed = nfc(text).trim();
    const ready = readyHash(trimmed);
    if (ready === HASH_OF_NOTHING) {
      note(context, PLACEHOLDER, place.column, place.path, field);
      return undefined;
    }
    if (ready !== undefined) return ready;
    const clear = normalized(trimmed, context);
    return clear === undefined ? undefined : { clear, hash: undefined };
  };
}

function remembering(memo: Memo, byCountry: boolean): (take: TextReader<Personal>) => TextReader<Personal> {
  return (take) =>
    function takeRemembered(text, context) {
      const { findings, warnings } = context;
      const country = byCountry ? context.country : undefined;
      const known = memo.find(text, country);
      if (known !== undefined) return known;
      const noted = findings.length + warnings.length;
      const value = take(text, context);
      // What was noted has to be noted again each time.
      const isClean = findings.length + warnings.length === noted;
      if (isClean && typeof value === 'object') memo.keep(text, country, value);
      return value;
    };
}

/** Gives the texts of one cell, or of none. */
type TextsReader = (row: Row, context: RowContext) => OneOrMany<string> | undefined;

function compileMany<T extends string | object>(
  slot: ListSlot | HashedSlot,
  nullTexts: readonly string[],
  compileTake: (place: ValuePlace) => TextReader<T>,
): (row: Row, context: RowContext) => OneOrMany<T> | undefined {
  const sources = slot.base === undefined ? slot.elements : [slot.base, ...slot.elements];
  const cells = sources.map((source) => compileCell(slot, source, nullTexts, compileTake));
  const [only, ...others] = cells;
  if (only !== undefined && others.length === 0) return only;
  return function readMany(row, context) {
    let values: T | T[] | undefined;
    for (const read of cells) {
      const found = read(row, context);
      if (Array.isArray(found)) for (const value of found as readonly T[]) values = withValue(values, value);
      else values = withValue(values, found as T | undefined);
    }
    return values;
  };
}

function compileCell<T extends string | object>(
  slot: ListSlot | HashedSlot,
  source: Source,
  nullTexts: readonly string[],
  compileTake: (place: ValuePlace) => TextReader<T>,
): (row: Row, context: RowContext) => OneOrMany<T> | undefined {
  const { index } = source;
  const place: ValuePlace = { column: source.column, path: slot.path, field: slot.field };
  const take = compileTake(place);
  const splitsCommas = takesCommas(slot, source);
  const readTexts = compileTexts(source, place, splitsCommas);
  return function readCellOf(row, context) {
    const given = row[index];
    if (isOneValue(given, nullTexts) && !(splitsCommas && given.includes(','))) {
      return take(splitsCommas ? given.trim() : given, context);
    }
    const texts = readTexts(row, context);
    if (texts === undefined) return undefined;
    if (typeof texts === 'string') return take(texts, context);
    let values: T | T[] | undefined;
    for (const text of texts) values = withValue(values, take(text, context));
    return values;
  };
}

/** Text with commas is a list where the whole field stands in one cell. */
function takesCommas(slot: ListSlot | HashedSlot, source: Source): boolean {
  return slot.field.shape === 'comma_array' && source === slot.base;
}

function withValue<T extends string | object>(
  values: T | T[] | undefined,
  value: T | undefined,
): T | T[] | undefined {
  if (values === undefined || value === undefined) return values ?? value;
  if (!Array.isArray(values)) return [values, value];
  values.push(value);
  return values;
}

function compileTexts(source: Source, place: ValuePlace, splitsCommas: boolean): TextsReader {
  const { column, path, field } = place;
  return function readTexts(row, context) {
    const cell = readStandardCell(row, source, place, context);
    if (cell === undefined) return undefined;
    const found = cellTexts(cell);
    const texts = splitsCommas && typeof cell === 'string' && found === cell ? commaParts(cell) : found;
    if (isProblem(texts)) {
      note(context, texts, column, path, field);
      return undefined;
    }
    return texts;
  };
}

/** `"a","b"` is a list of quoted texts, and never split into pieces with quotes in them. */
function commaParts(text: string): readonly string[] | Problem {
  if (text.trimStart().startsWith('"')) return listElements(`[${text}]`) ?? [];
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
