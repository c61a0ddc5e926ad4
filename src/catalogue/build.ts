import type { FieldPlace, FieldPlaces, HashedField, UnhashedField } from './types.js';

type Needed = 'name' | 'places' | 'summary' | 'type' | 'reference' | 'good';
type PartsOf<Field> = Partial<Omit<Field, Needed | 'hashed'>> & Pick<Field, Needed & keyof Field>;

export type FieldParts = PartsOf<UnhashedField>;

const DEFAULTS = {
  kind: 'value',
  required: [],
  costsTheRow: false,
  identifier: false,
  dropsPlaceholders: false,
  similarNames: [],
  bad: [],
} as const;

/** Makes a field that is sent unhashed: one value, optional, keyed by its name, unless the parts say otherwise. */
export function field(parts: FieldParts): UnhashedField {
  return Object.freeze({ ...DEFAULTS, key: parts.name, shape: 'single', ...parts, hashed: false });
}

/** Makes a field that is hashed, and therefore always an array on the wire. */
export function hashedField(parts: Omit<PartsOf<HashedField>, 'shape'>): HashedField {
  return Object.freeze({ ...DEFAULTS, key: parts.name, ...parts, hashed: true, shape: 'array' });
}

/** The same place for all three event source types. */
export function everywhere(place: FieldPlace): FieldPlaces {
  return Object.freeze({ WEB: place, MOBILE_APP: place, OFFLINE: place });
}

/** Standard for app events only; elsewhere such a column is a custom field. */
export const APP_ONLY: FieldPlaces = Object.freeze({ MOBILE_APP: 'app_data' });

/** Words people put before a personal column to say whose it is. */
export const OWNERS = [
  'account',
  'billing',
  'buyer',
  'client',
  'contact',
  'customer',
  'home',
  'member',
  'payer',
  'primary',
  'recipient',
  'shipping',
  'user',
  'work',
] as const;

/** The given names, each also with an owner before it (`email` → `billing_email`, `customer_email`, …). */
export function owned(...names: readonly string[]): readonly string[] {
  return names.flatMap((name) => [name, ...OWNERS.map((owner) => `${owner}_${name}`)]);
}
