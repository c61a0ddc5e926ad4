import { z } from 'zod';

/** How a key is given in the environment as `SNAPCAPI_<KEY>`; absent: only in the config. */
type EnvironmentKind = 'text' | 'number' | 'boolean';

export type KeySpec<Schema extends z.ZodType = z.ZodType> = {
  readonly schema: Schema;
  /** Accepted values, for people: completes "must be …". */
  readonly expected: string;
  /** For people; `–` when there is none. */
  readonly default: string;
  readonly required: string;
  readonly summary: string;
  readonly environment?: EnvironmentKind;
};

const key = <Schema extends z.ZodType>(
  schema: Schema,
  expected: string,
  about: Omit<KeySpec, 'schema' | 'expected'>,
): KeySpec<Schema> => Object.freeze({ schema, expected, ...about });

const optional = (standard: string, summary: string, environment?: EnvironmentKind) => ({
  default: standard,
  required: 'no',
  summary,
  ...(environment === undefined ? {} : { environment }),
});

/** `WEB` as `[Ww][Ee][Bb]`: JSON Schema has no flag for "any case". */
function anyCase(word: string): string {
  return word.replace(/[A-Z]/g, (letter) => `[${letter}${letter.toLowerCase()}]`);
}

const SOURCE_TYPES = ['WEB', 'MOBILE_APP', 'OFFLINE'] as const;

const text = z.string().trim().min(1);
const name = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/);
const column = z.string().trim().min(1);

const outputColumn = z.union([
  z.literal('*'),
  z.strictObject({ from: column, to: column.optional() }),
  z.strictObject({ value: z.string(), to: column }),
  z.strictObject({ template: z.string(), to: column }),
  z.strictObject({ drop: column }),
]);

/**
 * Every key of the config: schema, accepted values, default, requirement and summary. The one home of this
 * knowledge: checking, the JSON Schema and the documentation are made from it. Keys from `api_base_url` on
 * are extensions of the vendor's shape.
 */
export const CONFIG_KEYS = Object.freeze({
  type: key(z.literal('snapchat_conversion'), '"snapchat_conversion"', {
    default: '–',
    required: 'yes',
    summary: 'Type of the export.',
  }),
  auth_method: key(z.enum(['oauth', 'api_token']).optional(), '"oauth" or "api_token"', {
    default: '"oauth"',
    required: 'no',
    summary: 'Kind of the credential.',
    environment: 'text',
  }),
  api_token: key(text.optional(), 'a string that is not empty', {
    default: '–',
    required: 'with `api_token`, unless the environment or --token-file gives it',
    summary: 'Conversions API token. Write it as "${NAME}", not as its text.',
    environment: 'text',
  }),
  oauth_credentials_id: key(text.optional(), 'a string that is not empty', {
    default: '–',
    required: 'with `oauth`',
    summary: 'Name of the stored OAuth credential.',
    environment: 'text',
  }),
  event_source_type: key(
    z
      .preprocess(
        (value) => (typeof value === 'string' ? value.trim().toUpperCase() : value),
        z.enum(SOURCE_TYPES),
      )
      .optional()
      .meta({ enum: undefined, pattern: `^(${SOURCE_TYPES.map(anyCase).join('|')})$` }),
    '"WEB", "MOBILE_APP" or "OFFLINE" (any case)',
    optional('"WEB"', 'Where the events happened. Sent as action_source.', 'text'),
  ),
  event_source_id: key(text, 'a string that is not empty', {
    default: '–',
    required: 'yes',
    summary: 'Pixel ID for WEB and OFFLINE, Snap App ID for MOBILE_APP.',
    environment: 'text',
  }),
  send_test_events: key(
    z.boolean().optional(),
    'true or false',
    optional(
      'false',
      'Send to the validation endpoint: events are validated and not counted. Flag: --test-events.',
      'boolean',
    ),
  ),
  skip_invalid_records: key(
    z.boolean().optional(),
    'true or false',
    optional('true', 'Skip invalid and refused rows; false stops at the first one.', 'boolean'),
  ),
  api_base_url: key(
    text.optional(),
    'a string that is not empty',
    optional(
      '"https://tr.snapchat.com"',
      'URL of the API: https, or http on loopback for the simulator. Hosts outside snapchat.com need --allow-endpoint.',
      'text',
    ),
  ),
  batch_size: key(
    z.int().min(1).max(2000).optional(),
    'an integer from 1 to 2000',
    optional('2000', 'Maximum number of events in a request. Flag: --batch-size.', 'number'),
  ),
  max_batch_bytes: key(
    z.int().min(1000).max(100_000_000).optional(),
    'an integer from 1000 to 100000000',
    optional('2000000', 'Maximum size of a request body in bytes.', 'number'),
  ),
  concurrency: key(
    z.int().min(1).max(64).optional(),
    'an integer from 1 to 64',
    optional('4', 'Maximum number of requests in flight. Flag: --concurrency.', 'number'),
  ),
  max_requests_per_second: key(
    z.number().min(0.01).max(1000).optional(),
    'a number from 0.01 to 1000',
    optional(
      '10 with `oauth`, 100 with `api_token`',
      'Maximum number of requests per second. Flag: --rate.',
      'number',
    ),
  ),
  max_event_age_days: key(
    z.number().min(0).max(36_500).optional(),
    'a number from 0 to 36500',
    optional(
      '7',
      'Maximum age of an event. Older rows are expired: not sent, and counted separately.',
      'number',
    ),
  ),
  max_future_minutes: key(
    z.number().min(0).max(525_600).optional(),
    'a number from 0 to 525600',
    optional('60', 'Maximum time of an event in the future. Later rows are invalid.', 'number'),
  ),
  event_id: key(
    z.enum(['derive', 'none']).optional(),
    '"derive" or "none"',
    optional(
      '"derive"',
      'For rows without an event_id: derive one from their content, or send none.',
      'text',
    ),
  ),
  event_time_unit: key(
    z.enum(['auto', 'milliseconds', 'seconds']).optional(),
    '"auto", "milliseconds" or "seconds"',
    optional(
      '"auto"',
      'Unit of event_time on the wire; auto is milliseconds for WEB and MOBILE_APP, seconds for OFFLINE.',
      'text',
    ),
  ),
  on_invalid_field: key(
    z.enum(['reject_row', 'drop_field']).optional(),
    '"reject_row" or "drop_field"',
    optional(
      '"reject_row"',
      'For an invalid optional value: reject the row, or leave the value out with a warning.',
      'text',
    ),
  ),
  assemble_custom_arrays: key(
    z.boolean().optional(),
    'true or false',
    optional('true', 'Make one array NAME of the custom columns NAME_1, NAME_2, …', 'boolean'),
  ),
  custom_datetime: key(
    z.enum(['seconds', 'milliseconds', 'keep']).optional(),
    '"seconds", "milliseconds" or "keep"',
    optional(
      '"seconds"',
      'Unit of the Unix time that date-time text in custom columns becomes; keep leaves the text.',
      'text',
    ),
  ),
  default_country: key(
    text.optional(),
    'a country, best as its two-letter code',
    optional('–', 'Country for the st and zp rules when a row has none. Never sent.', 'text'),
  ),
  columns: key(
    z.union([z.literal('all'), z.array(outputColumn).min(1)]).optional(),
    '"all", or a list of "*", {"from", "to"}, {"value", "to"}, {"template", "to"} and {"drop"}',
    optional(
      '"all"',
      'Output mapping: renames columns, adds constants and templates, drops columns. A list exports only its columns, unless it contains "*". See docs/mapping.md.',
    ),
  ),
  variables: key(
    z.record(name, z.union([z.string(), z.number()])).optional(),
    'an object of strings; names are letters, digits and _',
    optional(
      '{}',
      'Values for templates, such as segment_id, segment_name and audience_id. Flag: --var NAME=VALUE.',
    ),
  ),
  integration: key(
    text.optional(),
    'a string that is not empty',
    optional('–', 'Partner name. Sent with every event as given.', 'text'),
  ),
  test_event_code: key(
    text.optional(),
    'a string that is not empty',
    optional('–', 'Test event code. Sent with every event as given.', 'text'),
  ),
  personal_data: key(
    z.union([z.enum(['stop', 'warn']), z.strictObject({ allow: z.array(column).min(1) })]).optional(),
    '"stop", "warn" or {"allow": ["column", …]}',
    optional(
      '"stop"',
      'If a custom column holds unhashed personal data: send nothing, warn, or allow the named columns.',
    ),
  ),
  custom_datetime_columns: key(
    z.array(column).min(1).optional(),
    'a list of column names',
    optional('[]', 'Custom columns whose values are all times. Every value becomes Unix time.'),
  ),
  time_zone: key(
    text.optional(),
    'an IANA time zone name such as "Asia/Kolkata"',
    optional('"UTC"', 'Time zone of timestamps and dates without one.', 'text'),
  ),
  phone_country: key(
    text.optional(),
    'a country, best as its two-letter code',
    optional(
      '–',
      'Completes phone numbers without a country code, with the country of the row or else this one.',
      'text',
    ),
  ),
  contents_keys: key(
    z.record(z.string(), z.enum(['id', 'quantity', 'item_price', 'delivery_category', 'brand'])).optional(),
    'an object such as {"sku": "id", "qty": "quantity", "price": "item_price"}',
    optional('{}', 'Renames the keys of contents items.'),
  ),
  min_rows: key(
    z.int().min(0).optional(),
    'an integer from 0',
    optional('0', 'Fail if fewer rows than this are read. Flag: --min-rows.', 'number'),
  ),
  min_sent: key(
    z.int().min(0).optional(),
    'an integer from 0',
    optional('0', 'Fail if fewer rows than this are sent. Flag: --min-sent.', 'number'),
  ),
  max_rejected: key(
    z.union([z.int().min(0), z.string().regex(/^\s*\d{1,15}(\.\d{1,6})?%\s*$|^\s*\d{1,15}\s*$/)]).optional(),
    'an integer from 0, or a percentage such as "5%"',
    optional('–', 'Fail if more rows than this are rejected. Flag: --max-rejected.', 'text'),
  ),
  job: key(
    text.optional(),
    'a string that is not empty',
    optional('–', 'Name of the job, whose exports resume each other. Flag: --job.', 'text'),
  ),
  on_unfinished: key(
    z.enum(['resume-first', 'start-over', 'refuse']).optional(),
    '"resume-first", "start-over" or "refuse"',
    optional('"resume-first"', 'For an unfinished run of other rows. Flag: --on-unfinished.', 'text'),
  ),
  keep_runs: key(
    z.number().min(0).max(36_500).optional(),
    'a number from 0 to 36500',
    optional('30', 'Days after which complete runs are removed. Flag: --keep-runs.', 'number'),
  ),
}) satisfies Readonly<Record<string, KeySpec>>;

export type ConfigKey = keyof typeof CONFIG_KEYS;

/** Name of the environment variable of a key. */
export function environmentName(configKey: ConfigKey): string {
  return `SNAPCAPI_${configKey.toUpperCase()}`;
}
