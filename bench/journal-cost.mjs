// What the journal costs: the same export with and without one, in turns, each in a process of its own.
// Usage: node bench/journal-cost.mjs [--rows 400000] [--rounds 7] [--latency 0]
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  AS_OF,
  CONFIG,
  loadSimulator,
  median,
  numberArgument,
  run,
  say,
  temporaryFolder,
  writeRows,
} from './support.mjs';

if (process.send !== undefined) await serve();
else await compare();

/** The simulator has a process of its own, so that it takes no time from the measurement but the machine's. */
async function serve() {
  const { startSimulator } = await loadSimulator();
  const latencyMs = numberArgument('latency', 0);
  const { url } = await startSimulator({ clock: () => Date.parse(AS_OF), keepEvents: false, latencyMs });
  process.send(url);
  process.on('disconnect', () => process.exit());
}

async function compare() {
  const rows = numberArgument('rows', 400_000);
  const rounds = numberArgument('rounds', 7);
  const folder = temporaryFolder();
  const input = join(folder, 'rows.csv');
  await writeRows(input, rows);
  const simulator = fork(new URL(import.meta.url), process.argv.slice(2));
  const [url] = await once(simulator, 'message');
  const args = [
    'export',
    input,
    '--config',
    CONFIG,
    '--as-of',
    AS_OF,
    '--batch-size',
    '2000',
    '--rate',
    '1000',
    '--quiet',
  ];
  const measure = async (journal) => {
    const stateDir = join(folder, 'state');
    const startedNs = process.hrtime.bigint();
    const how = journal ? ['--state-dir', stateDir] : ['--no-resume'];
    const { code, used, stderr } = await run([...args, ...how], {
      env: { SNAPCAPI_API_BASE_URL: url },
      meter: true,
    });
    if (code !== 0) throw new Error(`the export ended with ${code}: ${stderr}`);
    rmSync(stateDir, { recursive: true, force: true });
    const wallMs = Number(process.hrtime.bigint() - startedNs) / 1e6;
    return { cpuMs: (used.userCPUTime + used.systemCPUTime) / 1000, wallMs, memoryMb: used.maxRSS / 1024 };
  };
  await measure(true);
  await measure(false);
  const found = [];
  for (let round = 1; round <= rounds; round += 1) {
    // Who goes first changes, so that a machine that slows down or speeds up favors nobody.
    const first = await measure(round % 2 === 0);
    const second = await measure(round % 2 === 1);
    found.push(round % 2 === 0 ? { with: first, without: second } : { with: second, without: first });
  }
  simulator.disconnect();
  say(`${rows} rows in batches of 2000, ${rounds} rounds`);
  for (const [key, unit] of [
    ['cpuMs', 'ms'],
    ['wallMs', 'ms'],
    ['memoryMb', 'MB'],
  ]) {
    const ratio = median(found.map((pair) => pair.with[key] / pair.without[key]));
    const [kept, none] = ['with', 'without'].map((side) =>
      Math.round(median(found.map((pair) => pair[side][key]))),
    );
    say(
      `${key.padEnd(8)} with ${kept} ${unit}, without ${none} ${unit}, ratio (median of rounds) ${ratio.toFixed(3)}`,
    );
  }
}
