import type { Errors } from './event-error.js';
import { missing, unknownKey, wrong } from './event-error.js';
import type { Json, JsonObject } from './json.js';
import { holdsInfinity, isArray, isObject } from './json.js';
import {
  isCount,
  isDay,
  isInteger,
  isNumeric,
  isText,
  isTextArray,
  isTextOrArray,
  isThreeCapitals,
} from './predicates.js';
import { CODES, POISON_KEY } from './vocabulary.js';

type Expectation = { readonly test: (value: Json) => boolean; readonly expected: string };

const text: Expectation = { test: isText, expected: 'a text' };
const texts: Expectation = { test: isTextOrArray, expected: 'a text or a non-empty array of texts' };
const numeric: Expectation = { test: isNumeric, expected: 'a number' };
const count: Expectation = { test: isCount, expected: 'an integer that is not negative' };
const airport: Expectation = { test: isThreeCapitals, expected: 'three capital letters' };

const CUSTOM_DATA: ReadonlyMap<string, Expectation> = new Map([
  ['anon_id', text],
  ['checkin_date', { test: isDay, expected: 'a day as YYYY-MM-DD' }],
  ['city', text],
  ['content_category', texts],
  ['content_ids', { test: isTextArray, expected: 'a non-empty array of texts' }],
  ['content_name', text],
  ['content_type', { test: isContentType, expected: 'product or product_group' }],
  ['country', text],
  ['currency', { test: isThreeCapitals, expected: 'three capital letters' }],
  ['departing_arrival_date', text],
  ['departing_departure_date', text],
  ['destination_airport', airport],
  ['destination_ids', texts],
  ['hotel_score', text],
  ['neighborhood', text],
  ['num_adults', count],
  ['num_children', count],
  ['num_infants', count],
  ['num_items', { test: isInteger, expected: 'an integer' }],
  ['order_id', text],
  ['origin_airport', airport],
  ['postal_code', text],
  ['predicted_ltv', numeric],
  ['preferred_neighborhoods', texts],
  ['preferred_star_ratings', texts],
  ['region', text],
  ['returning_arrival_date', text],
  ['returning_departure_date', text],
  ['search_string', text],
  ['suggested_destinations', texts],
  ['suggested_hotels', texts],
  ['travel_end', text],
  ['travel_start', text],
  ['value', numeric],
]);

const CONTENTS_ITEM: ReadonlyMap<string, Expectation> = new Map([
  ['brand', text],
  ['delivery_category', text],
  ['id', text],
  ['item_price', numeric],
  ['quantity', { test: isInteger, expected: 'an integer' }],
]);

/**
 * Checks `custom_data`: the documented parameters have their documented types, a PURCHASE has currency and value.
 * Any other key is a custom parameter and may hold any JSON value whose numbers are finite.
 */
export function checkCustomData(
  customData: JsonObject | undefined,
  isPurchase: boolean,
  errors: Errors,
): void {
  for (const key in customData) {
    const value = customData[key] as Json;
    const expectation = CUSTOM_DATA.get(key);
    if (key === 'contents') checkContents(value, errors);
    else if (expectation !== undefined) {
      if (!expectation.test(value)) wrong(errors, `custom_data.${key}`, expectation.expected);
    } else if (holdsInfinity(value)) wrong(errors, 'a number in a custom parameter', 'finite');
  }
  const poison = customData?.[POISON_KEY];
  if (poison !== undefined)
    errors.push({ code: CODES.poison, message: isText(poison) ? poison : 'Refused.' });
  if (!isPurchase) return;
  if (customData?.['currency'] === undefined) missing(errors, 'custom_data.currency');
  if (customData?.['value'] === undefined) missing(errors, 'custom_data.value');
}

function isContentType(value: Json): boolean {
  return value === 'product' || value === 'product_group';
}

function checkContents(value: Json, errors: Errors): void {
  if (!isArray(value) || value.length === 0) {
    wrong(errors, 'custom_data.contents', 'a non-empty array of objects');
    return;
  }
  for (const item of value) {
    if (!isObject(item) || Object.keys(item).length === 0) {
      wrong(errors, 'custom_data.contents[]', 'an object that is not empty');
      continue;
    }
    for (const key in item) {
      const expectation = CONTENTS_ITEM.get(key);
      if (expectation === undefined) unknownKey(errors, 'custom_data.contents[].', key);
      else if (!expectation.test(item[key] as Json)) {
        wrong(errors, `custom_data.contents[].${key}`, expectation.expected);
      }
    }
  }
}
