// The rows of an invented web shop. Nobody in there exists: example domains, telephone ranges reserved for
// fiction, documentation addresses. All chance comes from the dice that are handed in.
import { createHash } from 'node:crypto';

/** The rows lie in the week before this moment. */
const AS_OF = Date.UTC(2026, 10, 20, 12);
const DAY_MS = 86_400_000;

const FIRST = {
  f: ['Anna', 'Zoë', 'Maria', 'Renée', 'Yuki', 'Amira', 'Grace', 'Łucja'],
  m: ['John', 'José', 'Liam', 'Björn', 'Kenji', 'Omar', 'Noah', 'Raphaël'],
};
const LAST = [
  'Smith',
  "O'Brien",
  'García',
  'Müller',
  'Tanaka',
  'Dubois',
  'Kowalska',
  'van der Berg',
  'Nguyen',
  'Lee-Jones',
];
const PLACES = [
  {
    country: 'US',
    currency: 'USD',
    city: 'New York',
    state: 'NY',
    zip: '10001',
    phone: (n) => `+1 212 555 01${two(n)}`,
  },
  {
    country: 'United States',
    currency: 'USD',
    city: 'San Francisco',
    state: 'California',
    zip: '94105-1234',
    phone: (n) => `+1 (415) 555-01${two(n)}`,
  },
  {
    country: 'GB',
    currency: 'GBP',
    city: 'Leeds',
    state: '',
    zip: 'LS1 4AP',
    phone: (n) => `+44 7700 900${three(n)}`,
  },
  {
    country: 'Germany',
    currency: 'EUR',
    city: 'Köln',
    state: 'Nordrhein-Westfalen',
    zip: '50667',
    phone: (n) => `0049 30 23125 ${three(n)}`,
  },
  {
    country: 'FRA',
    currency: 'EUR',
    city: 'Saint-Étienne',
    state: '',
    zip: '42000',
    phone: (n) => `+33 1 99 00 ${two(n)} ${two(n + 7)}`,
  },
  {
    country: 'Australia',
    currency: 'aud',
    city: "St. John's Wood",
    state: 'QLD',
    zip: '4060',
    phone: (n) => `+61 491 570 1${two(n % 60)}`,
  },
  { country: 'JP', currency: 'JPY', city: '東京', state: '', zip: '100-0001', phone: () => '' },
];
const AGENTS = [
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36',
];
const GOODS = [
  { id: 'SHOE-104', name: 'Running Shoes', category: 'shoes', price: 89.9 },
  { id: 'SHOE-220', name: 'Sandals, leather', category: 'shoes', price: 54.5 },
  { id: 'COAT-031', name: 'Rain Coat "Storm"', category: 'coats', price: 129 },
  { id: 'UMBR-007', name: 'Umbrella', category: 'umbrellas', price: 19.99 },
  { id: 'SOCK-512', name: 'Socks (3 pairs)', category: 'accessories', price: 12.25 },
  { id: 'HATS-064', name: 'Wool Hat', category: 'accessories', price: 24.75 },
];

/** mulberry32: small, seeded, the same everywhere. */
export function dice(seed) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (n) => Math.floor(next() * n);
  return { below, pick: (list) => list[below(list.length)], chance: (share) => next() < share };
}

function two(n) {
  return String(n % 100).padStart(2, '0');
}

function three(n) {
  return String(n % 1000).padStart(3, '0');
}

/** As a query engine prints a timestamp column. */
function timestamp(ms) {
  return new Date(ms).toISOString().replace('T', ' ').replace('Z', '');
}

/** A moment in the last six and a half days before the as-of time. */
function recent(d) {
  return AS_OF - 600_000 - d.below(6.5 * DAY_MS);
}

function uuid(d) {
  const hex = Array.from({ length: 32 }, () => d.below(16).toString(16)).join('');
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5');
}

function address(d) {
  return `${d.pick(['192.0.2', '198.51.100', '203.0.113'])}.${d.below(254) + 1}`;
}

function visitor(d, n) {
  const gender = d.pick(['f', 'm']);
  const fn = d.pick(FIRST[gender]);
  const ln = d.pick(LAST);
  const place = d.pick(PLACES);
  const plain = `${fn}.${ln}`
    .normalize('NFD')
    .replace(/[^A-Za-z.]/g, '')
    .replace(/^\./, '');
  return {
    em: d.chance(0.85) ? `${plain}${n}@${d.pick(['example.com', 'example.org', 'Example.net'])}` : '',
    ph: d.chance(0.5) ? place.phone(d.below(100)) : '',
    fn: d.chance(0.8) ? fn : '',
    ln: d.chance(0.8) ? ln : '',
    ge: d.chance(0.4) ? d.pick([gender, gender === 'f' ? 'Female' : 'male']) : '',
    ct: place.city,
    st: place.state,
    zp: place.zip,
    country: place.country,
    external_id: d.chance(0.7) ? `cust-${10_000 + n}` : '',
    client_ip_address: d.chance(0.9) ? address(d) : d.pick(['2001:db8::17', '2001:db8:85a3::8a2e:370:7334']),
    client_user_agent: d.pick(AGENTS),
    sc_click_id: d.chance(0.3) ? uuid(d) : '',
    currency: place.currency,
  };
}

const PERSON = [
  'em',
  'ph',
  'fn',
  'ln',
  'ge',
  'ct',
  'st',
  'zp',
  'country',
  'external_id',
  'client_ip_address',
  'client_user_agent',
  'sc_click_id',
];

/** One order, as a row of purchases.csv. `n` is its number. */
export function purchase(d, n) {
  const person = visitor(d, n);
  const time = recent(d);
  const yen = person.currency === 'JPY';
  const items = Array.from({ length: 1 + d.below(3) }, () => ({
    ...d.pick(GOODS),
    quantity: 1 + d.below(3),
  }));
  const price = (item) => (yen ? Math.round(item.price * 150) : item.price);
  const total = items.reduce((sum, item) => sum + price(item) * item.quantity, 0);
  const row = {
    event_name: 'PURCHASE',
    event_time: timestamp(time),
    event_source_url: `https://shop.example.com/checkout/thank-you?order=A${70_000 + n}`,
    ...pick(person, PERSON),
    currency: person.currency,
    value: yen ? String(total) : total.toFixed(2),
    order_id: `A${70_000 + n}`,
    num_items: String(items.reduce((sum, item) => sum + item.quantity, 0)),
  };
  for (let i = 0; i < 3; i++) {
    const item = items[i];
    row[`content_id_${i + 1}`] = item?.id ?? '';
    row[`content_quantity_${i + 1}`] = item ? String(item.quantity) : '';
    row[`content_item_price_${i + 1}`] = item ? String(price(item)) : '';
  }
  for (let i = 0; i < 3; i++) row[`content_category_${i + 1}`] = items[i]?.category ?? '';
  row.loyalty_tier = d.pick(['Gold', 'Silver', '', '']);
  row.coupon = d.chance(0.2) ? d.pick(['WELCOME10', 'FREE, SHIPPING', 'BLACK-FRIDAY']) : '';
  row.packed_at = d.chance(0.6) ? new Date(time + 3_600_000).toISOString() : '';
  return row;
}

/** One new account, as a row of signups.csv. `n` is its number. */
export function signUp(d, n) {
  const person = visitor(d, 2_000 + n);
  const email = person.em === '' ? `member${n}@example.com` : person.em;
  return {
    event_name: d.chance(0.8) ? 'SIGN_UP' : 'SUBSCRIBE',
    event_time: String(Math.floor(recent(d) / 1000)),
    event_source_url: 'https://shop.example.com/account/new',
    ...pick(person, PERSON),
    // Some warehouses hold hashes only; they are passed on as they are.
    em: d.chance(0.15) ? createHash('sha256').update(email.toLowerCase()).digest('hex') : email,
    sc_cookie1: d.chance(0.5) ? uuid(d) : '',
    newsletter: d.pick(['yes', 'no']),
    data_processing_options: d.chance(0.05) ? 'LMU' : '',
  };
}

/** One look at the shop, as a row of page_views.csv. `n` is its number. */
export function pageView(d, n) {
  const person = visitor(d, 4_000 + n);
  const name = d.pick(['PAGE_VIEW', 'PAGE_VIEW', 'view_content', 'SEARCH', 'ADD_CART', 'LIST_VIEW']);
  const item = d.pick(GOODS);
  const ids =
    name === 'LIST_VIEW'
      ? GOODS.slice(0, 2 + d.below(4))
          .map((good) => good.id)
          .join(',')
      : item.id;
  return {
    event_name: name,
    event_time: new Date(recent(d)).toISOString(),
    event_source_url: `https://shop.example.com/p/${item.id.toLowerCase()}`,
    client_ip_address: person.client_ip_address,
    client_user_agent: person.client_user_agent,
    em: d.chance(0.4) ? person.em : '',
    sc_click_id: person.sc_click_id,
    content_ids: name === 'PAGE_VIEW' || name === 'SEARCH' ? '' : ids,
    content_name: name === 'view_content' ? item.name : '',
    content_type: name === 'LIST_VIEW' ? 'product_group' : name === 'view_content' ? 'product' : '',
    search_string: name === 'SEARCH' ? d.pick(['running shoes', 'rain coat', 'hat "wool"']) : '',
    ab_test: d.pick(['A', 'B']),
  };
}

/** One event of the app, as a line of app.jsonl. `n` is its number. */
export function appEvent(d, n) {
  const ios = d.chance(0.55);
  const person = visitor(d, 6_000 + n);
  const name = d.pick(['APP_OPEN', 'APP_OPEN', 'APP_INSTALL', 'VIEW_CONTENT', 'PURCHASE', 'LEVEL_COMPLETE']);
  const item = d.pick(GOODS);
  return {
    event_name: name,
    event_time: recent(d),
    em: person.em === '' ? null : person.em,
    madid: ios ? uuid(d).toUpperCase() : uuid(d),
    idfv: ios ? uuid(d).toUpperCase() : null,
    client_ip_address: person.client_ip_address,
    advertiser_tracking_enabled: d.chance(0.6),
    app_id: ios ? '447188370' : 'com.example.shop',
    device_os: ios ? 'i2' : 'a2',
    package_name: 'com.example.shop',
    short_version: '7.2',
    long_version: '7.2.1 (4410)',
    os_version: ios ? '17.6' : '14',
    device_model: ios ? 'iPhone15,2' : 'Pixel 8',
    locale: d.pick(['en_US', 'de_DE', 'ja_JP']),
    timezone_abbr: d.pick(['EST', 'CET', 'JST']),
    carrier: d.pick(['AT&T', 'Telekom', null]),
    screen_width: ios ? 1179 : 1080,
    screen_height: ios ? 2556 : 2400,
    screen_density: ios ? '3' : '2.6',
    cpu_cores: ios ? 6 : 8,
    storage_size: d.pick([128, 256]),
    free_storage_size: d.below(100),
    timezone_location: d.pick(['America/New_York', 'Europe/Berlin', 'Asia/Tokyo']),
    anon_id: `install-${uuid(d)}`,
    ...(name === 'PURCHASE'
      ? {
          currency: 'USD',
          value: item.price,
          contents: [{ id: item.id, quantity: 1, item_price: item.price }],
        }
      : {}),
    build: { channel: d.pick(['store', 'beta']), number: 4410 },
  };
}

/** One sale over the counter, as a row of offline.csv. `n` is its number. */
export function storeSale(d, n) {
  const person = visitor(d, 8_000 + n);
  const items = Array.from({ length: 1 + d.below(2) }, () => d.pick(GOODS));
  return {
    event_name: 'PURCHASE',
    event_time: `${timestamp(recent(d)).slice(0, 19)} ${d.pick(['UTC', 'Europe/Berlin', '+01:00'])}`,
    em: person.em,
    ph: person.em === '' ? '+44 7700 900123' : person.ph,
    fn: person.fn,
    ln: person.ln,
    zp: person.zp,
    country: person.country,
    currency: 'EUR',
    value: items.reduce((sum, item) => sum + item.price, 0).toFixed(2),
    order_id: `S${90_000 + n}`,
    content_id_1: items[0].id,
    content_item_price_1: String(items[0].price),
    content_id_2: items[1]?.id ?? '',
    content_item_price_2: items[1] ? String(items[1].price) : '',
    store: d.pick(['Köln Ehrenfeld', 'Leeds Central']),
    custom_country: d.pick(['DE', 'GB']),
  };
}

function pick(object, keys) {
  return Object.fromEntries(keys.map((key) => [key, object[key]]));
}
