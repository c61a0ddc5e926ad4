import { problem } from '../issues.js';
import type { Problem } from '../issues.js';
import { chooser } from './choice.js';
import { CURRENCY_CODES } from './tables/currencies.js';

const chooseCurrency = chooser(CURRENCY_CODES, 'upper', problem('invalid_currency'));

/** An ISO 4217 code of the pinned table, any case in, upper case out. */
export function currency(text: string): string | Problem {
  return chooseCurrency(text);
}
