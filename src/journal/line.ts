import { crc32 } from 'node:zlib';

export type LineKind = 'run' | 'intent' | 'ack' | 'nack' | 'end';

const KINDS: ReadonlySet<unknown> = new Set<LineKind>(['run', 'intent', 'ack', 'nack', 'end']);

/** A line that is whole. `record` is what JSON.parse gave: its shape is not checked here. */
export type Line = {
  readonly seq: number;
  readonly t: LineKind;
  readonly record: Readonly<Record<string, unknown>>;
};

const NEWLINE = 0x0a;
const CRC_MARK = ',"crc":"';
/** Length of `,"crc":"01234567"}`. */
const TAIL_BYTES = CRC_MARK.length + 10;

/**
 * A record as one line: a JSON object that starts with `seq` and `t` and ends with `crc`, the CRC-32 (8 hexadecimal
 * digits) of all bytes of the line before `,"crc"`. `scrub` takes secrets out of its texts.
 */
export function encodeLine(
  seq: number,
  t: LineKind,
  record: object,
  scrub?: (text: string) => string,
): Buffer {
  const clean =
    scrub === undefined
      ? undefined
      : (_: string, value: unknown): unknown => (typeof value === 'string' ? scrub(value) : value);
  const head = JSON.stringify({ seq, t, ...record }, clean).slice(0, -1);
  return Buffer.from(`${head}${CRC_MARK}${hexOf(crc32(head))}"}\n`, 'utf8');
}

/** The line in `bytes`, given without its line feed; `undefined` when it is damaged. */
export function decodeLine(bytes: Buffer): Line | undefined {
  const end = bytes.length - TAIL_BYTES;
  if (end <= 0) return undefined;
  const head = bytes.subarray(0, end);
  if (bytes.toString('latin1', end) !== `${CRC_MARK}${hexOf(crc32(head))}"}`) return undefined;
  return parse(head);
}

/** The whole lines of bytes, each without its line feed; what follows the last line feed is left out. */
export function* splitLines(bytes: Buffer): Generator<Buffer> {
  let start = 0;
  for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
    yield bytes.subarray(start, end);
    start = end + 1;
  }
}

function parse(head: Buffer): Line | undefined {
  try {
    const { seq, t, ...record } = JSON.parse(`${head.toString('utf8')}}`) as Readonly<
      Record<string, unknown>
    >;
    if (!Number.isSafeInteger(seq) || !KINDS.has(t)) return undefined;
    return { seq: seq as number, t: t as LineKind, record };
  } catch {
    return undefined;
  }
}

function hexOf(crc: number): string {
  return crc.toString(16).padStart(8, '0');
}
