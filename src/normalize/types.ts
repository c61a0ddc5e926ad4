import type { Problem } from '../issues.js';

/** What other cells of the row a normalizer may look at. */
export type NormalizeContext = {
  /**
   * The row's country as lower-case ISO 3166-1 alpha-2, else `default_country`; `undefined` when both are absent;
   * `zz` when the row names one that is not known here (for instance as a hash other than that of `us`).
   */
  readonly country: string | undefined;
  /** The same without `default_country`: `undefined` when the row names no country. */
  readonly rowCountry?: string | undefined;
  /** Lower-case alpha-2; completes phone numbers without a country code when the row names no country. */
  readonly phoneCountry?: string | undefined;
  /** IANA name of the zone of times that name none; `undefined`: UTC. */
  readonly timeZone?: string | undefined;
};

/** Raw text (not blank; NFC; not trimmed) to canonical value. Must be idempotent and never throw. */
export type Normalizer = (text: string, context: NormalizeContext) => string | number | Problem;

/** Looks at a canonical value (and the raw text it came from) and names what is wrong with it. */
export type Check = (value: string | number, text: string, context: NormalizeContext) => Problem | undefined;
