import { RunError } from '../errors.js';
import { journalIo } from './fault.js';
import type { JournalFile } from './fs.js';
import { encodeLine, type LineKind } from './line.js';
import type { AckRecord, EndRecord, IntentRecord, NackRecord } from './types.js';

/**
 * A journal being written. Lines stand in the file in the order of the calls. The first write or sync that fails
 * is the end: that call and every later one reject with the same RunError journal_io, because after a failed sync
 * nobody knows what is on the disk.
 */
export type Journal = {
  /** Resolves when the intent, and all lines before it, are durable. Calls at the same time share one sync. */
  readonly intent: (record: IntentRecord) => Promise<void>;
  /** Resolves when it is written; durable with the next intent, `flush`, `end` or `close`. */
  readonly ack: (record: AckRecord) => Promise<void>;
  /** As `ack`. */
  readonly nack: (record: NackRecord) => Promise<void>;
  /** Resolves when it is durable. */
  readonly end: (record: EndRecord) => Promise<void>;
  /** Resolves when all lines of earlier calls are durable. */
  readonly flush: () => Promise<void>;
  /** Makes everything durable and closes the file. After a failure it only closes. Safe to call twice. */
  readonly close: () => Promise<void>;
};

type Entry = {
  /** Empty for a flush. */
  readonly line: Uint8Array;
  readonly durable: boolean;
  readonly resolve: () => void;
  readonly reject: (error: RunError) => void;
};

const NO_LINE = new Uint8Array(0);

/**
 * A writer at the end of a file that it owns from now on; `firstSeq` is the number of the next line. `scrub` takes secrets
 * out of what the API said; all other lines hold names, numbers and hashes, which a resumed run compares as they are.
 */
export function createWriter(file: JournalFile, firstSeq: number, scrub?: (text: string) => string): Journal {
  let seq = firstSeq;
  let waiting: Entry[] = [];
  let busy = false;
  let unsynced = false;
  let failure: RunError | undefined;
  let closing: Promise<void> | undefined;

  function enqueue(line: Uint8Array, durable: boolean): Promise<void> {
    if (failure !== undefined) return Promise.reject(failure);
    return new Promise((resolve, reject) => {
      waiting.push({ line, durable, resolve, reject });
      if (!busy) void work();
    });
  }

  function append(kind: LineKind, record: object, durable: boolean): Promise<void> {
    if (closing !== undefined) return Promise.reject(new RunError('internal', 'the journal is closed'));
    const line = encodeLine(seq, kind, record, kind === 'ack' || kind === 'nack' ? scrub : undefined);
    seq += 1;
    return enqueue(line, durable);
  }

  async function work(): Promise<void> {
    busy = true;
    // Calls of the same turn belong together.
    await Promise.resolve();
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      try {
        await commit(group);
      } catch (error) {
        fail(journalIo('writing the journal', error), group);
      }
    }
    busy = false;
  }

  async function commit(group: readonly Entry[]): Promise<void> {
    const bytes = Buffer.concat(group.map((entry) => entry.line));
    if (bytes.length > 0) {
      unsynced = true;
      await file.write(bytes);
    }
    for (const entry of group) if (!entry.durable) entry.resolve();
    const durable = group.filter((entry) => entry.durable);
    if (durable.length === 0) return;
    if (unsynced) await file.datasync();
    unsynced = false;
    for (const entry of durable) entry.resolve();
  }

  function fail(error: RunError, group: readonly Entry[]): void {
    failure = error;
    const lost = [...group, ...waiting];
    waiting = [];
    for (const entry of lost) entry.reject(error);
  }

  async function finish(): Promise<void> {
    try {
      if (failure === undefined) await enqueue(NO_LINE, true);
    } finally {
      await file.close().catch(() => undefined);
    }
  }

  return {
    intent: (record) => append('intent', record, true),
    ack: (record) => append('ack', record, false),
    nack: (record) => append('nack', record, false),
    end: (record) => append('end', record, true),
    flush: () => enqueue(NO_LINE, true),
    close: () => (closing ??= finish()),
  };
}
