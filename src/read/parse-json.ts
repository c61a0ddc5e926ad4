import { parse as parseLossless } from 'lossless-json';
import { problem, type Problem } from '../issues.js';
import type { Cell, Row } from '../types.js';

/** A JSONL record: its keys in order, and the value of each. */
export type JsonRecord = { readonly keys: readonly string[]; readonly cells: Row };

const NOT_JSON = problem('not_json');
const NOT_AN_OBJECT = problem('not_an_object');
const TOO_DEEP = problem('nested_too_deep');

/** Deeper nesting than any real data has would overflow the stack where the value is walked or written again. */
const DEEPEST = 500;
/** Integers beyond ±2^53 have at least so many digits. */
const UNSAFE_DIGITS = 16;

/**
 * Takes a JSONL line apart. Integers beyond ±2^53 come as bigint, digit for digit, wherever they stand and with an
 * exponent, too; `1e400` is Infinity. Problems: not_json, nested_too_deep (above 500 levels), not_an_object,
 * duplicate_key (`args.key`).
 */
export function parseJsonRecord(text: string): JsonRecord | Problem {
  const value = parseUnchecked(text);
  return value === undefined ? NOT_JSON : toRecord(text, value);
}

/** The record of a text, and `value`, which JSON.parse has made of it. Problems as in `parseJsonRecord`. */
export function toRecord(text: string, parsedValue: Cell): JsonRecord | Problem {
  const parsed = survey(text, parsedValue);
  if (parsed === undefined) return TOO_DEEP;
  const { value, topLevelKeys } = parsed;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return NOT_AN_OBJECT;
  const keys = Object.keys(value);
  const duplicate = keys.length === topLevelKeys ? foldedDuplicate(keys) : exactDuplicate(text);
  if (duplicate !== undefined) return problem('duplicate_key', { key: duplicate });
  return { keys, cells: Object.values(value) };
}

/** The value of a JSON text, integers beyond ±2^53 as bigint; `undefined` when it is not JSON. */
export function parseJsonValue(text: string): Cell {
  const value = parseUnchecked(text);
  return value === undefined ? undefined : survey(text, value)?.value;
}

/** What JSON.parse makes of a text; `undefined` when it is not JSON. */
export function parseUnchecked(text: string): Cell {
  try {
    return JSON.parse(text) as Cell;
  } catch {
    // The message of JSON.parse quotes its input.
    return undefined;
  }
}

type Surveyed = { readonly value: Cell; readonly topLevelKeys: number };

/** Looks for what JSON.parse does not tell; `undefined` for what is nested too deeply. */
function survey(text: string, value: Cell): Surveyed | undefined {
  if (typeof value === 'string' || value === null || typeof value === 'boolean') {
    return { value, topLevelKeys: 0 };
  }
  const { deepest, topLevelKeys, mayBeRounded } = measure(text);
  if (deepest > DEEPEST) return undefined;
  return { value: mayBeRounded ? losslessValue(text) : value, topLevelKeys };
}

function losslessValue(text: string): Cell {
  return parseLossless(text, undefined, {
    parseNumber: exactNumber,
    // As in JSON.parse, the last of equal keys of a nested object wins.
    onDuplicateKey: ({ newValue }) => newValue,
  }) as Cell;
}

/** An integer beyond ±2^53, however it is printed, exactly; every other number as a double. */
function exactNumber(text: string): number | bigint {
  const value = Number(text);
  if (Number.isSafeInteger(value) || !Number.isInteger(value)) return value;
  const [, whole = '', fraction = '', exponent = '0'] = /^(-?\d+)(?:\.(\d+))?(?:[eE](.+))?$/.exec(text) ?? [];
  const digits = whole + fraction;
  // Finite numbers have at most 309 digits before the point, however the exponent is written.
  const end = whole.length + Number(exponent);
  const rest = digits.slice(end);
  return /^0*$/.test(rest) ? BigInt(digits.slice(0, end).padEnd(end, '0')) : value;
}

type Measures = {
  readonly deepest: number;
  readonly topLevelKeys: number;
  /** There is a number that a double may not hold: a long one, or one with an exponent. */
  readonly mayBeRounded: boolean;
};

/** One pass over valid JSON, strings skipped. */
function measure(text: string): Measures {
  let depth = 0;
  let deepest = 0;
  let topLevelKeys = 0;
  let digits = 0;
  let mostDigits = 0;
  let exponents = 0;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code >= 48 && code <= 57) {
      digits += 1;
      if (digits > mostDigits) mostDigits = digits;
      continue;
    }
    // Of all that is no string, only numbers have a letter behind a digit.
    if (digits > 0 && (code === 101 || code === 69)) exponents += 1;
    digits = 0;
    if (code === 34) {
      i = closingQuote(text, i);
    } else if (code === 123 || code === 91) {
      depth += 1;
      if (depth > deepest) deepest = depth;
    } else if (code === 125 || code === 93) {
      depth -= 1;
    } else if (code === 58 && depth === 1) {
      topLevelKeys += 1;
    }
  }
  return { deepest, topLevelKeys, mayBeRounded: mostDigits >= UNSAFE_DIGITS || exponents > 0 };
}

/** Position of the quote that ends the JSON string opened at `open`. */
function closingQuote(text: string, open: number): number {
  let close = text.indexOf('"', open + 1);
  while (close !== -1 && isEscaped(text, close)) close = text.indexOf('"', close + 1);
  return close === -1 ? text.length : close;
}

function isEscaped(text: string, at: number): boolean {
  let start = at;
  while (text.charCodeAt(start - 1) === 92) start -= 1;
  return (at - start) % 2 === 1;
}

/** A key that equals an earlier one when case and surrounding blanks are ignored. */
export function foldedDuplicate(keys: readonly string[]): string | undefined {
  if (keys.every(isFolded)) return undefined;
  const seen = new Set<string>();
  for (const key of keys) {
    const folded = key.trim().toLowerCase();
    if (seen.has(folded)) return key;
    seen.add(folded);
  }
  return undefined;
}

/** True for the usual names (lower-case ASCII letters, digits, `_`), which folding does not change. */
function isFolded(key: string): boolean {
  for (let i = 0; i < key.length; i += 1) {
    const code = key.charCodeAt(i);
    if (!((code >= 97 && code <= 122) || (code >= 48 && code <= 57) || code === 95)) return false;
  }
  return true;
}

/** The key that an object text repeats exactly, which JSON.parse hides. Only for texts known to have one. */
function exactDuplicate(text: string): string | undefined {
  const seen = new Set<string>();
  let depth = 0;
  let string = '';
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === 34) {
      const close = closingQuote(text, i);
      string = text.slice(i, close + 1);
      i = close;
    } else if (code === 123 || code === 91) {
      depth += 1;
    } else if (code === 125 || code === 93) {
      depth -= 1;
    } else if (code === 58 && depth === 1) {
      const key = JSON.parse(string) as string;
      if (seen.has(key)) return key;
      seen.add(key);
    }
  }
  return undefined;
}
