import { problem, type Problem } from '../issues.js';
import type { Chunk, Row } from '../types.js';
import { asBuffer } from './blocks.js';
import { foldedDuplicate, parseJsonRecord, parseUnchecked, toRecord, type JsonRecord } from './parse-json.js';

/** A record whose values may hold a NUL, half of a surrogate pair or a number that is not finite, when it is suspicious. */
export type ChunkRecord = JsonRecord & { readonly suspicious: boolean };

/** Takes a chunk, gives its records by their number from 0, as `parseJsonRecord` does. */
export type JsonRecords = (chunk: Chunk) => (record: number) => ChunkRecord | Problem;

/** What holds for all records with the same keys. */
type KeyList = {
  readonly keys: readonly string[];
  readonly duplicate: Problem | undefined;
  /** Characters of an object with these keys besides its values, without blanks and escapes. */
  readonly frameLength: number;
  /** Repeating one of these keys, with a value and a comma, takes no fewer characters. */
  readonly leastRepetition: number;
};

/** Below this, writing a fraction with an exponent can be shorter. */
const LEAST_PLAIN_FRACTION = 0.01;
const ZERO = 48;

/** Makes what takes the records of chunks apart. Records one after the other with the same keys share the array of keys. */
export function createJsonRecords(): JsonRecords {
  let list = describeKeys([]);

  function readRecord(text: string): ChunkRecord | Problem {
    const value = parseUnchecked(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return careful(parseJsonRecord(text));
    const keys = Object.keys(value);
    if (!areEqual(keys, list.keys)) list = describeKeys(keys);
    const cells: Row = Object.values(value);
    if (!isPlain(text, cells, list)) return careful(toRecord(text, value));
    // The decoder has proven the text to be well formed, and JSON has no NUL: only an escape can make what is suspicious.
    return list.duplicate ?? { keys: list.keys, cells, suspicious: text.includes('\\u') };
  }

  return (chunk) => {
    const bytes = asBuffer(chunk.bytes);
    return (record) => readRecord(bytes.toString('utf8', chunk.starts[record] ?? 0, chunk.ends[record] ?? 0));
  };
}

function careful(record: JsonRecord | Problem): ChunkRecord | Problem {
  return 'code' in record ? record : { ...record, suspicious: true };
}

/**
 * Whether JSON.parse has told all there is to a record: nothing nested, no number beyond ±2^53, and no room in the text for a key
 * to stand there twice. JSON.parse hides such a key, and looking for it would cost half as much again.
 */
function isPlain(text: string, cells: Row, { frameLength, leastRepetition }: KeyList): boolean {
  let room = text.length - frameLength;
  for (const cell of cells) {
    if (typeof cell === 'string') room -= cell.length + 2;
    else if (typeof cell === 'number' && Math.abs(cell) <= Number.MAX_SAFE_INTEGER) room -= leastLength(cell);
    else if (cell === null || typeof cell === 'boolean') room -= cell === false ? 5 : 4;
    else return false;
  }
  return room < leastRepetition;
}

/** A number of characters that no way to write this number in JSON goes below. */
function leastLength(value: number): number {
  const text = String(value);
  if (!Number.isInteger(value)) return Math.abs(value) < LEAST_PLAIN_FRACTION ? 1 : text.length;
  let end = text.length;
  while (text.charCodeAt(end - 1) === ZERO) end -= 1;
  // An exponent takes two characters in place of the zeros.
  return Math.min(text.length, end + 2);
}

function areEqual(some: readonly string[], others: readonly string[]): boolean {
  if (some.length !== others.length) return false;
  for (let i = 0; i < some.length; i += 1) if (some[i] !== others[i]) return false;
  return true;
}

function describeKeys(keys: readonly string[]): KeyList {
  const duplicate = foldedDuplicate(keys);
  let frameLength = 1 + Math.max(1, keys.length);
  let shortest = Number.POSITIVE_INFINITY;
  for (const { length } of keys) {
    frameLength += length + '"":'.length;
    shortest = Math.min(shortest, length);
  }
  return {
    keys,
    duplicate: duplicate === undefined ? undefined : problem('duplicate_key', { key: duplicate }),
    frameLength,
    leastRepetition: shortest + '"":0,'.length,
  };
}
