import type { ContentsKey, FieldPlace, FieldSpec, HashedField, UnhashedField } from '../catalogue/types.js';
import type { Issue } from '../issues.js';

/** Where a value comes from: a cell of the row, or a constant of the output mapping. */
export type Source = {
  /** Column name for messages: as the input (or the mapping's `to`) spells it, without surrounding blanks. */
  readonly column: string;
  /** Index into the row; -1 for a constant. */
  readonly index: number;
  readonly constant?: string;
  /** Whether the constant is another one in every run. */
  readonly variesByRun?: true;
};

/** One numbered group of flattened contents columns: the item it makes. */
export type ContentsGroup = {
  readonly position: number;
  readonly members: readonly { readonly key: ContentsKey; readonly source: Source }[];
  /** A column `contents_N` that holds the whole item as a JSON object. */
  readonly whole?: Source;
};

/** Where a value stands in the event. */
export type SlotPlace = {
  readonly place: FieldPlace;
  /** Key in the event. */
  readonly key: string;
  /** Path for messages, such as `custom_data.contents`. */
  readonly path: string;
};

export type SingleSlot = SlotPlace & {
  readonly kind: 'single';
  readonly field: UnhashedField;
  readonly source: Source;
};
/** Values in one cell (`base`) or in numbered columns (`elements`). */
type ListSources = { readonly base?: Source; readonly elements: readonly Source[] };
export type ListSlot = SlotPlace & ListSources & { readonly kind: 'list'; readonly field: UnhashedField };
export type HashedSlot = SlotPlace & ListSources & { readonly kind: 'hashed'; readonly field: HashedField };
export type ContentsSlot = SlotPlace & {
  readonly kind: 'contents';
  readonly field: FieldSpec;
  readonly base?: Source;
  readonly groups: readonly ContentsGroup[];
};
export type ExtinfoSlot = SlotPlace & {
  readonly kind: 'extinfo';
  readonly field: FieldSpec;
  readonly base?: Source;
  /** By position, 0–15. */
  readonly positions: readonly (Source | undefined)[];
};
export type CustomSlot = SlotPlace & { readonly kind: 'custom'; readonly source: Source };
export type CustomArraySlot = SlotPlace & {
  readonly kind: 'custom_array';
  readonly elements: readonly Source[];
};
/** A value that is the same for all rows, or is filled in later (the derived event id). */
export type FixedSlot = SlotPlace & { readonly kind: 'fixed'; readonly value?: string };

/** One value of the event and how to get it from a row. */
export type Slot =
  SingleSlot | ListSlot | HashedSlot | ContentsSlot | ExtinfoSlot | CustomSlot | CustomArraySlot | FixedSlot;

/** How a header (or the key list of a JSONL row) becomes an event. Immutable; shared by all rows with that header. */
export type Plan = {
  /** In the order of the wire: sorted by key within each place. */
  readonly slots: readonly Slot[];
  /** Indexes into `slots`; -1 where the input has no such column. The event id has a slot always. */
  readonly eventName: number;
  readonly eventTime: number;
  readonly eventId: number;
  readonly country: number;
  /** Slots whose values are hashed. */
  readonly hashed: readonly number[];
  /** The same plan without the custom fields that the output mapping added; absent when it added none. Used for derived ids. */
  readonly unmapped?: Plan;
};

export type ColumnRole = {
  readonly column: string;
  /** Index into the row; -1 for a constant of the output mapping. */
  readonly index: number;
  readonly meaning:
    'standard' | 'array_element' | 'contents' | 'extinfo' | 'custom' | 'custom_array' | 'ignored';
  readonly field?: FieldSpec;
  readonly path?: string;
};

/** A plan with what is wrong and what is odd about the header. With `errors`, no row with this header is valid. */
export type PlanResult = {
  readonly plan: Plan;
  readonly errors: readonly Issue[];
  readonly warnings: readonly Issue[];
  /** How each column was understood. */
  readonly roles: readonly ColumnRole[];
};
