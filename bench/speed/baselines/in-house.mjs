// A script as one writes it for a nightly export: csv-parse objects, createHash, one request after the other. It trims and
// lowers what it hashes, checks nothing, and stops at the first request that fails.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { parse } from 'csv-parse';

const BATCH = 2000;
const [input, url] = process.argv.slice(2);

function sha256(text) {
  return createHash('sha256').update(text.trim().toLowerCase()).digest('hex');
}

function toEvent(row) {
  return {
    event_name: row.event_name,
    event_time: Date.parse(`${row.event_time.replace(' ', 'T')}Z`),
    event_id: row.event_id,
    event_source_url: row.event_source_url,
    action_source: 'WEB',
    user_data: {
      em: [sha256(row.em)],
      ph: [sha256(row.ph.replace(/\D/g, '').replace(/^0+/, ''))],
      fn: [sha256(row.fn)],
      ln: [sha256(row.ln)],
      ge: [sha256(row.ge.slice(0, 1))],
      ct: [sha256(row.ct)],
      st: [sha256(row.st)],
      zp: [sha256(row.zp)],
      country: [sha256(row.country)],
      external_id: [sha256(row.external_id)],
      client_ip_address: row.client_ip_address,
      client_user_agent: row.client_user_agent,
      sc_click_id: row.sc_click_id,
    },
    custom_data: {
      currency: row.currency,
      value: Number(row.value),
      order_id: row.order_id,
      num_items: row.num_items,
      content_ids: row.content_ids.split(','),
    },
  };
}

async function send(events) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ data: events }),
  });
  const answer = await response.json();
  if (!response.ok || answer.status !== 'VALID') throw new Error(`The API answered ${response.status}`);
}

let batch = [];
for await (const row of createReadStream(input).pipe(parse({ columns: true, bom: true }))) {
  batch.push(toEvent(row));
  if (batch.length === BATCH) {
    await send(batch);
    batch = [];
  }
}
if (batch.length > 0) await send(batch);
