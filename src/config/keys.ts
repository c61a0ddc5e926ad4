import { z } from 'zod';

/** How a key is given in the environment as `SNAPCAPI_<KEY>`; absent: only in the config. */
type EnvironmentKind = 'text' | 'number' | 'boolean';

type KeySpec<Schema extends z.ZodType = z.ZodType> = {
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
    summary: 'Kind of export; the only one there is.',
  }),
  auth_method: key(z.enum(['oauth', 'api_token']).optional(), '"oauth" or "api_token"', {
    default: '"oauth"',
    required: 'no',
    summary: 'Which credential proves who you are.',
    environment: 'text',
  }),
  api_token: key(text.optional(), 'a string that is not empty', {
    default: '–',
    required: 'with `api_token`, unless the environment or --token-file gives it',
    summary: 'Conversions API token. Better written as "${NAME}" than in plain text.',
    environment: 'text',
  }),
  oauth_credentials_id: key(text.optional(), 'a string that is not empty', {
    default: '–',
    required: 'with `oauth`',
    summary: 'Which stored OAuth credential to use.',
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
    optional('"WEB"', 'Where the events happened; becomes action_source.', 'text'),
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
      'Send to the validation endpoint: every event is checked, none is counted. Flag: --test-events.',
      'boolean',
    ),
  ),
  skip_invalid_records: key(
    z.boolean().optional(),
    'true or false',
    optional('true', 'Skip invalid and refused rows and go on; false stops at the first one.', 'boolean'),
  ),
  api_base_url: key(
    text.optional(),
    'a string that is not empty',
    optional(
      '"https://tr.snapchat.com"',
      'Where the API is. https only; http is allowed on loopback, for the simulator. Hosts outside of snapchat.com need --allow-endpoint.',
      'text',
    ),
  ),
  batch_size: key(
    z.int().min(1).max(2000).optional(),
    'an integer from 1 to 2000',
    optional('2000', 'Most events in one request. Flag: --batch-size.', 'number'),
  ),
  max_batch_bytes: key(
    z.int().min(1000).max(100_000_000).optional(),
    'an integer from 1000 to 100000000',
    optional('2000000', 'Largest request body, bytes.', 'number'),
  ),
  concurrency: key(
    z.int().min(1).max(64).optional(),
    'an integer from 1 to 64',
    optional('4', 'Requests in flight at the same time. Flag: --concurrency.', 'number'),
  ),
  max_requests_per_second: key(
    z.number().min(0.01).max(1000).optional(),
    'a number from 0.01 to 1000',
    optional(
      '10 with `oauth`, 100 with `api_token`',
      'Most requests begun in a second. Flag: --rate.',
      'number',
    ),
  ),
  max_event_age_days: key(
    z.number().min(0).max(36_500).optional(),
    'a number from 0 to 36500',
    optional('7', 'Older events are expired: not sent, counted on their own.', 'number'),
  ),
  max_future_minutes: key(
    z.number().min(0).max(525_600).optional(),
    'a number from 0 to 525600',
    optional('60', 'Events further in the future are invalid.', 'number'),
  ),
  event_id: key(
    z.enum(['derive', 'none']).optional(),
    '"derive" or "none"',
    optional('"derive"', 'Make an event_id from the content of rows that have none, or send none.', 'text'),
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
      'What an invalid optional value costs: the row, or only itself with a warning.',
      'text',
    ),
  ),
  assemble_custom_arrays: key(
    z.boolean().optional(),
    'true or false',
    optional('true', 'Whether custom columns NAME_1, NAME_2, … become one array NAME.', 'boolean'),
  ),
  custom_datetime: key(
    z.enum(['seconds', 'milliseconds', 'keep']).optional(),
    '"seconds", "milliseconds" or "keep"',
    optional(
      '"seconds"',
      'Unix time that date-time text in custom columns becomes; keep leaves the text.',
      'text',
    ),
  ),
  default_country: key(
    text.optional(),
    'a country, best as its two-letter code',
    optional('–', 'Country the st and zp rules assume when a row has none; never sent.', 'text'),
  ),
  columns: key(
    z.union([z.literal('all'), z.array(outputColumn).min(1)]).optional(),
    '"all", or a list of "*", {"from", "to"}, {"value", "to"} and {"template", "to"}',
    optional(
      '"all"',
      'Output mapping: renames columns, adds constants and templates. With a list only listed columns are exported, unless it contains "*".',
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
    optional('–', 'Partner name that is sent with every event as it is.', 'text'),
  ),
  test_event_code: key(
    text.optional(),
    'a string that is not empty',
    optional('–', 'Test event code that is sent with every event as it is.', 'text'),
  ),
  personal_data: key(
    z.union([z.enum(['stop', 'warn']), z.strictObject({ allow: z.array(column).min(1) })]).optional(),
    '"stop", "warn" or {"allow": ["column", …]}',
    optional(
      '"stop"',
      'What happens when a custom column holds unhashed personal data: send nothing, warn, or allow the columns named.',
    ),
  ),
  custom_datetime_columns: key(
    z.array(column).min(1).optional(),
    'a list of column names',
    optional('[]', 'Custom columns of which every value is a point in time and becomes Unix time.'),
  ),
  time_zone: key(
    text.optional(),
    'an IANA time zone name such as "Asia/Kolkata"',
    optional('"UTC"', 'Time zone of timestamps and dates that name none.', 'text'),
  ),
  phone_country: key(
    text.optional(),
    'a country, best as its two-letter code',
    optional(
      '–',
      'Completes phone numbers without a country code: with the country of the row, else with this one.',
      'text',
    ),
  ),
  contents_keys: key(
    z.record(z.string(), z.enum(['id', 'quantity', 'item_price', 'delivery_category', 'brand'])).optional(),
    'an object such as {"sku": "id", "qty": "quantity", "price": "item_price"}',
    optional('{}', 'Renames keys of the items of contents.'),
  ),
  min_rows: key(
    z.int().min(0).optional(),
    'an integer from 0',
    optional('0', 'Fewest rows a run must read to succeed. Flag: --min-rows.', 'number'),
  ),
  min_sent: key(
    z.int().min(0).optional(),
    'an integer from 0',
    optional('0', 'Fewest rows a run must send to succeed. Flag: --min-sent.', 'number'),
  ),
  max_rejected: key(
    z.union([z.int().min(0), z.string().regex(/^\s*\d{1,15}(\.\d{1,6})?%\s*$|^\s*\d{1,15}\s*$/)]).optional(),
    'an integer from 0, or a percentage such as "5%"',
    optional(
      '–',
      'Most rows that may be rejected before the run counts as failed. Flag: --max-rejected.',
      'text',
    ),
  ),
}) satisfies Readonly<Record<string, KeySpec>>;

export type ConfigKey = keyof typeof CONFIG_KEYS;

type Shape = { [Key in ConfigKey]: (typeof CONFIG_KEYS)[Key]['schema'] };

/** The config as its file spells it, strict: unknown keys are issues. */
export const CONFIG_SCHEMA = z.strictObject(
  Object.fromEntries(
    Object.entries(CONFIG_KEYS).map(([name_, spec]) => [name_, spec.schema]),
  ) as unknown as Shape,
);

export type RawConfig = z.infer<typeof CONFIG_SCHEMA>;

/** One line of the documentation of the config. */
export type ConfigKeyRow = {
  readonly key: ConfigKey;
  readonly values: string;
  readonly default: string;
  readonly required: string;
  readonly summary: string;
  /** Environment variable that overrides the file. */
  readonly environment?: string;
};

/** The table of all keys for people, in the order of the schema. */
export function configKeyRows(): readonly ConfigKeyRow[] {
  return (Object.entries(CONFIG_KEYS) as [ConfigKey, KeySpec][]).map(([name_, spec]) => ({
    key: name_,
    values: spec.expected,
    default: spec.default,
    required: spec.required,
    summary: spec.summary,
    ...(spec.environment === undefined ? {} : { environment: environmentName(name_) }),
  }));
}

/** Name of the environment variable of a key. */
export function environmentName(configKey: ConfigKey): string {
  return `SNAPCAPI_${configKey.toUpperCase()}`;
}

/** JSON Schema (draft 2020-12) of the config file, for editors. */
export function configJsonSchema(): object {
  const withDocs = z.strictObject({
    $schema: z.string().optional().meta({ description: 'JSON Schema of this file, for editors; ignored.' }),
    ...Object.fromEntries(
      (Object.entries(CONFIG_KEYS) as [ConfigKey, KeySpec][]).map(([name_, spec]) => [
        name_,
        spec.schema.meta({ ...spec.schema.meta(), description: spec.summary }),
      ]),
    ),
  });
  return z.toJSONSchema(withDocs, { io: 'input' });
}
