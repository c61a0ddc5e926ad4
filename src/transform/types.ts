import type { Issue } from '../issues.js';
import type { Cell, EncodedEvents, EventSourceType } from '../types.js';

/** One entry of the output mapping (`columns` in the config). */
export type OutputColumn =
  | { readonly from: string; readonly to: string }
  | { readonly value: string; readonly to: string }
  | { readonly template: string; readonly to: string }
  /** Leaves a column out that `"*"` would export. */
  | { readonly drop: string };

/** `columns: "all"` is `{ all: true, list: [] }`; a list with `"*"` is `all: true` with its entries. */
export type OutputMapping = { readonly all: boolean; readonly list: readonly OutputColumn[] };

/** All the transform needs to know. Plain data, frozen for the run; holds no secret. */
export type TransformOptions = {
  readonly eventSourceType: EventSourceType;
  readonly eventSourceId: string;
  /** "Now" for age checks and the `timestamp` template variable, epoch milliseconds. */
  readonly asOfMs: number;
  readonly maxEventAgeDays: number;
  readonly maxFutureMinutes: number;
  readonly eventId: 'derive' | 'none';
  readonly eventTimeUnit: 'auto' | 'milliseconds' | 'seconds';
  readonly onInvalidField: 'reject_row' | 'drop_field';
  readonly assembleCustomArrays: boolean;
  readonly customDatetime: 'seconds' | 'milliseconds' | 'keep';
  /** Custom columns of which every value becomes Unix time; lower case. */
  readonly customDatetimeColumns: readonly string[];
  /** IANA name of the zone of times that name none; `undefined`: UTC. */
  readonly timeZone: string | undefined;
  /** Lower-case alpha-2; completes phone numbers without a country code. */
  readonly phoneCountry: string | undefined;
  /** Keys of items of `contents` in the input, lower case → keys of the API. */
  readonly contentsKeys: Readonly<Record<string, string>>;
  readonly integration: string | undefined;
  readonly testEventCode: string | undefined;
  /** Lower-case alpha-2; assumed by the st and zp rules; never sent. */
  readonly defaultCountry: string | undefined;
  readonly mapping: OutputMapping;
  readonly variables: Readonly<Record<string, string>>;
  /** Further spellings of NULL, besides the empty cell, JSON null and `\N`. */
  readonly nullTexts: readonly string[];
  /** Largest event that still fits into a request, bytes. */
  readonly maxEventBytes: number;
};

/** Custom fields of a row that its plan does not know, sorted by name (UTF-16 code units). Parallel lists. */
export type OtherCells = { readonly names: readonly string[]; readonly cells: readonly Cell[] };

export type RowRejection = {
  readonly record: number;
  readonly outcome: 'invalid' | 'expired';
  readonly issues: readonly Issue[];
};

/** A warning of one record; the value was kept or left out, the row goes on. */
export type RowWarning = { readonly record: number; readonly issue: Issue };

/** What a person wants to know of each event, parallel to `EncodedEvents.ends`. */
export type EventFacts = {
  /** Bit i: the event has the i-th identifier field of the catalogue. */
  readonly identifiers: Uint8Array;
  /** Epoch milliseconds. */
  readonly timesMs: Float64Array;
};

/** What `processChunk` makes of a chunk. Every record is in `events.records` or in `rejections`, once. */
export type ChunkResult = {
  readonly seq: number;
  readonly rows: number;
  readonly events: EncodedEvents;
  readonly facts: EventFacts;
  readonly rejections: readonly RowRejection[];
  readonly warnings: readonly RowWarning[];
  /** Oddities of the header or of new key lists, each to be shown once for the input. */
  readonly inputWarnings: readonly Issue[];
};
