import { extname } from 'node:path';

import type { OpenedInput } from '../read/types.js';
import type { Rejection } from '../summary.js';
import type { Dialect } from '../types.js';
import type { OutputFile } from './output-file.js';

const BOM = new Uint8Array([0xef, 0xbb, 0xbf]);
const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const LINE_END = new Uint8Array([0x0a]);

/** Writes rejected records as they were read, so that they can be corrected and exported again. */
export type RejectedRowsWriter = {
  /** One call after another: the first record of a header makes a file and writes that header. */
  readonly write: (rejections: readonly Rejection[], inputs: readonly OpenedInput[]) => Promise<void>;
  /** Closes all files and gives their paths with the number of rows in each; unused files are left empty. */
  readonly close: () => Promise<readonly { readonly path: string; readonly rows: number }[]>;
  /** Rejected rows whose bytes were not kept, because they are larger than the limit for a record. */
  readonly withoutBytes: () => number;
};

type Part = { readonly file: OutputFile; rows: number };

/**
 * Makes a writer whose first file is already open. Records of inputs with another header (or format) go to
 * further files `name.2.csv`, `name.3.csv`, made with `create` when the first such record comes.
 */
export function createRejectedRowsWriter(
  first: OutputFile,
  create: (path: string) => Promise<OutputFile>,
): RejectedRowsWriter {
  const parts = new Map<string, Part>();
  // Not by its index: one command may do several runs, each with inputs of its own.
  const partOfInput = new Map<OpenedInput, Part>();
  let withoutBytes = 0;

  async function partFor(input: OpenedInput): Promise<Part> {
    const key = groupKey(input);
    const known = parts.get(key);
    if (known !== undefined) return known;
    const file =
      parts.size === 0 ? first : await create(numberedPath(first.path, parts.size + 1, input.dialect.format));
    const part = { file, rows: 0 };
    parts.set(key, part);
    if (input.transcoded) await file.write(BOM);
    if (input.headerBytes !== undefined) await file.write(recordLine(input.headerBytes));
    return part;
  }

  return {
    write: async (rejections, inputs) => {
      for (const rejection of rejections) {
        if (rejection.raw === undefined || rejection.raw.length === 0) {
          withoutBytes += 1;
          continue;
        }
        const input = inputs[rejection.input];
        if (input === undefined) throw new RangeError('a rejection names an input that is not open');
        const part = partOfInput.get(input) ?? (await partFor(input));
        partOfInput.set(input, part);
        await part.file.write(recordLine(onOneLine(rejection.raw, input.dialect)));
        part.rows += 1;
      }
    },
    close: async () => {
      await first.close();
      for (const { file } of parts.values()) await file.close();
      const written = [...parts.values()].map(({ file, rows }) => ({ path: file.path, rows }));
      return written.length === 0 ? [{ path: first.path, rows: 0 }] : written;
    },
    withoutBytes: () => withoutBytes,
  };
}

/**
 * A record of JSON on one line. A tab takes the place of each byte of a line end: between values it is white space as
 * well, and in a string, where neither may stand, the record stays invalid and no value changes.
 */
function onOneLine(raw: Uint8Array, { format }: Dialect): Uint8Array {
  if (format === 'csv' || !(raw.includes(LF) || raw.includes(CR))) return raw;
  return raw.map((byte) => (byte === LF || byte === CR ? TAB : byte));
}

/** A record with its line end: one write, so that no other can come between them. */
function recordLine(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([bytes, LINE_END]);
}

/** Inputs whose rejected rows may share a file: the same format, dialect and header, byte for byte. */
function groupKey(input: OpenedInput): string {
  if (input.dialect.format === 'jsonl') return 'jsonl';
  const header = Buffer.from(input.headerBytes ?? []).toString('latin1');
  const { delimiter, escape = '' } = input.dialect;
  return `csv${escape}${delimiter}\n${header}`;
}

function numberedPath(path: string, number: number, format: Dialect['format']): string {
  const extension = extname(path);
  const stem = extension === '' ? path : path.slice(0, -extension.length);
  return `${stem}.${number}.${format}`;
}
