-- The shop in PostgreSQL: arrays, jsonb, bytea, inet, uuid, timestamps with and without time zone.
SET TIME ZONE 'UTC';
\ir shop.sql

CREATE FUNCTION as_list(list text) RETURNS text[] LANGUAGE sql AS $$
  SELECT CASE WHEN list IS NOT NULL THEN ARRAY(SELECT jsonb_array_elements_text(list::jsonb)) END
$$;

CREATE TABLE orders (
  event_id text, order_id bigint, event_name text, placed_at timestamp with time zone,
  local_at timestamp without time zone, url text,
  emails text[], customer_hash bytea, phone text, first_name text, last_name text, gender text,
  city text, state text, zip text, country text, click_id uuid, ip inet, agent text,
  total numeric(12, 2), currency char(3), items jsonb, item_ids text[], search text, item_count integer, ltv numeric(20, 9),
  tracking boolean, opt_outs text[], stay_from date, destinations integer[],
  packed_at timestamp without time zone, points bigint, gift boolean, note text, weight numeric(8, 3), shelves integer[]
);
INSERT INTO orders SELECT
  event_id, order_id::bigint, event_name, placed_at::timestamp with time zone,
  placed_at::timestamp with time zone AT TIME ZONE 'Asia/Kolkata', url,
  as_list(emails), decode(customer_hash, 'hex'), phone, first_name, last_name, gender,
  city, state, zip, country, click_id::uuid, ip::inet, agent,
  total::numeric, currency, items::jsonb, as_list(item_ids), search, item_count::integer, ltv::numeric,
  tracking::boolean, as_list(opt_outs), stay_from::date, as_list(destinations)::integer[],
  packed_at::timestamp, points::bigint, gift::boolean, note, weight::numeric, as_list(shelves)::integer[]
FROM shop;

CREATE VIEW snapchat_orders AS SELECT
  event_id, order_id, event_name, placed_at AS event_time, url AS event_source_url,
  emails AS em, customer_hash AS external_id, phone AS ph, first_name AS fn, last_name AS ln, gender AS ge,
  city AS ct, state AS st, zip AS zp, country, click_id AS sc_click_id, ip AS client_ip_address,
  agent AS client_user_agent, total AS value, currency, items AS contents, item_ids AS content_ids,
  search AS search_string, item_count AS num_items, ltv AS predicted_ltv,
  tracking AS advertiser_tracking_enabled, opt_outs AS data_processing_options, stay_from AS checkin_date,
  destinations AS destination_ids, packed_at, points, gift, note, weight, shelves
FROM orders;

-- The same orders as a shop stores them that writes the wall clock of India, without a zone.
CREATE VIEW snapchat_local_orders AS SELECT
  event_id, event_name, local_at AS event_time, url AS event_source_url, phone AS ph, ip AS client_ip_address,
  agent AS client_user_agent, customer_hash AS external_id, emails AS em, total AS value, currency
FROM orders;
