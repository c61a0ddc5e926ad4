import { CONTENT_TYPES } from '../normalize/names.js';
import { contentType } from '../normalize/plain.js';
import { everywhere, field, type FieldParts } from './build.js';
import type { UnhashedField } from './types.js';
import { oneOfWords, TYPES } from './value-types.js';

const PLACES = everywhere('custom_data');
const SHOP = 'source document, e-commerce table';
const TRAVEL = 'source document, travel table';
const LOCATION = 'source document, location table';
const SCHEDULE = 'source document, travel schedule table';
const LODGING = 'source document, accommodation table';

function customField(parts: Omit<FieldParts, 'places'>): UnhashedField {
  return field({ ...parts, places: PLACES });
}

/** A field that is passed on as it is, with one example. */
function textField(
  name: string,
  summary: string,
  reference: string,
  example: string,
  similarNames: readonly string[] = [],
): UnhashedField {
  const good = [{ input: example, output: example }];
  return customField({ name, summary, reference, good, similarNames, type: TYPES.text });
}

function listField(name: string, summary: string, reference: string, example: string): UnhashedField {
  return field({ ...textField(name, summary, reference, example), shape: 'string_or_array' });
}

function countField(name: string, summary: string, similarNames: readonly string[]): UnhashedField {
  return customField({
    name,
    summary,
    similarNames,
    type: TYPES.count,
    reference: LODGING,
    good: [
      { input: '2', output: 2 },
      { input: '0', output: 0 },
    ],
    bad: [
      { input: '-1', code: 'negative_integer' },
      { input: '1.5', code: 'invalid_integer' },
      { input: '9007199254740993', code: 'integer_out_of_range' },
    ],
  });
}

function airportField(name: string, summary: string, example: string): UnhashedField {
  return customField({
    name,
    summary,
    type: TYPES.airport,
    reference: TRAVEL,
    good: [
      { input: example, output: example },
      { input: example.toLowerCase(), output: example },
    ],
    bad: [
      { input: 'New York', code: 'invalid_airport' },
      { input: 'KJFK', code: 'invalid_airport' },
    ],
  });
}

export const CONTENTS = customField({
  name: 'contents',
  summary:
    'Items of the event: a JSON array of objects, or numbered columns content_KEY_N (or contents_KEY_N).',
  kind: 'contents',
  shape: 'array',
  type: TYPES.text,
  reference: `${SHOP}; second prefix of the numbered columns: decision`,
  good: [
    {
      input: '[{"id":"123","quantity":2,"item_price":29.99,"delivery_category":"standard"}]',
      output: '[{"id":"123","quantity":2,"item_price":29.99,"delivery_category":"standard"}]',
    },
  ],
});

export const CURRENCY = customField({
  name: 'currency',
  summary: 'ISO 4217 code in any case; sent in upper case.',
  type: TYPES.currency,
  required: [{ when: 'event_name', is: 'PURCHASE' }],
  similarNames: ['currency_code', 'iso_currency', 'order_currency'],
  reference: SHOP,
  good: [
    { input: 'USD', output: 'USD' },
    { input: 'aed', output: 'AED' },
  ],
  bad: [
    { input: 'dollar', code: 'invalid_currency' },
    { input: 'ZZZ', code: 'invalid_currency' },
    { input: '$', code: 'invalid_currency' },
  ],
});

export const VALUE = customField({
  name: 'value',
  summary: 'Monetary value of the event as a decimal number.',
  type: TYPES.decimal,
  required: [{ when: 'event_name', is: 'PURCHASE' }],
  similarNames: ['price', 'amount', 'revenue', 'total_price', 'total_amount', 'order_value', 'order_total'],
  reference: SHOP,
  good: [
    { input: '99.99', output: 99.99 },
    { input: '0', output: 0 },
    { input: '-5', output: -5 },
  ],
  bad: [
    { input: '1,234.50', code: 'invalid_number' },
    { input: 'NaN', code: 'invalid_number' },
    { input: '0x10', code: 'invalid_number' },
    { input: '$5', code: 'invalid_number' },
  ],
});

/** Fields that describe the conversion. */
export const CUSTOM_FIELDS: readonly UnhashedField[] = Object.freeze([
  listField('content_category', 'Category of what was looked at or bought; one or several.', SHOP, 'shoes'),
  customField({
    name: 'content_ids',
    summary: 'Product or category identifiers; one cell may be a comma-separated list.',
    shape: 'comma_array',
    type: TYPES.text,
    similarNames: ['product_id', 'product_ids', 'item_ids', 'sku', 'skus', 'sku_id'],
    reference: SHOP,
    good: [{ input: 'sku001', output: 'sku001' }],
  }),
  textField('content_name', 'Name of the page or product.', SHOP, 'Running Shoes'),
  customField({
    name: 'content_type',
    summary: 'What content_ids identify: product or product_group.',
    type: oneOfWords(CONTENT_TYPES, contentType),
    reference: SHOP,
    good: [
      { input: 'product', output: 'product' },
      { input: 'product_group', output: 'product_group' },
    ],
    bad: [{ input: 'bundle', code: 'invalid_choice' }],
  }),
  CONTENTS,
  CURRENCY,
  customField({
    name: 'num_items',
    summary: 'Number of items: an integer, sent as text.',
    type: TYPES.integerText,
    similarNames: ['number_items', 'number_of_items', 'item_count', 'number_item'],
    reference: SHOP,
    good: [{ input: '3', output: '3' }],
    bad: [
      { input: '2.5', code: 'invalid_integer' },
      { input: 'three', code: 'invalid_integer' },
    ],
  }),
  textField('order_id', 'Identifier of the order; purchases also count once by it.', SHOP, 'ORD12345', [
    'transaction_id',
    'order_number',
    'order_no',
  ]),
  customField({
    name: 'predicted_ltv',
    summary: 'Predicted lifetime value of the customer as a decimal number.',
    type: TYPES.decimal,
    similarNames: ['ltv', 'pltv', 'predicted_lifetime_value'],
    reference: SHOP,
    good: [{ input: '150.75', output: 150.75 }],
    bad: [{ input: '150,75', code: 'invalid_number' }],
  }),
  VALUE,
  textField('search_string', 'What was searched for.', SHOP, 'running shoes', [
    'search_query',
    'search_term',
    'search_text',
  ]),
  customField({
    name: 'checkin_date',
    summary: 'Hotel check-in day as YYYYMMDD or YYYY-MM-DD; sent as YYYY-MM-DD.',
    type: TYPES.date,
    similarNames: ['checkin_day'],
    reference: TRAVEL,
    good: [
      { input: '2024-09-13', output: '2024-09-13' },
      { input: '20240913', output: '2024-09-13' },
    ],
    bad: [
      { input: '2024-02-30', code: 'invalid_date' },
      { input: '13/09/2024', code: 'invalid_date' },
    ],
  }),
  textField('travel_start', 'First day of the trip.', TRAVEL, '2024-09-13', ['travel_start_date']),
  textField('travel_end', 'Last day of the trip.', TRAVEL, '2024-09-20', ['travel_end_date']),
  listField('suggested_destinations', 'Recommended destinations; one or several.', TRAVEL, 'destination1'),
  airportField('destination_airport', 'IATA code of the airport of arrival.', 'JFK'),
  airportField('origin_airport', 'IATA code of the airport of departure.', 'LAX'),
  field({
    ...textField('custom_country', 'Country of destination, passed on as it is.', LOCATION, 'US', [
      'destination_country',
    ]),
    key: 'country',
  }),
  textField('city', 'City of destination.', LOCATION, 'New York', ['destination_city']),
  textField('region', 'State, district or region of destination.', LOCATION, 'NY', ['destination_region']),
  textField('neighborhood', 'Neighborhood of destination.', LOCATION, 'Brooklyn', ['neighbourhood']),
  textField('postal_code', 'Postal code of destination.', LOCATION, '10001', ['destination_postal_code']),
  textField('departing_departure_date', 'Departure of the outbound journey.', SCHEDULE, '2024-09-13T08:00'),
  textField('departing_arrival_date', 'Arrival of the outbound journey.', SCHEDULE, '2024-09-13T12:00'),
  textField('returning_departure_date', 'Departure of the return journey.', SCHEDULE, '2024-09-20T08:00'),
  textField('returning_arrival_date', 'Arrival of the return journey.', SCHEDULE, '2024-09-20T12:00'),
  countField('num_adults', 'Number of adults.', ['number_of_adults', 'adult_count']),
  countField('num_children', 'Number of children.', ['number_of_children', 'child_count']),
  countField('num_infants', 'Number of infants.', ['number_of_infants', 'infant_count']),
  textField('hotel_score', 'Rating of the hotel.', LODGING, '4.5', ['hotel_rating']),
  listField('preferred_neighborhoods', 'Neighborhoods looked for; one or several.', LODGING, 'neighbor1'),
  listField('preferred_star_ratings', 'Star ratings looked for; one or several.', LODGING, 'star1'),
  listField('suggested_hotels', 'Recommended hotels; one or several.', LODGING, 'hotel1'),
  listField('destination_ids', 'Catalog identifiers of destinations; one or several.', LODGING, 'dest1'),
  textField(
    'anon_id',
    'Identifier of an app install; sent in custom_data, because the API refuses it in user_data.',
    'source document, known issues',
    'ANON-1',
    ['anonymous_id', 'snap_anon_id'],
  ),
]);
