// What the program costs beside the least that can be done, beside csv-parse alone and beside scripts written in house.
// Usage: node bench/speed.mjs [--rows 1000000] [--rounds 3] [--only NAME,…] [--quick] [--memory | --memory-rows N,…]
//   [--quoted 0.05] [--seed 1] [--out FILE]
// NAME is a variant of the first table, or `latency` or `start-up`. Ends with 1 when variants did not deliver the same events.
import { writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { claimsTable, judgeClaims } from './speed/claims.mjs';
import { writeInput } from './speed/inputs.mjs';
import { latencyTable, measureLatency } from './speed/latency.mjs';
import { measureMemory, memoryTable } from './speed/memory.mjs';
import { FEWEST_QUOTABLE, readOptions } from './speed/options.mjs';
import { startSink } from './speed/sink-process.mjs';
import { measureStartUp, startUpTable } from './speed/start-up.mjs';
import { measureThroughput, throughputTable } from './speed/throughput.mjs';
import { listVariants } from './speed/variants.mjs';
import { say, temporaryFolder } from './support.mjs';

const options = readOptions(process.argv.slice(2));
const folder = temporaryFolder();
// The folder is large, and only an orderly exit removes it.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
const machine = {
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
  cores: availableParallelism(),
  date: new Date().toISOString(),
  load: loadavg()[0],
};
say(
  `Node ${machine.node}, ${machine.platform}, ${machine.cores} cores, ${machine.date}, load ${machine.load.toFixed(1)} at the start`,
);
const sink = await startSink();
const inputs = {};
const wanted = (name) => options.only?.has(name) ?? true;
const variants = chooseVariants();
await makeInputs();

const throughput = await tell('Answers at once', variants.length > 0, {
  measure: () => measureThroughput(variants, { sink, inputs, rounds: options.rounds, progress }),
  show: (found) => throughputTable(variants, found, inputs),
});
const latency = await tell('Answers after a while', wanted('latency'), {
  measure: () => measureLatency({ ...options, sink, makeInput, progress }),
  show: latencyTable,
});
const startUp = await tell('Start-up', wanted('start-up') && process.platform !== 'win32', {
  measure: () => measureStartUp({ ...options, progress }),
  show: startUpTable,
});
const memory = await tell('Memory', options.memoryRows.length > 0, {
  measure: () => measureMemory({ ...options, sink, makeInput, progress }),
  show: memoryTable,
});
sink.close();

const claims = judgeClaims({ throughput, latency, startUp, memory });
say(`\nClaims\n\n${claimsTable(claims)}`);
if (options.rows < FEWEST_QUOTABLE) say(`\nFewer than ${FEWEST_QUOTABLE} rows: quote none of these ratios.`);
const differences = throughput?.differences ?? [];
for (const difference of differences) say(`NOT THE SAME EVENTS: ${difference}`);
if (differences.length === 0 && variants.length > 0) say('\nAll variants delivered the same events.');
if (options.out !== undefined) {
  const { only, ...used } = options;
  const told = {
    machine,
    options: { ...used, only: only && [...only] },
    inputs,
    throughput,
    latency,
    startUp,
    memory,
  };
  writeFileSync(options.out, `${JSON.stringify({ ...told, claims }, undefined, 2)}\n`);
}
process.exitCode = differences.length === 0 ? 0 : 1;

function chooseVariants() {
  const listed = listVariants({ inputs, url: sink.url, folder });
  const known = new Set([...listed.map(({ name }) => name), 'latency', 'start-up', 'memory']);
  for (const name of options.only ?? []) {
    if (!known.has(name)) throw new Error(`--only knows ${[...known].join(', ')}; not ${name}`);
  }
  const chosen = listed.filter(({ name }) => wanted(name));
  for (const { name, missing } of chosen) if (missing !== undefined) say(`${name} is left out: ${missing}`);
  return chosen.filter(({ missing }) => missing === undefined);
}

async function makeInputs() {
  const needed = new Set(variants.map(({ input }) => input));
  for (const [name, kind, format] of [
    ['web', 'web', 'csv'],
    ['jsonl', 'web', 'jsonl'],
    ['app', 'app', 'csv'],
  ]) {
    if (!needed.has(name)) continue;
    progress(`writing ${name}`);
    inputs[name] = await writeInput(folder, { ...options, kind, format });
    const { rows, bytes, quotedShare } = inputs[name];
    say(
      `${name}: ${rows} rows, ${(bytes / 1e6).toFixed(0)} MB, ${(bytes / rows).toFixed(0)} bytes a row, ${(quotedShare * 100).toFixed(1)} % of them with quoted cells`,
    );
  }
}

function makeInput(rows) {
  progress(`writing ${rows} rows`);
  return writeInput(folder, { ...options, rows, kind: 'web', format: 'csv' });
}

async function tell(title, isWanted, { measure, show }) {
  if (!isWanted) return undefined;
  const found = await measure();
  say(`\n${title}\n\n${show(found)}`);
  return found;
}

/** What is being done, for whoever waits; not part of the result. */
function progress(doing) {
  process.stderr.write(`… ${doing}\n`);
}
