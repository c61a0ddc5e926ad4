/** The leaf types every layer speaks in. No code but type guards lives here. */

export type EventSourceType = 'WEB' | 'MOBILE_APP' | 'OFFLINE';

/** `json`: one array of objects. Its elements are records as the lines of `jsonl` are. */
export type InputFormat = 'csv' | 'jsonl' | 'json';

declare const sha256Brand: unique symbol;
/** 64 lower-case hexadecimal characters. Only `hash` and the ready-hash check make one. */
export type Sha256Hex = string & { readonly [sha256Brand]: true };

/**
 * A parsed cell. CSV cells are strings; JSONL cells keep their JSON type.
 * `bigint` stands for a JSON integer beyond ±2^53, digit for digit; `undefined` and `null` are NULL.
 */
export type Cell =
  string | number | boolean | bigint | null | undefined | readonly Cell[] | { readonly [key: string]: Cell };

/** One record, parallel to the column names of its plan. */
export type Row = readonly Cell[];

/** Where a row stands: the input's name as the user gave it, the data row (from 1), the physical line (from 1). */
export type RowPlace = { readonly file: string; readonly row: number; readonly line: number };

/** What became of a row (the closed list; every row read ends as exactly one of these). */
export type RowOutcome = 'sent' | 'invalid' | 'expired' | 'refused' | 'in_doubt' | 'not_attempted';

/**
 * A span of UTF-8 input that holds whole records and nothing else: the unit of work.
 * Plain data, so that it can be transferred to a worker thread.
 */
export type Chunk = {
  /** Position of the chunk in its run, from 0. */
  readonly seq: number;
  /** Index of the input this chunk was cut from. */
  readonly input: number;
  readonly bytes: Uint8Array;
  /** Start of each record in `bytes`; record i ends where its content ends, see `ends`. */
  readonly starts: Uint32Array;
  /** End (exclusive, without the record delimiter) of each record in `bytes`. */
  readonly ends: Uint32Array;
  /** Physical line (from 1) on which each record starts. */
  readonly lines: Uint32Array;
  /** Data-row number (from 1, within its input) of the first record. */
  readonly firstRow: number;
  /** Records whose content was left out because they are larger than the limit; their span is empty. */
  readonly oversized: readonly number[];
};

/**
 * What splits CSV records into cells: `auto` splits plain records directly and leaves the others to csv-parse,
 * `csv-parse` leaves it all of them. The cells are the same.
 */
export type CsvEngine = 'auto' | 'csv-parse';

/** `backslash`: as mysql -B, SELECT … INTO OUTFILE, COPY in text format and UNLOAD ESCAPE write cells. */
export type CsvEscape = 'backslash';

export type CsvDialect = {
  readonly format: 'csv';
  readonly delimiter: string;
  readonly columnCount: number;
  /** Default `auto`. */
  readonly engine?: CsvEngine;
  /** Cells are escaped with backslashes instead of RFC 4180; `engine` has no meaning then. */
  readonly escape?: CsvEscape;
};

/** How to take the records of a chunk apart; those of a JSON array are taken apart as JSONL. Plain data. */
export type Dialect = CsvDialect | { readonly format: 'jsonl' };

/**
 * Finished events of one chunk: JSON texts in UTF-8 joined by single commas, ready to be put between
 * `{"data":[` and `]}`. Event i spans from (i === 0 ? 0 : ends[i - 1] + 1) to ends[i].
 */
export type EncodedEvents = {
  readonly bytes: Uint8Array;
  readonly ends: Uint32Array;
  /** Index within the chunk of the record each event was made from. */
  readonly records: Uint32Array;
};
