/** Requests below the limit after which a larger one is tried again. */
const FORGET_AFTER = 50;

/** How large a request may be, as far as it is known. Sizes in bytes of the body. */
export type SizeLimit = {
  readonly fits: (bytes: number) => boolean;
  /** The API said that a request is too large. */
  readonly tooLarge: (bytes: number) => void;
  /** The API read a request. */
  readonly passed: (bytes: number) => void;
};

/**
 * Without a limit at first. It doubles after fifty requests, because the answer may have come from something in between
 * that is gone. An answer that contradicts what passed before is no limit.
 */
export function createSizeLimit(): SizeLimit {
  let limit = Infinity;
  let largest = 0;
  let passedInARow = 0;

  return {
    fits: (bytes) => bytes < limit,
    tooLarge: (bytes) => {
      if (bytes <= largest) return;
      limit = Math.min(limit, bytes);
      passedInARow = 0;
    },
    passed: (bytes) => {
      largest = Math.max(largest, bytes);
      passedInARow += 1;
      if (passedInARow < FORGET_AFTER) return;
      limit *= 2;
      passedInARow = 0;
    },
  };
}
