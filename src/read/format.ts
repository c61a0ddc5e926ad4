import { RunError } from '../errors.js';
import { quoteName } from '../printable.js';
import type { InputFormat } from '../types.js';
import { peek, type Blocks } from './blocks.js';

const BRACE = 0x7b;
/** How far blank bytes are searched for the first that is not; beyond, the text is taken for CSV. */
const FARTHEST_BYTES = 64 * 1024;

type NamedFormat = { readonly format: InputFormat; readonly delimiter?: string };

const EXTENSIONS: Readonly<Record<string, NamedFormat>> = Object.freeze({
  csv: { format: 'csv' },
  tsv: { format: 'csv', delimiter: '\t' },
  jsonl: { format: 'jsonl' },
  ndjson: { format: 'jsonl' },
});

/** The format an extension stands for, with one of a compression behind it or not; of paths and plain names. */
export function formatOfName(name: string): NamedFormat | undefined {
  const match = /\.([a-z]+)(?:\.(?:gz|zst|br))?$/i.exec(name);
  const extension = match?.[1]?.toLowerCase() ?? '';
  return Object.hasOwn(EXTENSIONS, extension) ? EXTENSIONS[extension] : undefined;
}

/** Tells the format by the first byte that is not blank: `{` begins JSONL. */
export async function detectFormat(
  text: Blocks,
): Promise<{ readonly format: InputFormat; readonly blocks: Blocks }> {
  let peeked = await peek(text, 1);
  for (let size = 64; size <= FARTHEST_BYTES; size *= 4) {
    const first = peeked.head.find((byte) => byte !== 0x20 && (byte < 0x09 || byte > 0x0d));
    if (first !== undefined) return { format: first === BRACE ? 'jsonl' : 'csv', blocks: peeked.blocks };
    peeked = await peek(peeked.blocks, size);
  }
  return { format: 'csv', blocks: peeked.blocks };
}

/** Refuses a delimiter that cannot separate cells. Throws RunError `usage`. */
export function checkDelimiter(delimiter: string): void {
  if (delimiter !== '' && !/["\r\n]/.test(delimiter) && delimiter.isWellFormed()) return;
  throw new RunError(
    'usage',
    `The delimiter ${quoteName(delimiter)} is ${delimiter === '' ? 'empty' : 'not possible: it has a quote or a line end in it'}`,
    { fix: "Use another one, such as --delimiter ';' or --delimiter tab." },
  );
}
