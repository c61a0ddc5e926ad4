// A large export in bad weather: random faults, and the process is killed twice. Prints what came of it, and how much memory it took.
// Usage: node bench/million.mjs [--rows 1000000] [--compare 200000] [--seed 1]
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  AS_OF,
  CONFIG,
  loadSimulator,
  numberArgument,
  randomFrom,
  readLines,
  run,
  say,
  start,
  temporaryFolder,
  writeRows,
} from './support.mjs';

const BATCH = 2000;
const CONCURRENCY = 4;
/** After these nobody knows whether the events were stored, so they are sent again: 3 of the 5 percent. */
const UNCLEAR = ['reset-after', 'cut', 'garbage'];
const FAULTS = [...UNCLEAR, 'reset-before', '503'].map((kind) => `${kind}@random:0.0102`).join(',');

const seed = numberArgument('seed', 1);
const folder = temporaryFolder();
const simulatorModule = await loadSimulator();
const many = await bench(numberArgument('rows', 1_000_000));
const few = await bench(numberArgument('compare', 200_000));
say(`peak memory: ${many.peakMb} MB at ${many.rows} rows, ${few.peakMb} MB at ${few.rows} rows`);
process.exitCode = many.ok && few.ok && many.peakMb < few.peakMb * 1.25 ? 0 : 1;

async function bench(rows) {
  const input = join(folder, `${rows}.csv`);
  const rejects = join(folder, `${rows}.rejects.jsonl`);
  const facts = await writeRows(input, rows, { seed });
  const simulator = await simulatorModule.startSimulator({
    clock: () => Date.parse(AS_OF),
    keepEvents: false,
    faults: simulatorModule.parseFaults(FAULTS),
    seed,
  });
  const args = [
    'export',
    input,
    '--config',
    CONFIG,
    '--as-of',
    AS_OF,
    '--state-dir',
    join(folder, `${rows}.state`),
  ];
  args.push('--batch-size', String(BATCH), '--concurrency', String(CONCURRENCY), '--rate', '1000');
  args.push('--rejects', rejects, '--json', '--quiet');
  const env = { SNAPCAPI_API_BASE_URL: simulator.url };
  const startedMs = Date.now();
  const peaks = [];
  // Somewhere in the first and in the second half; what is killed is a program in full flight.
  const random = randomFrom(seed + rows);
  const requests = Math.ceil(facts.valid / BATCH);
  const killAt = [0, 0.5].map((from) => Math.max(2, Math.floor(requests * (from + random() * 0.45))));
  let kills = 0;
  for (const at of killAt) {
    const ended = await runUntil(start(args, { env }), () => simulator.stats().requests >= at, peaks);
    if (ended.signal === 'SIGKILL') kills += 1;
  }
  const last = await runUntil(start(args, { env }), () => false, peaks);
  const again = await run(
    args.filter((arg) => arg !== rejects && arg !== '--rejects'),
    { env },
  );
  const stats = simulator.stats();
  await simulator.close();
  return judge({ rows, facts, last, again, stats, kills, peaks, startedMs, rejected: readLines(rejects) });
}

async function runUntil({ child, ended }, isTime, peaks) {
  let over = false;
  void ended.then(() => (over = true));
  let peak = 0;
  while (!over) {
    peak = Math.max(peak, peakMemoryKb(child.pid));
    if (isTime()) child.kill('SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  peaks.push(peak);
  return ended;
}

function peakMemoryKb(pid) {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

function judge({ rows, facts, last, again, stats, kills, peaks, startedMs, rejected }) {
  const summary = last.stdout === '' ? undefined : JSON.parse(last.stdout);
  const outcomes = summary?.outcomes ?? {};
  const accounted = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
  const unclear = UNCLEAR.reduce((sum, kind) => sum + (stats.faults[kind] ?? 0), 0);
  const bound = kills * CONCURRENCY * BATCH + unclear * BATCH;
  const faults = Object.values(stats.faults).reduce((sum, count) => sum + count, 0);
  const peakMb = Math.round(Math.max(...peaks) / 1024);
  const checks = {
    'exit code 0': last.code === 0,
    'killed twice': kills === 2,
    'every valid event is there': stats.stored === facts.valid,
    'books balance': accounted === rows && outcomes.sent === facts.valid,
    'repeats within the bound': stats.repeats <= bound,
    'every invalid row is in the rejects, once':
      rejected.map(({ row }) => row).join() === facts.invalid.join(),
    'again: nothing is sent': again.code === 0 && JSON.parse(again.stdout).run.alreadyComplete === true,
  };
  say(`${rows} rows, ${facts.valid} of them valid, in ${((Date.now() - startedMs) / 1000).toFixed(1)} s`);
  say(`  kills ${kills}, requests ${stats.requests}, faults ${faults} (${unclear} unclear)`);
  say(
    `  stored ${stats.stored}, lost ${facts.valid - stats.stored}, repeats ${stats.repeats}, bound ${bound}`,
  );
  say(`  peak memory of each process: ${peaks.map((kb) => `${Math.round(kb / 1024)} MB`).join(', ')}`);
  for (const [name, holds] of Object.entries(checks)) say(`  ${holds ? 'ok  ' : 'FAIL'} ${name}`);
  if (last.code !== 0) say(last.stderr);
  return { rows, peakMb, ok: Object.values(checks).every(Boolean) };
}
