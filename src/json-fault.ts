/** Where JSON text goes wrong. `what` is a fixed phrase and never quotes the text. */
export type JsonFault = { readonly offset: number; readonly what: string };

type Scanner = { readonly text: string; at: number; depth: number };

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const WORD = /true|false|null/y;
const DEEPEST = 100;

class Fault extends Error {
  readonly fault: JsonFault;
  constructor(offset: number, what: string) {
    super(what);
    this.fault = { offset, what };
  }
}

/**
 * Finds the first place where `text` is not JSON, or where an object repeats a key. `JSON.parse` tells
 * the position only sometimes, quotes the text (which may hold a token), and keeps the last of two equal keys.
 */
export function findJsonFault(text: string): JsonFault | undefined {
  const scanner: Scanner = { text, at: 0, depth: 0 };
  try {
    scanValue(scanner);
    skipBlanks(scanner);
    if (scanner.at < text.length) throw new Fault(scanner.at, 'more text after the end of the value');
    return undefined;
  } catch (error) {
    if (error instanceof Fault) return error.fault;
    throw error;
  }
}

/** Line and column, both from 1, of an offset in a text. */
export function lineAndColumn(
  text: string,
  offset: number,
): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  const lines = before.split(/\r\n|\r|\n/);
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}

function skipBlanks(scanner: Scanner): void {
  while (' \t\r\n'.includes(scanner.text[scanner.at] ?? 'x')) scanner.at += 1;
}

function take(scanner: Scanner, pattern: RegExp): string | undefined {
  pattern.lastIndex = scanner.at;
  const found = pattern.exec(scanner.text)?.[0];
  if (found !== undefined) scanner.at += found.length;
  return found;
}

function takeChar(scanner: Scanner, char: string): boolean {
  skipBlanks(scanner);
  if (scanner.text[scanner.at] !== char) return false;
  scanner.at += 1;
  return true;
}

function scanValue(scanner: Scanner): void {
  skipBlanks(scanner);
  const first = scanner.text[scanner.at];
  if (first === undefined) throw new Fault(scanner.at, 'the text ends where a value is expected');
  if (first === '{') {
    scanObject(scanner);
    return;
  }
  if (first === '[') {
    scanArray(scanner);
    return;
  }
  const pattern = first === '"' ? STRING : /[-\d]/.test(first) ? NUMBER : WORD;
  if (take(scanner, pattern) === undefined) throw new Fault(scanner.at, whatIsWrong(first));
}

function whatIsWrong(first: string): string {
  if (first === '"') return 'a string is not closed, or holds a line end or a wrong escape';
  if (first === "'") return 'strings are written with double quotes';
  if (first === '}' || first === ']') return 'a value is missing (is there a comma too many before it?)';
  if (first === '/' || first === '#') return 'JSON has no comments';
  return 'a value is expected';
}

function enter(scanner: Scanner): void {
  scanner.at += 1;
  scanner.depth += 1;
  if (scanner.depth > DEEPEST) throw new Fault(scanner.at, 'too deeply nested');
}

function scanArray(scanner: Scanner): void {
  enter(scanner);
  if (!takeChar(scanner, ']')) {
    do scanValue(scanner);
    while (takeChar(scanner, ','));
    if (!takeChar(scanner, ']')) throw new Fault(scanner.at, '"," or "]" is expected');
  }
  scanner.depth -= 1;
}

function scanObject(scanner: Scanner): void {
  enter(scanner);
  if (!takeChar(scanner, '}')) {
    const keys = new Set<string>();
    do scanMember(scanner, keys);
    while (takeChar(scanner, ','));
    if (!takeChar(scanner, '}')) throw new Fault(scanner.at, '"," or "}" is expected');
  }
  scanner.depth -= 1;
}

function scanMember(scanner: Scanner, keys: Set<string>): void {
  skipBlanks(scanner);
  const start = scanner.at;
  const text = take(scanner, STRING);
  if (text === undefined) {
    const comma = scanner.text[start] === '}' ? ' (is there a comma too many before it?)' : '';
    throw new Fault(start, `a key in double quotes is expected${comma}`);
  }
  const name = JSON.parse(text) as string;
  if (keys.has(name)) throw new Fault(start, 'the key is given twice in one object');
  keys.add(name);
  if (!takeChar(scanner, ':')) throw new Fault(scanner.at, '":" is expected');
  scanValue(scanner);
}
