const LEAST = 8;
const TABLE_BITS = 14;
const NONE = -1;

/** The pieces of a text, as [from, to), of which all parts of eight characters stand in one of `others`. */
export type PieceFinder = (text: string, others: readonly string[]) => readonly (readonly [number, number])[];

/**
 * Finds what texts of at most `mostChars` (up to 32,767) characters share with others, in one pass over each. The buffers are
 * used again: a table for each of thousands of texts would cost more than the search.
 */
export function createPieceFinder(mostChars: number): PieceFinder {
  const heads = new Int16Array(1 << TABLE_BITS).fill(NONE);
  const next = new Int16Array(mostChars);
  const slots = new Int16Array(mostChars);
  const shared = new Uint8Array(mostChars);

  function enter(text: string): void {
    let hash = 0;
    for (let end = 0; end < text.length; end += 1) {
      hash = moved(hash, text.charCodeAt(end));
      const at = end - LEAST + 1;
      if (at < 0) continue;
      const slot = slotOf(hash);
      slots[at] = slot;
      next[at] = heads[slot] ?? NONE;
      heads[slot] = at;
    }
  }

  function markShared(text: string, other: string): boolean {
    let hash = 0;
    let any = false;
    for (let end = 0; end < other.length; end += 1) {
      hash = moved(hash, other.charCodeAt(end));
      for (let at = heads[slotOf(hash)] ?? NONE; at !== NONE; at = next[at] ?? NONE) {
        if (!isSame(text, at, other, end - LEAST + 1)) continue;
        shared[at] = 1;
        any = true;
      }
    }
    return any;
  }

  return (whole, others) => {
    const text = whole.slice(0, mostChars);
    const parts = Math.max(0, text.length - LEAST + 1);
    shared.fill(0, 0, parts);
    enter(text);
    let any = false;
    for (const other of others) any = markShared(text, other) || any;
    for (let at = 0; at < parts; at += 1) heads[slots[at] ?? 0] = NONE;
    return any ? runsOf(shared.subarray(0, parts)) : [];
  };
}

/** A word that moves by four bits with each character holds eight characters. */
function moved(hash: number, char: number): number {
  return (hash << 4) ^ char;
}

function slotOf(hash: number): number {
  return Math.imul(hash, 0x9e3779b1) >>> (32 - TABLE_BITS);
}

function isSame(one: string, at: number, other: string, from: number): boolean {
  if (from < 0) return false;
  for (let i = 0; i < LEAST; i += 1) {
    if (one.charCodeAt(at + i) !== other.charCodeAt(from + i)) return false;
  }
  return true;
}

function runsOf(shared: Uint8Array): readonly (readonly [number, number])[] {
  const runs: [number, number][] = [];
  for (let at = shared.indexOf(1); at !== -1; at = shared.indexOf(1, at + 1)) {
    const last = runs.at(-1);
    // Pieces that meet are one, whichever texts they are from.
    if (last !== undefined && at <= last[1]) last[1] = at + LEAST;
    else runs.push([at, at + LEAST]);
  }
  return runs;
}
