-- The shop in SQLite: JSON text for lists, BLOB for hashes, text for times and for decimals of more than 15 digits.
.read shop.sql

CREATE TABLE orders (
  event_id TEXT, order_id INTEGER, event_name TEXT, placed_at TEXT,
  local_at TEXT, url TEXT,
  emails TEXT, customer_hash BLOB, phone TEXT, first_name TEXT, last_name TEXT, gender TEXT,
  city TEXT, state TEXT, zip TEXT, country TEXT, click_id TEXT, ip TEXT, agent TEXT,
  total REAL, currency TEXT, items TEXT, item_ids TEXT, search TEXT, item_count INTEGER, ltv TEXT,
  tracking BOOLEAN, opt_outs TEXT, stay_from TEXT, destinations TEXT,
  packed_at TEXT, points INTEGER, gift BOOLEAN, note TEXT, weight REAL, shelves TEXT
);
INSERT INTO orders SELECT
  event_id, order_id, event_name, placed_at,
  strftime('%Y-%m-%d %H:%M:%f', placed_at, '+5 hours', '+30 minutes'), url,
  emails, NULL, phone, first_name, last_name, gender,
  city, state, zip, country, click_id, ip, agent,
  total, currency, items, item_ids, search, item_count, ltv,
  tracking, opt_outs, stay_from, destinations,
  packed_at, points, gift, note, weight, shelves
FROM shop;

-- The hashes of shop.sql again: this SQLite may not know unhex().
UPDATE orders SET customer_hash = x'e83f10dcd2c68747c3f3ba14a54258d5c1843a8d75b0f5cb52c6f3df052a72d1'
WHERE event_id = 'order-1';
UPDATE orders SET customer_hash = x'61d19062e76c3dd0a7c4df471193796e58c1379cc2a3df4e1d0799e298d09a32'
WHERE event_id = 'order-2';

CREATE VIEW snapchat_orders AS SELECT
  event_id, order_id, event_name, placed_at AS event_time, url AS event_source_url,
  emails AS em, hex(customer_hash) AS external_id, phone AS ph, first_name AS fn, last_name AS ln, gender AS ge,
  city AS ct, state AS st, zip AS zp, country, click_id AS sc_click_id, ip AS client_ip_address,
  agent AS client_user_agent, total AS value, currency, items AS contents, item_ids AS content_ids,
  search AS search_string, item_count AS num_items, ltv AS predicted_ltv,
  tracking AS advertiser_tracking_enabled, opt_outs AS data_processing_options, stay_from AS checkin_date,
  destinations AS destination_ids, packed_at, points, gift, note, weight, shelves
FROM orders;

-- The same orders as a shop stores them that writes the wall clock of India, without a zone.
CREATE VIEW snapchat_local_orders AS SELECT
  event_id, event_name, local_at AS event_time, url AS event_source_url, phone AS ph, ip AS client_ip_address,
  agent AS client_user_agent, hex(customer_hash) AS external_id, emails AS em, total AS value, currency
FROM orders;
