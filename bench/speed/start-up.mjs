// The third table: what it costs to start the program, beside what it costs to start Node.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../support.mjs';
import { middle, pairedRatio } from './measure.mjs';
import { ratioText, table } from './table.mjs';

const BASE = 'node -e 0';
const BIN = join(ROOT, 'bin', 'snapcapi.js');
const COMMANDS = {
  [BASE]: ['-e', '0'],
  'snapcapi --help': [BIN, '--help'],
  'snapcapi --version': [BIN, '--version'],
};
/** Runs of one command in a row: the shell tells hundredths of a second, and a run takes only a few. */
const RUNS = 10;
// A process cannot see what its own end costs, and that is a good part of so short a life: the shell that waited for it can.
const SCRIPT = `i=0; while [ $i -lt ${RUNS} ]; do "$@" > /dev/null || exit 1; i=$((i + 1)); done; times`;

/** Starts each command 10 times in a row, and all of them in turns, so many times. Gives CPU in ms per run, by command. */
export function measureStartUp({ startUpRounds, progress }) {
  const found = Object.fromEntries(Object.keys(COMMANDS).map((name) => [name, []]));
  for (let round = 1; round <= startUpRounds; round += 1) {
    progress(`start-up, round ${round} of ${startUpRounds}`);
    for (const [name, args] of Object.entries(COMMANDS)) found[name].push({ cpuMs: cpuOf(args) });
  }
  return found;
}

function cpuOf(args) {
  const said = execFileSync('sh', ['-c', SCRIPT, 'sh', process.execPath, ...args], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], LC_ALL: 'C' },
  });
  // The second line is about the children: user and system time, such as `0m1.230s 0m0.210s`.
  const times = [
    ...said
      .trim()
      .split('\n')[1]
      .matchAll(/(\d+)m([\d.]+)s/g),
  ];
  return (
    (times.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0) * 1000) /
    RUNS
  );
}

/** The third table as text. */
export function startUpTable(found) {
  const lines = Object.entries(found).map(([name, own]) => [
    name,
    middle(own, 'cpuMs').toFixed(1),
    ratioText(startUpRatio(found, name)),
  ]);
  return table(['command', 'CPU ms', `CPU ÷ ${BASE}`], lines);
}

/** CPU of a command to that of `node -e 0`. */
export function startUpRatio(found, name) {
  return pairedRatio(found, name, BASE, 'cpuMs');
}
