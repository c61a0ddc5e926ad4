/**
 * SHA-256 of the texts that must be hashed, made with `printf %s TEXT | sha256sum`. The text is the value after
 * the rules of its field, worked out by hand.
 */
const SHA256 = {
  'zoe.mueller@example.com': '9280e0818e2d21fab9aa5cf2b4f747feb6b2fa9b4ed5691506217ed3b451da78',
  'zoe@example.org': '1763c758c09a8e6db400562ecd27c5f6ef6d3cefb5c88c0164adf2e4d79802c1',
  48426384400: 'c40c2cfd73a630f3199c864124afde0820e52b78dba4f1514f0a9eab6535e581',
  zoë: '2752b88686847fa5c86f47b94ce652b7b3f22a91c37617d451a4db9afa431450',
  obriensmith: '16765783f9c8c8a3accf27f1abb877688cb5904c21a4a7afb5f125bcfcb246ba',
  f: '252f10c83610ebca1a059c0bae8255eba2f95be4d1d7bcfa89d7248a82d9f111',
  łódź: '61b87354d033f18b308cac39fd5a3d957b3d8591155bbe953a1ef6a20a4c8503',
  łódzkie: 'c4d1c7d5b4b8808d4a26daf86317afd406bb4c9a80936900eb9fb4cae774e1f3',
  90001: '9de3888231a1021acddcaa006b2f2a1ead5e245ae44a6b50e997afa9371e081e',
  pl: '3485639faf1591f3c16f295198e9389db5b33c949587ec48663597d4e00299d5',
  'taro@example.jp': '430116ef8e3354019be1e95115092c048e55f573160d0f4dc6b978b2ebe217a6',
  81312345678: '62c407a403882b2b8611b5e7771a63fb7883984e4e25393e1ae4d218f5514610',
  太郎: '3e63216aec8dbdf61f8a4e80bab42f3a30ab9c58ebf824b5af7241c6e30988ed',
  山田: '5f34cd8399195fa23a32ace56c87f461adcbee99d90d9e60057f01684b3b46da',
  東京: '130016b2599bf7e5978cae78e528c67f29aa47eaa2490ffedd729df334a2790c',
  1000001: '443372db1ff98d9737596b4f83a8381ab6aab60e44e29854b48be88c74cdf1f0',
  jp: '9732c83e3e03fffde2ee65a9d826df8c4dd623c27fb92b952fe62a02f0726f87',
  'ann@example.com': '71d4f55f72fa128dfb468a1a3901507c804b74316488744d769d7f4b16696476',
  2125550187: 'dbb27a4371451b5aaabd7d0cd5fd92cb73a80124b180dfd6a444fe20a2891362',
  ann: '49915e0d7d4b402e3017d010bc1c0e83cac6c797d6c16e66340fe3268693a6a1',
  lee: '1508b697895abf03d55c3841f59236ab92c9ba6ba89795c8337fcf392fdee8b4',
  newyork: '350c754ba4d38897693aa077ef43072a859d23f613443133fecbbd90a3512ca5',
  ny: '1b06e2003f8420d6fa42badd8f77ec0f706b976b7a48b13c567dc5a559681683',
  10001: 'e443169117a184f91186b401133b20be670c7c0896f9886075e5d9b81e9d076b',
  us: '79adb2a2fce5c6ba215fe5f27f532d4e7edbac4b6a5e09e1ef3a08084a904621',
  'bob@example.co.uk': 'ccb75430945e585463f2f7aa00af3cb98c47d14601418cfc01e0fdcd616cc58b',
  442079460958: '35e206e5dec4c89b9e8b71b8c32724a5bb518483ac5a20c6617d738375b3b823',
  gb: '0b407281768f0e833afef47ed464b6571d01ca4d53c12ce5c51d1462f4ad6677',
  4402079460958: '40f19965b0d0ebba641dbd9309c3ac18542d9ad976c47f8d35347daea67ee2c2',
  "o'hara+shop@example.com": '0d706e5ed3ab3e074a899ce59f86ec57bb22d1c4289384fd86effbc9aaf129c6',
  'anne annie': '37106117a91c6d846b30793a81b6c131947e871f04cc08c8c9a82b77a2bc07ee',
  'de la cruz': '341a715580af4bbc3c3bff363245177e84fbc38c4a77d3047edeb6bee38495aa',
  'new@example.com': 'f0030501023327437b06e5c6f87df7871b8e704ae608d1d0b7b24fdd2a06c716',
  josé: 'd994e1d001886fe5b45b1267bd1fa2b752ac50742579bd3dad7b2a2aa0ed6866',
} as const;

/** The hash of a customer as it stands in shop.sql. */
const CUSTOMER_1 = 'e83f10dcd2c68747c3f3ba14a54258d5c1843a8d75b0f5cb52c6f3df052a72d1';
const CUSTOMER_2 = '61d19062e76c3dd0a7c4df471193796e58c1379cc2a3df4e1d0799e298d09a32';

/** A hashed address and a hashed phone number as they stand in shop.sql, in lower case. */
const EMAIL_6 = '19f5dd4153f1a9cee1a285dd69474ec42ec28b514df4fa4b5b13c16a102a229a';
const PHONE_6 = 'a7ee5e5f621eee53700e8c391504973a6477203ada0a7ab40782713bf4ee6f43';

/** What a client makes of types that its format does not have; the first order has a value of each. */
export type Exceptions = {
  readonly gift: unknown;
  readonly weight: unknown;
  readonly shelves: unknown;
  /** Codes of warnings about integers that are numbers in JSON and text in CSV. */
  readonly points: readonly string[];
};

export type Expected = {
  readonly event: Readonly<Record<string, unknown>>;
  readonly warnings: readonly string[];
};

const THANKS = 'https://shop.example.com/thanks';

/** The events of the nine orders, written by hand. Times were made with `date -u -d "2026-11-19 18:04:11" +%s`. */
export function expectedOrders(exceptions: Exceptions): readonly Expected[] {
  const { points, ...custom } = exceptions;
  return [
    {
      event: {
        action_source: 'WEB',
        advertiser_tracking_enabled: 1,
        custom_data: {
          checkin_date: '2026-12-24',
          content_ids: ['SKU-7', 'SKU-9, large'],
          contents: [
            { id: 'SKU-7', item_price: 19.95, quantity: 2 },
            { id: 'SKU-9', item_price: 20, quantity: 1 },
          ],
          currency: 'PLN',
          destination_ids: ['501', '1001'],
          note: 'Ring twice, please',
          num_items: '3',
          order_id: '9007199254741001',
          packed_at: 1795113000,
          points: '9007199254740993',
          predicted_ltv: 123456789.12345679,
          search_string: 'shoes, "red", size 42',
          value: 59.9,
          ...custom,
        },
        data_processing_options: ['LMU'],
        event_id: 'order-1',
        event_name: 'PURCHASE',
        event_source_url: 'https://shop.example.com/thanks?order=1&lang=pl',
        event_time: 1795111451500,
        user_data: {
          client_ip_address: '203.0.113.7',
          client_user_agent: 'Mozilla/5.0 (X11; Linux x86_64), "test"',
          country: [SHA256.pl],
          ct: [SHA256.łódź],
          em: [SHA256['zoe.mueller@example.com'], SHA256['zoe@example.org']],
          external_id: [CUSTOMER_1],
          fn: [SHA256.zoë],
          ge: [SHA256.f],
          ln: [SHA256.obriensmith],
          ph: [SHA256[48426384400]],
          sc_click_id: 'a1b2c3d4-0000-4000-8000-00000000000a',
          st: [SHA256.łódzkie],
          zp: [SHA256[90001]],
        },
      },
      warnings: points,
    },
    {
      event: {
        action_source: 'WEB',
        custom_data: {
          content_ids: ['靴-1'],
          contents: [
            { id: '靴-1', item_price: 44000, quantity: 1 },
            { id: 'SKU "9", blue', item_price: 500, quantity: 1 },
          ],
          currency: 'JPY',
          order_id: '9007199254741002',
          packed_at: 1795082400,
          points: '-9007199254740993',
          search_string: '赤い靴',
          value: 44500,
        },
        event_id: 'order-2',
        event_name: 'PURCHASE',
        event_source_url: THANKS,
        event_time: 1795078800000,
        user_data: {
          country: [SHA256.jp],
          ct: [SHA256.東京],
          em: [SHA256['taro@example.jp']],
          external_id: [CUSTOMER_2],
          fn: [SHA256.太郎],
          ln: [SHA256.山田],
          ph: [SHA256[81312345678]],
          zp: [SHA256[1000001]],
        },
      },
      warnings: points,
    },
    {
      event: {
        action_source: 'WEB',
        advertiser_tracking_enabled: 0,
        custom_data: {
          content_ids: ['SKU-1', 'SKU-2'],
          contents: [
            { id: 'SKU-1', item_price: 0.05, quantity: 1 },
            { id: 'SKU-2', item_price: 0.05, quantity: 1 },
          ],
          currency: 'USD',
          order_id: '9007199254741003',
          value: 0.1,
        },
        event_id: 'order-3',
        event_name: 'PURCHASE',
        event_source_url: THANKS,
        event_time: 1795046399999,
        user_data: {
          country: [SHA256.us],
          ct: [SHA256.newyork],
          em: [SHA256['ann@example.com']],
          fn: [SHA256.ann],
          ge: [SHA256.f],
          ln: [SHA256.lee],
          ph: [SHA256[2125550187]],
          st: [SHA256.ny],
          zp: [SHA256[10001]],
        },
      },
      warnings: ['phone_without_country_code'],
    },
    {
      event: {
        action_source: 'WEB',
        custom_data: {
          contents: [
            { id: '1', item_price: 1000000, quantity: 1 },
            { id: '2', item_price: 117283.945, quantity: 2 },
          ],
          currency: 'GBP',
          order_id: '9007199254741004',
          value: 1234567.89,
        },
        event_id: 'order-4',
        event_name: 'PURCHASE',
        event_source_url: THANKS,
        event_time: 1795003200000,
        user_data: {
          country: [SHA256.gb],
          em: [SHA256['bob@example.co.uk']],
          ph: [SHA256[442079460958]],
        },
      },
      warnings: [],
    },
    {
      event: {
        action_source: 'WEB',
        custom_data: {
          contents: [
            { id: 'SKU-5', item_price: 2.5, quantity: 1 },
            { id: 'SKU-6', item_price: 2.5, quantity: 1 },
          ],
          currency: 'GBP',
          note: '"Leave it" with a neighbor',
          order_id: '9007199254741005',
          search_string: '"running shoes"',
          value: 5,
        },
        event_id: 'order-5',
        event_name: 'PURCHASE',
        event_source_url: THANKS,
        event_time: 1794903300123,
        user_data: { country: [SHA256.gb], ph: [SHA256[4402079460958]] },
      },
      warnings: ['suspicious_phone'],
    },
    {
      event: {
        action_source: 'WEB',
        custom_data: {
          contents: [
            { id: 'SKU-1', item_price: 9.99, quantity: 1 },
            { id: 'SKU-2', item_price: 10, quantity: 1 },
          ],
          currency: 'EUR',
          order_id: '9007199254741006',
          value: 19.99,
        },
        event_id: 'order-6',
        event_name: 'PURCHASE',
        event_source_url: THANKS,
        event_time: 1794859200000,
        user_data: { em: [EMAIL_6], ph: [PHONE_6] },
      },
      warnings: [],
    },
    {
      event: {
        action_source: 'WEB',
        custom_data: {
          contents: [
            { id: 'A', item_price: 0, quantity: 1 },
            { id: 'B', item_price: 0, quantity: 1 },
          ],
          currency: 'EUR',
          order_id: '9007199254741007',
          value: 0,
        },
        event_id: 'order-7',
        event_name: 'PURCHASE',
        event_source_url: THANKS,
        event_time: 1794700800000,
        user_data: { client_ip_address: '203.0.113.7', client_user_agent: 'Shop\\1.0 (tab\tinside)' },
      },
      warnings: [],
    },
    {
      event: {
        action_source: 'WEB',
        custom_data: {
          contents: [
            { id: 'C:\\new\\table', item_price: 6, quantity: 1 },
            { id: 'two\nlines', item_price: 6, quantity: 1 },
          ],
          currency: 'EUR',
          note: 'First line\nsecond line\tafter a tab, "quoted", \'quoted\', back\\slash',
          order_id: '9007199254741008',
          search_string: 'C:\\new\\table\\',
          value: 12,
        },
        event_id: 'order-8',
        event_name: 'PURCHASE',
        event_source_url: THANKS,
        event_time: 1794637800000,
        user_data: {
          em: [SHA256["o'hara+shop@example.com"]],
          fn: [SHA256['anne annie']],
          ln: [SHA256['de la cruz']],
        },
      },
      warnings: [],
    },
    {
      event: {
        action_source: 'WEB',
        custom_data: {
          contents: [
            { id: 'SKU-7', quantity: 1 },
            { id: 'SKU-9', quantity: 1 },
          ],
        },
        data_processing_options: ['LMU', 'DELETE'],
        event_id: 'order-9',
        event_name: 'SIGN_UP',
        event_source_url: 'https://shop.example.com/join',
        event_time: 1794571201000,
        user_data: { em: [SHA256['new@example.com']], fn: [SHA256.josé] },
      },
      warnings: [],
    },
  ];
}

/** The event times alone. */
export function timesOf(orders: readonly Expected[]): readonly unknown[] {
  return orders.map(({ event }) => event['event_time']);
}
