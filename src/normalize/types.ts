import type { Problem } from '../issues.js';

/** What other cells of the row a normalizer may look at. */
export type NormalizeContext = {
  /**
   * The row's country as lower-case ISO 3166-1 alpha-2, else `default_country`; `undefined` when both are absent;
   * `zz` when the row names one that is not known here (for instance as a hash other than that of `us`).
   */
  readonly country: string | undefined;
};

/** Raw text (not blank; NFC; not trimmed) to canonical value. Must be idempotent and never throw. */
export type Normalizer = (text: string, context: NormalizeContext) => string | number | Problem;

/** Looks at a canonical value (and the raw text it came from) and names what is wrong with it. */
export type Check = (value: string | number, text: string) => Problem | undefined;
