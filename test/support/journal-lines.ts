import { readFileSync, writeFileSync } from 'node:fs';
import { decodeLine, encodeLine, splitLines } from '../../src/journal/line.js';
import type { Line } from '../../src/journal/line.js';

/** The lines of a journal; each must be whole. */
export function journalLines(path: string): readonly Line[] {
  return [...splitLines(readFileSync(path))].map((bytes) => {
    const line = decodeLine(bytes);
    if (line === undefined) throw new Error(`a line of the journal is damaged: ${bytes.toString()}`);
    return line;
  });
}

/** Puts other values into the first line of a journal, with a checksum that is right. */
export function changeRunLine(path: string, change: Readonly<Record<string, unknown>>): void {
  const [first, ...rest] = [...splitLines(readFileSync(path))];
  const line = first === undefined ? undefined : decodeLine(first);
  if (line === undefined) throw new Error('the journal has no first line');
  const changed = encodeLine(line.seq, line.t, { ...line.record, ...change });
  writeFileSync(path, Buffer.concat([changed, ...rest.flatMap((bytes) => [bytes, Buffer.from('\n')])]));
}

/** Destroys the lines that `isMeant` picks, as a bad disk might; gives how many there were. */
export function damageLines(path: string, isMeant: (line: Line) => boolean): number {
  const bytes = readFileSync(path);
  let damaged = 0;
  for (const text of splitLines(bytes)) {
    const line = decodeLine(text);
    if (line === undefined || !isMeant(line)) continue;
    text.fill(0x78);
    damaged += 1;
  }
  writeFileSync(path, bytes);
  return damaged;
}
