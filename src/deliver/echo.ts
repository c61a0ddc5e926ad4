import { toOneLine } from './clean.js';

const MAX_CHARS = 600;
/** Pieces of a cell that are at least so long are found wherever they stand; shorter cells only as whole words. */
const PIECE_CHARS = 8;
const FEWEST_CHARS = 3;
const FEWEST_DIGITS = 5;
/** So long a run without a blank is no word: an answer that holds it may hold the request in base64. */
const OPAQUE = /[\w+/=-]{40,}/g;
/** Strings and numbers of a JSON text; a colon after it makes a string a key. */
const TOKEN = /"((?:[^"\\]|\\.)*)"(\s*:)?|-?\d[\d.eE+-]*/g;

/**
 * Takes out of a text from the API what stands in the request that it answers (JSON). The API may quote what it does not
 * like, and a server on the way may send everything back; but cells are told to nobody who did not ask for them. The first
 * call takes time in proportion to the body.
 */
export function createEchoFilter(body: Uint8Array): (text: string) => string {
  let hide: ((text: string) => string) | undefined;
  return (text) => (hide ??= hiderOf(body))(text);
}

function hiderOf(body: Uint8Array): (text: string) => string {
  const values = valuesIn(Buffer.from(body).toString());
  const long = [...values].filter((value) => value.length >= PIECE_CHARS).join('\n');
  const short = [...values].filter((value) => isShortValue(value));
  return (text) => {
    const opaque = text.slice(0, MAX_CHARS).replace(OPAQUE, '***');
    const shown = hidePieces(opaque, long);
    // The first piece of a cell may stand where the text was cut.
    return hideWords(text.length > MAX_CHARS ? shown.slice(0, -PIECE_CHARS) : shown, short);
  };
}

function valuesIn(json: string): ReadonlySet<string> {
  const values = new Set<string>();
  for (const [token, string, isKey] of json.matchAll(TOKEN)) {
    if (isKey !== undefined) continue;
    values.add(string ?? token);
    // The text has lost its hidden characters by now.
    if (string?.includes('\\') === true) values.add(toOneLine(JSON.parse(`"${string}"`) as string));
    else if (string !== undefined) values.add(toOneLine(string));
  }
  return values;
}

function isShortValue(value: string): boolean {
  const least = /^-?[\d.]+$/.test(value) ? FEWEST_DIGITS : FEWEST_CHARS;
  return value.length >= least && value.length < PIECE_CHARS;
}

function hidePieces(text: string, values: string): string {
  let shown = '';
  let at = 0;
  while (at < text.length) {
    let end = at + PIECE_CHARS;
    if (end > text.length || !values.includes(text.slice(at, end))) {
      shown += text[at] ?? '';
      at += 1;
      continue;
    }
    while (end < text.length && values.includes(text.slice(at, end + 1))) end += 1;
    if (!shown.endsWith('***')) shown += '***';
    at = end;
  }
  return shown;
}

function hideWords(text: string, words: readonly string[]): string {
  let shown = text;
  for (const word of words) {
    if (!shown.includes(word)) continue;
    const literal = word.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
    shown = shown.replace(new RegExp(`(?<![\\p{L}\\p{N}])${literal}(?![\\p{L}\\p{N}])`, 'gu'), '***');
  }
  return shown;
}
