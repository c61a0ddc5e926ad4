import { describe, expect, it } from 'vitest';
import type { Cell } from '../../src/types.js';
import { codesOf, COMPLETE, eventOf, transform } from './support.js';

const custom = (cells: Record<string, Cell>, options = {}): unknown => eventOf(cells, options)['custom_data'];

describe('arrays of standard fields', () => {
  it('keep one value a string and make several an array', () => {
    expect(custom({ content_category: 'shoes' })).toEqual({ content_category: 'shoes' });
    expect(custom({ content_category: '["coats","shoes","umbrellas"]' })).toEqual({
      content_category: ['coats', 'shoes', 'umbrellas'],
    });
    expect(custom({ content_category: ['shoes'] })).toEqual({ content_category: 'shoes' });
    expect(custom({ suggested_hotels_1: 'a', suggested_hotels_2: null, suggested_hotels_3: 'c' })).toEqual({
      suggested_hotels: ['a', 'c'],
    });
    expect(codesOf({ content_category: '[Sale] shoes' })).toEqual([
      'invalid',
      'invalid_array@content_category',
    ]);
  });

  it('split content_ids at commas in one cell only, and always make an array', () => {
    expect(custom({ content_ids: 'sku001' })).toEqual({ content_ids: ['sku001'] });
    expect(custom({ content_ids: 'sku001, sku002,,sku003' })).toEqual({
      content_ids: ['sku001', 'sku002', 'sku003'],
    });
    expect(custom({ content_ids: ' , ,x, ' })).toEqual({ content_ids: ['x'] });
    expect(custom({ content_ids: '["a,b","c"]' })).toEqual({ content_ids: ['a,b', 'c'] });
    expect(custom({ content_ids: ['a,b'] })).toEqual({ content_ids: ['a,b'] });
    expect(custom({ content_ids_1: 'a,b', content_ids_2: 'c' })).toEqual({ content_ids: ['a,b', 'c'] });
  });

  it('take a lone numbered column as the array, warn of gaps and of an index 0, keep the order', () => {
    expect(custom({ destination_ids_3: 'c', destination_ids_1: 'a' })).toEqual({
      destination_ids: ['a', 'c'],
    });
    const base = {
      event_name: 'PAGE_VIEW',
      event_time: '1795175940',
      event_source_url: 'https://example.com/',
      em: 'a@b.co',
    };
    expect(transform({ ...base, content_ids_1: 'a', content_ids_3: 'c' }).headerWarnings).toEqual([
      'index_gap',
    ]);
    expect(transform({ ...base, content_ids_0: 'a', content_ids_1: 'c' }).headerWarnings).toEqual([
      'index_zero',
    ]);
    expect(transform({ ...base, content_ids_1: 'a', content_ids_2: 'c' }).headerWarnings).toEqual([]);
  });

  it('keep integers beyond 2^53 digit for digit', () => {
    expect(custom({ content_ids: [12345678901234567890n] })).toEqual({
      content_ids: ['12345678901234567890'],
    });
    expect(custom({ content_ids: '[12345678901234567890]' })).toEqual({
      content_ids: ['12345678901234567890'],
    });
  });
});

describe('contents', () => {
  const two = [
    { delivery_category: 'standard', id: 'ABC123', item_price: 29.99, quantity: 2 },
    { delivery_category: 'express', id: 'XYZ789', item_price: 49.99, quantity: 1 },
  ];

  it('is built from numbered columns of either prefix', () => {
    for (const prefix of ['content', 'contents']) {
      const cells = {
        [`${prefix}_id_1`]: 'ABC123',
        [`${prefix}_quantity_1`]: '2',
        [`${prefix}_item_price_1`]: '29.99',
        [`${prefix}_delivery_category_1`]: 'standard',
        [`${prefix}_id_2`]: 'XYZ789',
        [`${prefix}_quantity_2`]: '1',
        [`${prefix}_item_price_2`]: '49.99',
        [`${prefix}_delivery_category_2`]: 'express',
      };
      expect(custom(cells)).toEqual({ contents: two });
    }
  });

  it('is taken from JSON text and native arrays, with numbers as text', () => {
    expect(custom({ contents: JSON.stringify(two) })).toEqual({ contents: two });
    expect(custom({ contents: two })).toEqual({ contents: two });
    expect(custom({ contents: [{ id: 3, quantity: '1', item_price: '5', brand: 'fidos_fare' }] })).toEqual({
      contents: [{ brand: 'fidos_fare', id: '3', item_price: 5, quantity: 1 }],
    });
  });

  it('is written with sorted keys, however the cell has them', () => {
    const result = transform({ ...COMPLETE, contents: '[{"quantity":1,"brand":"b","id":"A"}]' });
    expect(result.outcome === 'ok' && result.text).toContain(
      '"contents":[{"brand":"b","id":"A","quantity":1}]',
    );
  });

  it('takes whole items from numbered columns, in the order of their numbers', () => {
    const cells = { content_id_2: 'B', contents_1: '{"id":"A"}', contents_3: { id: 'C' } };
    expect(custom(cells)).toEqual({ contents: [{ id: 'A' }, { id: 'B' }, { id: 'C' }] });
  });

  it('leaves out a group whose cells are all NULL', () => {
    expect(custom({ content_id_1: '', content_quantity_1: null, content_id_2: 'B' })).toEqual({
      contents: [{ id: 'B' }],
    });
    expect(custom({ content_id_1: '', content_quantity_1: null })).toBeUndefined();
    expect(custom({ contents: '[{}, null, {"id":"A","quantity":null}]' })).toEqual({
      contents: [{ id: 'A' }],
    });
  });

  it.each([
    ['text', 'abc', 'invalid_contents@contents'],
    ['an object', '{"id":"A"}', 'invalid_contents@contents'],
    ['a list of texts', '["A"]', 'invalid_contents@contents'],
    ['a fraction of a piece', '[{"quantity":1.5}]', 'invalid_integer@contents'],
    ['a price with a separator', '[{"item_price":"1,234.50"}]', 'invalid_number@contents'],
    ['a list for an id', '[{"id":["A"]}]', 'wrong_type@contents'],
  ])('refuses %s', (_, cell, code) => {
    expect(codesOf({ contents: cell })).toEqual(['invalid', code]);
  });

  it('names the column of a bad numbered cell', () => {
    expect(codesOf({ content_id_1: 'A', content_quantity_1: 'two' })).toEqual([
      'invalid',
      'invalid_integer@content_quantity_1',
    ]);
  });

  it('leaves out keys the API does not know, with a warning', () => {
    expect(custom({ contents: '[{"id":"A","title":"x"}]' })).toEqual({ contents: [{ id: 'A' }] });
    expect(codesOf({ contents: '[{"id":"A","title":"x"}]' })).toEqual([
      'ok',
      'unknown_contents_key@contents',
    ]);
  });
});

describe('custom fields', () => {
  it('keep name and value as they are', () => {
    expect(custom({ ' Loyalty Tier ': ' Gold ', hex: '0x10', list: '["a"]', number: '007' })).toEqual({
      'Loyalty Tier': ' Gold ',
      hex: '0x10',
      list: '["a"]',
      number: '007',
    });
  });

  it('are written with sorted keys at every level', () => {
    const result = transform({ ...COMPLETE, o: { b: { z: 1, a: [{ y: 1, x: 2 }] }, a: 1 } });
    expect(result.outcome === 'ok' && result.text).toContain('"o":{"a":1,"b":{"a":[{"x":2,"y":1}],"z":1}}');
  });

  it('keep JSON types, without any null', () => {
    expect(custom({ n: 1.5, b: false, o: { b: 1, a: null, c: [null, 'x'] }, z: 0 })).toEqual({
      b: false,
      n: 1.5,
      o: { b: 1, c: ['x'] },
      z: 0,
    });
  });

  it('send integers beyond 2^53 as text, with a warning', () => {
    expect(custom({ big: 9007199254740993n })).toEqual({ big: '9007199254740993' });
    expect(codesOf({ big: 9007199254740993n })).toEqual(['ok', 'integer_as_text@big']);
    expect(codesOf({ deep: { big: [9007199254740993n, 9007199254740995n] } })).toEqual([
      'ok',
      'integer_as_text@deep',
    ]);
  });

  it('refuse a number that is not finite', () => {
    expect(codesOf({ n: Infinity })).toEqual(['invalid', 'number_not_finite@n']);
    expect(codesOf({ n: { deep: [Infinity] } })).toEqual(['invalid', 'number_not_finite@n']);
    expect(codesOf({ value: Infinity })).toEqual(['invalid', 'number_not_finite@value']);
  });

  it('are refused when nested more than 100 levels deep', () => {
    const nested = (levels: number): Cell => (levels === 0 ? 1 : [nested(levels - 1)]);
    expect(codesOf({ deep: nested(100) })).toEqual(['ok']);
    expect(codesOf({ deep: nested(101) })).toEqual(['invalid', 'nested_too_deep@deep']);
  });

  it('cut date-times to whole seconds', () => {
    expect(custom({ at: '2024-08-28T15:30:00.999Z' })).toEqual({ at: 1724859000 });
  });

  it('write __proto__, constructor and prototype as data and touch no prototype', () => {
    const nested = JSON.parse('{"__proto__":{"polluted":1},"constructor":"c"}') as Cell;
    const result = transform(
      Object.fromEntries([
        ['event_name', 'PAGE_VIEW'],
        ['event_time', '1795175940'],
        ['event_source_url', 'https://example.com/'],
        ['em', 'person@example.com'],
        ['event_id', '1'],
        ['constructor', 'a'],
        ['prototype', 'b'],
        ['nested', nested],
      ]),
    );
    expect(result.outcome === 'ok' && result.text).toContain(
      '"custom_data":{"constructor":"a","nested":{"__proto__":{"polluted":1},"constructor":"c"},"prototype":"b"}',
    );
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('turn date-time text into Unix time', () => {
    const cells = {
      iso: '2024-08-28T15:30:00.123Z',
      cast: '2024-08-28 15:30:00.000',
      utc: '2024-08-28 15:30:00 UTC',
      plain: '2024-08-28 15:30:00',
      local: '2024-08-28T15:30:00',
      date: '2024-08-28',
      never: '2024-02-30T00:00:00Z',
    };
    const kept = {
      date: '2024-08-28',
      local: '2024-08-28T15:30:00',
      never: '2024-02-30T00:00:00Z',
      plain: '2024-08-28 15:30:00',
    };
    expect(custom(cells)).toEqual({ ...kept, iso: 1724859000, cast: 1724859000, utc: 1724859000 });
    expect(custom(cells, { customDatetime: 'milliseconds' })).toEqual({
      ...kept,
      iso: 1724859000123,
      cast: 1724859000000,
      utc: 1724859000000,
    });
    expect(custom(cells, { customDatetime: 'keep' })).toEqual(cells);
  });
});

describe('custom arrays', () => {
  it('are assembled from two or more columns contiguous from 1', () => {
    expect(custom({ cont_id_1: 'value1', cont_id_2: 'value2', cont_id_3: 'value3' })).toEqual({
      cont_id: ['value1', 'value2', 'value3'],
    });
    expect(custom({ Cont_ID_2: 'b', cont_id_1: '', cont_id_3: 'c' })).toEqual({ cont_id: ['b', 'c'] });
  });

  it('have the spelling of their first number, wherever it stands, and no key twice', () => {
    expect(custom({ foo_2: 'b', Foo_1: 'a' })).toEqual({ Foo: ['a', 'b'] });
    const twice = transform({ ...COMPLETE, foo_1: '1', foo_2: '2', 'foo _1': '3', 'foo _2': '4' });
    expect(twice.outcome === 'ok' && twice.text.split('"foo"').length).toBe(2);
  });

  it('are left alone when lone, not from 1, or switched off', () => {
    expect(custom({ cont_id_1: 'a' })).toEqual({ cont_id_1: 'a' });
    expect(custom({ q_2023: 'a', q_2024: 'b' })).toEqual({ q_2023: 'a', q_2024: 'b' });
    expect(custom({ a_01: '1', a_02: '2' })).toEqual({ a_01: '1', a_02: '2' });
    expect(custom({ c_1: 'a', c_2: 'b' }, { assembleCustomArrays: false })).toEqual({ c_1: 'a', c_2: 'b' });
  });

  it('never overwrite a standard field', () => {
    expect(custom({ event_name_1: 'a', event_name_2: 'b' })).toEqual({
      event_name_1: 'a',
      event_name_2: 'b',
    });
    expect(custom({ value: '5', value_1: 'a', value_2: 'b' })).toEqual({
      value: 5,
      value_1: 'a',
      value_2: 'b',
    });
  });

  it('sort by index, not by text', () => {
    const cells = Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`c_${11 - i}`, String(11 - i)]));
    expect(custom(cells)).toEqual({ c: ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11'] });
  });
});

describe('values of standard fields', () => {
  it.each([
    [{ value: '99.99' }, { value: 99.99 }],
    [{ value: 0 }, { value: 0 }],
    [{ value: 1e-7 }, { value: 1e-7 }],
    [{ value: 1.25e21 }, { value: 1.25e21 }],
    [{ value: '-5' }, { value: -5 }],
    [{ value: 12345678901234567890n }, { value: 12345678901234567000 }],
    [{ predicted_ltv: '150.75' }, { predicted_ltv: 150.75 }],
    [{ num_items: 3 }, { num_items: '3' }],
    [{ num_adults: '2' }, { num_adults: 2 }],
    [{ hotel_score: 4.5 }, { hotel_score: '4.5' }],
    [{ currency: 'usd' }, { currency: 'USD' }],
    [{ checkin_date: '20240913' }, { checkin_date: '2024-09-13' }],
    [{ travel_start: '2024-09-13T08:00:00Z' }, { travel_start: '2024-09-13T08:00:00Z' }],
    [{ origin_airport: 'lax' }, { origin_airport: 'LAX' }],
    [{ custom_country: 'US' }, { country: 'US' }],
    [{ anon_id: 'A1' }, { anon_id: 'A1' }],
  ] as [Record<string, Cell>, unknown][])('%o', (cells, expected) => {
    expect(custom(cells)).toEqual(expected);
  });

  it('refuses integers that a JSON number cannot hold', () => {
    expect(codesOf({ num_adults: 9007199254740993n })).toEqual([
      'invalid',
      'integer_out_of_range@num_adults',
    ]);
  });

  it('puts anon_id never into user_data', () => {
    expect(eventOf({ anon_id: 'A1' })['user_data']).not.toHaveProperty('anon_id');
  });
});
