import { describe, expect, it } from 'vitest';
import { FIELDS, suggestField } from '../../src/catalogue/index.js';

describe('suggestField', () => {
  it.each([
    ['emial', 'em'],
    ['emial_1', 'em'],
    ['Email', 'em'],
    ['E-Mail', 'em'],
    ['e mail', 'em'],
    ['mail', 'em'],
    ['emal', 'em'],
    ['emaill', 'em'],
    ['email_address', 'em'],
    ['emailAddress', 'em'],
    ['EMAIL_ADDRES', 'em'],
    ['user_email', 'em'],
    ['customer_email', 'em'],
    ['billing_email', 'em'],
    ['email_2', 'em'],
    ['hashed_email', 'em'],
    ['email_sha256', 'em'],
    ['sha256_email', 'em'],
    ['em_hash', 'em'],
    ['emailHash', 'em'],
    ['email_hashed_1', 'em'],
    ['phone', 'ph'],
    ['phone_number', 'ph'],
    ['PhoneNumber', 'ph'],
    ['phnoe', 'ph'],
    ['phne_number', 'ph'],
    ['mobile', 'ph'],
    ['telephone', 'ph'],
    ['hashed_phone_number', 'ph'],
    ['ph_sha256', 'ph'],
    ['first_name', 'fn'],
    ['firstname', 'fn'],
    ['given_name', 'fn'],
    ['hashed_first_name_sha', 'fn'],
    ['last_name', 'ln'],
    ['lastname', 'ln'],
    ['surname', 'ln'],
    ['gender', 'ge'],
    ['sex', 'ge'],
    ['zip', 'zp'],
    ['zipcode', 'zp'],
    ['zip_code', 'zp'],
    ['postcode', 'zp'],
    ['hashed_zip', 'zp'],
    ['state', 'st'],
    ['province', 'st'],
    ['country_code', 'country'],
    ['contry', 'country'],
    ['customer_id', 'external_id'],
    ['user_id', 'external_id'],
    ['extrenal_id', 'external_id'],
    ['ip', 'client_ip_address'],
    ['ip_address', 'client_ip_address'],
    ['client_ip_adress', 'client_ip_address'],
    ['user_agent', 'client_user_agent'],
    ['useragent', 'client_user_agent'],
    ['client_user_agnet', 'client_user_agent'],
    ['click_id', 'sc_click_id'],
    ['sccid', 'sc_click_id'],
    ['ScCid', 'sc_click_id'],
    ['scclid', 'sc_click_id'],
    ['sc_cookie_1', 'sc_cookie1'],
    ['idfa', 'madid'],
    ['gaid', 'madid'],
    ['aaid', 'madid'],
    ['advertising_id', 'madid'],
    ['event', 'event_name'],
    ['event_type', 'event_name'],
    ['evnt_name', 'event_name'],
    ['event-name', 'event_name'],
    ['timestamp', 'event_time'],
    ['event_timestamp', 'event_time'],
    ['event_tiem', 'event_time'],
    ['url', 'event_source_url'],
    ['page_url', 'event_source_url'],
    ['event_source_uri', 'event_source_url'],
    ['price', 'value'],
    ['amount', 'value'],
    ['revenue', 'value'],
    ['curency', 'currency'],
    ['transaction_id', 'order_id'],
    ['orderid', 'order_id'],
    ['sku', 'content_ids'],
    ['product_id', 'content_ids'],
    ['content_id', 'content_ids'],
    ['contnet_type', 'content_type'],
    ['advertiser_traking_enable', 'advertiser_tracking_enabled'],
  ])('%s: did you mean %s', (column, expected) => {
    expect(suggestField(column, 'WEB')).toBe(expected);
  });

  it.each([
    ['content_quantitiy_2', 'content_quantity_2'],
    ['Content_Item_Pirce_10', 'content_item_price_10'],
    ['contents_quantity_ 1', undefined],
  ])('%s, a numbered column of contents: %s', (column, expected) => {
    expect(suggestField(column, 'WEB')).toBe(expected);
  });

  it.each([
    ...[
      'campaign',
      'campaign_id',
      'campaign_name',
      'note',
      'notes',
      'store_name',
      'store_id',
      'loyalty_tier',
    ],
    ...[
      'utm_source',
      'utm_medium',
      'utm_campaign',
      'utm_content',
      'utm_term',
      'segment',
      'segment_name',
      'status',
    ],
    ...[
      'stage',
      'county',
      'client_id',
      'session_id',
      'gclid',
      'fbclid',
      'ttclid',
      'channel',
      'coupon',
      'coupon_code',
    ],
    ...[
      'discount',
      'tax',
      'shipping',
      'shipping_cost',
      'shipping_method',
      'payment_method',
      'brand',
      'color',
      'size',
    ],
    ...['weight', 'margin', 'cost', 'rating', 'score', 'level', 'device', 'device_id', 'browser', 'language'],
    ...[
      'referrer',
      'page_title',
      'product_name',
      'category',
      'sub_category',
      'quantity',
      'name',
      'title',
      'address',
    ],
    ...[
      'age',
      'birthday',
      'is_new_customer',
      'new_customer',
      'order_date',
      'order_status',
      'created_at',
      'updated_at',
    ],
    ...[
      'checkout_date',
      'contact_name',
      'account_id',
      'affiliate',
      'experiment',
      'variant',
      'cohort',
      'lifetime',
    ],
    ...[
      'sender',
      'prize',
      'phase',
      'stats',
      'reason',
      'religion',
      'valve',
      'venue',
      'account',
      'message',
      'model',
    ],
    ...[
      'cont_id',
      'cont_id_1',
      'date_time_field',
      'membership',
      'plan',
      'source',
      'medium',
      'type',
      'id',
      'x',
      'hash',
    ],
    ...[
      'hash_1',
      'events',
      'embed',
      'theme',
      'item',
      'items',
      'tags',
      'label',
      'group',
      'currencies_accepted',
      'vendor',
    ],
    ...[
      'vendor_id',
      'ad_id',
      'adset_id',
      'warehouse',
      'employee',
      'department',
      'priority',
      'percent',
      'days_since_signup',
      'visit_count',
    ],
  ])('%s is an ordinary custom name', (column) => {
    expect(suggestField(column, 'WEB')).toBeUndefined();
    expect(suggestField(column, 'OFFLINE')).toBeUndefined();
    expect(suggestField(column, 'MOBILE_APP')).toBeUndefined();
  });

  it('suggests nothing for a standard name, however it is written', () => {
    for (const spec of FIELDS) expect(suggestField(spec.name.toUpperCase(), 'MOBILE_APP')).toBeUndefined();
    expect(suggestField(' em ', 'WEB')).toBeUndefined();
    expect(suggestField('em_1', 'WEB')).toBeUndefined();
    expect(suggestField('content_id_1', 'WEB')).toBeUndefined();
    expect(suggestField('contents_brand_3', 'WEB')).toBeUndefined();
  });

  it('suggests app fields for app events only', () => {
    expect(suggestField('bundle_id', 'MOBILE_APP')).toBe('app_id');
    expect(suggestField('os_verison', 'MOBILE_APP')).toBe('os_version');
    expect(suggestField('bundle_id', 'WEB')).toBeUndefined();
    expect(suggestField('os_verison', 'WEB')).toBeUndefined();
    expect(suggestField('device_os', 'WEB')).toBeUndefined();
  });

  it.each(['', ' ', '_', '__proto__', 'constructor', '\ud800', '_1', 'x'.repeat(100_000), '___1', '日本語'])(
    'copes with the name %#',
    (column) => {
      expect(suggestField(column, 'WEB')).toBeUndefined();
    },
  );
});
