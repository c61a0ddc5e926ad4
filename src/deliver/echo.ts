import { eventTexts } from './batch.js';
import { toOneLine, type Clean } from './clean.js';
import { createPieceFinder, type PieceFinder } from './shared-pieces.js';
import type { Batch } from './types.js';

const MAX_CHARS = 600;
/** Shorter values are words and numbers that the API may use itself. */
const FEWEST_CHARS = 8;
/** A piece of letters alone may be a phrase of the API, unless it is longer, or all of a value. */
const FEWEST_LETTERS = 16;
const NOT_ONLY_WORDS = /[\d@/=%&?#+]/;
/** So long a run without a blank is no word: an answer that holds it may hold the request in base64. */
const OPAQUE = /[\w+/=-]{40,}/g;
/** Strings and numbers of a JSON text; a colon after it makes a string a key. */
const TOKEN = /"((?:[^"\\]|\\.)*)"(\s*:)?|-?\d[\d.eE+-]*/g;
/** Whether a value reads differently from how it is written. */
const NEEDS_READING = /[^\x20-\x7e]|[\\%+]| {2}|^ | $/;
const SCHEME = /^[a-z][a-z\d+.-]*:\/\//i;
/** Their values are words of the API. */
const FIXED_VALUES: ReadonlySet<string> = new Set(['event_name', 'action_source', 'content_type']);

/** What was sent, ready to be looked for. `text`: the values, one a line. */
type Values = { readonly text: string; readonly whole: ReadonlySet<string> };

/**
 * Takes out of a text from the API what stands in the request that it answers. The API may quote what it does not like, and
 * a server on the way may send everything back; but cells are shown only on request. A text about one
 * event takes time in proportion to that event, any other in proportion to the batch.
 */
export function createEchoFilter(batch: Batch): Clean {
  const piecesIn = createPieceFinder(MAX_CHARS);
  // Texts about one event follow each other; keeping the values of all would keep the batch a second time.
  let recent: readonly (readonly [number, Values])[] = [];
  let all: Values | undefined;

  function valuesOf(event: number): Values {
    return recent.find(([one]) => one === event)?.[1] ?? valuesIn(eventTexts(batch, event, event + 1));
  }

  function sentAbout(event: number | undefined): readonly Values[] {
    if (event === undefined || event < 0 || event >= batch.events) {
      return [(all ??= valuesIn(eventTexts(batch, 0, batch.events)))];
    }
    // Whether the API counts from 0 or from 1 is not certain, so the next event may be meant.
    const near = [event, event + 1].filter((one) => one < batch.events);
    recent = near.map((one) => [one, valuesOf(one)]);
    return recent.map(([, values]) => values);
  }

  return (text, event) => {
    // No piece is so short, and reading what was sent takes time.
    if (text.length < FEWEST_CHARS) return text;
    const opaque = text.slice(0, MAX_CHARS).replace(OPAQUE, '***');
    const shown = hidePieces(opaque, sentAbout(event), piecesIn);
    // The first piece of a cell may stand where the text was cut.
    return text.length > MAX_CHARS && !shown.endsWith('***') ? shown.slice(0, -FEWEST_CHARS) : shown;
  };
}

function valuesIn(json: string): Values {
  const whole = new Set<string>();
  let key: string | undefined;
  for (const [text, isKey] of json.includes('\\') ? tokensIn(json) : plainTokensIn(json)) {
    if (isKey) key = text;
    else if (key === undefined || !FIXED_VALUES.has(key)) addForms(text, whole);
  }
  return { text: [...whole].join('\n'), whole };
}

type Token = readonly [text: string, isKey: boolean];

function* tokensIn(json: string): Generator<Token> {
  for (const [token, string, colon] of json.matchAll(TOKEN)) yield [string ?? token, colon !== undefined];
}

/** The same for a text without escapes, in a fifth of the time. */
function plainTokensIn(json: string): readonly Token[] {
  const tokens: Token[] = [];
  const parts = json.split('"');
  for (const [index, part] of parts.entries()) {
    if (index % 2 === 1) tokens.push([part, parts[index + 1]?.startsWith(':') === true]);
    else if (part.length > FEWEST_CHARS)
      for (const [number] of part.matchAll(TOKEN)) tokens.push([number, false]);
  }
  return tokens;
}

/** Adds a value as it is written in JSON, as it reads, and without the escapes of a URL. */
function addForms(raw: string, whole: Set<string>): void {
  if (raw.length < FEWEST_CHARS) return;
  const value = raw.includes('://') ? raw.replace(SCHEME, '') : raw;
  add(value, whole);
  if (!NEEDS_READING.test(value)) return;
  // The text has lost its hidden characters by now.
  const read = toOneLine(value.includes('\\') ? (JSON.parse(`"${value}"`) as string) : value);
  add(read, whole);
  add(withoutPercent(read), whole);
}

function add(value: string, whole: Set<string>): void {
  if (value.length >= FEWEST_CHARS) whole.add(value);
}

function withoutPercent(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

function hidePieces(text: string, sent: readonly Values[], piecesIn: PieceFinder): string {
  const encoded = /[%+]/.test(text) ? decodeKeepingPlaces(text) : undefined;
  const subject = encoded?.text ?? text;
  const values = sent.map((one) => one.text);
  let shown = '';
  let at = 0;
  for (const [from, to] of piecesIn(subject, values)) {
    const piece = subject.slice(from, to);
    if (!isQuoted(piece, sent)) continue;
    shown += `${text.slice(at, encoded?.places[from] ?? from)}***`;
    at = encoded?.places[to] ?? to;
  }
  return shown + text.slice(at);
}

function isQuoted(piece: string, sent: readonly Values[]): boolean {
  if (piece.length >= FEWEST_LETTERS || NOT_ONLY_WORDS.test(piece)) return true;
  return sent.some(({ whole }) => whole.has(piece.trim()));
}

/** One character in the form it has in a URL, or text without such forms. */
const ENCODED =
  /%[0-7][\da-f]|%[cd][\da-f]%[89ab][\da-f]|%e[\da-f](?:%[89ab][\da-f]){2}|%f[0-7](?:%[89ab][\da-f]){3}|[^%]+|%/gi;

/** A text without the escapes of a URL, and where each of its characters began in the original. */
function decodeKeepingPlaces(text: string): { readonly text: string; readonly places: readonly number[] } {
  const places: number[] = [];
  let decoded = '';
  for (const { 0: part, index } of text.matchAll(ENCODED)) {
    const isEscape = part.length > 1 && part.startsWith('%');
    const plain = withoutPercent(part);
    for (let i = 0; i < plain.length; i += 1) places.push(isEscape ? index : index + i);
    decoded += plain;
  }
  places.push(text.length);
  return { text: decoded, places };
}
