import { createRequire } from 'node:module';
import { problem } from '../issues.js';
import type { Problem } from '../issues.js';
import { COUNTRY_ALIASES } from './tables/country-aliases.js';

type CodeRow = readonly [alpha2: string, alpha3: string, numeric: string, ...rest: string[]];
type EnglishNames = { readonly countries: Readonly<Record<string, string | readonly string[]>> };

const UNKNOWN_COUNTRY = problem('unknown_country');
const LONGEST_NAME = 100;

// The package's own entry point loads every language; Node 20 warns about `import` of JSON.
const require = createRequire(import.meta.url);
const CODES = countryCodes(require('i18n-iso-countries/codes.json') as readonly CodeRow[]);
const NAMES = countryNames(require('i18n-iso-countries/langs/en.json') as EnglishNames);

/** Alpha-2 and alpha-3 codes, in lower and in upper case, and three-digit numeric codes to lower-case alpha-2. */
function countryCodes(rows: readonly CodeRow[]): ReadonlyMap<string, string> {
  const codes = new Map<string, string>();
  for (const [alpha2, alpha3, numeric] of rows) {
    const code = alpha2.toLowerCase();
    codes.set(code, code).set(alpha3.toLowerCase(), code).set(numeric, code);
    codes.set(alpha2, code).set(alpha3, code);
  }
  return codes;
}

/** English names, lower case and reduced by `nameKey`, to lower-case alpha-2. Our aliases win over the package's names. */
function countryNames(english: EnglishNames): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const add = (name: string, ownCode: string): void => {
    const key = nameKey(name);
    const code = names.get(key) ?? ownCode;
    // As it is listed a name needs no reduction.
    names.set(key, code).set(name.toLowerCase(), code);
  };
  const packaged = Object.entries(english.countries);
  for (const [alpha2, list] of [...Object.entries(COUNTRY_ALIASES), ...packaged]) {
    for (const name of typeof list === 'string' ? [list] : list) {
      const code = alpha2.toLowerCase();
      add(name, code);
      if (name.startsWith('Saint ')) add(`St ${name.slice('Saint '.length)}`, code);
    }
  }
  return names;
}

/** What two spellings of one name have in common: bare letters and digits, "and" for "&", no leading "the". */
function nameKey(name: string): string {
  const lower = name.normalize('NFD').trim().toLowerCase();
  const bare = lower.startsWith('the ') ? lower.slice('the '.length) : lower;
  return bare.replaceAll('&', 'and').replace(/[^\p{L}\p{N}]+/gu, '');
}

/**
 * ISO 3166-1 alpha-2, alpha-3, numeric code or English name to lower-case alpha-2. Kosovo is `xk`, the parts of the
 * United Kingdom are `gb`; a bare "Korea" or "Virgin Islands" could be either of two and is unknown.
 */
export function country(text: string): string | Problem {
  const code = CODES.get(text);
  if (code !== undefined) return code;
  const lower = text.trim().toLowerCase();
  const known = CODES.get(lower) ?? NAMES.get(lower);
  if (known !== undefined) return known;
  if (lower.length > LONGEST_NAME) return UNKNOWN_COUNTRY;
  if (/^[0-9]{1,2}$/.test(lower)) return CODES.get(lower.padStart(3, '0')) ?? UNKNOWN_COUNTRY;
  const key = nameKey(lower);
  const named = NAMES.get(key);
  if (named !== undefined) return named;
  // Letters only: without its point `84.0` would be the number of another country.
  return /^[a-z]+$/.test(key) ? (CODES.get(key) ?? UNKNOWN_COUNTRY) : UNKNOWN_COUNTRY;
}
