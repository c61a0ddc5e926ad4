-- The shop in MariaDB: JSON for lists, BINARY(32) for hashes, TIMESTAMP with and DATETIME without time zone.
SET time_zone = '+00:00';
SET sql_mode = 'STRICT_ALL_TABLES,NO_BACKSLASH_ESCAPES';
SOURCE shop.sql

CREATE TABLE orders (
  event_id varchar(40), order_id bigint, event_name varchar(40), placed_at timestamp(6) NULL,
  local_at datetime(6), url text,
  emails json, customer_hash binary(32), phone varchar(80), first_name text, last_name text, gender text,
  city text, state text, zip text, country text, click_id uuid, ip text, agent text,
  total decimal(12, 2), currency char(3), items json, item_ids json, search text, item_count int, ltv decimal(20, 9),
  tracking boolean, opt_outs json, stay_from date, destinations json,
  packed_at datetime(6), points bigint, gift boolean, note text, weight decimal(8, 3), shelves json
);
INSERT INTO orders SELECT
  event_id, order_id, event_name, placed_at,
  CONVERT_TZ(placed_at, '+00:00', '+05:30'), url,
  emails, unhex(customer_hash), phone, first_name, last_name, gender,
  city, state, zip, country, click_id, ip, agent,
  total, currency, items, item_ids, search, item_count, ltv,
  tracking, opt_outs, stay_from, destinations,
  packed_at, points, gift, note, weight, shelves
FROM shop;

CREATE VIEW snapchat_orders AS SELECT
  event_id, order_id, event_name, placed_at AS event_time, url AS event_source_url,
  emails AS em, lower(hex(customer_hash)) AS external_id, phone AS ph, first_name AS fn, last_name AS ln, gender AS ge,
  city AS ct, state AS st, zip AS zp, country, click_id AS sc_click_id, ip AS client_ip_address,
  agent AS client_user_agent, total AS value, currency, items AS contents, item_ids AS content_ids,
  search AS search_string, item_count AS num_items, ltv AS predicted_ltv,
  tracking AS advertiser_tracking_enabled, opt_outs AS data_processing_options, stay_from AS checkin_date,
  destinations AS destination_ids, packed_at, points, gift, note, weight, shelves
FROM orders;

CREATE VIEW snapchat_orders_json AS SELECT JSON_OBJECT(
  'event_id', event_id, 'order_id', order_id, 'event_name', event_name, 'event_time', event_time,
  'event_source_url', event_source_url, 'em', em, 'external_id', external_id, 'ph', ph, 'fn', fn, 'ln', ln, 'ge', ge,
  'ct', ct, 'st', st, 'zp', zp, 'country', country, 'sc_click_id', sc_click_id,
  'client_ip_address', client_ip_address, 'client_user_agent', client_user_agent, 'value', value, 'currency', currency,
  'contents', contents, 'content_ids', content_ids, 'search_string', search_string, 'num_items', num_items,
  'predicted_ltv', predicted_ltv, 'advertiser_tracking_enabled', advertiser_tracking_enabled,
  'data_processing_options', data_processing_options, 'checkin_date', checkin_date,
  'destination_ids', destination_ids, 'packed_at', packed_at, 'points', points, 'gift', gift, 'note', note,
  'weight', weight, 'shelves', shelves
) AS row FROM snapchat_orders;

-- The same orders as a shop stores them that writes the wall clock of India, without a zone.
CREATE VIEW snapchat_local_orders AS SELECT
  event_id, event_name, local_at AS event_time, url AS event_source_url, phone AS ph, ip AS client_ip_address,
  agent AS client_user_agent, lower(hex(customer_hash)) AS external_id, emails AS em, total AS value, currency
FROM orders;
