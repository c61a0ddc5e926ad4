// Rounds of exports that are killed at random moments and resumed until they are done, against an API that is well, slow, faulty or throttles,
// with event IDs, without them, and from standard input. Usage: node bench/random-kills.mjs [--rounds 20] [--rows 200000] [--seed 1]
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  AS_OF,
  CONFIG,
  loadSimulator,
  numberArgument,
  randomFrom,
  readLines,
  say,
  start,
  temporaryFolder,
  writeRows,
} from './support.mjs';

const BATCH = 1000;
const CONCURRENCY = 4;
const MOST_KILLS = 8;
const MOST_RUNS = 30;
/** After these nobody knows whether the events were stored. */
const UNCLEAR = ['reset-after', 'cut', 'garbage'];
const FAULTS = [...UNCLEAR, 'reset-before', '503'].map((kind) => `${kind}@random:0.02`).join(',');
const MODES = ['well', 'slow', 'faulty', 'throttled'];
const FORMS = ['ids', 'no ids', 'stdin'];

const seed = numberArgument('seed', 1);
const rows = numberArgument('rows', 200_000);
const rounds = numberArgument('rounds', 20);
const folder = temporaryFolder();
const random = randomFrom(seed);
const simulatorModule = await loadSimulator();

const input = join(folder, 'rows.csv');
const facts = await writeRows(input, rows, { seed });
const withoutIds = join(folder, 'no-ids.csv');
writeFileSync(withoutIds, readFileSync(input, 'utf8').replace(/^((?:[^,\n]*,){3})[^,\n]*,/gm, '$1'));
const noIdsConfig = join(folder, 'no-ids.json');
writeFileSync(
  noIdsConfig,
  JSON.stringify({ ...JSON.parse(readFileSync(CONFIG, 'utf8')), event_id: 'none' }),
  {
    mode: 0o600,
  },
);

let failures = 0;
for (let round = 0; round < rounds; round += 1) {
  if (!(await play(round, MODES[round % MODES.length], FORMS[round % FORMS.length]))) failures += 1;
}
say(`${rounds} rounds of ${rows} rows, ${failures} failures`);
process.exitCode = failures === 0 ? 0 : 1;

function optionsOf(mode) {
  if (mode === 'slow') return { latencyMs: 50 };
  if (mode === 'faulty') return { faults: simulatorModule.parseFaults(FAULTS), seed: seed + 1 };
  return mode === 'throttled' ? { rate: 60 } : {};
}

async function play(round, mode, form) {
  const clock = () => Date.parse(AS_OF);
  const simulator = await simulatorModule.startSimulator({ clock, keepEvents: false, ...optionsOf(mode) });
  const rejects = join(folder, `${round}.rejects.jsonl`);
  const source = form === 'no ids' ? withoutIds : input;
  const args = [
    'export',
    form === 'stdin' ? '-' : source,
    '--config',
    form === 'no ids' ? noIdsConfig : CONFIG,
  ];
  args.push('--as-of', AS_OF, '--state-dir', join(folder, `${round}.state`), '--rejects', rejects);
  args.push('--batch-size', String(BATCH), '--concurrency', String(CONCURRENCY), '--rate', '1000');
  args.push('--json', '--quiet');
  const env = { SNAPCAPI_API_BASE_URL: simulator.url };
  const wrap = form === 'stdin' ? ['sh', '-c', `exec "$0" "$@" < '${source}'`] : [];
  const wanted = 1 + Math.floor(random() * MOST_KILLS);
  let kills = 0;
  let last;
  for (let runs = 0; runs < MOST_RUNS; runs += 1) {
    const { child, ended } = start(args, { env, wrap });
    const timer = runs < wanted ? setTimeout(() => child.kill('SIGKILL'), 300 + random() * 2500) : undefined;
    last = await ended;
    clearTimeout(timer);
    if (last.signal === 'SIGKILL') kills += 1;
    else if (last.code === 0 || (form === 'no ids' && last.code === 75)) break;
  }
  const stats = simulator.stats();
  await simulator.close();
  return judge({ round, mode, form, kills, last, stats, rejected: readLines(rejects) });
}

function judge({ round, mode, form, kills, last, stats, rejected }) {
  const outcomes = last.stdout === '' ? {} : JSON.parse(last.stdout).outcomes;
  const unclear = UNCLEAR.reduce((sum, kind) => sum + (stats.faults[kind] ?? 0), 0);
  const inDoubt = outcomes.in_doubt ?? 0;
  // Without IDs nothing that may have arrived is sent again.
  const bound = form === 'no ids' ? 0 : kills * CONCURRENCY * BATCH + unclear * BATCH;
  const lost = Math.max(0, facts.valid - stats.stored - inDoubt);
  const listed = new Set(rejected.map(({ row }) => row));
  const checks = {
    lost: lost === 0,
    repeats: stats.repeats <= bound,
    sums: Object.values(outcomes).reduce((sum, count) => sum + count, 0) === rows,
    rejects: listed.size === rejected.length && rejected.length === rows - outcomes.sent,
    end: last.code === 0 || inDoubt > 0,
  };
  const failed = Object.keys(checks).filter((name) => !checks[name]);
  say(
    `round ${round + 1}: ${mode}, ${form}: kills ${kills}, lost ${lost}, repeats ${stats.repeats} of ${bound}, in doubt ${inDoubt}` +
      (failed.length === 0 ? '' : `, FAILED ${failed.join(', ')}, exit ${last.code}\n${last.stderr}`),
  );
  return failed.length === 0;
}
