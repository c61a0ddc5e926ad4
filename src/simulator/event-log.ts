import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';

import { RunError } from '../errors.js';

/** A file of JSON lines that grows. */
export type EventLog = {
  /** Appends whole lines; resolves when they are written. Calls are carried out one after the other. */
  append(lines: string): Promise<void>;
  close(): Promise<void>;
};

/** Opens a log for appending. Throws RunError `output_not_writable`. */
export async function openEventLog(path: string): Promise<EventLog> {
  let file: FileHandle;
  try {
    file = await open(path, 'a');
  } catch {
    throw new RunError('output_not_writable', 'The log of the simulator cannot be opened.');
  }
  let last: Promise<void> = Promise.resolve();
  return {
    append(lines) {
      const written = last.then(() => file.appendFile(lines));
      // A failed write is reported to its caller only; the ones after it still get their turn.
      last = written.catch(() => undefined);
      return written;
    },
    async close() {
      await last;
      await file.close();
    },
  };
}

/** The line for an event: `batch` is the number of its request, `event` its position there, `data` the event as sent. */
export function logLine(
  batch: number,
  asset: string,
  position: number,
  isRepeat: boolean,
  text: string,
): string {
  const head = `{"batch":${batch},"asset":${JSON.stringify(asset)},"event":${position},"repeat":${isRepeat}`;
  return `${head},"data":${onOneLine(text)}}\n`;
}

/** JSON text on one line: line breaks can only stand between its tokens, where a blank does as well. */
export function onOneLine(json: string): string {
  return json.includes('\n') || json.includes('\r') ? json.replace(/[\r\n]/g, ' ') : json;
}
