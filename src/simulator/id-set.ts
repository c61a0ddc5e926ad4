/** A set of texts that keeps a 64-bit fingerprint of each, 16 to 32 bytes, whatever the length of the texts. */
export type IdSet = {
  /** Adds a text; true when it was not there before. */
  add(text: string): boolean;
  size(): number;
};

const FIRST_CAPACITY = 1024;

/**
 * Makes an empty set. Two texts with the same fingerprint count as one: with ten million texts the chance that any two
 * do is about 3 in a million.
 */
export function createIdSet(): IdSet {
  let capacity = FIRST_CAPACITY;
  // Open addressing over two parallel tables; the pair (0, 0) marks a free slot.
  let high = new Uint32Array(capacity);
  let low = new Uint32Array(capacity);
  let count = 0;

  function place(highPart: number, lowPart: number): boolean {
    let slot = lowPart & (capacity - 1);
    while (high[slot] !== 0 || low[slot] !== 0) {
      if (high[slot] === highPart && low[slot] === lowPart) return false;
      slot = (slot + 1) & (capacity - 1);
    }
    high[slot] = highPart;
    low[slot] = lowPart;
    return true;
  }

  function grow(): void {
    const [oldHigh, oldLow] = [high, low];
    capacity *= 2;
    high = new Uint32Array(capacity);
    low = new Uint32Array(capacity);
    for (let slot = 0; slot < oldHigh.length; slot++) {
      const [highPart = 0, lowPart = 0] = [oldHigh[slot], oldLow[slot]];
      if (highPart !== 0 || lowPart !== 0) place(highPart, lowPart);
    }
  }

  return {
    add(text) {
      const highPart = fingerprint(text, 0x9e3779b1);
      const lowPart = fingerprint(text, 0x85ebca77) || 1;
      if (!place(highPart, lowPart)) return false;
      count++;
      if (count * 2 > capacity) grow();
      return true;
    },
    size: () => count,
  };
}

/** 32 bits of a text (the rounds and the finish of MurmurHash3, one code unit at a time). */
function fingerprint(text: string, seed: number): number {
  let hash = seed ^ text.length;
  for (let index = 0; index < text.length; index++) {
    let block = Math.imul(text.charCodeAt(index), 0xcc9e2d51);
    block = (block << 15) | (block >>> 17);
    hash ^= Math.imul(block, 0x1b873593);
    hash = (hash << 13) | (hash >>> 19);
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
