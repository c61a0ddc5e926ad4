import { RunError } from '../errors.js';
import { codeOf, journalIo } from './fault.js';
import { foldDamage, foldIntent, foldOutcome } from './fold.js';
import type { JournalFile, JournalFs } from './fs.js';
import { decodeLine, splitLines, type Line } from './line.js';
import { asAck, asEnd, asIntent, asNack, asRun, FORMAT } from './records.js';
import type { BatchRecord, EndRecord, RecoveredRun, RunFacts } from './types.js';

const MAX_WARNINGS = 20;

/** A journal may be larger than a buffer can be. */
const READ_BYTES = 1024 * 1024;
const NEWLINE = 0x0a;

/** No intent is shorter than this, so damaged bytes hide no more of them than fit. */
const MIN_INTENT_BYTES = 200;

type Reading = {
  readonly batches: Map<number, BatchRecord>;
  /** Batches are begun in the order of their numbers, and none after this one was. */
  begun: number;
  end: EndRecord | undefined;
  /** Lines, readable or not. */
  count: number;
  lastSeq: number;
  /** Unreadable lines since the last one that was read, and how many intents they may hide. */
  unread: number;
  hidden: number;
  damaged: number;
  readonly warnings: string[];
};

/**
 * Reads a journal, whatever a crash or a bad disk has left of it. A last line without its line feed is not counted, unless it
 * holds zeros: those stand where a disk lost what was there. Any other line that is not whole counts as if its news had never
 * come. `undefined` when there is no journal, or an empty one. Throws RunError journal_damaged when the first line, the one of
 * the run, is not whole, and journal_io when the file cannot be read.
 */
export async function recoverJournal(path: string, fs: JournalFs): Promise<RecoveredRun | undefined> {
  try {
    const file = await fs.open(path, 'read');
    try {
      return await readJournal(file);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw journalIo('reading the journal', error);
  }
}

async function readJournal(file: JournalFile): Promise<RecoveredRun | undefined> {
  let run: RunFacts | undefined;
  const reading: Reading = {
    ...{ batches: new Map(), begun: 0, end: undefined, count: 1, lastSeq: 1 },
    ...{ unread: 0, hidden: 0, damaged: 0, warnings: [] },
  };
  const { size } = await file.facts();
  let rest = Buffer.alloc(0);
  for (let position = 0; position < size;) {
    const block = Buffer.alloc(Math.min(READ_BYTES, size - position));
    const read = await file.read(block, position);
    if (read === 0) break;
    position += read;
    const bytes = Buffer.concat([rest, block.subarray(0, read)]);
    for (const text of splitLines(bytes)) {
      if (run === undefined) run = runOf(decodeLine(text));
      else readLine(text, reading);
    }
    rest = bytes.subarray(bytes.lastIndexOf(NEWLINE) + 1);
  }
  if (size === 0) return undefined;
  run ??= runOf(undefined);
  const isLost = rest.includes(0);
  if (isLost) readLine(rest, reading);
  const { batches, end, damaged, begun, count, lastSeq } = reading;
  return {
    run,
    batches,
    ...(end !== undefined && { end }),
    warnings: limited(reading),
    damagedLines: damaged,
    maybeBegun: damaged === 0 ? 0 : begun,
    tornBytes: isLost ? 0 : rest.length,
    needsLineEnd: isLost,
    nextSeq: Math.max(count, lastSeq) + 1,
    validBytes: isLost ? size : size - rest.length,
  };
}

function readLine(text: Buffer, reading: Reading): void {
  reading.count += 1;
  const { count, lastSeq, unread, hidden } = reading;
  const line = decodeLine(text);
  // A number that is not higher than the last belongs to a block that the disk put in the wrong place.
  if (line === undefined || line.seq <= lastSeq) {
    reading.unread += 1;
    reading.hidden += hide(reading, Math.max(1, Math.floor((text.length + 1) / MIN_INTENT_BYTES)));
    warn(reading, `line ${count} of the journal is damaged: what it recorded counts as unknown`);
    return;
  }
  if (unread === 0 && line.seq > lastSeq + 1) {
    warn(
      reading,
      `lines are missing from the journal before line ${count}: what they recorded counts as unknown`,
    );
  }
  hide(reading, line.seq - lastSeq - 1 - hidden);
  reading.unread = 0;
  reading.hidden = 0;
  reading.lastSeq = line.seq;
  const problem = take(line, reading);
  if (problem !== undefined) warn(reading, `line ${count} of the journal is not used: ${problem}`);
}

function runOf(line: Line | undefined): RunFacts {
  if (line?.t !== 'run') throw new RunError('journal_damaged', 'the first line of the journal is damaged');
  const run = asRun(line.record);
  if (run !== undefined) return run;
  const other = line.record['format'] !== FORMAT;
  throw new RunError(
    'journal_damaged',
    other
      ? 'the journal was written by another version of the program, in a layout this one does not read'
      : 'the first line of the journal does not describe a run',
  );
}

/** Enters one line; returns why it cannot be used, if so. */
function take({ t, record }: Line, reading: Reading): string | undefined {
  reading.end = undefined;
  if (t === 'run') return 'a run is described twice';
  if (t === 'end') {
    reading.end = asEnd(record);
    return reading.end === undefined ? 'it is incomplete' : undefined;
  }
  if (t === 'intent') {
    const intent = asIntent(record);
    if (intent === undefined) {
      hide(reading, 1);
      return 'it is incomplete';
    }
    reading.begun = Math.max(reading.begun, intent.batch);
    const agrees = foldIntent(reading.batches, intent);
    return agrees ? undefined : `batch ${intent.batch} is not the batch it was before, so it counts as new`;
  }
  const outcome = t === 'ack' ? asAck(record) : asNack(record);
  if (outcome === undefined) return 'it is incomplete';
  reading.begun = Math.max(reading.begun, outcome.batch);
  return foldOutcome(reading.batches, outcome)
    ? undefined
    : `the answer for batch ${outcome.batch} does not fit what was sent`;
}

/** Counts in that up to so many intents cannot be read; gives their number. */
function hide(reading: Reading, intents: number): number {
  if (intents <= 0) return 0;
  reading.begun += intents;
  foldDamage(reading.batches);
  return intents;
}

function warn(reading: Reading, text: string): void {
  reading.end = undefined;
  reading.damaged += 1;
  if (reading.damaged <= MAX_WARNINGS) reading.warnings.push(text);
}

function limited({ damaged, warnings }: Reading): readonly string[] {
  const more = damaged - warnings.length;
  return more === 0 ? warnings : [...warnings, `${more} more lines of the journal are damaged`];
}
