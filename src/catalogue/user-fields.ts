import { everywhere, field, type FieldParts } from './build.js';
import {
  CITY,
  COUNTRY,
  EMAIL,
  EXTERNAL_ID,
  FIRST_NAME,
  GENDER,
  LAST_NAME,
  PHONE,
  POSTAL_CODE,
  STATE,
} from './personal-fields.js';
import type { FieldSpec, UnhashedField } from './types.js';
import { TYPES } from './value-types.js';

const PLACES = everywhere('user_data');
const USER_TABLE = 'source document, user data table';
const SCCID = '123e4567-e89b-12d3-a456-426614174000';

function userField(parts: Omit<FieldParts, 'places'>): UnhashedField {
  return field({ ...parts, places: PLACES });
}

export const CLICK_ID = userField({
  name: 'sc_click_id',
  dropsPlaceholders: true,
  summary: 'Click identifier (ScCid) of the landing page URL, in the shape of a UUID; case kept.',
  type: TYPES.uuid,
  identifier: true,
  similarNames: ['click_id', 'sccid', 'scclid', 'sc_cid', 'snap_click_id', 'snapchat_click_id'],
  reference: USER_TABLE,
  good: [
    { input: SCCID, output: SCCID },
    { input: ` ${SCCID.toUpperCase()} `, output: SCCID.toUpperCase() },
  ],
  bad: [
    { input: '123e4567', code: 'invalid_uuid' },
    { input: `{${SCCID}}`, code: 'invalid_uuid' },
  ],
});

export const CLIENT_IP_ADDRESS = userField({
  name: 'client_ip_address',
  summary: 'IPv4 or IPv6 address of the device, without port or zone.',
  type: TYPES.ipAddress,
  identifier: true,
  similarNames: ['ip', 'ip_address', 'ip_addr', 'client_ip', 'user_ip', 'user_ip_address', 'remote_addr'],
  reference: USER_TABLE,
  good: [
    { input: '203.0.113.195', output: '203.0.113.195' },
    { input: ' 2001:db8::1 ', output: '2001:db8::1' },
    { input: '::ffff:203.0.113.7', output: '203.0.113.7' },
  ],
  bad: [
    { input: '203.0.113.256', code: 'invalid_ip' },
    { input: '203.0.113.195:443', code: 'invalid_ip' },
    { input: 'fe80::1%eth0', code: 'invalid_ip' },
  ],
});

export const CLIENT_USER_AGENT = userField({
  name: 'client_user_agent',
  dropsPlaceholders: true,
  summary: 'User agent of the device, trimmed.',
  type: TYPES.trimmedText,
  identifier: true,
  similarNames: ['user_agent', 'ua', 'agent_string', 'user_agent_string', 'browser_user_agent'],
  reference: USER_TABLE,
  good: [{ input: ' Chrome/87.0.4180.143 ', output: 'Chrome/87.0.4180.143' }],
});

export const MADID = userField({
  name: 'madid',
  dropsPlaceholders: true,
  summary: 'Advertising identifier of the mobile device, lower case.',
  type: TYPES.lowerCaseText,
  identifier: true,
  similarNames: [
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
  reference: USER_TABLE,
  good: [{ input: '123ABC', output: '123abc' }],
});

/** Fields that say who the person is. */
export const USER_FIELDS: readonly FieldSpec[] = Object.freeze([
  EMAIL,
  PHONE,
  CLICK_ID,
  CLIENT_IP_ADDRESS,
  CLIENT_USER_AGENT,
  MADID,
  FIRST_NAME,
  LAST_NAME,
  GENDER,
  CITY,
  STATE,
  POSTAL_CODE,
  COUNTRY,
  EXTERNAL_ID,
  userField({
    name: 'sc_cookie1',
    dropsPlaceholders: true,
    summary: 'First-party cookie of the Pixel SDK, in the shape of a UUID; case kept.',
    type: TYPES.uuid,
    similarNames: ['sc_cookie', 'scid', 'snap_cookie', 'uuid_c1'],
    reference: USER_TABLE,
    good: [{ input: SCCID, output: SCCID }],
    bad: [{ input: 'cookie', code: 'invalid_uuid' }],
  }),
  userField({
    name: 'idfv',
    dropsPlaceholders: true,
    summary: "Apple's identifier for the vendor, passed on as it is.",
    type: TYPES.text,
    similarNames: ['identifier_for_vendor'],
    reference: USER_TABLE,
    good: [{ input: '1A2B3C4D-0000', output: '1A2B3C4D-0000' }],
  }),
  userField({
    name: 'subscription_id',
    summary: 'Identifier of a subscription.',
    type: TYPES.text,
    reference: USER_TABLE,
    good: [{ input: 'SUB-1', output: 'SUB-1' }],
  }),
  userField({
    name: 'lead_id',
    summary: 'Identifier of a Snapchat lead ad.',
    type: TYPES.text,
    similarNames: ['snap_lead_id'],
    reference: USER_TABLE,
    good: [{ input: 'LEAD-1', output: 'LEAD-1' }],
  }),
  userField({
    name: 'download_id',
    summary: 'Identifier of an app download.',
    type: TYPES.text,
    reference: USER_TABLE,
    good: [{ input: 'DL-1', output: 'DL-1' }],
  }),
]);
