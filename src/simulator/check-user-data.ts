import type { Errors } from './event-error.js';
import { unknownKey, wrong } from './event-error.js';
import type { Json, JsonObject } from './json.js';
import { isArray } from './json.js';
import { isAddress, isHash, isText, isTrimmed, isUuidShape } from './predicates.js';
import { CODES, EMPTY_HASHES } from './vocabulary.js';

type Check = (value: Json, key: string, errors: Errors) => void;

const plain =
  (test: (value: Json) => boolean, expected: string): Check =>
  (value, key, errors) => {
    if (!test(value)) wrong(errors, `user_data.${key}`, expected);
  };

const text = plain(isText, 'a text');
const uuid = plain(isUuidShape, 'in UUID format');

/** Every key `user_data` may have. `anon_id` is missing on purpose: with it the API fails to parse the request. */
const USER_DATA: ReadonlyMap<string, Check> = new Map([
  ['client_ip_address', plain(isAddress, 'an IPv4 or IPv6 address')],
  ['client_user_agent', plain(isTrimmed, 'a text without blanks at its ends')],
  ['country', hashes],
  ['ct', hashes],
  ['download_id', text],
  ['em', hashes],
  ['external_id', hashes],
  ['fn', hashes],
  ['ge', hashes],
  ['idfv', text],
  ['lead_id', text],
  ['ln', hashes],
  ['madid', plain(isLowerText, 'a text in lower case')],
  ['ph', hashes],
  ['sc_click_id', uuid],
  ['sc_cookie1', uuid],
  ['st', hashes],
  ['subscription_id', text],
  ['zp', hashes],
]);

/**
 * Checks `user_data`: known keys only, personal data only as arrays of distinct SHA-256 hashes, the documented shapes,
 * and enough to identify a customer.
 */
export function checkUserData(
  userData: JsonObject | undefined,
  strictIdentifiers: boolean,
  errors: Errors,
): void {
  for (const key in userData) {
    const check = USER_DATA.get(key);
    if (check === undefined) unknownKey(errors, 'user_data.', key);
    else check(userData[key] as Json, key, errors);
  }
  if (userData === undefined || !identifies(userData, strictIdentifiers)) {
    errors.push({ code: CODES.identifiers, message: 'Insufficient customer information.' });
  }
}

/** Whether the API is known to identify nobody by what the event has, although the documents' own rule is met. */
export function isWeaklyIdentified(userData: JsonObject): boolean {
  return identifies(userData, false) && !identifies(userData, true);
}

function identifies(userData: JsonObject, strict: boolean): boolean {
  if (has(userData, 'em') || has(userData, 'ph') || has(userData, 'madid')) return true;
  const address = has(userData, 'client_ip_address');
  const agent = has(userData, 'client_user_agent');
  if (strict) return address && agent;
  return address || agent || has(userData, 'sc_click_id');
}

function has(userData: JsonObject, key: string): boolean {
  return userData[key] !== undefined;
}

function isLowerText(value: Json): boolean {
  return isTrimmed(value) && value === value.toLowerCase();
}

function hashes(value: Json, key: string, errors: Errors): void {
  if (!isArray(value) || value.length === 0) {
    badHash(errors, key, 'must be an array of SHA-256 hashes');
    return;
  }
  for (let index = 0; index < value.length; index++) {
    const hash = value[index] as Json;
    if (!isHash(hash))
      badHash(errors, key, 'has an element that is not 64 lower-case hexadecimal characters');
    else if (EMPTY_HASHES.has(hash)) badHash(errors, key, 'has the hash of an empty value');
    else if (index > 0 && value.indexOf(hash) !== index) badHash(errors, key, 'has the same hash twice');
  }
}

function badHash(errors: Errors, key: string, what: string): void {
  errors.push({ code: CODES.hash, message: `user_data.${key} ${what}.` });
}
