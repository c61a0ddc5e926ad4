-- A shop of nine orders, once for all engines: every value as text, lists as JSON, hashes as hexadecimal digits.
-- The file of each engine copies them into columns of its own types. Some texts hold real tabs and line ends.
-- Hashes were made with `printf %s TEXT | sha256sum`, TEXT being customer-1, customer-2, six@example.com and 33142685300.
CREATE TABLE shop (
  event_id text, order_id text, event_name text, placed_at text, url text,
  emails text, customer_hash text, phone text, first_name text, last_name text, gender text,
  city text, state text, zip text, country text, click_id text, ip text, agent text,
  total text, currency text, items text, item_ids text, search text, item_count text, ltv text,
  tracking text, opt_outs text, stay_from text, destinations text,
  packed_at text, points text, gift text, note text, weight text, shelves text
);

-- Every column has a value.
INSERT INTO shop VALUES (
  'order-1', '9007199254741001', 'PURCHASE', '2026-11-19 18:04:11.5', 'https://shop.example.com/thanks?order=1&lang=pl',
  '["Zoe.Mueller@Example.com","zoe@example.org"]',
  'e83f10dcd2c68747c3f3ba14a54258d5c1843a8d75b0f5cb52c6f3df052a72d1',
  '+48 42 638 44 00', 'Zoë', 'O''Brien-Smith', 'Female',
  'Łódź', 'Łódzkie', '90-001', 'PL', 'a1b2c3d4-0000-4000-8000-00000000000a', '203.0.113.7',
  'Mozilla/5.0 (X11; Linux x86_64), "test"',
  '59.90', 'PLN',
  '[{"id":"SKU-7","quantity":2,"item_price":19.95},{"id":"SKU-9","quantity":1,"item_price":20.00}]',
  '["SKU-7","SKU-9, large"]', 'shoes, "red", size 42', '3', '123456789.123456789',
  '1', '["LMU"]', '2026-12-24', '[501,1001]',
  '2026-11-19 18:30:00', '9007199254740993', '1', 'Ring twice, please', '1.250', '[7,12]'
);

-- Names in another script, a phone number with 00, an amount without a fraction.
INSERT INTO shop (event_id, order_id, event_name, placed_at, url, emails, customer_hash, phone, first_name, last_name,
  city, zip, country, total, currency, items, item_ids, search, packed_at, points) VALUES (
  'order-2', '9007199254741002', 'PURCHASE', '2026-11-19 09:00:00', 'https://shop.example.com/thanks',
  '["taro@example.jp"]', '61d19062e76c3dd0a7c4df471193796e58c1379cc2a3df4e1d0799e298d09a32',
  '0081 3-1234-5678', '太郎', '山田', '東京', '100-0001', 'JP', '44500.00', 'JPY',
  '[{"id":"靴-1","quantity":1,"item_price":44000},{"id":"SKU \"9\", blue","quantity":1,"item_price":500}]',
  '["靴-1"]', '赤い靴', '2026-11-19 10:00:00.25', '-9007199254740993'
);

-- A national phone number, a state by its name, lists without an element or with a NULL.
INSERT INTO shop (event_id, order_id, event_name, placed_at, url, emails, phone, first_name, last_name, gender,
  city, state, zip, country, total, currency, items, item_ids, opt_outs, tracking) VALUES (
  'order-3', '9007199254741003', 'PURCHASE', '2026-11-18 23:59:59.999', 'https://shop.example.com/thanks',
  '[null,"ann@example.com"]', '(212) 555-0187', 'Ann', 'Lee', 'F',
  'New York', 'New York', '10001-1234', 'US', '0.10', 'USD',
  '[{"id":"SKU-1","quantity":1,"item_price":0.05},{"id":"SKU-2","quantity":1,"item_price":0.05}]',
  '["SKU-1",null,"SKU-2"]', '[]', '0'
);

-- A phone number that was a floating-point number once; the same address twice.
INSERT INTO shop (event_id, order_id, event_name, placed_at, url, emails, phone, country, total, currency, items) VALUES (
  'order-4', '9007199254741004', 'PURCHASE', '2026-11-18 12:00:00', 'https://shop.example.com/thanks',
  '["bob@example.co.uk","BOB@example.co.uk"]', '442079460958.0', 'GB', '1234567.89', 'GBP',
  '[{"id":"1","quantity":1,"item_price":1000000.00},{"id":"2","quantity":2,"item_price":117283.945}]'
);

-- A 0 after the country code; a text that begins with a quotation mark.
INSERT INTO shop (event_id, order_id, event_name, placed_at, url, phone, country, total, currency, items, search, note) VALUES (
  'order-5', '9007199254741005', 'PURCHASE', '2026-11-17 08:15:00.123456', 'https://shop.example.com/thanks',
  '+44 (0)20 7946 0958', 'GB', '5', 'GBP',
  '[{"id":"SKU-5","quantity":1,"item_price":2.5},{"id":"SKU-6","quantity":1,"item_price":2.5}]',
  '"running shoes"', '"Leave it" with a neighbor'
);

-- Hashes instead of an address (in upper case) and of a phone number.
INSERT INTO shop (event_id, order_id, event_name, placed_at, url, emails, phone, total, currency, items) VALUES (
  'order-6', '9007199254741006', 'PURCHASE', '2026-11-16 20:00:00', 'https://shop.example.com/thanks',
  '["19F5DD4153F1A9CEE1A285DD69474EC42EC28B514DF4FA4B5B13C16A102A229A"]', 'a7ee5e5f621eee53700e8c391504973a6477203ada0a7ab40782713bf4ee6f43', '19.99', 'EUR',
  '[{"id":"SKU-1","quantity":1,"item_price":9.99},{"id":"SKU-2","quantity":1,"item_price":10.00}]'
);

-- Empty and blank texts, and no identifier but an IPv4 address in IPv6 form with a user agent.
INSERT INTO shop (event_id, order_id, event_name, placed_at, url, phone, first_name, last_name, city, country, ip, agent,
  total, currency, items, search, note) VALUES (
  'order-7', '9007199254741007', 'PURCHASE', '2026-11-15 00:00:00', 'https://shop.example.com/thanks',
  '', '', '   ', '', '', '::ffff:203.0.113.7', 'Shop\1.0 (tab	inside)',
  '0.00', 'EUR', '[{"id":"A","quantity":1,"item_price":0},{"id":"B","quantity":1,"item_price":0.00}]', '', ''
);

-- Line ends, tabs, backslashes and quotation marks in texts.
INSERT INTO shop (event_id, order_id, event_name, placed_at, url, emails, first_name, last_name, total, currency, items,
  search, note) VALUES (
  'order-8', '9007199254741008', 'PURCHASE', '2026-11-14 06:30:00', 'https://shop.example.com/thanks',
  '["o''hara+shop@example.com"]', 'Anne "Annie"', 'de la Cruz', '12.00', 'EUR',
  '[{"id":"C:\\new\\table","quantity":1,"item_price":6},{"id":"two\nlines","quantity":1,"item_price":6}]',
  'C:\new\table\', 'First line
second line	after a tab, "quoted", ''quoted'', back\slash'
);

-- No amount, no order number, and the farthest time that is not expired yet.
INSERT INTO shop (event_id, event_name, placed_at, url, emails, first_name, items, opt_outs) VALUES (
  'order-9', 'SIGN_UP', '2026-11-13 12:00:01', 'https://shop.example.com/join',
  '["new@example.com"]', '  José  ',
  '[{"id":"SKU-7","quantity":1},{"id":"SKU-9","quantity":1}]', '["lmu","DELETE"]'
);
