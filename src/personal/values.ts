import { checkEmail, email } from '../normalize/email.js';
import { readyHash } from '../normalize/text.js';

/** What a value is, as far as personal data goes. */
export type ValueKind = 'email' | 'phone' | 'hash' | 'boolean' | 'other';

/** No address is longer (RFC 5321). */
const LONGEST_EMAIL = 320;
/** Separators that people and programs put into phone numbers. */
const PHONE = /^\+[1-9][\d\s().\-/]{6,40}$/;
const FEWEST_DIGITS = 8;
const MOST_DIGITS = 15;
const BOOLEAN = /^(?:true|false|t|f|yes|no|1|0)$/i;

/** The kind of a value; blanks around it do not count. */
export function kindOf(value: string): ValueKind {
  const text = value.trim();
  if (isEmail(text)) return 'email';
  if (isPhone(text)) return 'phone';
  if (readyHash(text) !== undefined) return 'hash';
  return BOOLEAN.test(text) ? 'boolean' : 'other';
}

/** An address whose domain has a dot and does not end in a number, as versions (`name@1.2`) do. */
function isEmail(text: string): boolean {
  if (text.length > LONGEST_EMAIL || !text.includes('@')) return false;
  const address = email(text);
  return checkEmail(address) === undefined && /@.*\.[^.]*[^.\d][^.]*$/.test(address);
}

function isPhone(text: string): boolean {
  if (!PHONE.test(text)) return false;
  const digits = text.replace(/\D/g, '').length;
  return digits >= FEWEST_DIGITS && digits <= MOST_DIGITS;
}
