import type { ContentsKey } from './types.js';
import { TYPES } from './value-types.js';

/** Prefixes of the numbered columns `PREFIX_KEY_N` from which `contents` is assembled. */
export const CONTENTS_PREFIXES: readonly string[] = Object.freeze(['content', 'contents']);

type KeyParts = Omit<ContentsKey, 'bad'> & Partial<Pick<ContentsKey, 'bad'>>;

function contentsKey(parts: KeyParts): ContentsKey {
  return Object.freeze({ bad: [], ...parts });
}

/** Keys of an item of `contents`, in the order in which they are documented. */
export const CONTENTS_KEYS: readonly ContentsKey[] = Object.freeze([
  contentsKey({
    key: 'id',
    summary: 'Identifier of the item.',
    type: TYPES.text,
    similarNames: ['sku', 'sku_id', 'product_id', 'item_id', 'content_id', 'variant_id'],
    good: [{ input: 'ABC123', output: 'ABC123' }],
  }),
  contentsKey({
    key: 'quantity',
    summary: 'How many of the item: an integer.',
    type: TYPES.integer,
    similarNames: ['qty', 'count', 'units', 'amount', 'num_items'],
    good: [{ input: '2', output: 2 }],
    bad: [
      { input: '1.5', code: 'invalid_integer' },
      { input: '9007199254740993', code: 'integer_out_of_range' },
    ],
  }),
  contentsKey({
    key: 'item_price',
    summary: 'Price of one item as a decimal number.',
    type: TYPES.decimal,
    similarNames: ['price', 'unit_price', 'product_price'],
    good: [{ input: '29.99', output: 29.99 }],
    bad: [{ input: '29,99', code: 'invalid_number' }],
  }),
  contentsKey({
    key: 'delivery_category',
    // The API lists three values; the source document itself shows others, so any text passes.
    summary: 'How the item is delivered; free text.',
    type: TYPES.text,
    similarNames: ['delivery', 'delivery_method', 'shipping_method'],
    good: [
      { input: 'standard', output: 'standard' },
      { input: 'in_store', output: 'in_store' },
    ],
  }),
  contentsKey({
    key: 'brand',
    summary: 'Brand of the item.',
    type: TYPES.text,
    similarNames: ['brand_name', 'manufacturer', 'vendor'],
    good: [{ input: 'fidos_fare', output: 'fidos_fare' }],
  }),
]);

/** Base names of the numbered columns of `contents`, those with the documented prefix first. */
export const CONTENTS_COLUMN_BASES: readonly string[] = Object.freeze(
  CONTENTS_PREFIXES.flatMap((prefix) => CONTENTS_KEYS.map((key) => `${prefix}_${key.key}`)),
);
