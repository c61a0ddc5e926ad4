import { RunError } from '../errors.js';
import { journalIo } from './fault.js';
import type { JournalFile, JournalFs } from './fs.js';
import { decodeLine, type Line } from './line.js';
import { asEnd, asRun } from './records.js';
import type { EndRecord, RunFacts } from './types.js';

const BLOCK_BYTES = 64 * 1024;
const NEWLINE = 0x0a;

/** What the first and the last line of a journal say. Without `end` the run did not end by itself. */
export type PeekedRun = { readonly run: RunFacts; readonly end?: EndRecord };

/**
 * Reads the beginning and the end of a journal, however large it is. Throws RunError journal_damaged when the first line cannot
 * be read, and journal_io.
 */
export async function peekJournal(path: string, fs: JournalFs): Promise<PeekedRun> {
  try {
    const file = await fs.open(path, 'read');
    try {
      const { size } = await file.facts();
      const first = await firstLine(file, size);
      const run = first?.t === 'run' ? asRun(first.record) : undefined;
      if (run === undefined)
        throw new RunError('journal_damaged', 'the first line of the journal cannot be read');
      const last = await lastLine(file, size);
      const end = last?.t === 'end' ? asEnd(last.record) : undefined;
      return end === undefined ? { run } : { run, end };
    } finally {
      await file.close();
    }
  } catch (error) {
    throw journalIo('reading a journal', error);
  }
}

/** Whether a run did not end by itself, or ended so that the same command resumes it. */
export function isUnfinished({ end }: Pick<PeekedRun, 'end'>): boolean {
  return end === undefined || end.status === 'incomplete';
}

async function firstLine(file: JournalFile, size: number): Promise<Line | undefined> {
  for (let bytes = BLOCK_BYTES; ; bytes *= 2) {
    const head = await readPart(file, 0, Math.min(bytes, size));
    const end = head.indexOf(NEWLINE);
    if (end >= 0) return decodeLine(head.subarray(0, end));
    if (head.length >= size || head.length < Math.min(bytes, size)) return undefined;
  }
}

/** The last whole line, when it is short enough for the end of a run. Bytes behind it were never durable. */
async function lastLine(file: JournalFile, size: number): Promise<Line | undefined> {
  const from = Math.max(0, size - BLOCK_BYTES);
  const tail = await readPart(file, from, size - from);
  const end = tail.lastIndexOf(NEWLINE);
  const start = end < 1 ? -1 : tail.lastIndexOf(NEWLINE, end - 1);
  // Zeros may stand where lines were.
  if (start < 0 || tail.includes(0, end)) return undefined;
  return decodeLine(tail.subarray(start + 1, end));
}

async function readPart(file: JournalFile, from: number, bytes: number): Promise<Buffer> {
  const part = Buffer.alloc(bytes);
  return part.subarray(0, await file.read(part, from));
}
