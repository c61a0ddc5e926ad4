import { isUtf8 } from 'node:buffer';

import { isInMilliseconds } from './check-event.js';
import type { Json, JsonObject } from './json.js';
import { holdsNull, isArray, isObject } from './json.js';

/** A request body with its text, or why the request is refused as a whole. */
export type ParsedBody =
  | { readonly ok: true; readonly events: readonly JsonObject[]; readonly text: string }
  | { readonly ok: false; readonly reason: 'unparsable' | 'time-unit' };

const UNPARSABLE: ParsedBody = { ok: false, reason: 'unparsable' };
const TIME_UNIT: ParsedBody = { ok: false, reason: 'time-unit' };

/**
 * Reads a body and applies what makes the API refuse it whole: bad UTF-8 or JSON, another shape than
 * `{"data":[event, …]}` with at least one event, a null anywhere, `user_data.anon_id`, and an OFFLINE event in milliseconds.
 */
export function parseBody(bytes: Buffer): ParsedBody {
  if (!isUtf8(bytes)) return UNPARSABLE;
  const text = bytes.toString('utf8');
  let body: Json;
  try {
    body = JSON.parse(text) as Json;
  } catch {
    return UNPARSABLE;
  }
  if (!isObject(body) || Object.keys(body).join() !== 'data') return UNPARSABLE;
  const events = body['data'];
  if (!isArray(events) || events.length === 0 || !events.every(hasEventShape)) return UNPARSABLE;
  // Walking every value costs more than all checks; a body without the letters has no null.
  if (text.includes('null') && holdsNull(body)) return UNPARSABLE;
  return events.some(isOfflineInMilliseconds) ? TIME_UNIT : { ok: true, events, text };
}

function hasEventShape(event: Json): event is JsonObject {
  if (!isObject(event)) return false;
  for (const key of ['user_data', 'custom_data', 'app_data']) {
    if (event[key] !== undefined && !isObject(event[key])) return false;
  }
  const userData = event['user_data'];
  return !isObject(userData) || userData['anon_id'] === undefined;
}

function isOfflineInMilliseconds(event: JsonObject): boolean {
  return event['action_source'] === 'OFFLINE' && isInMilliseconds(event['event_time']);
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Cuts the text of a body that `parseBody` accepted into the texts of its events, byte for byte as they were sent.
 * A repeated `data` key makes the cut meaningless; the caller sees that by the number of texts.
 */
export function cutEvents(text: string): string[] {
  const texts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) {
      index = endOfString(text, index);
    } else if (code === 0x7b || code === 0x5b) {
      depth++;
      if (depth === 3) start = index;
    } else if (code === 0x7d || code === 0x5d) {
      if (depth === 3) texts.push(text.slice(start, index + 1));
      depth--;
    }
  }
  return texts;
}

function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end;
}

function isEscaped(text: string, index: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(index - 1 - backslashes) === BACKSLASH) backslashes++;
  return backslashes % 2 === 1;
}
