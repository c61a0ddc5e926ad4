// What the benchmarks share: rows from a seed, the built program as a process, and the simulator as the oracle.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root folder of the project. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');
/** "Now" of every run; the events lie in the days before it. */
export const AS_OF = '2026-11-20T12:00:00Z';
export const CONFIG = join(ROOT, 'fixtures', 'bad', 'config.json');

const BIN = join(ROOT, 'bin', 'snapcapi.js');
const HEADER = 'event_name,event_time,event_source_url,event_id,em,currency,value\n';
const METER = fileURLToPath(new URL('meter.cjs', import.meta.url));

if (!existsSync(join(ROOT, 'dist'))) throw new Error('Build first: npm run build');

/** The simulator of the built program. */
export async function loadSimulator() {
  return import(new URL('../dist/simulator/index.js', import.meta.url).href);
}

/** A folder that is removed when the process exits. */
export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'snapcapi-bench-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Numbers in [0, 1) that depend on the seed only (mulberry32). */
export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Writes rows of a made-up shop as CSV; about `invalidShare` of them have no usable address. Gives what is in them. */
export async function writeRows(path, count, { seed = 1, invalidShare = 0.01 } = {}) {
  const random = randomFrom(seed);
  const file = createWriteStream(path);
  const invalid = [];
  let text = HEADER;
  for (let row = 1; row <= count; row += 1) {
    const bad = random() < invalidShare;
    if (bad) invalid.push(row);
    const seconds = 1_794_700_000 + Math.floor(random() * 400_000);
    const who = bad ? 'nobody' : `person${Math.floor(random() * 1e9)}@example.com`;
    text += `PURCHASE,${seconds},https://shop.example.com/p/${row},id-${row},${who},USD,${Math.floor(random() * 1e5) / 100}\n`;
    if (text.length > 1 << 20) {
      if (!file.write(text)) await once(file, 'drain');
      text = '';
    }
  }
  file.end(text);
  await once(file, 'finish');
  return { rows: count, valid: count - invalid.length, invalid };
}

/**
 * Starts the program, or another script. `wrap` stands before it on the command line (strace, prlimit). Gives the child, and
 * a promise of how it ended, with what it used (as `process.resourceUsage()` says; absent when it was killed). A script with
 * an interpreter other than Node measures itself, and writes the same to file descriptor 3.
 */
export function start(args, { env = {}, wrap = [], meter = false, script = BIN, interpreter } = {}) {
  const node = [process.execPath, ...(meter ? ['--require', METER] : [])];
  const [command, ...rest] = [
    ...wrap,
    ...(interpreter === undefined ? node : [interpreter]),
    script,
    ...args,
  ];
  const child = spawn(command, rest, {
    env: { PATH: process.env['PATH'], NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const said = { 1: '', 2: '', 3: '' };
  for (const fd of [1, 2, 3]) child.stdio[fd].on('data', (bytes) => (said[fd] += bytes));
  const ended = once(child, 'close').then(([code, signal]) => ({
    code,
    signal,
    stdout: said[1],
    stderr: said[2],
    ...(said[3] === '' ? {} : { used: JSON.parse(said[3]) }),
  }));
  return { child, ended };
}

/** Starts the program and waits for its end. */
export function run(args, options) {
  return start(args, options).ended;
}

/** JSON Lines of a file; none when it is missing. */
export function readLines(path) {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/** The middle one of some numbers. */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Value of `--name N` on the command line. */
export function numberArgument(name, otherwise) {
  const at = process.argv.indexOf(`--${name}`);
  return at === -1 ? otherwise : Number(process.argv[at + 1]);
}

/** One line of standard output. */
export function say(line) {
  process.stdout.write(`${line}\n`);
}
