import { RunError } from '../errors.js';
import { quoteName } from '../printable.js';
import type { CsvEscape, InputFormat } from '../types.js';
import { peek, type Blocks } from './blocks.js';

const BRACE = 0x7b;
const BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
/** How far blank bytes are searched for the first that is not; beyond, the text is taken for CSV. */
const FARTHEST_BYTES = 64 * 1024;

/** `fallback`: the format if the content does not decide it. */
type NamedFormat = {
  readonly format?: InputFormat;
  readonly fallback?: InputFormat;
  readonly delimiter?: string;
};

const EXTENSIONS: Readonly<Record<string, NamedFormat>> = Object.freeze({
  csv: { format: 'csv' },
  tsv: { format: 'csv', delimiter: '\t' },
  jsonl: { format: 'jsonl' },
  ndjson: { format: 'jsonl' },
  json: { fallback: 'jsonl' },
});

/** The format an extension stands for, with one of a compression behind it or not; of paths and plain names. */
export function formatOfName(name: string): NamedFormat | undefined {
  const match = /\.([a-z]+)(?:\.(?:gz|zst|br))?$/i.exec(name);
  const extension = match?.[1]?.toLowerCase() ?? '';
  return Object.hasOwn(EXTENSIONS, extension) ? EXTENSIONS[extension] : undefined;
}

/**
 * Tells the format by the first bytes that are not blank: `{` begins JSONL, `[` with an object or the end behind it a
 * JSON array. (A CSV header may have names in brackets.) Anything else is the `fallback`.
 */
export async function detectFormat(
  text: Blocks,
  fallback: InputFormat,
): Promise<{ readonly format: InputFormat; readonly blocks: Blocks }> {
  let peeked = await peek(text, 1);
  for (let size = 64; size <= FARTHEST_BYTES; size *= 4) {
    const format = formatOfHead(peeked.head, fallback);
    if (format !== undefined) return { format, blocks: peeked.blocks };
    peeked = await peek(peeked.blocks, size);
  }
  const isArray = nextVisible(peeked.head, 0) === BRACKET;
  return { format: isArray ? 'json' : fallback, blocks: peeked.blocks };
}

/** `undefined` when these bytes do not tell. */
function formatOfHead(head: Uint8Array, fallback: InputFormat): InputFormat | undefined {
  const at = head.findIndex(isVisible);
  if (at === -1) return undefined;
  if (head[at] === BRACE) return 'jsonl';
  if (head[at] !== BRACKET) return fallback;
  const next = nextVisible(head, at + 1);
  if (next === undefined) return undefined;
  return next === BRACE || next === CLOSE_BRACKET || fallback !== 'csv' ? 'json' : fallback;
}

function nextVisible(bytes: Uint8Array, from: number): number | undefined {
  return bytes.subarray(from).find(isVisible);
}

function isVisible(byte: number): boolean {
  return byte !== 0x20 && (byte < 0x09 || byte > 0x0d);
}

/** Refuses a delimiter that cannot separate cells. Throws RunError `usage`. */
export function checkDelimiter(delimiter: string, escape?: CsvEscape): void {
  const isEscape = escape === 'backslash' && delimiter.includes('\\');
  if (delimiter !== '' && !isEscape && !/["\r\n]/.test(delimiter) && delimiter.isWellFormed()) return;
  throw new RunError(
    'usage',
    `The delimiter ${quoteName(delimiter)} is ${delimiter === '' ? 'empty' : 'not possible: it has a quote, a line end or an escape in it'}`,
    { fix: "Use another one, such as --delimiter ';' or --delimiter tab." },
  );
}
