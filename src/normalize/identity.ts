import { problem } from '../issues.js';
import type { Problem } from '../issues.js';
import { US_STATE_CODES } from './tables/us-states.js';
import { removeHyphensAndSpaces, removePunctuation, removePunctuationAndSpaces } from './removal.js';
import { isPlainWord, lowerTrimmed } from './text.js';
import type { NormalizeContext } from './types.js';

export { country } from './country.js';
export { checkEmail, email } from './email.js';
export { checkPhone, phone } from './phone.js';

const UNKNOWN_GENDER = problem('unknown_gender');
const ZIP_PLUS_FOUR = /^[0-9]{5}-[0-9]{4}$/;
const FIVE_DIGITS = /^[0-9]{5}/;

/** First or last name: lower case, punctuation removed, white space kept inside. Empty when only punctuation was there. */
export function personName(text: string): string {
  if (isPlainWord(text)) return text.toLowerCase();
  return removePunctuation(lowerTrimmed(text)).trim();
}

/** `f` or `m`; `unknown_gender` for anything but `f`, `female`, `m`, `male`. */
export function gender(text: string): string | Problem {
  const value = text.trim().toLowerCase();
  if (value === 'f' || value === 'female') return 'f';
  if (value === 'm' || value === 'male') return 'm';
  return UNKNOWN_GENDER;
}

/** Lower case, punctuation and white space removed. Empty when nothing else was there. */
export function city(text: string): string {
  if (isPlainWord(text)) return text.toLowerCase();
  return removePunctuationAndSpaces(lowerTrimmed(text));
}

/** Like a city; the name of a US state becomes its two-letter ANSI code when the country is `us` or not given. */
export function state(text: string, context: NormalizeContext): string {
  const value = city(text);
  if (context.country !== undefined && context.country !== 'us') return value;
  return US_STATE_CODES.get(value) ?? value;
}

/** Lower case, white space and `-` removed; the first five digits for `us`, or for `ddddd-dddd` of no country. */
export function postalCode(text: string, context: NormalizeContext): string {
  const lower = isPlainWord(text) ? text.toLowerCase() : lowerTrimmed(text);
  const value = removeHyphensAndSpaces(lower);
  const isUs = context.country === 'us' || (context.country === undefined && ZIP_PLUS_FOUR.test(lower));
  return isUs && FIVE_DIGITS.test(value) ? value.slice(0, 5) : value;
}

/** Trimmed only: it must equal what the advertiser hashes elsewhere, so case and punctuation stay. */
export function externalId(text: string): string {
  return text.trim();
}
