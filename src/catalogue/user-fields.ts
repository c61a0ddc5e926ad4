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
import { asIs, ipAddress, lowerCased, trimmed, uuid } from '../normalize/plain.js';
import { everywhere, field, owned } from './build.js';
import type { FieldSpec } from './types.js';

const PLACES = everywhere('user_data');
const USER_TABLE = 'source document, user data table';
const SCCID = '123e4567-e89b-12d3-a456-426614174000';

function hashedField(parts: Omit<Parameters<typeof field>[0], 'places' | 'shape' | 'hashed'>): FieldSpec {
  return field({ ...parts, places: PLACES, shape: 'array', hashed: true });
}

function plainField(parts: Omit<Parameters<typeof field>[0], 'places'>): FieldSpec {
  return field({ ...parts, places: PLACES });
}

export const EMAIL = hashedField({
  name: 'em',
  summary: 'E-mail address: trimmed, lower case, checked to be an address.',
  normalize: email,
  check: checkEmail,
  identifier: true,
  lookalikes: [
    ...owned('email', 'email_address', 'mail'),
    'e_mail',
    'email_addr',
    'email_id',
    'business_email',
  ],
  source: `${USER_TABLE}; pattern: HTML5 e-mail production plus non-ASCII letters, decision`,
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

export const PHONE = hashedField({
  name: 'ph',
  summary: 'Phone number with its country code: digits only, leading 00 or 0s dropped.',
  normalize: phone,
  check: checkPhone,
  identifier: true,
  lookalikes: [
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
  source: `${USER_TABLE}; kept 0 after a country code: decision`,
  good: [
    { input: '+44 844 412 4653', output: '448444124653' },
    { input: '0044-447-234-2344', output: '444472342344' },
    { input: '+1-(447) 234 2344', output: '14472342344' },
  ],
  bad: [
    { input: 'none', code: 'invalid_phone' },
    { input: '12345', code: 'suspicious_phone' },
    { input: '+44 (0)20 7946 0018', code: 'suspicious_phone' },
  ],
});

export const CLICK_ID = plainField({
  name: 'sc_click_id',
  summary: 'Click identifier (ScCid) of the landing page URL, in the shape of a UUID; case kept.',
  normalize: uuid,
  identifier: true,
  lookalikes: ['click_id', 'sccid', 'scclid', 'sc_cid', 'snap_click_id', 'snapchat_click_id'],
  source: USER_TABLE,
  good: [
    { input: SCCID, output: SCCID },
    { input: ` ${SCCID.toUpperCase()} `, output: SCCID.toUpperCase() },
  ],
  bad: [
    { input: '123e4567', code: 'invalid_uuid' },
    { input: `{${SCCID}}`, code: 'invalid_uuid' },
  ],
});

export const CLIENT_IP_ADDRESS = plainField({
  name: 'client_ip_address',
  summary: 'IPv4 or IPv6 address of the device, without port or zone.',
  normalize: ipAddress,
  identifier: true,
  lookalikes: ['ip', 'ip_address', 'ip_addr', 'client_ip', 'user_ip', 'user_ip_address', 'remote_addr'],
  source: USER_TABLE,
  good: [
    { input: '203.0.113.195', output: '203.0.113.195' },
    { input: ' 2001:db8::1 ', output: '2001:db8::1' },
  ],
  bad: [
    { input: '203.0.113.256', code: 'invalid_ip' },
    { input: '203.0.113.195:443', code: 'invalid_ip' },
    { input: 'fe80::1%eth0', code: 'invalid_ip' },
  ],
});

export const CLIENT_USER_AGENT = plainField({
  name: 'client_user_agent',
  summary: 'User agent of the device, trimmed.',
  normalize: trimmed,
  identifier: true,
  lookalikes: ['user_agent', 'ua', 'agent_string', 'user_agent_string', 'browser_user_agent'],
  source: USER_TABLE,
  good: [{ input: ' Chrome/87.0.4180.143 ', output: 'Chrome/87.0.4180.143' }],
});

export const MADID = plainField({
  name: 'madid',
  summary: 'Advertising identifier of the mobile device, lower case.',
  normalize: lowerCased,
  identifier: true,
  lookalikes: [
    'maid',
    'idfa',
    'gaid',
    'aaid',
    'advertising_id',
    'mobile_ad_id',
    'mobile_advertiser_id',
    'mobile_advertising_id',
    'google_advertising_id',
  ],
  source: USER_TABLE,
  good: [{ input: '123ABC', output: '123abc' }],
});

export const STATE = hashedField({
  name: 'st',
  summary:
    'State or province: lower case, no punctuation or spaces; names of US states become their two letters.',
  normalize: state,
  lookalikes: ['state', 'state_code', 'state_name', 'us_state', 'province', 'province_code'],
  source: `${USER_TABLE}; a row without a country counts as US: decision`,
  good: [
    { input: 'CA', output: 'ca' },
    { input: 'New York', output: 'ny', country: 'us' },
    { input: 'New South Wales', output: 'newsouthwales', country: 'au' },
  ],
});

export const POSTAL_CODE = hashedField({
  name: 'zp',
  summary: 'Postal code: lower case, without spaces and hyphens; five digits in the US.',
  normalize: postalCode,
  lookalikes: owned('zip', 'zipcode', 'postcode').concat('postal', 'zip_postal_code'),
  source: `${USER_TABLE}; a row without a country: decision`,
  good: [
    { input: '00000', output: '00000' },
    { input: '94105-1234', output: '94105' },
    { input: 'SW1A 1AA', output: 'sw1a1aa', country: 'gb' },
  ],
});

export const COUNTRY = hashedField({
  name: 'country',
  summary:
    'Country of the person as a two- or three-letter code, number or English name; becomes ISO 3166-1 alpha-2.',
  normalize: country,
  lookalikes: ['country_code', 'country_name', 'country_iso', 'iso_country', 'user_country'],
  source: `${USER_TABLE}; accepted spellings: decision`,
  good: [
    { input: 'US', output: 'us' },
    { input: 'DEU', output: 'de' },
    { input: '392', output: 'jp' },
    { input: 'South Korea', output: 'kr' },
  ],
  bad: [{ input: 'Atlantis', code: 'unknown_country' }],
});

/** Fields that say who the person is. */
export const USER_FIELDS: readonly FieldSpec[] = Object.freeze([
  EMAIL,
  PHONE,
  CLICK_ID,
  CLIENT_IP_ADDRESS,
  CLIENT_USER_AGENT,
  MADID,
  hashedField({
    name: 'fn',
    summary: 'First name: lower case, punctuation removed, inner spaces kept.',
    normalize: personName,
    lookalikes: owned('first_name').concat('fname', 'given_name', 'forename'),
    source: USER_TABLE,
    good: [
      { input: 'John', output: 'john' },
      { input: 'Raphaël', output: 'raphaël' },
      { input: ' Mary-Ann ', output: 'maryann' },
    ],
  }),
  hashedField({
    name: 'ln',
    summary: 'Last name: lower case, punctuation removed, inner spaces kept.',
    normalize: personName,
    lookalikes: owned('last_name').concat('lname', 'surname', 'family_name'),
    source: USER_TABLE,
    good: [
      { input: "O'Brien", output: 'obrien' },
      { input: 'van der Berg', output: 'van der berg' },
    ],
  }),
  hashedField({
    name: 'ge',
    summary: 'Gender: f/female or m/male; anything else is left out with a warning.',
    normalize: gender,
    choices: ['f', 'm'],
    lookalikes: ['gender', 'sex', 'user_gender', 'customer_gender'],
    source: `${USER_TABLE}; other values left out: decision`,
    good: [
      { input: 'F', output: 'f' },
      { input: 'Male', output: 'm' },
    ],
    bad: [{ input: 'unknown', code: 'unknown_gender' }],
  }),
  hashedField({
    name: 'ct',
    summary: 'City of the person: lower case, no punctuation or spaces.',
    normalize: city,
    lookalikes: ['town', 'city_name', 'user_city', 'customer_city', 'billing_city', 'home_city'],
    source: USER_TABLE,
    good: [
      { input: 'New York', output: 'newyork' },
      { input: 'St. Gallen', output: 'stgallen' },
    ],
  }),
  STATE,
  POSTAL_CODE,
  COUNTRY,
  hashedField({
    name: 'external_id',
    summary: "The advertiser's own identifier of the person, trimmed and otherwise kept as it is.",
    normalize: externalId,
    lookalikes: ['customer_id', 'user_id', 'member_id', 'external_user_id', 'loyalty_id', 'crm_id'],
    source: `${USER_TABLE}; trimmed only: decision`,
    good: [{ input: ' Loyalty-0042 ', output: 'Loyalty-0042' }],
  }),
  plainField({
    name: 'sc_cookie1',
    summary: 'First-party cookie of the Pixel SDK, in the shape of a UUID; case kept.',
    normalize: uuid,
    lookalikes: ['sc_cookie', 'scid', 'snap_cookie', 'uuid_c1'],
    source: USER_TABLE,
    good: [{ input: SCCID, output: SCCID }],
    bad: [{ input: 'cookie', code: 'invalid_uuid' }],
  }),
  plainField({
    name: 'idfv',
    summary: "Apple's identifier for the vendor, passed on as it is.",
    normalize: asIs,
    lookalikes: ['identifier_for_vendor'],
    source: USER_TABLE,
    good: [{ input: '1A2B3C4D-0000', output: '1A2B3C4D-0000' }],
  }),
  plainField({
    name: 'subscription_id',
    summary: 'Identifier of a subscription.',
    normalize: asIs,
    source: USER_TABLE,
    good: [{ input: 'SUB-1', output: 'SUB-1' }],
  }),
  plainField({
    name: 'lead_id',
    summary: 'Identifier of a Snapchat lead ad.',
    normalize: asIs,
    lookalikes: ['snap_lead_id'],
    source: USER_TABLE,
    good: [{ input: 'LEAD-1', output: 'LEAD-1' }],
  }),
  plainField({
    name: 'download_id',
    summary: 'Identifier of an app download.',
    normalize: asIs,
    source: USER_TABLE,
    good: [{ input: 'DL-1', output: 'DL-1' }],
  }),
]);
