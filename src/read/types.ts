import type { Issue } from '../issues.js';
import type { Chunk, CsvEngine, CsvEscape, Dialect, InputFormat } from '../types.js';

/** Something to read: a file, standard input, or bytes made by a program. */
export type Input = {
  /** As shown to people and written to rejects; the path as given, or `-` for standard input. */
  readonly name: string;
  /** Where the file is, when the input is one: it can be read again to resume a run. */
  readonly path?: string;
  /** What the file was when it was looked at before; else what it is when the run begins. */
  readonly facts?: InputFacts;
  /** Opens the bytes. Called once. Errors of the returned iterable are mapped by the reader. */
  readonly open: () => AsyncIterable<Uint8Array>;
};

/** What tells that a file is the one it was, without reading it. */
export type InputFacts = {
  readonly size: number;
  readonly mtimeNs: bigint;
  /** Device and inode. */
  readonly identity: string;
};

export type ReadOptions = {
  readonly format?: InputFormat;
  /** Encoding label; default UTF-8, or UTF-16 by its BOM. */
  readonly encoding?: string;
  readonly delimiter?: string;
  /** How CSV cells are escaped; default: as in RFC 4180. */
  readonly escape?: CsvEscape;
  /** Whether a last CSV record without a line end is an error (`cut_short`) and not given; default false. */
  readonly requireFinalNewline?: boolean;
  /** Whether an input of no bytes is an empty result where CSV is expected; default: an error (`input_empty`). */
  readonly allowEmpty?: boolean;
  /** What splits CSV records into cells; default `auto`. Changes the speed, never a cell. */
  readonly csvEngine?: CsvEngine;
  /** Largest record, bytes. */
  readonly maxRecordBytes: number;
  /** Chunks are cut at the first record end after this many bytes. */
  readonly chunkBytes: number;
};

/** An input whose head has been read: format and header are known, rows are still to come. */
export type OpenedInput = {
  readonly name: string;
  readonly index: number;
  readonly format: InputFormat;
  readonly dialect: Dialect;
  /** Column names as in the header (not trimmed), for CSV; absent for JSONL. */
  readonly header?: readonly string[];
  /** Physical line (from 1) on which the header begins; absent for JSON and without a header. */
  readonly headerLine?: number;
  /**
   * The header record, verbatim, in UTF-8 without its last line end; behind the line `sep=…` if that named the
   * delimiter, so that records after it are readable.
   */
  readonly headerBytes?: Uint8Array;
  /** True when the input was not UTF-8 and was transcoded. */
  readonly transcoded: boolean;
  /** True when the input has no bytes, or only blank lines. */
  readonly empty: boolean;
  readonly warnings: readonly Issue[];
  /** Warnings that are known only when all chunks were read. */
  readonly lateWarnings: () => readonly Issue[];
  /** Bytes taken from the source so far, before decompression. */
  readonly bytesRead: () => number;
  /** Ends with a RunError (broken_quote, cut_short, input_encoding, …) after every chunk before the damage was given. */
  readonly chunks: AsyncIterable<Chunk>;
  /** Takes back the bytes of a chunk that nobody reads any more, to be filled again. Optional to call. */
  readonly reuse: (bytes: Uint8Array) => void;
  /** Releases the source; safe to call twice. */
  readonly close: () => Promise<void>;
};
