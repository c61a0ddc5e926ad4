import { DATA_PROCESSING_OPTIONS, EVENT_NAMES, eventName } from '../normalize/names.js';
import { asIs, dataProcessingOption } from '../normalize/plain.js';
import { everywhere, field } from './build.js';
import { oneOfWords, TYPES } from './value-types.js';

const TOP_LEVEL = 'source document, top-level table';

export const EVENT_NAME = field({
  name: 'event_name',
  places: everywhere('event'),
  summary: 'What happened: one of the 31 names of the API, in any case; sent in upper case.',
  type: oneOfWords(EVENT_NAMES, eventName),
  required: [{ when: 'always' }],
  similarNames: ['event', 'event_type', 'event_conversion_type', 'conversion_event'],
  reference: TOP_LEVEL,
  good: [
    { input: 'PURCHASE', output: 'PURCHASE' },
    { input: 'page_view', output: 'PAGE_VIEW' },
    { input: 'Custom_Event_5', output: 'CUSTOM_EVENT_5' },
  ],
  bad: [
    { input: 'BUY', code: 'unknown_event_name' },
    { input: 'CUSTOM_EVENT_6', code: 'unknown_event_name' },
  ],
});

export const EVENT_TIME = field({
  name: 'event_time',
  places: everywhere('event'),
  summary:
    'When it happened: Unix time of 10 or more digits (unit told by length), ISO 8601, or timestamp text; UTC unless a zone is given.',
  kind: 'event_time',
  type: TYPES.time,
  required: [{ when: 'always' }],
  similarNames: [
    'timestamp',
    'event_timestamp',
    'event_date',
    'event_datetime',
    'event_at',
    'conversion_time',
    'conversion_timestamp',
    'occurred_at',
  ],
  reference: 'source document, top-level table; units by digit count and timestamp text: decision',
  good: [
    { input: '1705508777', output: 1705508777000 },
    { input: '1705508777123', output: 1705508777123 },
    { input: '1705508777123456', output: 1705508777123 },
    { input: '2024-08-28T15:30:00Z', output: 1724859000000 },
    { input: '2024-08-28T15:30:00+02:00', output: 1724851800000 },
    { input: '2024-08-28 15:30:00.123 UTC', output: 1724859000123 },
    { input: '2024-08-28 15:30:00.123 Z', output: 1724859000123 },
    { input: '1724859000.123456', output: 1724859000123 },
    { input: '2024-08-28', output: 1724803200000 },
    {
      input: '2024-08-28 21:00:00',
      output: 1724859000000,
      context: { timeZone: 'Asia/Kolkata' },
    },
  ],
  bad: [
    { input: '170550877', code: 'invalid_event_time' },
    { input: '2024-02-30T00:00:00Z', code: 'invalid_event_time' },
    { input: 'yesterday', code: 'invalid_event_time' },
  ],
});

export const EVENT_SOURCE_URL = field({
  name: 'event_source_url',
  places: everywhere('event'),
  summary: 'Page on which it happened: an absolute http or https URL.',
  type: TYPES.url,
  required: [{ when: 'event_source_type', is: 'WEB' }],
  similarNames: [
    'url',
    'page_url',
    'source_url',
    'event_url',
    'web_url',
    'site_url',
    'page_location',
    'current_url',
  ],
  reference: TOP_LEVEL,
  good: [
    { input: 'https://example.com/page', output: 'https://example.com/page' },
    { input: 'http://example.com/?q=1', output: 'http://example.com/?q=1' },
  ],
  bad: [
    { input: 'example.com/page', code: 'invalid_url' },
    { input: '/page', code: 'invalid_url' },
    { input: 'ftp://example.com/page', code: 'invalid_url' },
  ],
});

export const EVENT_ID = field({
  name: 'event_id',
  places: everywhere('event'),
  summary: 'Identifier by which repeated events count once; derived from the event when absent.',
  type: TYPES.text,
  similarNames: ['event_uuid', 'event_key', 'dedup_id', 'deduplication_id', 'client_dedup_id'],
  reference: 'source document, top-level table; derived when absent: decision',
  good: [{ input: 'EBBE201', output: 'EBBE201' }],
});

export const ACTION_SOURCE = field({
  name: 'action_source',
  places: everywhere('event'),
  summary: 'Taken from event_source_type of the config; a column of this name is ignored with a warning.',
  kind: 'ignored',
  type: oneOfWords(['WEB', 'MOBILE_APP', 'OFFLINE'], asIs),
  reference: TOP_LEVEL,
  good: [{ input: 'WEB', output: 'WEB' }],
});

export const TRACKING_ENABLED = field({
  name: 'advertiser_tracking_enabled',
  places: { WEB: 'event', OFFLINE: 'event', MOBILE_APP: 'app_data' },
  summary: 'Tracking opt-in as a boolean (1/0, true/false, t/f, yes/no, any case); sent as 1 or 0.',
  type: TYPES.boolean,
  required: [{ when: 'event_source_type', is: 'MOBILE_APP' }],
  similarNames: ['tracking_enabled', 'ad_tracking_enabled', 'att_status', 'att_enabled'],
  reference: 'source document, top-level and app data tables; spellings and OFFLINE: decision',
  good: [
    { input: '1', output: 1 },
    { input: 'TRUE', output: 1 },
    { input: 'yes', output: 1 },
    { input: 'f', output: 0 },
    { input: '0', output: 0 },
  ],
  bad: [
    { input: '2', code: 'invalid_boolean' },
    { input: 'maybe', code: 'invalid_boolean' },
  ],
});

/** Fields of the event itself. */
export const EVENT_FIELDS = Object.freeze([
  EVENT_NAME,
  EVENT_TIME,
  EVENT_SOURCE_URL,
  EVENT_ID,
  ACTION_SOURCE,
  field({
    name: 'data_processing_options',
    places: everywhere('event'),
    summary:
      'Privacy processing of the event: LMU or DELETE, in any case. An invalid value always makes the row invalid.',
    costsTheRow: true,
    shape: 'array',
    type: oneOfWords(DATA_PROCESSING_OPTIONS, dataProcessingOption),
    similarNames: ['data_processing_option', 'processing_options'],
    reference: TOP_LEVEL,
    good: [
      { input: 'LMU', output: 'LMU' },
      { input: 'delete', output: 'DELETE' },
    ],
    bad: [{ input: 'LDU', code: 'invalid_choice' }],
  }),
  TRACKING_ENABLED,
]);
