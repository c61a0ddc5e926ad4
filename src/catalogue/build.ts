import type { FieldPlace, FieldPlaces, FieldSpec } from './types.js';

type FieldParts = Partial<FieldSpec> &
  Pick<FieldSpec, 'name' | 'places' | 'summary' | 'normalize' | 'source' | 'good'>;

/** Makes a frozen field: plain text, one value, optional, keyed by its name, unless told otherwise. */
export function field(parts: FieldParts): FieldSpec {
  return Object.freeze({
    key: parts.name,
    kind: 'text',
    shape: 'single',
    hashed: false,
    required: [],
    identifier: false,
    lookalikes: [],
    bad: [],
    ...parts,
  });
}

/** The same place for all three event source types. */
export function everywhere(place: FieldPlace): FieldPlaces {
  return Object.freeze({ WEB: place, MOBILE_APP: place, OFFLINE: place });
}

/** Standard for app events only; elsewhere such a column is a custom field. */
export const APP_ONLY: FieldPlaces = Object.freeze({ MOBILE_APP: 'app_data' });

/** Words people put before a personal column to say whose it is. */
const OWNERS = [
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

/** The given lookalikes, each also with an owner before it (`email` → `billing_email`, `customer_email`, …). */
export function owned(...lookalikes: readonly string[]): readonly string[] {
  return lookalikes.flatMap((lookalike) => [lookalike, ...OWNERS.map((owner) => `${owner}_${lookalike}`)]);
}
