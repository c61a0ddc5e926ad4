import { execFile } from 'node:child_process';
import { openSync, closeSync, writeSync, appendFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { openJournal } from '../../src/journal/journal.js';
import { encodeLine } from '../../src/journal/line.js';
import { nodeFs } from '../../src/journal/node-fs.js';
import { recoverJournal } from '../../src/journal/recover.js';
import { FORMAT } from '../../src/journal/records.js';
import type { Range } from '../../src/journal/types.js';
import { inTemporaryFolder, ROOT } from '../support/cli.js';
import { intentOf, RUN } from './support.js';

const EVENTS = 2000;
const BATCHES = 1000;

function inFolder(work: (path: string) => Promise<void>): Promise<void> {
  return inTemporaryFolder((folder) => work(join(folder, 'journal.jsonl')));
}

/** A journal of batches in which the API refused every second event for one reason: no two of them are neighbors. */
function writeRefusals(path: string, batches: number): void {
  const file = openSync(path, 'w');
  let seq = 1;
  const write = (kind: 'run' | 'intent' | 'ack', record: object): void => {
    writeSync(file, encodeLine(seq, kind, record));
    seq += 1;
  };
  write('run', { format: FORMAT, ...RUN });
  const events = Array.from({ length: EVENTS / 2 }, (_, index): Range => [2 * index, 2 * index]);
  for (let batch = 1; batch <= batches; batch += 1) {
    write('intent', { ...intentOf(batch), events: EVENTS });
    const refused = [{ events, reason: 'Insufficient customer information.', codes: ['E1'] }];
    write('ack', { batch, sent: EVENTS / 2, refused, atMs: 1 });
  }
  closeSync(file);
}

/** Largest memory of a process that reads a journal, MB. */
async function memoryOf(path: string): Promise<number> {
  const url = (name: string): string => pathToFileURL(join(ROOT, 'dist', 'journal', name)).href;
  const code = `const [{ recoverJournal }, { nodeFs }] = await Promise.all([import('${url('recover.js')}'), import('${url('node-fs.js')}')]);
const { batches } = await recoverJournal(${JSON.stringify(path)}, nodeFs);
console.log(batches.size, process.resourceUsage().maxRSS);`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', code]);
  const [batches, kilobytes] = stdout.split(' ').map(Number);
  expect(batches).toBe(BATCHES);
  return (kilobytes ?? 0) / 1024;
}

describe('a journal of a million refused rows', () => {
  it('takes a few bytes for each, and bounded memory to read', { timeout: 60_000 }, async () => {
    await inFolder(async (path) => {
      writeRefusals(path, BATCHES);
      expect(statSync(path).size / (BATCHES * EVENTS)).toBeLessThan(8);
      expect(await memoryOf(path)).toBeLessThan(200);
    });
  });
});

describe('zeros at the end of a journal', () => {
  it('are damage, and stay so when the run goes on', async () => {
    await inFolder(async (path) => {
      writeRefusals(path, 2);
      appendFileSync(path, Buffer.alloc(600));
      const before = await recoverJournal(path, nodeFs);
      // Three intents fit into the zeros.
      expect(before).toMatchObject({ damagedLines: 1, tornBytes: 0, maybeBegun: 5 });
      const opened = await openJournal(path, nodeFs);
      await opened?.journal.intent({ ...intentOf(3), events: EVENTS });
      await opened?.journal.close();
      const after = await recoverJournal(path, nodeFs);
      expect(after?.batches.size).toBe(3);
      expect(after).toMatchObject({ damagedLines: 1, maybeBegun: 5 });
    });
  });
});
