// The third table: what it costs to start the program, beside what it costs to start Node.
import { median, start } from '../support.mjs';
import { measure, middle, pairedRatio } from './measure.mjs';
import { ratioText, table } from './table.mjs';

const COMMANDS = [
  { name: 'node -e 0', start: () => start(['0'], { script: '-e', meter: true }) },
  { name: 'snapcapi --help', start: () => start(['--help'], { meter: true }) },
  { name: 'snapcapi --version', start: () => start(['--version'], { meter: true }) },
];

/** Starts each command so many times, in turns. Gives the measurements by command. */
export async function measureStartUp({ sink, runs, progress }) {
  progress(`start-up, ${runs} runs`);
  const found = Object.fromEntries(COMMANDS.map(({ name }) => [name, []]));
  for (let run = 0; run < runs; run += 1) {
    for (const command of COMMANDS) found[command.name].push(await measure(command, sink, {}));
  }
  return found;
}

/** The third table as text. */
export function startUpTable(found) {
  const header = ['command', 'CPU ms', 'wall ms', 'CPU ÷ node -e 0'];
  const lines = COMMANDS.map(({ name }) => [
    name,
    middle(found[name], 'cpuMs').toFixed(1),
    middle(found[name], 'wallMs').toFixed(1),
    ratioText(startUpRatio(found, name)),
  ]);
  return table(header, lines);
}

/** CPU of a command to that of `node -e 0`. */
export function startUpRatio(found, name) {
  const ratio = pairedRatio(found, name, 'node -e 0', 'cpuMs');
  // Runs this short are pairs in name only: the medians say more.
  const medians = [found[name], found['node -e 0']].map((runs) => median(runs.map(({ cpuMs }) => cpuMs)));
  return { ...ratio, median: medians[0] / medians[1] };
}
