import type { Problem } from '../issues.js';
import type { Check, NormalizeContext, Normalizer } from '../normalize/types.js';
import type { EventSourceType } from '../types.js';

export type { Check, Normalizer } from '../normalize/types.js';

/** The object of the event a field stands in. */
export type FieldPlace = 'event' | 'user_data' | 'custom_data' | 'app_data';

/** Where the field stands for each event source type; absent: not standard there (the column is a custom field). */
export type FieldPlaces = Readonly<Partial<Record<EventSourceType, FieldPlace>>>;

/**
 * `single`: one value. `array`: always an array on the wire. `string_or_array`: one value stays a string,
 * several are an array. `comma_array`: like `array`, and one cell may be a comma-separated list.
 */
export type FieldShape = 'single' | 'array' | 'string_or_array' | 'comma_array';

/** How the row transform reads the field; almost all fields hold a `value` of their type. */
export type FieldKind = 'value' | 'event_time' | 'contents' | 'extinfo' | 'ignored';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** A kind of value: how it is named, made from text, checked, described and written. */
export type ValueType = {
  /** A word for the tables. */
  readonly label: string;
  /** JSON Schema of a normalized value (before hashing). */
  readonly schema: JsonSchema;
  /** JSON type of a normalized value. */
  readonly json: 'string' | 'number';
  readonly normalize: Normalizer;
  readonly check?: Check;
  /** Accepted words. */
  readonly choices?: readonly string[];
  /** Whether no normalized text of this type ever needs escaping in JSON. */
  readonly neverNeedsEscaping: boolean;
  /** Whether the same values are likely in row after row, so that a cache of their hashes pays. */
  readonly recurring: boolean;
  /** Whether the normalized value depends on the country of the row. */
  readonly dependsOnCountry: boolean;
};

/** When the API (or the source document) demands the field. */
export type Requirement =
  | { readonly when: 'always' }
  | { readonly when: 'event_source_type'; readonly is: EventSourceType }
  | { readonly when: 'event_name'; readonly is: string };

/** `output` is the value on the wire; for hashed fields it is the normalized text before hashing. */
export type GoodExample = {
  readonly input: string;
  readonly output: string | number;
  readonly context?: Partial<NormalizeContext>;
};
export type BadExample = {
  readonly input: string;
  readonly code: Problem['code'];
  readonly context?: Partial<NormalizeContext>;
};

type FieldBase = {
  /** Canonical column name, lower case. */
  readonly name: string;
  /** Key in the event, when it differs from the name (`custom_country` → `country`). */
  readonly key: string;
  readonly places: FieldPlaces;
  readonly summary: string;
  readonly kind: FieldKind;
  readonly type: ValueType;
  readonly required: readonly Requirement[];
  /** Whether an invalid value makes the row invalid even under `drop_field`. */
  readonly costsTheRow: boolean;
  /** One of the fields of which an event needs at least one. */
  readonly identifier: boolean;
  /** Whether texts such as `unknown` and UUIDs of zeros are placeholders here. */
  readonly dropsPlaceholders: boolean;
  /** Position in extinfo (0–15) of its 16 columns. */
  readonly extinfoPosition?: number;
  /** Usual names of such a column elsewhere; only for "did you mean", never matched. */
  readonly similarNames: readonly string[];
  /** Where the rule comes from. */
  readonly reference: string;
  readonly good: readonly GoodExample[];
  readonly bad: readonly BadExample[];
};

/** A field with personal data: always an array of hashes on the wire. */
export type HashedField = FieldBase & { readonly hashed: true; readonly shape: 'array' };

/** A field that is sent as it is. */
export type UnhashedField = FieldBase & { readonly hashed: false; readonly shape: FieldShape };

/** Everything there is to know about one standard column. */
export type FieldSpec = HashedField | UnhashedField;

/** One key of an item of `contents`. */
export type ContentsKey = {
  readonly key: string;
  readonly summary: string;
  readonly type: ValueType;
  /** Usual names of the key elsewhere; only for "did you mean". */
  readonly similarNames: readonly string[];
  readonly good: readonly GoodExample[];
  readonly bad: readonly BadExample[];
};
