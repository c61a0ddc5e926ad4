import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { CONTENTS_KEYS, FIELDS, eventJsonSchema } from '../../src/catalogue/index.js';
import type { EventSourceType } from '../../src/types.js';

type Json = Readonly<Record<string, unknown>>;

// printf 'person@example.com' | sha256sum
const EM = '542d240129883c019e106e3b1b2d3f3cb3537c43c425364de8e951d5a3083345';
const PH = 'dc008fda46e2e64002cf2f82a4906236282d431c4f75e5b60bfe79fc48546383';

const ajv = new Ajv2020({ strict: true, strictRequired: false, allErrors: true });
const validators: Readonly<Record<EventSourceType, ValidateFunction>> = {
  WEB: ajv.compile(eventJsonSchema('WEB')),
  MOBILE_APP: ajv.compile(eventJsonSchema('MOBILE_APP')),
  OFFLINE: ajv.compile(eventJsonSchema('OFFLINE')),
};

const WEB: Json = {
  action_source: 'WEB',
  event_id: 'EBBE201',
  event_name: 'PURCHASE',
  event_source_url: 'https://example.com/page',
  event_time: 1705508777000,
  advertiser_tracking_enabled: 0,
  data_processing_options: ['LMU'],
  user_data: {
    em: [EM],
    ph: [PH, EM],
    sc_click_id: '123e4567-e89b-12d3-a456-426614174000',
    client_ip_address: '2001:db8::1',
    client_user_agent: 'Chrome/87.0.4180.143',
  },
  custom_data: {
    currency: 'USD',
    value: 99.99,
    num_items: '3',
    num_adults: 2,
    content_category: ['coats', 'shoes'],
    content_ids: ['sku001'],
    contents: [
      { id: '123', quantity: 2, item_price: 29.99, delivery_category: 'standard', brand: 'fidos_fare' },
      { id: 'x' },
    ],
    checkin_date: '2024-09-13',
    country: 'US',
    my_own: 'text',
    my_number: 1.5,
    my_list: ['a', 'b'],
    my_object: { a: 1 },
    constructor: 'data',
  },
};

const EXTINFO = [
  ...['i2', 'com.snapchat.sdk', '1.0', '1.0', '10.3.1', 'iphone14', 'En_US', 'EDT', 'AT&T'],
  ...['320', '568', '2', '2', '15', '8', 'USA/New York'],
];

const APP: Json = {
  action_source: 'MOBILE_APP',
  event_name: 'APP_OPEN',
  event_time: 1705508777000,
  app_data: { advertiser_tracking_enabled: 1, app_id: '447188370', extinfo: EXTINFO },
  user_data: { madid: '123abc' },
};

const OFFLINE: Json = {
  action_source: 'OFFLINE',
  event_name: 'SIGN_UP',
  event_time: 1705508777,
  user_data: { em: [EM] },
};

/** A copy with the value at the path replaced, or removed when it is undefined. */
function edit(base: Json, path: string, value?: unknown): Json {
  const copy: Record<string, unknown> = structuredClone(base);
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  let target: Record<string, unknown> = copy;
  for (const key of keys) target = target[key] as Record<string, unknown>;
  if (value === undefined) Reflect.deleteProperty(target, last);
  else target[last] = value;
  return copy;
}

function extinfoWith(position: number, value: unknown): Json {
  return edit(APP, 'app_data.extinfo', EXTINFO.toSpliced(position, 1, value as string));
}

function verdict(type: EventSourceType, event: Json): string {
  const validate = validators[type];
  return validate(event)
    ? 'good'
    : `bad: ${(validate.errors ?? []).map((error) => error.instancePath).join(' ')}`;
}

describe('good events', () => {
  it.each([
    ['WEB', WEB],
    ['WEB', edit(edit(WEB, 'event_name', 'PAGE_VIEW'), 'custom_data')],
    ['WEB', edit(WEB, 'custom_data.content_category', 'shoes')],
    ['WEB', edit(WEB, 'custom_data.value', 0)],
    ['WEB', edit(WEB, 'custom_data.app_id', 'a custom field here')],
    ['WEB', edit(WEB, 'event_source_url', 'HTTPS://example.com/')],
    ['WEB', edit(WEB, 'event_id')],
    ['MOBILE_APP', APP],
    ['MOBILE_APP', extinfoWith(8, '')],
    ['MOBILE_APP', extinfoWith(9, '')],
    ['MOBILE_APP', extinfoWith(13, '-9223372036854775808')],
    ['MOBILE_APP', edit(APP, 'app_data.app_id', 'com.snapchat.android')],
    ['MOBILE_APP', edit(APP, 'event_source_url', 'http://example.com')],
    ['OFFLINE', OFFLINE],
    ['OFFLINE', edit(OFFLINE, 'advertiser_tracking_enabled', 1)],
  ] as const)('%s %#', (type, event) => {
    expect(verdict(type, event)).toBe('good');
  });
});

describe('bad events', () => {
  it.each([
    ['an unknown name', 'WEB', edit(WEB, 'event_name', 'BUY')],
    ['a name in lower case', 'WEB', edit(WEB, 'event_name', 'purchase')],
    ['no name', 'WEB', edit(WEB, 'event_name')],
    ['no time', 'OFFLINE', edit(OFFLINE, 'event_time')],
    ['time as text', 'WEB', edit(WEB, 'event_time', '1705508777')],
    ['time with a fraction', 'WEB', edit(WEB, 'event_time', 1705508777.5)],
    ['a web event without URL', 'WEB', edit(WEB, 'event_source_url')],
    ['a relative URL', 'WEB', edit(WEB, 'event_source_url', '/page')],
    ['another action source', 'WEB', edit(WEB, 'action_source', 'OFFLINE')],
    ['no action source', 'WEB', edit(WEB, 'action_source')],
    ['an unknown key at the top', 'WEB', edit(WEB, 'partner', 'x')],
    ['an empty partner name', 'WEB', edit(WEB, 'integration', '')],
    ['an unknown processing option', 'WEB', edit(WEB, 'data_processing_options', ['LDU'])],
    ['a processing option alone', 'WEB', edit(WEB, 'data_processing_options', 'LMU')],
    ['tracking as true', 'WEB', edit(WEB, 'advertiser_tracking_enabled', true)],
    ['no user_data', 'WEB', edit(WEB, 'user_data')],
    ['no identifier', 'WEB', edit(WEB, 'user_data', { fn: [EM] })],
    ['a raw address', 'WEB', edit(WEB, 'user_data.em', ['person@example.com'])],
    ['an upper-case hash', 'WEB', edit(WEB, 'user_data.em', [EM.toUpperCase()])],
    ['a hash alone', 'WEB', edit(WEB, 'user_data.em', EM)],
    ['an empty list of hashes', 'WEB', edit(WEB, 'user_data.em', [])],
    ['the same hash twice', 'WEB', edit(WEB, 'user_data.em', [EM, EM])],
    ['a null hash', 'WEB', edit(WEB, 'user_data.em', [null])],
    ['a click id of another shape', 'WEB', edit(WEB, 'user_data.sc_click_id', 'abc')],
    ['a host name as IP address', 'WEB', edit(WEB, 'user_data.client_ip_address', 'host.example')],
    ['a blank user agent', 'WEB', edit(WEB, 'user_data.client_user_agent', '')],
    ['a currency in lower case', 'WEB', edit(WEB, 'custom_data.currency', 'usd')],
    ['an airport in lower case', 'WEB', edit(WEB, 'custom_data.origin_airport', 'jfk')],
    ['an integer with a fraction', 'WEB', edit(WEB, 'custom_data.num_items', '3.0')],
    ['anon_id in user_data', 'WEB', edit(WEB, 'user_data.anon_id', 'a')],
    ['a custom field in user_data', 'WEB', edit(WEB, 'user_data.email', 'x')],
    ['a purchase without value', 'WEB', edit(WEB, 'custom_data.value')],
    ['a purchase without currency', 'WEB', edit(WEB, 'custom_data.currency')],
    ['a purchase without custom_data', 'WEB', edit(WEB, 'custom_data')],
    ['an offline purchase without value', 'OFFLINE', edit(OFFLINE, 'event_name', 'PURCHASE')],
    ['value as text', 'WEB', edit(WEB, 'custom_data.value', '10')],
    ['a null value', 'WEB', edit(WEB, 'custom_data.value', null)],
    ['a null custom field', 'WEB', edit(WEB, 'custom_data.my_own', null)],
    ['num_items as a number', 'WEB', edit(WEB, 'custom_data.num_items', 3)],
    ['half an adult', 'WEB', edit(WEB, 'custom_data.num_adults', 0.5)],
    ['fewer than no adults', 'WEB', edit(WEB, 'custom_data.num_adults', -1)],
    ['a category list of one', 'WEB', edit(WEB, 'custom_data.content_category', ['coats'])],
    ['content_ids as text', 'WEB', edit(WEB, 'custom_data.content_ids', 'sku001')],
    ['contents with an unknown key', 'WEB', edit(WEB, 'custom_data.contents', [{ id: 'x', price: 1 }])],
    ['contents with an empty item', 'WEB', edit(WEB, 'custom_data.contents', [{}])],
    ['a quantity as text', 'WEB', edit(WEB, 'custom_data.contents', [{ quantity: '1' }])],
    ['an unknown content type', 'WEB', edit(WEB, 'custom_data.content_type', 'bundle')],
    ['a compact date', 'WEB', edit(WEB, 'custom_data.checkin_date', '20240913')],
    ['app_data in a web event', 'WEB', edit(WEB, 'app_data', { app_id: '1' })],
    ['an app event without app_data', 'MOBILE_APP', edit(APP, 'app_data')],
    ['an app event without app_id', 'MOBILE_APP', edit(APP, 'app_data.app_id')],
    ['an app event without extinfo', 'MOBILE_APP', edit(APP, 'app_data.extinfo')],
    ['an app event without tracking', 'MOBILE_APP', edit(APP, 'app_data.advertiser_tracking_enabled')],
    ['tracking at the top of an app event', 'MOBILE_APP', edit(APP, 'advertiser_tracking_enabled', 1)],
    ['extinfo columns beside extinfo', 'MOBILE_APP', edit(APP, 'app_data.device_os', 'i2')],
    ['extinfo of 15', 'MOBILE_APP', edit(APP, 'app_data.extinfo', EXTINFO.slice(1))],
    ['extinfo of 17', 'MOBILE_APP', edit(APP, 'app_data.extinfo', [...EXTINFO, ''])],
    ['an unknown platform', 'MOBILE_APP', extinfoWith(0, 'ios')],
    ['no platform', 'MOBILE_APP', extinfoWith(0, '')],
    ['no OS version', 'MOBILE_APP', extinfoWith(4, '')],
    ['null in extinfo', 'MOBILE_APP', extinfoWith(8, null)],
    ['a screen width that is a number', 'MOBILE_APP', extinfoWith(9, 320)],
    ['a screen width that is no integer', 'MOBILE_APP', extinfoWith(9, '3.5')],
    ['an app_id that is neither', 'MOBILE_APP', edit(APP, 'app_data.app_id', 'my app')],
  ] as const)('%s', (_what, type, event) => {
    expect(verdict(type, event)).toMatch(/^bad:/);
  });
});

describe('the schema and the catalogue', () => {
  it('is told apart by source type and says its draft', () => {
    expect(eventJsonSchema('WEB')).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: 'Snapchat Conversions API event, WEB',
    });
  });

  it.each(
    FIELDS.filter((spec) => !spec.hashed && spec.kind === 'value' && spec.type.json === 'string').map(
      (spec) => [spec.name, spec] as const,
    ),
  )('lets the good examples of %s through', (name, spec) => {
    for (const { output } of spec.good) {
      const many = spec.shape === 'array' || spec.shape === 'comma_array';
      const place = spec.places.MOBILE_APP;
      const event =
        spec.extinfoPosition !== undefined
          ? extinfoWith(spec.extinfoPosition, output)
          : edit(
              { custom_data: {}, ...APP },
              place === 'event' ? spec.key : `${place ?? ''}.${spec.key}`,
              many ? [output] : output,
            );
      if (name === 'event_name' && output === 'PURCHASE') continue;
      expect(verdict('MOBILE_APP', event)).toBe('good');
    }
  });

  it('lets the good examples of contents through', () => {
    for (const key of CONTENTS_KEYS) {
      for (const { output } of key.good) {
        const event = edit(WEB, 'custom_data.contents', [{ [key.key]: output }]);
        expect(verdict('WEB', event), key.key).toBe('good');
      }
    }
  });
});
