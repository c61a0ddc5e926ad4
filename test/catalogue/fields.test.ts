import { describe, expect, it } from 'vitest';
import {
  CONTENTS_KEYS,
  CONTENTS_PREFIXES,
  EXTINFO_COLUMNS,
  FIELDS,
  NAMES,
  fieldByName,
  fieldsFor,
  isRequired,
  requiredColumns,
} from '../../src/catalogue/index.js';
import type { FieldSpec } from '../../src/catalogue/index.js';

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

const EVENT = words(
  `event_name event_time event_source_url event_id action_source data_processing_options advertiser_tracking_enabled`,
);
const USER =
  words(`em ph sc_click_id client_ip_address client_user_agent madid fn ln ge ct st zp country external_id
  sc_cookie1 idfv subscription_id lead_id download_id`);
const CUSTOM =
  words(`content_category content_ids content_name content_type contents currency num_items order_id
  predicted_ltv value search_string checkin_date travel_start travel_end suggested_destinations destination_airport
  origin_airport custom_country city region neighborhood postal_code departing_departure_date departing_arrival_date
  returning_departure_date returning_arrival_date num_adults num_children num_infants hotel_score
  preferred_neighborhoods preferred_star_ratings suggested_hotels destination_ids anon_id`);
const EXTINFO =
  words(`device_os package_name short_version long_version os_version device_model locale timezone_abbr
  carrier screen_width screen_height screen_density cpu_cores storage_size free_storage_size timezone_location`);
const HASHED = words('em ph fn ln ge ct st zp country external_id');

const named = (specs: readonly FieldSpec[]): readonly string[] => specs.map((spec) => spec.name);
const where = (test: (spec: FieldSpec) => boolean): readonly string[] =>
  named(FIELDS.filter(test)).toSorted();

describe('FIELDS', () => {
  it('has every column of the rule book and no other', () => {
    expect(named(FIELDS).toSorted()).toEqual(
      [...EVENT, ...USER, ...CUSTOM, ...EXTINFO, 'app_id', 'extinfo'].toSorted(),
    );
  });

  it('has unique lower-case names', () => {
    const names = named(FIELDS);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^[a-z][a-z0-9_]*$/.test(name))).toEqual([]);
  });

  it.each([
    ['WEB', 'event', 7],
    ['WEB', 'user_data', 19],
    ['WEB', 'custom_data', 35],
    ['WEB', 'app_data', 0],
    ['OFFLINE', 'event', 7],
    ['OFFLINE', 'user_data', 19],
    ['OFFLINE', 'custom_data', 35],
    ['OFFLINE', 'app_data', 0],
    ['MOBILE_APP', 'event', 6],
    ['MOBILE_APP', 'user_data', 19],
    ['MOBILE_APP', 'custom_data', 35],
    ['MOBILE_APP', 'app_data', 19],
  ] as const)('%s: %s has %i columns', (type, place, count) => {
    expect(FIELDS.filter((spec) => spec.places[type] === place)).toHaveLength(count);
  });

  it('puts each column where the rule book does', () => {
    expect(named(FIELDS.filter((spec) => spec.places.WEB === 'event'))).toEqual(EVENT);
    expect(where((spec) => spec.places.WEB === 'user_data')).toEqual(USER.toSorted());
    expect(where((spec) => spec.places.WEB === 'custom_data')).toEqual(CUSTOM.toSorted());
    expect(where((spec) => spec.places.WEB === undefined)).toEqual(
      [...EXTINFO, 'app_id', 'extinfo'].toSorted(),
    );
    expect(fieldByName('advertiser_tracking_enabled', 'WEB')?.places).toEqual({
      WEB: 'event',
      OFFLINE: 'event',
      MOBILE_APP: 'app_data',
    });
  });

  it('never gives two columns the same key in the same place', () => {
    const keys = FIELDS.filter((spec) => spec.extinfoPosition === undefined).map(
      (spec) => `${spec.places.MOBILE_APP ?? ''}.${spec.key}`,
    );
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('renames only custom_country', () => {
    expect(FIELDS.filter((spec) => spec.key !== spec.name).map((spec) => [spec.name, spec.key])).toEqual([
      ['custom_country', 'country'],
    ]);
  });

  it('hashes exactly the ten personal fields, always as arrays', () => {
    expect(where((spec) => spec.hashed)).toEqual(HASHED.toSorted());
    expect([...new Set(FIELDS.filter((spec) => spec.hashed).map((spec) => spec.shape))]).toEqual(['array']);
  });

  it('knows which fields take several values', () => {
    expect(where((spec) => spec.shape === 'string_or_array')).toEqual([
      'content_category',
      'destination_ids',
      'preferred_neighborhoods',
      'preferred_star_ratings',
      'suggested_destinations',
      'suggested_hotels',
    ]);
    expect(where((spec) => spec.shape === 'comma_array')).toEqual(['content_ids']);
    expect(where((spec) => spec.shape === 'array')).toEqual(
      [...HASHED, 'contents', 'data_processing_options', 'extinfo'].toSorted(),
    );
  });

  it('marks the fields that are handled in a way of their own', () => {
    expect(where((spec) => spec.kind === 'event_time')).toEqual(['event_time']);
    expect(where((spec) => spec.kind === 'contents')).toEqual(['contents']);
    expect(where((spec) => spec.kind === 'extinfo')).toEqual(['extinfo']);
    expect(where((spec) => spec.kind === 'ignored')).toEqual(['action_source']);
    expect(where((spec) => spec.type.json === 'number' && spec.kind === 'value')).toEqual([
      'advertiser_tracking_enabled',
      'num_adults',
      'num_children',
      'num_infants',
      'predicted_ltv',
      'value',
    ]);
  });

  it('documents each field', () => {
    for (const spec of FIELDS) {
      expect(spec.summary, spec.name).toMatch(/^[A-Z].*\.$/);
      expect(spec.reference, spec.name).toMatch(/^\S.+/);
      expect(spec.good.length, spec.name).toBeGreaterThan(0);
    }
  });

  it('never lists a standard name, or the same name twice, as a lookalike', () => {
    const similarNames = FIELDS.flatMap((spec) => spec.similarNames);
    expect(similarNames.filter((name) => named(FIELDS).includes(name))).toEqual([]);
    expect(new Set(similarNames).size).toBe(similarNames.length);
  });
});

describe('identifiers and required fields', () => {
  it('has the six identifiers', () => {
    expect(named(FIELDS.filter((spec) => spec.identifier))).toEqual(
      words('em ph sc_click_id client_ip_address client_user_agent madid'),
    );
  });

  it.each([
    ['WEB', undefined, 'event_name event_time event_source_url'],
    ['WEB', 'PAGE_VIEW', 'event_name event_time event_source_url'],
    ['WEB', 'PURCHASE', 'event_name event_time event_source_url currency value'],
    ['OFFLINE', undefined, 'event_name event_time'],
    ['OFFLINE', 'PURCHASE', 'event_name event_time currency value'],
    [
      'MOBILE_APP',
      'APP_OPEN',
      'event_name event_time advertiser_tracking_enabled app_id extinfo device_os os_version',
    ],
    [
      'MOBILE_APP',
      'PURCHASE',
      'event_name event_time advertiser_tracking_enabled currency value app_id extinfo device_os os_version',
    ],
  ] as const)('%s, %s', (type, eventName, expected) => {
    expect(named(requiredColumns(type, eventName))).toEqual(words(expected));
  });

  it('answers for one field', () => {
    expect(isRequired(NAMES.value, 'WEB', 'PURCHASE')).toBe(true);
    expect(isRequired(NAMES.value, 'WEB', 'SAVE')).toBe(false);
    expect(isRequired(NAMES.value, 'WEB')).toBe(false);
    expect(isRequired(NAMES.eventSourceUrl, 'OFFLINE', 'PURCHASE')).toBe(false);
    expect(isRequired(NAMES.eventTime, 'OFFLINE', 'anything')).toBe(true);
  });
});

describe('fieldByName', () => {
  it('ignores case and surrounding blanks', () => {
    expect(fieldByName(' Event_NAME ', 'WEB')).toBe(NAMES.eventName);
    expect(fieldByName('EM', 'OFFLINE')).toBe(NAMES.email);
  });

  it.each(['app_id', 'extinfo', ...EXTINFO])('%s is standard for app events only', (name) => {
    expect(fieldByName(name, 'MOBILE_APP')?.name).toBe(name);
    expect(fieldByName(name, 'WEB')).toBeUndefined();
    expect(fieldByName(name, 'OFFLINE')).toBeUndefined();
  });

  it.each(['email', 'em_1', 'integration', 'user_data', '__proto__', 'constructor', 'toString', ''])(
    'does not know %j',
    (name) => {
      expect(fieldByName(name, 'WEB')).toBeUndefined();
      expect(fieldByName(name, 'MOBILE_APP')).toBeUndefined();
    },
  );

  it('lists what it knows', () => {
    expect(named(fieldsFor('WEB'))).toEqual(words([...EVENT, ...USER, ...CUSTOM].join(' ')));
    expect(fieldsFor('MOBILE_APP')).toHaveLength(79);
  });
});

describe('NAMES', () => {
  it.each([
    ['eventName', 'event_name'],
    ['eventTime', 'event_time'],
    ['eventSourceUrl', 'event_source_url'],
    ['eventId', 'event_id'],
    ['actionSource', 'action_source'],
    ['trackingEnabled', 'advertiser_tracking_enabled'],
    ['email', 'em'],
    ['phone', 'ph'],
    ['clickId', 'sc_click_id'],
    ['clientIpAddress', 'client_ip_address'],
    ['clientUserAgent', 'client_user_agent'],
    ['mobileAdId', 'madid'],
    ['country', 'country'],
    ['state', 'st'],
    ['postalCode', 'zp'],
    ['contents', 'contents'],
    ['currency', 'currency'],
    ['value', 'value'],
    ['appId', 'app_id'],
    ['extinfo', 'extinfo'],
    ['deviceOs', 'device_os'],
    ['osVersion', 'os_version'],
  ] as const)('%s is %s', (role, name) => {
    expect(NAMES[role].name).toBe(name);
    expect(FIELDS).toContain(NAMES[role]);
  });
});

describe('extinfo and contents', () => {
  it('has the 16 positions in order', () => {
    expect(named(EXTINFO_COLUMNS)).toEqual(EXTINFO);
    expect(EXTINFO_COLUMNS.map((spec) => spec.extinfoPosition)).toEqual([...Array(16).keys()]);
  });

  it('demands 64-bit integers in positions 9, 10, 12, 13 and 14 only', () => {
    const context = { country: undefined };
    const integers = EXTINFO_COLUMNS.filter(
      (spec) =>
        typeof spec.type.normalize('9223372036854775808', context) === 'object' && spec.extinfoPosition !== 0,
    );
    expect(integers.map((spec) => spec.extinfoPosition)).toEqual([9, 10, 12, 13, 14]);
    expect(integers.map((spec) => spec.type.normalize('9223372036854775807', context))).toEqual(
      Array(5).fill('9223372036854775807'),
    );
  });

  it('has the keys and prefixes of contents', () => {
    expect(CONTENTS_KEYS.map((key) => [key.key, key.type.label])).toEqual([
      ['id', 'text'],
      ['quantity', 'integer'],
      ['item_price', 'number'],
      ['delivery_category', 'text'],
      ['brand', 'text'],
    ]);
    expect(CONTENTS_PREFIXES).toEqual(['content', 'contents']);
  });
});
