import type { Row } from '../types.js';

const QUOTE = '"';
const BACKSLASH = '\\';
const NULL_CELL = '\\N';
/** A record whose cells are in doubt: it has none, so that the row is invalid by their number. */
const DAMAGED: Row = Object.freeze([]);

/** What a character behind a backslash stands for; every other one stands for itself. */
const ESCAPES: Readonly<Record<string, string>> = Object.freeze({
  n: '\n',
  t: '\t',
  r: '\r',
  '0': '\0',
  b: '\b',
  f: '\f',
  v: '\v',
  Z: '\x1a',
});

/**
 * What no program quotes though others are: numbers, dates, times, NULL. (OPTIONALLY ENCLOSED BY puts quotes
 * around text only.)
 */
const NEVER_QUOTED = /^(?:[-+]?\d[-+.:\deE ]*|\\N|NULL|)$/;

/**
 * The cells of a record with backslash escapes; `null` for `\N`. Quotes are read by what the programs write:
 *
 * - `mysql -B` and COPY in text format never quote. A cell of theirs may begin with a quote, which is text.
 * - OUTFILE … ENCLOSED BY and UNLOAD … ADDQUOTES quote every text in a record; others quote where it is needed.
 *
 * So a quote opens a quoted cell when it is the first character and another one closes the cell before a delimiter or
 * the end. Between tabs, where those that never quote are at home, every text in the record must be quoted, too. With
 * another delimiter, a quote that opens a cell and has no other quote behind it makes the row invalid.
 */
export function splitEscaped(text: string, delimiter: string): Row {
  if (!text.includes(QUOTE)) return splitUnquoted(text, delimiter);
  return splitQuoted(text, delimiter) ?? splitUnquoted(text, delimiter);
}

function splitUnquoted(text: string, delimiter: string): Row {
  if (!text.includes(BACKSLASH)) return text.split(delimiter);
  const cells: (string | null)[] = [];
  for (let at = 0; ;) {
    const end = endOfUnquoted(text, at, delimiter);
    cells.push(decode(text.slice(at, end)));
    if (end === text.length) return cells;
    at = end + delimiter.length;
  }
}

/** `undefined` for a record that has quotes around some of its texts, but by a program that never quotes. */
function splitQuoted(text: string, delimiter: string): Row | undefined {
  const cells: (string | null)[] = [];
  const quotesAll = delimiter === '\t';
  for (let at = 0; ;) {
    const close = text[at] === QUOTE ? endOfQuoted(text, at, delimiter) : undefined;
    const end = close ?? endOfUnquoted(text, at, delimiter);
    const raw = text.slice(at, end);
    if (close === undefined && quotesAll && !NEVER_QUOTED.test(raw)) return undefined;
    // Sent, it would be a part of a cell that goes on behind a raw line end.
    if (close === undefined && !quotesAll && raw.startsWith(QUOTE) && !text.includes(QUOTE, at + 1))
      return DAMAGED;
    cells.push(close === undefined ? decode(raw) : decodeQuoted(raw.slice(1, -1)));
    if (end === text.length) return cells;
    at = end + delimiter.length;
  }
}

/** Position after the quote that closes the cell; `undefined` when none does before a delimiter or the end. */
function endOfQuoted(text: string, at: number, delimiter: string): number | undefined {
  for (let i = at + 1; i < text.length; i += 1) {
    const char = text[i];
    if (char === BACKSLASH || (char === QUOTE && text[i + 1] === QUOTE)) i += 1;
    else if (char === QUOTE) {
      const isEnd = i + 1 === text.length || text.startsWith(delimiter, i + 1);
      return isEnd ? i + 1 : undefined;
    }
  }
  return undefined;
}

function endOfUnquoted(text: string, at: number, delimiter: string): number {
  let end = text.indexOf(delimiter, at);
  for (let from = at; end !== -1;) {
    // Only the cell is searched: the rest of the record may be long.
    const escape = text.slice(from, end).indexOf(BACKSLASH);
    if (escape === -1) return end;
    from += escape + 2;
    if (from > end) end = text.indexOf(delimiter, from);
  }
  return text.length;
}

function decode(text: string): string | null {
  if (text === NULL_CELL) return null;
  if (!text.includes(BACKSLASH)) return text;
  return text.replace(/\\([^])/gu, unescape);
}

/** Quotes inside may be doubled instead of escaped. */
function decodeQuoted(text: string): string | null {
  return text === NULL_CELL ? null : text.replace(/[\\"]([^])/gu, unescape);
}

function unescape(pair: string, char: string): string {
  return pair.startsWith(BACKSLASH) && Object.hasOwn(ESCAPES, char) ? (ESCAPES[char] ?? char) : char;
}
