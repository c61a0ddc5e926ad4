// Rows of a made-up shop: the columns, and the cells of one row.
import { AS_OF } from '../support.mjs';

/** Cells that every variant hashes. */
export const HASHED = ['em', 'ph', 'fn', 'ln', 'ge', 'ct', 'st', 'zp', 'country', 'external_id'];

const WEB =
  'event_name,event_time,event_source_url,event_id,em,ph,fn,ln,ge,ct,st,zp,country,external_id,client_ip_address,client_user_agent,sc_click_id,currency,value,order_id,num_items,content_ids';
const APP =
  'event_name,event_time,event_id,em,ph,fn,ln,ge,ct,st,zp,country,external_id,client_ip_address,client_user_agent,madid,idfv,advertiser_tracking_enabled,app_id,device_os,package_name,short_version,long_version,os_version,device_model,locale,timezone_abbr,carrier,screen_width,screen_height,screen_density,cpu_cores,storage_size,free_storage_size,timezone_location,anon_id,currency,value,order_id,num_items,content_type,content_name,content_category_1,content_category_2,content_id_1,content_quantity_1,content_item_price_1,content_id_2,content_quantity_2,content_item_price_2,content_delivery_category_2,predicted_ltv,subscription_id,search_string,campaign,install_source,session_number,installed_at,store,is_subscriber';

const FIRST = [
  'Anna',
  'Kenji',
  'José',
  'Zoë',
  'Amira',
  'Lars',
  'Mary-Ann',
  'Tomás',
  'Grace',
  'Noah',
  'Ingrid',
  'Li',
];
const LAST = [
  'Nguyen',
  "O'Brien",
  'Kowalska',
  'Müller',
  'Tanaka',
  'van den Berg',
  'Smith',
  'García',
  'Ali',
  'Jones',
];
/** So many names there are, the commonest of them in the lists above. */
const FIRST_NAMES = 10_000;
const LAST_NAMES = 100_000;
const SYLLABLES = 'an be da el fi ga ho ir jo ka lu mi na or pe ra sa té ul vi wen ya zo ster'.split(' ');
const PLACES = [
  ['New York', 'New York', '10027-1234', 'US', '+1 (212) 555-', 'USD'],
  ['San Francisco', 'CA', '94110', 'US', '+1 415 555 ', 'USD'],
  ['St. Louis', 'Missouri', '63103', 'us', '+1 314-555-', 'USD'],
  ['Berlin', 'BE', '10115', 'DE', '+49 30 901820', 'EUR'],
  ['Saint-Étienne', 'ARA', '42000', 'FRA', '+33 4 77 48 77', 'EUR'],
  ['London', 'England', 'SW1A 1AA', 'GB', '+44 20 7946 ', 'GBP'],
  ['Austin', 'Texas', '78701', 'US', '+1 512 555 ', 'USD'],
  ['Toronto', 'ON', 'M5V 2T6', 'CA', '+1 416-555-', 'CAD'],
  ['Osaka', '大阪府', '530-0001', 'Japan', '0081 6 6208 ', 'JPY'],
  ['Melbourne', 'VIC', '3000', 'AU', '+61 3 9658 ', 'AUD'],
];
const BROWSERS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 14.7; rv:133.0) Gecko/20100101 Firefox/133.0',
  'Mozilla/5.0 (Android 14; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0',
];
const BROWSER_WITH_COMMA =
  'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36';
const DAYS_MS = 5 * 24 * 3600 * 1000;

/**
 * What makes a kind of rows: `columns`, and `cells`, which gives the cells of one row. About `quoted` of the rows have
 * cells that CSV puts in quotes. The same random numbers make the same rows.
 */
export const KINDS = {
  web: { columns: WEB.split(','), cells: webCells },
  app: { columns: APP.split(','), cells: appCells },
};

function webCells(row, random, quoted) {
  const person = personCells(row, random, quoted);
  const order = `A${70_000_000 + row}`;
  const sku = `SHOE-${pick(random, 900) + 100}`;
  return {
    event_name: 'PURCHASE',
    event_time: timestamp(random),
    event_source_url: `https://shop.example.com/checkout/thank-you?order=${order}&utm_source=snapchat&utm_medium=paid&utm_campaign=autumn-${pick(random, 90)}`,
    event_id: uuid(random),
    ...person,
    sc_click_id: uuid(random),
    value: price(random),
    order_id: order,
    num_items: String(1 + pick(random, 4)),
    content_ids: person.comma ? `${sku},SOCK-512` : sku,
  };
}

function appCells(row, random, quoted) {
  const person = personCells(row, random, quoted);
  const android = random() < 0.6;
  return {
    event_name: 'PURCHASE',
    event_time: timestamp(random),
    event_id: uuid(random),
    ...person,
    madid: uuid(random),
    idfv: uuid(random),
    advertiser_tracking_enabled: 'true',
    app_id: android ? 'com.example.shop' : '447188370',
    device_os: android ? 'a2' : 'i2',
    package_name: 'com.example.shop',
    short_version: '7.2',
    long_version: `7.2.${pick(random, 9)} (44${pick(random, 90) + 10})`,
    os_version: android ? '14' : '18.1.1',
    device_model: android ? 'Pixel 8' : 'iPhone16-2',
    locale: 'en_US',
    timezone_abbr: 'CET',
    carrier: 'T-Mobile',
    screen_width: '1080',
    screen_height: '2400',
    screen_density: '2.6',
    cpu_cores: '8',
    storage_size: '256',
    free_storage_size: String(pick(random, 200)),
    timezone_location: 'Europe/Berlin',
    anon_id: `install-${uuid(random)}`,
    value: price(random),
    order_id: `B${70_000_000 + row}`,
    num_items: '2',
    content_type: 'product',
    content_name: person.comma ? 'Runner 2, low, "wide"' : `Runner ${pick(random, 50)}`,
    content_category_1: 'shoes',
    content_category_2: 'accessories',
    content_id_1: `SHOE-${pick(random, 900) + 100}`,
    content_quantity_1: '1',
    content_item_price_1: price(random),
    content_id_2: 'SOCK-512',
    content_quantity_2: String(1 + pick(random, 3)),
    content_item_price_2: '12.25',
    content_delivery_category_2: 'home_delivery',
    predicted_ltv: price(random),
    subscription_id: `sub-${pick(random, 1e6)}`,
    search_string: 'running shoes',
    campaign: 'autumn-2026',
    install_source: 'store',
    session_number: String(pick(random, 300)),
    installed_at: `${timestamp(random).replace(' ', 'T')}Z`,
    store: 'north',
    is_subscriber: 'false',
  };
}

function personCells(row, random, quoted) {
  const comma = random() < quoted;
  const first = nameOf(FIRST, rank(random, FIRST_NAMES));
  const last = nameOf(LAST, rank(random, LAST_NAMES));
  const [city, state, code, country, phone, currency] = one(random, PLACES);
  return {
    comma,
    em: `${one(random, ['Shopper', 'first.last', 'Me', 'office'])}${row}@Example.${one(random, ['com', 'org', 'net'])}`,
    ph: `${phone}${1000 + pick(random, 9000)}`,
    fn: first,
    ln: last,
    ge: one(random, ['f', 'm', 'F', 'male']),
    ct: city,
    st: state,
    zp: code,
    country,
    external_id: `cust-${1_000_000 + pick(random, 9e6)}`,
    client_ip_address: `203.0.113.${pick(random, 256)}`,
    client_user_agent: comma ? BROWSER_WITH_COMMA : one(random, BROWSERS),
    currency,
  };
}

/**
 * As names are spread: the n-th is met 1/n times as often as the first. A thousand first names make three quarters of the
 * people, a thousand last names 60 %.
 */
function rank(random, names) {
  return Math.floor(names ** random()) - 1;
}

function nameOf(common, at) {
  if (at < common.length) return common[at];
  let name = '';
  for (let left = at; left > 0; left = Math.floor(left / SYLLABLES.length)) {
    name += SYLLABLES[left % SYLLABLES.length];
  }
  return name[0].toUpperCase() + name.slice(1);
}

function pick(random, below) {
  return Math.floor(random() * below);
}

function one(random, list) {
  return list[pick(random, list.length)];
}

function price(random) {
  return `${5 + pick(random, 300)}.${10 + pick(random, 90)}`;
}

/** As query engines print a timestamp column: UTC, with milliseconds. */
function timestamp(random) {
  const ms = Date.parse(AS_OF) - 3_600_000 - pick(random, DAYS_MS);
  return new Date(ms).toISOString().replace('T', ' ').slice(0, -1);
}

function uuid(random) {
  const [a, b, c, d] = [0, 0, 0, 0].map(() => hex8(random));
  return `${a}-${b.slice(0, 4)}-${b.slice(4)}-${c.slice(0, 4)}-${c.slice(4)}${d}`;
}

function hex8(random) {
  return pick(random, 2 ** 32)
    .toString(16)
    .padStart(8, '0');
}
