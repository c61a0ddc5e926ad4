import { currency } from '../normalize/currency.js';
import { isoDate } from '../normalize/date.js';
import { city, country, gender, personName, postalCode, state } from '../normalize/identity.js';
import { count, decimal, int64Text, integer, integerText } from '../normalize/number.js';
import { airport, appId, boolean01, ipAddress, url, uuid } from '../normalize/plain.js';
import { eventTime } from '../normalize/time.js';
import type { FieldSpec, Normalizer } from './types.js';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** A kind of value: a word for the tables, and the JSON Schema of what the normalizer lets out. */
export type ValueType = { readonly label: string; readonly schema: JsonSchema };

const TEXT: ValueType = Object.freeze({ label: 'text', schema: { type: 'string', minLength: 1 } });

function pattern(label: string, regex: string): ValueType {
  return Object.freeze({ label, schema: { type: 'string', pattern: regex } });
}

function numeric(label: string, schema: JsonSchema): ValueType {
  return Object.freeze({ label, schema });
}

const SAFE = Number.MAX_SAFE_INTEGER;

const VALUE_TYPES: ReadonlyMap<Normalizer, ValueType> = new Map<Normalizer, ValueType>([
  [decimal, numeric('number', { type: 'number' })],
  [integer, numeric('integer', { type: 'integer', minimum: -SAFE, maximum: SAFE })],
  [count, numeric('integer from 0', { type: 'integer', minimum: 0, maximum: SAFE })],
  [boolean01, numeric('boolean', { type: 'integer', enum: [0, 1] })],
  [eventTime, numeric('time', { type: 'integer', minimum: 0 })],
  [integerText, pattern('integer as text', '^-?[0-9]+$')],
  [int64Text, pattern('64-bit integer as text', '^-?[0-9]{1,19}$')],
  [uuid, pattern('UUID', '^[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$')],
  [ipAddress, pattern('IP address', '^[0-9A-Fa-f:.]{2,45}$')],
  [url, pattern('URL', '^[Hh][Tt][Tt][Pp][Ss]?://')],
  [appId, pattern('app id', '^(?:[0-9]+|[A-Za-z][A-Za-z0-9_]*(?:\\.[A-Za-z][A-Za-z0-9_]*)+)$')],
  [airport, pattern('IATA code', '^[A-Z]{3}$')],
  [currency, pattern('currency code', '^[A-Z]{3}$')],
  [isoDate, pattern('date', '^[0-9]{4}-[0-9]{2}-[0-9]{2}$')],
]);

const BY_COUNTRY: ReadonlySet<Normalizer> = new Set<Normalizer>([postalCode, state]);
const RECURRING: ReadonlySet<Normalizer> = new Set<Normalizer>([city, country, gender, personName, state]);

/** The kind of value a normalizer lets out; plain text unless it is a closed form. */
export function valueTypeOf(normalize: Normalizer): ValueType {
  return VALUE_TYPES.get(normalize) ?? TEXT;
}

/** Whether all a field lets out are words of a list or match a pattern from end to end: text that JSON takes as it is. */
export function isClosedForm({ kind, normalize, choices }: FieldSpec): boolean {
  const { pattern: regex } = valueTypeOf(normalize).schema;
  const isWord = choices !== undefined && kind !== 'ignored';
  return isWord || (typeof regex === 'string' && regex.endsWith('$'));
}

/** Whether the same values are likely to come row after row, so that what becomes of them is worth remembering. */
export function isRecurring({ normalize }: Pick<FieldSpec, 'normalize'>): boolean {
  return RECURRING.has(normalize);
}

/** Whether what becomes of a text depends on the country of its row. */
export function dependsOnCountry({ normalize }: Pick<FieldSpec, 'normalize'>): boolean {
  return BY_COUNTRY.has(normalize);
}
