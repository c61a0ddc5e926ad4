import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isProcessAlive, thisProcess } from '../../src/lock/process.js';
import { transpileJournal } from './transpiled.js';

const onLinux = process.platform === 'linux';

let folder = '';
beforeAll(() => {
  folder = transpileJournal();
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Takes the lock of a slot some times; in between, a file that must not exist yet proves that it is alone. */
const CONTENDER = `
import { closeSync, openSync, unlinkSync } from 'node:fs';
import { acquireLock } from './journal/lock.js';
import { nodeFs } from './journal/node-fs.js';
const [slot, wins, ending] = process.argv.slice(2);
let refused = 0;
process.stderr.write('ready');
for await (const go of process.stdin) break;
for (let won = 0; won < Number(wins); ) {
  const lock = await acquireLock(slot, { fs: nodeFs }).catch((error) => {
    if (error.code !== 'run_locked') throw error;
    refused += 1;
  });
  if (lock === undefined) continue;
  closeSync(openSync(slot + '/alone', 'wx'));
  await new Promise((resolve) => setImmediate(resolve));
  unlinkSync(slot + '/alone');
  won += 1;
  if (won === Number(wins) && ending === 'kill') process.kill(process.pid, 'SIGKILL');
  await lock.release();
}
console.log(refused);
`;

type Result = { readonly code: number | null; readonly signal: string | null; readonly text: string };

/** Starts a contender; it waits for `go`. */
async function contend(slot: string, wins: number, ending: 'release' | 'kill') {
  const child = spawn(process.execPath, [join(folder, 'contender.js'), slot, String(wins), ending]);
  const texts: string[] = [];
  child.stdout.on('data', (text: Buffer) => texts.push(text.toString()));
  const result = new Promise<Result>((resolve) => {
    child.on('close', (code, signal) => {
      resolve({ code, signal, text: texts.join('') });
    });
  });
  const [ready] = (await once(child.stderr, 'data')) as [Buffer];
  // What is said instead of it tells why.
  texts.push(ready.toString().replace(/^ready/, ''));
  child.stderr.on('data', (text: Buffer) => texts.push(text.toString()));
  return { result, go: () => child.stdin.end('go') };
}

describe('processes that want the same lock', () => {
  it('are never inside together, though some are killed while they hold it', async () => {
    writeFileSync(join(folder, 'contender.js'), CONTENDER);
    const slot = join(folder, 'slot');
    mkdirSync(slot);
    const contenders = await Promise.all([
      contend(slot, 12, 'release'),
      contend(slot, 12, 'release'),
      contend(slot, 3, 'kill'),
      contend(slot, 5, 'kill'),
    ]);
    for (const contender of contenders) contender.go();
    const [first, second, ...killed] = await Promise.all(contenders.map(({ result }) => result));
    expect(first).toMatchObject({ code: 0, text: expect.stringMatching(/^\d+\n$/) });
    expect(second).toMatchObject({ code: 0, text: expect.stringMatching(/^\d+\n$/) });
    expect(killed).toEqual([
      { code: null, signal: 'SIGKILL', text: '' },
      { code: null, signal: 'SIGKILL', text: '' },
    ]);
    // They did meet.
    expect(Number(first!.text) + Number(second!.text)).toBeGreaterThan(0);
  });
});

describe('a process', () => {
  it('is alive while it runs, but not when another had its number', () => {
    const self = thisProcess();
    expect(self.pid).toBe(process.pid);
    expect(isProcessAlive(self)).toBe(true);
    expect(isProcessAlive({ pid: process.pid })).toBe(true);
    expect(isProcessAlive({ ...self, startTime: '1' })).toBe(!onLinux);
  });

  it('is gone when it has ended', () => {
    const pid = Number(execFileSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' }));
    expect(isProcessAlive({ pid })).toBe(false);
  });

  it.runIf(onLinux)('is gone when it has ended and nobody collected it', async () => {
    // The shell becomes a program that does not look after the child it was given.
    const child = spawn('sh', ['-c', 'exec 3<&0; (read line <&3) & echo $!; exec sleep 60']);
    try {
      const pid = await new Promise<number>((resolve) => {
        child.stdout.once('data', (text: Buffer) => {
          resolve(Number(text.toString()));
        });
      });
      expect(isProcessAlive({ pid })).toBe(true);
      await until(child.pid!, '(sleep)');
      child.stdin.write('end\n');
      await until(pid, ') Z ');
      expect(() => process.kill(pid, 0)).not.toThrow();
      expect(isProcessAlive({ pid })).toBe(false);
    } finally {
      child.kill('SIGKILL');
    }
  });
});

/** Waits for a text in what the system says of a process. */
async function until(pid: number, text: string): Promise<void> {
  while (!readFileSync(`/proc/${pid}/stat`, 'latin1').includes(text)) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}
