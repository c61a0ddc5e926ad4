// Kills an export at every system call that changes the state directory, goes on each time, and asks the simulator what
// arrived. Needs strace and prlimit (Linux). Usage: node bench/kill-loop.mjs [--rows 40] [--stride 1] [--json]
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { loadSimulator, numberArgument, say, temporaryFolder, writeRows } from './support.mjs';
import { BATCH, CONCURRENCY, createStage } from './kill-stage.mjs';

const ROWS = numberArgument('rows', 40);
/** 1 visits every call; 5 every fifth, for a quick look. */
const STRIDE = numberArgument('stride', 1);
const WORKERS = 2;
const CALLS = ['fdatasync', 'fsync', 'rename', 'mkdir', 'unlink', 'write'];

for (const tool of ['strace', 'prlimit']) {
  if (spawnSync(tool, ['--version']).status !== 0) {
    process.stderr.write(`bench/kill-loop.mjs needs ${tool} (Debian: apt-get install strace util-linux).\n`);
    process.exit(2);
  }
}

const folder = temporaryFolder();
const input = join(folder, 'rows.csv');
const facts = await writeRows(input, ROWS, { seed: 3, invalidShare: 0.1 });
const stage = createStage({ simulator: await loadSimulator(), input, facts });
const plain = await stage.preview();
const points = [];
await inParallel(WORKERS, [
  ...CALLS.map((call) => () => walk(call)),
  () => walkBytes(),
  ...(STRIDE === 1 ? [() => relay('fdatasync', 5), () => relay('write', 7)] : []),
]);
process.exitCode = tell();

/** One kill in each run: at the first such call, at the second, ... until the run has no more of them. */
async function walk(call) {
  for (let nth = 1; ; nth += STRIDE) {
    const scene = await stage.open(join(folder, `${call}-${nth}`));
    // The journal is named by time and chance, so its writes can be counted only once it is there.
    const journal = call === 'write' ? await scene.runUntilJournal() : undefined;
    const paths = journal === undefined ? [] : ['-P', journal, '-P', scene.rejects];
    const killed = await scene.run(killing(call, nth, paths));
    await finish(scene, `${call} ${nth}`, killed, 1);
    if (!wasKilled(killed)) break;
  }
}

/** The disk ends in the middle of a line: the file may not grow beyond so many bytes. */
async function walkBytes() {
  const step = 97 * STRIDE;
  for (let bytes = 400; ; bytes += step) {
    const scene = await stage.open(join(folder, `bytes-${bytes}`));
    const stopped = await scene.run(['prlimit', `--fsize=${bytes}`]);
    await finish(scene, `file size ${bytes}`, stopped, 1);
    if (stopped.code === 0) break;
  }
}

/** The same run is killed at the same call of each of its processes, until one survives. */
async function relay(call, nth) {
  const scene = await stage.open(join(folder, `relay-${call}`));
  let kills = 0;
  for (;;) {
    const journal = call === 'write' ? await journalOf(scene) : undefined;
    const paths = journal === undefined ? [] : ['-P', journal];
    const killed = await scene.run(killing(call, nth, paths));
    if (!wasKilled(killed)) return finish(scene, `relay ${call} (${kills} kills)`, killed, kills);
    kills += 1;
    if (kills > 100) throw new Error('a run that is killed again and again gets nowhere');
  }
}

async function journalOf(scene) {
  return scene.journal() ?? (await scene.runUntilJournal());
}

async function finish(scene, name, stopped, kills) {
  points.push({ name, stopped, torn: scene.isTorn(), ...(await scene.finish(plain, kills, STRIDE === 1)) });
}

function killing(call, nth, paths) {
  const inject = `inject=${call}:signal=KILL:when=${nth}`;
  return ['strace', '-f', '-o', '/dev/null', '-e', `trace=${call}`, '-e', inject, ...paths];
}

function wasKilled({ signal }) {
  return signal === 'SIGKILL';
}

async function inParallel(workers, jobs) {
  const waiting = [...jobs];
  const work = async () => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) await job();
  };
  await Promise.all(Array.from({ length: workers }, work));
}

/** Prints the result; gives the exit code. */
function tell() {
  const bad = points.filter(({ faults }) => faults.length > 0);
  const most = points
    .filter(({ bound }) => bound > 0)
    .reduce((a, b) => (b.repeats / b.bound > a.repeats / a.bound ? b : a));
  const result = {
    killPoints: points.filter(({ stopped }) => stopped.code !== 0).length,
    runs: points.length,
    lost: points.reduce((sum, { lost }) => sum + lost, 0),
    invented: points.reduce((sum, { invented }) => sum + invented, 0),
    withRepeats: points.filter(({ repeats }) => repeats > 0).length,
    largestRepeats: Math.max(
      ...points.filter(({ name }) => !name.startsWith('relay')).map(({ repeats }) => repeats),
    ),
    bound: CONCURRENCY * BATCH,
    nearest: `${most.repeats} of ${most.bound} at ${most.name}`,
    tornTails: points.filter(({ torn }) => torn).length,
    failures: bad.map(({ name, faults }) => `${name}: ${faults.join('; ')}`),
  };
  if (process.argv.includes('--json')) say(JSON.stringify(result));
  else
    for (const [name, value] of Object.entries(result))
      say(`${name}: ${Array.isArray(value) ? value.length : value}`);
  if (!process.argv.includes('--json')) for (const failure of result.failures) say(`  ${failure}`);
  const seen = result.withRepeats > 0 && result.tornTails > 0;
  return bad.length === 0 && seen ? 0 : 1;
}
