import { describe, expect, test } from 'vitest';

import type { EventRules } from '../../src/simulator/check-event.js';
import { checkEvent, warningsFor } from '../../src/simulator/check-event.js';
import type { JsonObject } from '../../src/simulator/json.js';
import { appEvent, EM_HASH, EXTINFO, NOW_MS, PH_HASH, webEvent } from './support.js';

const HOUR_MS = 3_600_000;
const RULES: EventRules = {
  nowMs: NOW_MS,
  maxAgeMs: 169 * HOUR_MS,
  maxFutureMs: HOUR_MS,
  strictIdentifiers: false,
  requireAppId: true,
};

const UUID = '123e4567-e89b-12d3-a456-426614174000';

function messages(event: JsonObject, rules: Partial<EventRules> = {}): string[] {
  return checkEvent(event, { ...RULES, ...rules }).map((error) => error.message);
}

/** A page view, which needs no custom data. */
const view = (changes: object): JsonObject =>
  webEvent({ event_name: 'PAGE_VIEW', custom_data: {}, ...changes });
const user = (userData: object): JsonObject => view({ user_data: { em: [EM_HASH], ...userData } });
const custom = (customData: object): JsonObject => view({ custom_data: customData });
const element = (index: number, value: unknown): unknown[] =>
  EXTINFO.map((old, i) => (i === index ? value : old));

describe('good events', () => {
  test.each<[string, JsonObject]>([
    ['a purchase', webEvent()],
    ['no event_id', webEvent({ event_id: undefined })],
    ['seconds', view({ event_time: NOW_MS / 1000 })],
    [
      'an offline event in seconds',
      view({ action_source: 'OFFLINE', event_time: NOW_MS / 1000, event_source_url: undefined }),
    ],
    ['seven days old', view({ event_time: NOW_MS - 168 * HOUR_MS })],
    ['half an hour ahead', view({ event_time: NOW_MS + HOUR_MS / 2 })],
    ['integration', view({ integration: 'snapcapi' })],
    ['processing options', view({ data_processing_options: ['LMU', 'DELETE'] })],
    ['tracking of a web event', view({ advertiser_tracking_enabled: 0 })],
    [
      'numbers as text',
      webEvent({
        custom_data: { currency: 'USD', value: '10', contents: [{ quantity: '1', item_price: '5' }] },
      }),
    ],
    ['value 0', webEvent({ custom_data: { currency: 'USD', value: 0 } })],
    [
      'every hashed field',
      user(
        Object.fromEntries(
          ['ph', 'fn', 'ln', 'ge', 'ct', 'st', 'zp', 'country', 'external_id'].map((key) => [
            key,
            [EM_HASH, PH_HASH],
          ]),
        ),
      ),
    ],
    [
      'plain user data',
      user({
        sc_click_id: UUID.toUpperCase(),
        sc_cookie1: UUID,
        idfv: 'A',
        subscription_id: '1',
        lead_id: '2',
        download_id: '3',
      }),
    ],
    [
      'IPv4 and agent only',
      view({ user_data: { client_ip_address: '203.0.113.7', client_user_agent: 'Mozilla/5.0' } }),
    ],
    ['IPv6 only', view({ user_data: { client_ip_address: '2001:db8::1' } })],
    ['click ID only', view({ user_data: { sc_click_id: UUID } })],
    [
      'one text or several',
      custom({ content_category: 'shoes', suggested_hotels: ['a', 'b'], content_ids: ['1'] }),
    ],
    [
      'travel',
      custom({
        checkin_date: '2024-02-29',
        origin_airport: 'LAX',
        num_adults: 2,
        num_infants: 0,
        num_items: '3',
        hotel_score: '4.5',
      }),
    ],
    [
      'custom parameters of any type',
      custom({ a: 1, b: true, c: '', d: [1, 'x'], e: { f: 2 }, constructor: 'x' }),
    ],
    [
      'an own __proto__',
      JSON.parse(
        JSON.stringify(custom({})).replace('"custom_data":{}', '"custom_data":{"__proto__":{"em":1}}'),
      ),
    ],
    ['an app event', appEvent()],
    ['Android', appEvent({ app_id: 'com.example.app', extinfo: element(0, 'a2') })],
    ['64-bit positions', appEvent({ extinfo: element(13, '9223372036854775807') })],
    ['empty 64-bit positions', appEvent({ extinfo: element(13, '') })],
  ])('%s', (_name, event) => {
    expect(messages(event)).toEqual([]);
  });

  test("the vendor's sample, which is old and has no app_id", () => {
    const sample = {
      event_name: 'PURCHASE',
      event_time: 1705508777,
      event_id: 'EBBE201',
      action_source: 'MOBILE_APP',
      event_source_url: 'https://www.example.com/',
      app_data: {
        advertiser_tracking_enabled: 1,
        extinfo: [
          'a2',
          'com.some.app',
          '771',
          'Version 7.7.1',
          '10.1.1',
          'OnePlus6',
          'en_US',
          'GMT-1',
          'TMobile',
          '1920',
          '1080',
          '2.00',
          '2',
          '128',
          '8',
          'USA/New York',
        ],
      },
      user_data: {
        em: ['7b17fb0bd173f625b58636fb796407c22b3d16fc78302d79f0fd30c2fc2fc068'],
        ph: ['959995162a8d9712427ae9c39676cde79bbfc9f560bc3911ec9edcf1f169e5f6'],
      },
      custom_data: {
        currency: 'USD',
        value: '10',
        contents: [{ id: '003', quantity: '1', item_price: '5', brand: 'fidos_fare' }],
      },
    };
    expect(messages(sample, { nowMs: 1705508777000, requireAppId: false })).toEqual([]);
    expect(messages(sample, { nowMs: 1705508777000 })).toEqual(['app_data.app_id is required.']);
    expect(messages(sample, { requireAppId: false })).toEqual(['event_time is too old.']);
  });
});

const TIME_FORM = 'event_time must be an integer of 13 digits (milliseconds) or 10 digits (seconds).';
const NOBODY = 'Insufficient customer information.';
const NOT_A_HASH = 'has an element that is not 64 lower-case hexadecimal characters.';

describe('bad events: exactly this complaint', () => {
  test.each<[string, JsonObject, string]>([
    ['unknown key', view({ pixel_id: '1' }), 'pixel_id is not a known parameter.'],
    ['no name', view({ event_name: undefined }), 'event_name is required.'],
    [
      'name in lower case',
      view({ event_name: 'page_view' }),
      'event_name must be one of the names of the Conversions API.',
    ],
    [
      'unknown name',
      view({ event_name: 'CUSTOM_EVENT_6' }),
      'event_name must be one of the names of the Conversions API.',
    ],
    ['no time', view({ event_time: undefined }), 'event_time is required.'],
    ['time as text', view({ event_time: `${NOW_MS}` }), TIME_FORM],
    ['time with a fraction', view({ event_time: NOW_MS + 0.5 }), TIME_FORM],
    ['microseconds', view({ event_time: NOW_MS * 1000 }), TIME_FORM],
    ['nine digits', view({ event_time: 999_999_999 }), TIME_FORM],
    ['too old', view({ event_time: NOW_MS - 169 * HOUR_MS - 1 }), 'event_time is too old.'],
    ['future', view({ event_time: NOW_MS + HOUR_MS + 1 }), 'event_time is in the future.'],
    ['no source', view({ action_source: undefined }), 'action_source is required.'],
    ['unknown source', view({ action_source: 'web' }), 'action_source must be WEB, MOBILE_APP or OFFLINE.'],
    ['no URL', view({ event_source_url: undefined }), 'event_source_url is required.'],
    [
      'URL without scheme',
      view({ event_source_url: 'shop.example.com' }),
      'event_source_url must be an absolute http or https URL.',
    ],
    [
      'ftp URL',
      view({ event_source_url: 'ftp://shop.example.com/' }),
      'event_source_url must be an absolute http or https URL.',
    ],
    [
      'URL without host',
      view({ event_source_url: 'https://' }),
      'event_source_url must be an absolute http or https URL.',
    ],
    ['event_id as number', view({ event_id: 7 }), 'event_id must be a text.'],
    ['blank event_id', view({ event_id: ' ' }), 'event_id must be a text.'],
    ['integration', view({ integration: '' }), 'integration must be a text.'],
    [
      "another network's option",
      view({ data_processing_options: ['LDU'] }),
      'data_processing_options must be an array of LMU or DELETE.',
    ],
    [
      'option in lower case',
      view({ data_processing_options: ['lmu'] }),
      'data_processing_options must be an array of LMU or DELETE.',
    ],
    [
      'option as text',
      view({ data_processing_options: 'LMU' }),
      'data_processing_options must be an array of LMU or DELETE.',
    ],
    [
      'option twice',
      view({ data_processing_options: ['LMU', 'LMU'] }),
      'data_processing_options must be an array of LMU or DELETE.',
    ],
    [
      'tracking as boolean',
      view({ advertiser_tracking_enabled: true }),
      'advertiser_tracking_enabled must be the number 0 or 1.',
    ],
    [
      'tracking of an app event outside',
      appEvent({}, { advertiser_tracking_enabled: 1 }),
      'advertiser_tracking_enabled of an app event must be inside app_data.',
    ],
    ['app data of a web event', view({ app_data: {} }), 'app_data must be on app events only.'],

    ['nobody', view({ user_data: {} }), NOBODY],
    ['no user data', view({ user_data: undefined }), NOBODY],
    ['names identify nobody', view({ user_data: { fn: [EM_HASH], external_id: [PH_HASH] } }), NOBODY],
    ['unknown user data', user({ email: 'x' }), 'user_data.email is not a known parameter.'],
    ['hash as text', user({ em: EM_HASH }), 'user_data.em must be an array of SHA-256 hashes.'],
    ['no hashes', user({ ph: [] }), 'user_data.ph must be an array of SHA-256 hashes.'],
    ['raw value', user({ fn: ['john'] }), `user_data.fn ${NOT_A_HASH}`],
    ['empty value', user({ ln: [''] }), `user_data.ln ${NOT_A_HASH}`],
    ['upper case', user({ zp: [EM_HASH.toUpperCase()] }), `user_data.zp ${NOT_A_HASH}`],
    ['63 characters', user({ st: [EM_HASH.slice(1)] }), `user_data.st ${NOT_A_HASH}`],
    [
      '64 characters, one not hexadecimal',
      user({ ct: [`g${EM_HASH.slice(1)}`] }),
      `user_data.ct ${NOT_A_HASH}`,
    ],
    ['number', user({ ge: [7] }), `user_data.ge ${NOT_A_HASH}`],
    [
      'hash of nothing',
      user({ country: ['e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'] }),
      'user_data.country has the hash of an empty value.',
    ],
    [
      'hash of a blank',
      user({ external_id: ['36a9e7f1c95b82ffb99743e0c5c4ce95d83c9a430aac59f84ef3cbfab6145068'] }),
      'user_data.external_id has the hash of an empty value.',
    ],
    ['hash twice', user({ ph: [PH_HASH, EM_HASH, PH_HASH] }), 'user_data.ph has the same hash twice.'],
    ['click ID', user({ sc_click_id: 'abc' }), 'user_data.sc_click_id must be in UUID format.'],
    ['cookie', user({ sc_cookie1: `${UUID}0` }), 'user_data.sc_cookie1 must be in UUID format.'],
    [
      'IP with port',
      user({ client_ip_address: '203.0.113.7:80' }),
      'user_data.client_ip_address must be an IPv4 or IPv6 address.',
    ],
    [
      'IP with zone',
      user({ client_ip_address: 'fe80::1%eth0' }),
      'user_data.client_ip_address must be an IPv4 or IPv6 address.',
    ],
    [
      'padded agent',
      user({ client_user_agent: 'Mozilla/5.0 ' }),
      'user_data.client_user_agent must be a text without blanks at its ends.',
    ],
    ['madid', user({ madid: '123ABC' }), 'user_data.madid must be a text in lower case.'],
    ['idfv', user({ idfv: '' }), 'user_data.idfv must be a text.'],

    ['no currency', webEvent({ custom_data: { value: 1 } }), 'custom_data.currency is required.'],
    ['no value', webEvent({ custom_data: { currency: 'EUR' } }), 'custom_data.value is required.'],
    [
      'currency in lower case',
      custom({ currency: 'eur' }),
      'custom_data.currency must be three capital letters.',
    ],
    ['value as words', custom({ value: '1,234.50' }), 'custom_data.value must be a number.'],
    ['value with exponent', custom({ value: '1e3' }), 'custom_data.value must be a number.'],
    ['empty value', custom({ value: '' }), 'custom_data.value must be a number.'],
    ['predicted_ltv', custom({ predicted_ltv: true }), 'custom_data.predicted_ltv must be a number.'],
    [
      'content_ids as text',
      custom({ content_ids: 'a,b' }),
      'custom_data.content_ids must be a non-empty array of texts.',
    ],
    [
      'numbers as categories',
      custom({ content_category: [1] }),
      'custom_data.content_category must be a text or a non-empty array of texts.',
    ],
    [
      'no categories',
      custom({ content_category: [] }),
      'custom_data.content_category must be a text or a non-empty array of texts.',
    ],
    [
      'content_type',
      custom({ content_type: 'PRODUCT' }),
      'custom_data.content_type must be product or product_group.',
    ],
    ['order_id', custom({ order_id: 7 }), 'custom_data.order_id must be a text.'],
    ['blank search', custom({ search_string: ' \t' }), 'custom_data.search_string must be a text.'],
    [
      'day that does not exist',
      custom({ checkin_date: '2023-02-29' }),
      'custom_data.checkin_date must be a day as YYYY-MM-DD.',
    ],
    [
      'compact day',
      custom({ checkin_date: '20240913' }),
      'custom_data.checkin_date must be a day as YYYY-MM-DD.',
    ],
    [
      'airport',
      custom({ destination_airport: 'jfk' }),
      'custom_data.destination_airport must be three capital letters.',
    ],
    [
      'negative count',
      custom({ num_children: -1 }),
      'custom_data.num_children must be an integer that is not negative.',
    ],
    ['items', custom({ num_items: '1.5' }), 'custom_data.num_items must be an integer.'],
    [
      'infinite number',
      JSON.parse(JSON.stringify(custom({ z: [7] })).replace('[7]', '[1e400]')),
      'a number in a custom parameter must be finite.',
    ],
    [
      'contents as object',
      custom({ contents: { id: '1' } }),
      'custom_data.contents must be a non-empty array of objects.',
    ],
    ['no contents', custom({ contents: [] }), 'custom_data.contents must be a non-empty array of objects.'],
    ['empty item', custom({ contents: [{}] }), 'custom_data.contents[] must be an object that is not empty.'],
    [
      'item key',
      custom({ contents: [{ id: '1', price: 5 }] }),
      'custom_data.contents[].price is not a known parameter.',
    ],
    ['item ID', custom({ contents: [{ id: 1 }] }), 'custom_data.contents[].id must be a text.'],
    [
      'item quantity',
      custom({ contents: [{ quantity: 1.5 }] }),
      'custom_data.contents[].quantity must be an integer.',
    ],
    [
      'item price',
      custom({ contents: [{ item_price: '5 EUR' }] }),
      'custom_data.contents[].item_price must be a number.',
    ],
    ['poison', custom({ simulator_refuse: 'Blocked by policy.' }), 'Blocked by policy.'],

    ['no app data', appEvent({}, { app_data: undefined }), 'app_data is required.'],
    ['unknown app data', appEvent({ app_name: 'x' }), 'app_data.app_name is not a known parameter.'],
    [
      'no tracking',
      appEvent({ advertiser_tracking_enabled: undefined }),
      'app_data.advertiser_tracking_enabled is required.',
    ],
    [
      'tracking as text',
      appEvent({ advertiser_tracking_enabled: '1' }),
      'app_data.advertiser_tracking_enabled must be the number 0 or 1.',
    ],
    ['no app_id', appEvent({ app_id: undefined }), 'app_data.app_id is required.'],
    [
      'app_id as number',
      appEvent({ app_id: 447188370 }),
      'app_data.app_id must be digits (iOS) or a package name (Android).',
    ],
    [
      'Android package on iOS',
      appEvent({ app_id: 'com.example.app' }),
      'app_data.app_id must be digits when extinfo[0] is i2.',
    ],
    [
      'iOS number on Android',
      appEvent({ extinfo: element(0, 'a2') }),
      'app_data.app_id must be a package name when extinfo[0] is a2.',
    ],
    ['no extinfo', appEvent({ extinfo: undefined }), 'app_data.extinfo is required.'],
    [
      '15 elements',
      appEvent({ extinfo: EXTINFO.slice(1) }),
      'app_data.extinfo must be an array of 16 texts.',
    ],
    [
      'a number in extinfo',
      appEvent({ extinfo: element(9, 320) }),
      'app_data.extinfo must be an array of 16 texts.',
    ],
    ['platform', appEvent({ extinfo: element(0, 'ios') }), 'app_data.extinfo[0] must be i2 or a2.'],
    ['no system version', appEvent({ extinfo: element(4, '') }), 'app_data.extinfo[4] is required.'],
    [
      'screen width',
      appEvent({ extinfo: element(9, '320.5') }),
      'app_data.extinfo[9] must be a 64-bit integer.',
    ],
    [
      'beyond 64 bits',
      appEvent({ extinfo: element(14, '9223372036854775808') }),
      'app_data.extinfo[14] must be a 64-bit integer.',
    ],
  ])('%s', (_name, event, message) => {
    const parsed = JSON.parse(JSON.stringify(event)) as JsonObject;
    // JSON.stringify turns Infinity into null, so that one event is used as it is.
    expect(messages(message.includes('finite') ? event : parsed)).toEqual([message]);
  });
});

test('the codes are those of the API where it has any', () => {
  expect(checkEvent(view({ user_data: {} }), RULES)).toEqual([{ code: '507', message: NOBODY }]);
});

test('several errors are all listed', () => {
  expect(messages(view({ event_name: 'X', event_time: 1, user_data: {} }))).toHaveLength(3);
});

test('a long key is cut short', () => {
  expect(messages(view({ ['k'.repeat(5000)]: 1 }))[0]).toHaveLength(
    'k'.repeat(60).length + ' is not a known parameter.'.length,
  );
});

test.each([
  [{ client_ip_address: '203.0.113.7', client_user_agent: 'x' }, []],
  [{ madid: 'abc' }, []],
  [{ client_ip_address: '203.0.113.7' }, [NOBODY]],
  [{ client_user_agent: 'x' }, [NOBODY]],
  [{ sc_click_id: UUID }, [NOBODY]],
])('strict identifiers: %j', (userData, expected) => {
  const event = view({ user_data: userData });
  expect(messages(event, { strictIdentifiers: true })).toEqual(expected);
  expect(warningsFor(event)).toHaveLength(expected.length);
});

test('a poison function refuses what it wants', () => {
  const poison = (event: JsonObject): string | undefined =>
    event['event_id'] === 'order-1' ? 'Not today.' : undefined;
  expect(checkEvent(webEvent(), { ...RULES, poison })).toEqual([{ code: '999', message: 'Not today.' }]);
  expect(checkEvent(webEvent({ event_id: 'order-2' }), { ...RULES, poison })).toEqual([]);
});

// Spelled out once more: a name misspelled in the simulator would pass as a custom parameter of any type.
const CUSTOM_NAMES =
  `content_category content_ids content_name content_type contents currency num_items order_id
  predicted_ltv value search_string checkin_date travel_start travel_end suggested_destinations destination_airport
  origin_airport country city region neighborhood postal_code departing_departure_date departing_arrival_date
  returning_departure_date returning_arrival_date num_adults num_children num_infants hotel_score
  preferred_neighborhoods preferred_star_ratings suggested_hotels destination_ids anon_id`.split(/\s+/);

test.each(CUSTOM_NAMES)('custom_data.%s has a type', (name) => {
  expect(messages(custom({ [name]: {} }))).toEqual([expect.stringContaining(`custom_data.${name} must be `)]);
});

const EVENT_NAMES =
  `PURCHASE SAVE START_CHECKOUT ADD_CART VIEW_CONTENT ADD_BILLING SIGN_UP SEARCH PAGE_VIEW SUBSCRIBE
  AD_CLICK AD_VIEW COMPLETE_TUTORIAL LEVEL_COMPLETE INVITE LOGIN SHARE RESERVE ACHIEVEMENT_UNLOCKED ADD_TO_WISHLIST
  SPENT_CREDITS RATE START_TRIAL LIST_VIEW APP_INSTALL APP_OPEN CUSTOM_EVENT_1 CUSTOM_EVENT_2 CUSTOM_EVENT_3
  CUSTOM_EVENT_4 CUSTOM_EVENT_5`.split(/\s+/);

test.each(EVENT_NAMES)('%s is an event name', (name) => {
  expect(messages(webEvent({ event_name: name }))).toEqual([]);
});
