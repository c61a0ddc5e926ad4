import { decimal, integer } from '../normalize/number.js';
import { asIs } from '../normalize/plain.js';
import type { ContentsKey } from './types.js';

/** Prefixes of the numbered columns `PREFIX_KEY_N` from which `contents` is assembled. */
export const CONTENTS_PREFIXES: readonly string[] = Object.freeze(['content', 'contents']);

function textKey(key: string, summary: string, ...examples: readonly string[]): ContentsKey {
  const good = examples.map((example) => ({ input: example, output: example }));
  return Object.freeze({ key, summary, kind: 'text', normalize: asIs, good, bad: [] });
}

/** Keys of an item of `contents`, in the order in which they are sent. */
export const CONTENTS_KEYS: readonly ContentsKey[] = Object.freeze([
  textKey('id', 'Identifier of the item.', 'ABC123'),
  Object.freeze<ContentsKey>({
    key: 'quantity',
    summary: 'How many of the item: an integer.',
    kind: 'number',
    normalize: integer,
    good: [{ input: '2', output: 2 }],
    bad: [
      { input: '1.5', code: 'invalid_integer' },
      { input: '9007199254740993', code: 'integer_out_of_range' },
    ],
  }),
  Object.freeze<ContentsKey>({
    key: 'item_price',
    summary: 'Price of one item as a decimal number.',
    kind: 'number',
    normalize: decimal,
    good: [{ input: '29.99', output: 29.99 }],
    bad: [{ input: '29,99', code: 'invalid_number' }],
  }),
  // The API lists three values; the source document itself shows others, so any text passes.
  textKey('delivery_category', 'How the item is delivered; free text.', 'standard', 'in_store'),
  textKey('brand', 'Brand of the item.', 'fidos_fare'),
]);

/** Base names of the numbered columns of `contents`, those with the documented prefix first. */
export const CONTENTS_COLUMN_BASES: readonly string[] = Object.freeze(
  CONTENTS_PREFIXES.flatMap((prefix) => CONTENTS_KEYS.map((key) => `${prefix}_${key.key}`)),
);
