import { foldName, OWNERS } from '../catalogue/index.js';

/** A field that personal data of a kind belongs in. */
export type PersonalField = 'em' | 'ph' | 'fn' | 'ln';

/** What a name says of its column: personal data, with its field when there is one. */
export type PersonalName = { readonly field: PersonalField | undefined };

/** Whole names of columns that hold personal data. */
const NAMES: Readonly<Record<string, PersonalField | undefined>> = Object.freeze({
  // Standard names, where they are custom columns: `em_01`, or a member of a nested object.
  em: 'em',
  ph: 'ph',
  fn: 'fn',
  ln: 'ln',
  email: 'em',
  email_address: 'em',
  phone: 'ph',
  phone_number: 'ph',
  phone_e164: 'ph',
  mobile: 'ph',
  telephone: 'ph',
  first_name: 'fn',
  last_name: 'ln',
  full_name: undefined,
  dob: undefined,
  date_of_birth: undefined,
  birthday: undefined,
  street: undefined,
  street_address: undefined,
  ssn: undefined,
  passport: undefined,
});

const FIELDS = new Map(Object.entries(NAMES).map(([name, field]) => [foldName(name), field]));
const OWNED = new RegExp(`^(?:${OWNERS.join('|')})*(.+)$`);
/** `_1` of an array, and other ways to number a column. */
const NUMBER = /[\s_.-]*[[(]?\d{1,8}[\])]?$/;

/**
 * What a whole name says, apart from owners before it and a number behind it; `undefined` for a name that is not known to
 * be personal. `customer_email`, `customerEmail`, `E-Mail` and `email_1` are; `email_campaign` is not.
 */
export function personalName(name: string): PersonalName | undefined {
  const trimmed = name.trim();
  const numbered = trimmed.replace(NUMBER, '');
  return lookUp(trimmed) ?? lookUp(numbered) ?? lookUp(numbered.replace(NUMBER, ''));
}

function lookUp(name: string): PersonalName | undefined {
  const rest = OWNED.exec(foldName(name))?.[1] ?? '';
  return FIELDS.has(rest) ? { field: FIELDS.get(rest) } : undefined;
}
