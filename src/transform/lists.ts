import { problem, type Problem } from '../issues.js';
import { isBlank } from '../normalize/text.js';
import { parseJsonList } from '../read/index.js';
import type { Cell } from '../types.js';
import { damageOf } from './damage.js';

const INVALID = problem('invalid_array');
/** `None` is how Python prints it. */
const NULL_ELEMENT = /^(?:null|NULL|Null|None)$/;
const BRACKET_OR_QUOTE = /["[\]{}]/;

/** How a program prints lists: the closing character, and the quotes around elements. */
type Notation = { readonly close: string; readonly quotes: string };

const POSTGRESQL: Notation = { close: '}', quotes: '"' };
const BRACKETED: Notation = { close: ']', quotes: '"\'' };

/**
 * The elements of a cell that holds a list: a JSON array (also as JSON text in JSON), PostgreSQL's `{a,"b c",NULL}`, or
 * `[a, b]` as Trino and DuckDB print it. NULL and blank elements are left out; numbers are text as written.
 * `undefined`: the text does not begin like a list. `invalid_array`: it does, but cannot be read as one.
 */
export function listElements(text: string): readonly string[] | Problem | undefined {
  const trimmed = text.trim();
  switch (trimmed.charAt(0)) {
    case '[':
      return jsonElements(trimmed) ?? scanElements(trimmed, BRACKETED) ?? INVALID;
    case '{':
      return scanElements(trimmed, POSTGRESQL) ?? INVALID;
    case '(':
      return isTuple(trimmed) ? INVALID : undefined;
    case '"':
      return quotedListElements(trimmed);
    default:
      return undefined;
  }
}

/** The elements of a native or parsed array as text. */
export function elementTexts(
  elements: readonly Cell[],
  textOf: (cell: Exclude<Cell, null | undefined>) => string | Problem,
): readonly string[] | Problem {
  const texts: string[] = [];
  for (const element of elements) {
    if (element === null || element === undefined) continue;
    if (typeof element === 'object') return INVALID;
    const text = textOf(element);
    if (typeof text !== 'string') return text;
    if (!isBlank(text)) texts.push(text);
  }
  return texts;
}

/** `(a, b)`, as Python and ClickHouse print tuples; `(212) 555-0187` and `(Bob)` are no lists. */
function isTuple(text: string): boolean {
  return text.includes(',') && text.indexOf(')') === text.length - 1;
}

function jsonElements(text: string): readonly string[] | Problem | undefined {
  const value = parseJsonList(text);
  if (!Array.isArray(value)) return undefined;
  // Only an escape can put a NUL or half of a surrogate pair into a cell that has been found clean.
  const damage = text.includes('\\u') ? damageOf(value) : undefined;
  return damage === undefined ? elementTexts(value as readonly Cell[], String) : { code: damage };
}

/** `"[\"a\"]"` is JSON text that was written as JSON once more. Other text that begins with a quote is no list. */
function quotedListElements(text: string): readonly string[] | Problem | undefined {
  if (text.charAt(1) !== '[') return undefined;
  const inner = parseJsonList(text);
  if (typeof inner !== 'string' || !inner.trimStart().startsWith('[')) return INVALID;
  return listElements(inner);
}

/**
 * Reads elements separated by commas up to the closing character, which must be the last one of the text. Character by
 * character: a regular expression needs stack for every element, and a cell can have a million of them.
 */
function scanElements(text: string, { close, quotes }: Notation): readonly string[] | undefined {
  const elements: string[] = [];
  let at = 1;
  for (;;) {
    at = afterBlanks(text, at);
    const isQuoted = at < text.length && quotes.includes(text.charAt(at));
    const end = isQuoted ? endOfQuoted(text, at) : endOfBare(text, at, close);
    const element = isQuoted ? unquoted(text.slice(at, end)) : bareElement(text.slice(at, end));
    if (element === undefined) return undefined;
    if (!isBlank(element)) elements.push(element);
    at = afterBlanks(text, end) + 1;
    const next = text.charAt(at - 1);
    if (next === close) return at === text.length ? elements : undefined;
    if (next !== ',') return undefined;
  }
}

function afterBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && isBlank(text.charAt(at))) at += 1;
  return at;
}

/** Position after the quote that closes an element. A quote inside is doubled, or has a backslash before it. */
function endOfQuoted(text: string, from: number): number {
  const quote = text.charAt(from);
  for (let at = from + 1; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '\\' || (char === quote && text.charAt(at + 1) === quote)) at += 1;
    else if (char === quote) return at + 1;
  }
  return text.length;
}

function endOfBare(text: string, from: number, close: string): number {
  let at = from;
  while (at < text.length && text.charAt(at) !== ',' && text.charAt(at) !== close) at += 1;
  return at;
}

function unquoted(element: string): string {
  const quote = element.charAt(0);
  const inner = element.slice(1, -1);
  return inner.replaceAll(quote + quote, quote).replace(/\\([^])/g, '$1');
}

/** Empty for NULL; `undefined` for text that would keep a bracket or a quote of the list. */
function bareElement(text: string): string | undefined {
  const element = text.trim();
  if (NULL_ELEMENT.test(element)) return '';
  return BRACKET_OR_QUOTE.test(element) || element.startsWith("'") ? undefined : element;
}
