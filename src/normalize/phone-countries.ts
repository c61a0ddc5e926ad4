import { createRequire } from 'node:module';
import type * as Library from 'libphonenumber-js/core';
import { RunError } from '../errors.js';
import { lazily } from './lazily.js';
import { CALLING_CODES } from './tables/calling-codes.js';

type PhoneLibrary = Pick<typeof Library, 'parsePhoneNumberFromString'> & {
  readonly metadata: Library.MetadataJson;
};

const require = createRequire(import.meta.url);

/** An optional package: it is large, and only `phone_country` needs it. */
const library = lazily<PhoneLibrary>(() => {
  const { parsePhoneNumberFromString } = require('libphonenumber-js/core') as typeof Library;
  return {
    parsePhoneNumberFromString,
    metadata: require('libphonenumber-js/metadata.min.json') as Library.MetadataJson,
  };
});

const CODE_OF_COUNTRY: ReadonlyMap<string, string> = new Map(
  CALLING_CODES.flatMap(([code, countries]) => countries.split(' ').map((country) => [country, code])),
);

/** The calling code of a country (lower-case alpha-2), such as `44`; `undefined` when it has none. */
export function callingCode(country: string): string | undefined {
  return CODE_OF_COUNTRY.get(country);
}

/** Throws RunError `package_missing` when numbers cannot be completed, because the package for it is not installed. */
export function requirePhoneLibrary(): void {
  try {
    library();
  } catch {
    throw new RunError('package_missing', '"phone_country" needs the package libphonenumber-js', {
      fix: 'Install it beside snapcapi: npm install libphonenumber-js (with --global if snapcapi is installed so).',
    });
  }
}

/**
 * The digits of a national number of a country (lower-case alpha-2) with its calling code, without `+`; also those of
 * a number that has the code already. `undefined` when it is no valid number there.
 */
export function completeNumber(digits: string, country: string): string | undefined {
  if (!CODE_OF_COUNTRY.has(country)) return undefined;
  const { parsePhoneNumberFromString, metadata } = library();
  const options = { defaultCountry: country.toUpperCase() as Library.CountryCode, extract: false };
  const parsed = parsePhoneNumberFromString(digits, options, metadata);
  return parsed?.isValid() === true ? parsed.number.slice(1) : undefined;
}
