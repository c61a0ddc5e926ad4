import { everywhere, hashedField, owned } from './build.js';
import type { HashedField } from './types.js';
import { TYPES } from './value-types.js';

const PLACES = everywhere('user_data');
const USER_TABLE = 'source document, user data table';

function personalField(parts: Omit<Parameters<typeof hashedField>[0], 'places'>): HashedField {
  return hashedField({ ...parts, places: PLACES });
}

export const EMAIL = personalField({
  name: 'em',
  dropsPlaceholders: true,
  summary: 'E-mail address: trimmed, lower case, checked to be an address.',
  type: TYPES.email,
  identifier: true,
  similarNames: [
    ...owned('email', 'email_address', 'mail'),
    'e_mail',
    'email_addr',
    'email_id',
    'business_email',
  ],
  reference: `${USER_TABLE}; pattern: HTML5 e-mail production plus non-ASCII letters, decision`,
  good: [
    { input: 'Person@Example.com', output: 'person@example.com' },
    { input: '    test123@example.com  ', output: 'test123@example.com' },
  ],
  bad: [
    { input: 'not an address', code: 'invalid_email' },
    { input: 'person@', code: 'invalid_email' },
    { input: 'a@b@example.com', code: 'invalid_email' },
  ],
});

export const PHONE = personalField({
  name: 'ph',
  dropsPlaceholders: true,
  summary: 'Phone number with its country code: digits only, leading 00 or 0s dropped.',
  type: TYPES.phone,
  identifier: true,
  similarNames: [
    ...owned('phone', 'phone_number', 'mobile', 'mobile_number'),
    'phone_no',
    'phone_num',
    'mobile_phone',
    'mobile_no',
    'cell_phone',
    'telephone',
    'telephone_number',
    'tel',
    'msisdn',
  ],
  reference: `${USER_TABLE}; kept 0 after a country code: decision`,
  good: [
    { input: '+44 844 412 4653', output: '448444124653' },
    { input: '0044-447-234-2344', output: '444472342344' },
    { input: '+1-(447) 234 2344', output: '14472342344' },
    { input: '442079460958.0', output: '442079460958' },
    { input: '4.42079460958E11', output: '442079460958' },
    {
      input: '(212) 555-0187',
      output: '12125550187',
      context: { rowCountry: 'us', phoneCountry: 'gb' },
    },
  ],
  bad: [
    { input: 'NOT-A-PHONE', code: 'invalid_phone' },
    { input: '000', code: 'invalid_phone' },
    { input: '4.42079E+11', code: 'phone_lost_digits' },
    { input: '030/7654321', code: 'phone_without_country_code' },
    { input: '(212) 555-0187', code: 'phone_without_country_code', context: { rowCountry: 'us' } },
    { input: '12345', code: 'suspicious_phone' },
    { input: '+44 (0)20 7946 0018', code: 'suspicious_phone' },
  ],
});

export const STATE = personalField({
  name: 'st',
  summary:
    'State or province: lower case, no punctuation or spaces; names of US states become their two letters.',
  type: TYPES.state,
  similarNames: ['state', 'state_code', 'state_name', 'us_state', 'province', 'province_code'],
  reference: `${USER_TABLE}; a row without a country counts as US: decision`,
  good: [
    { input: 'CA', output: 'ca' },
    { input: 'New York', output: 'ny', context: { country: 'us' } },
    { input: 'New South Wales', output: 'newsouthwales', context: { country: 'au' } },
  ],
});

export const POSTAL_CODE = personalField({
  name: 'zp',
  summary: 'Postal code: lower case, without spaces and hyphens; five digits in the US.',
  type: TYPES.postalCode,
  similarNames: owned('zip', 'zipcode', 'postcode').concat('postal', 'zip_postal_code'),
  reference: `${USER_TABLE}; a row without a country: decision`,
  good: [
    { input: '00000', output: '00000' },
    { input: '94105-1234', output: '94105' },
    { input: 'SW1A 1AA', output: 'sw1a1aa', context: { country: 'gb' } },
  ],
});

export const COUNTRY = personalField({
  name: 'country',
  summary:
    'Country of the person as a two- or three-letter code, number or English name; becomes ISO 3166-1 alpha-2.',
  type: TYPES.country,
  similarNames: ['country_code', 'country_name', 'country_iso', 'iso_country', 'user_country'],
  reference: `${USER_TABLE}; accepted spellings: decision`,
  good: [
    { input: 'US', output: 'us' },
    { input: 'DEU', output: 'de' },
    { input: '392', output: 'jp' },
    { input: 'South Korea', output: 'kr' },
  ],
  bad: [{ input: 'Atlantis', code: 'unknown_country' }],
});

export const FIRST_NAME = personalField({
  name: 'fn',
  summary: 'First name: lower case, punctuation removed, inner spaces kept.',
  type: TYPES.personName,
  similarNames: owned('first_name').concat('fname', 'given_name', 'forename'),
  reference: USER_TABLE,
  good: [
    { input: 'John', output: 'john' },
    { input: 'Raphaël', output: 'raphaël' },
    { input: ' Mary-Ann ', output: 'maryann' },
  ],
});

export const LAST_NAME = personalField({
  name: 'ln',
  summary: 'Last name: lower case, punctuation removed, inner spaces kept.',
  type: TYPES.personName,
  similarNames: owned('last_name').concat('lname', 'surname', 'family_name'),
  reference: USER_TABLE,
  good: [
    { input: "O'Brien", output: 'obrien' },
    { input: 'van der Berg', output: 'van der berg' },
  ],
});

export const GENDER = personalField({
  name: 'ge',
  summary: 'Gender: f/female or m/male; anything else is left out with a warning.',
  type: TYPES.gender,
  similarNames: ['gender', 'sex', 'user_gender', 'customer_gender'],
  reference: `${USER_TABLE}; other values left out: decision`,
  good: [
    { input: 'F', output: 'f' },
    { input: 'Male', output: 'm' },
  ],
  bad: [{ input: 'unknown', code: 'unknown_gender' }],
});

export const CITY = personalField({
  name: 'ct',
  summary: 'City of the person: lower case, no punctuation or spaces.',
  type: TYPES.city,
  similarNames: ['town', 'city_name', 'user_city', 'customer_city', 'billing_city', 'home_city'],
  reference: USER_TABLE,
  good: [
    { input: 'New York', output: 'newyork' },
    { input: 'St. Gallen', output: 'stgallen' },
  ],
});

export const EXTERNAL_ID = personalField({
  name: 'external_id',
  dropsPlaceholders: true,
  summary: "The advertiser's own identifier of the person, trimmed and otherwise kept as it is.",
  type: TYPES.externalId,
  similarNames: ['customer_id', 'user_id', 'member_id', 'external_user_id', 'loyalty_id', 'crm_id'],
  reference: `${USER_TABLE}; trimmed only: decision`,
  good: [{ input: ' Loyalty-0042 ', output: 'Loyalty-0042' }],
});
