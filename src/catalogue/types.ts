import type { Problem } from '../issues.js';
import type { Check, Normalizer } from '../normalize/types.js';
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

/** What the row transform must do with the cell; almost all fields are `text` or `number`. */
export type FieldKind = 'text' | 'number' | 'event_time' | 'contents' | 'extinfo' | 'ignored';

/** When the API (or the source document) demands the field. */
export type Requirement =
  | { readonly when: 'always' }
  | { readonly when: 'event_source_type'; readonly is: EventSourceType }
  | { readonly when: 'event_name'; readonly is: string };

/** `output` is the value on the wire; for hashed fields it is the normalized text before hashing. */
export type GoodExample = {
  readonly input: string;
  readonly output: string | number;
  readonly country?: string;
};
export type BadExample = { readonly input: string; readonly code: Problem['code'] };

/** Everything there is to know about one column with a meaning of its own. */
export type FieldSpec = {
  /** Canonical column name, lower case. */
  readonly name: string;
  /** Key in the event, when it differs from the name (`custom_country` → `country`). */
  readonly key: string;
  readonly places: FieldPlaces;
  readonly summary: string;
  readonly kind: FieldKind;
  readonly shape: FieldShape;
  readonly hashed: boolean;
  readonly normalize: Normalizer;
  readonly check?: Check;
  readonly required: readonly Requirement[];
  /** One of the fields of which an event needs at least one. */
  readonly identifier: boolean;
  /** Accepted words, for documentation and the JSON Schema. */
  readonly choices?: readonly string[];
  /** Position in extinfo (0–15) of its 16 columns. */
  readonly extinfoPosition?: number;
  /** Usual names of such a column elsewhere; only for "did you mean", never matched. */
  readonly lookalikes: readonly string[];
  /** Where the rule comes from. */
  readonly source: string;
  readonly good: readonly GoodExample[];
  readonly bad: readonly BadExample[];
};

/** One key of an item of `contents`. */
export type ContentsKey = {
  readonly key: string;
  readonly summary: string;
  readonly normalize: Normalizer;
  readonly kind: 'text' | 'number';
  readonly good: readonly GoodExample[];
  readonly bad: readonly BadExample[];
};
