import { currency } from '../normalize/currency.js';
import { isoDate } from '../normalize/date.js';
import {
  checkEmail,
  checkPhone,
  city,
  country,
  email,
  externalId,
  gender,
  personName,
  phone,
  postalCode,
  state,
} from '../normalize/identity.js';
import { count, decimal, int64Text, integer, integerText } from '../normalize/number.js';
import {
  airport,
  appId,
  asIs,
  boolean01,
  ipAddress,
  lowerCased,
  trimmed,
  url,
  uuid,
} from '../normalize/plain.js';
import { eventTime } from '../normalize/time.js';
import type { JsonSchema, Normalizer, ValueType } from './types.js';

type Traits = Partial<Pick<ValueType, 'check' | 'recurring' | 'dependsOnCountry'>>;

const DEFAULTS = { neverNeedsEscaping: false, recurring: false, dependsOnCountry: false };

function text(normalize: Normalizer, traits: Traits = {}): ValueType {
  const schema = { type: 'string', minLength: 1 };
  return Object.freeze({ ...DEFAULTS, json: 'string', label: 'text', schema, normalize, ...traits });
}

function numeric(label: string, schema: JsonSchema, normalize: Normalizer): ValueType {
  return Object.freeze({ ...DEFAULTS, json: 'number', label, schema, normalize });
}

function pattern(label: string, regex: string, normalize: Normalizer): ValueType {
  return Object.freeze({
    ...DEFAULTS,
    json: 'string',
    label,
    schema: { type: 'string', pattern: regex },
    normalize,
  });
}

/** Text that matches the pattern from end to end; no character of the pattern needs escaping in JSON. */
function closedPattern(label: string, regex: string, normalize: Normalizer): ValueType {
  return Object.freeze({ ...pattern(label, `^${regex}$`, normalize), neverNeedsEscaping: true });
}

/** One of a closed list of words. Only words that JSON takes as they are switch escaping off. */
export function oneOfWords(
  choices: readonly string[],
  normalize: Normalizer,
  traits: Traits = {},
): ValueType {
  return Object.freeze({
    ...DEFAULTS,
    json: 'string',
    label: 'word',
    schema: { type: 'string', enum: choices },
    normalize,
    choices,
    neverNeedsEscaping: choices.every((word) => /^[A-Za-z0-9_]+$/.test(word)),
    ...traits,
  });
}

const SAFE = Number.MAX_SAFE_INTEGER;

/** The kinds of values that fields hold. */
export const TYPES = Object.freeze({
  text: text(asIs),
  trimmedText: text(trimmed),
  lowerCaseText: text(lowerCased),
  decimal: numeric('number', { type: 'number' }, decimal),
  integer: numeric('integer', { type: 'integer', minimum: -SAFE, maximum: SAFE }, integer),
  count: numeric('integer from 0', { type: 'integer', minimum: 0, maximum: SAFE }, count),
  boolean: numeric('boolean', { type: 'integer', enum: [0, 1] }, boolean01),
  time: numeric('time', { type: 'integer', minimum: 0 }, eventTime),
  integerText: closedPattern('integer as text', '-?[0-9]+', integerText),
  int64Text: closedPattern('64-bit integer as text', '-?[0-9]{1,19}', int64Text),
  uuid: closedPattern('UUID', '[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}', uuid),
  ipAddress: closedPattern('IP address', '[0-9A-Fa-f:.]{2,45}', ipAddress),
  url: pattern('URL', '^[Hh][Tt][Tt][Pp][Ss]?://', url),
  appId: closedPattern('app id', '(?:[0-9]+|[A-Za-z][A-Za-z0-9_]*(?:\\.[A-Za-z][A-Za-z0-9_]*)+)', appId),
  airport: closedPattern('IATA code', '[A-Z]{3}', airport),
  currency: closedPattern('currency code', '[A-Z]{3}', currency),
  date: closedPattern('date', '[0-9]{4}-[0-9]{2}-[0-9]{2}', isoDate),
  email: text(email, { check: checkEmail }),
  phone: text(phone, { check: checkPhone }),
  personName: text(personName, { recurring: true }),
  gender: oneOfWords(['f', 'm'], gender, { recurring: true }),
  city: text(city, { recurring: true }),
  state: text(state, { recurring: true, dependsOnCountry: true }),
  postalCode: text(postalCode, { dependsOnCountry: true }),
  country: text(country, { recurring: true }),
  externalId: text(externalId),
});
