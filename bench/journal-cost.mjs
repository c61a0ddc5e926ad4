// What the journal costs: the same export of web rows with and without one, in turns, each in a process of its own, with batches
// of 2,000 events.
// Usage: node bench/journal-cost.mjs [--rows 1000000] [--rounds 7] [--latency 0] [--threads N]
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeInput } from './speed/inputs.mjs';
import { measure, middle, pairedRatio } from './speed/measure.mjs';
import { startSink } from './speed/sink-process.mjs';
import { startExport } from './speed/variants.mjs';
import { numberArgument, say, temporaryFolder } from './support.mjs';

const rows = numberArgument('rows', 1_000_000);
const rounds = numberArgument('rounds', 7);
const latencyMs = numberArgument('latency', 0);
const threads = numberArgument('threads', -1);
const folder = temporaryFolder();
const stateDir = join(folder, 'state');
const { path } = await writeInput(folder, { kind: 'web', format: 'csv', rows, quoted: 0.05, seed: 1 });
const sink = await startSink();

function variant(name, how) {
  const args = [...how, ...(threads < 0 ? [] : ['--threads', String(threads)])];
  return {
    name,
    start: () => startExport(path, { url: sink.url, args }),
    clean: () => rmSync(stateDir, { recursive: true, force: true }),
  };
}

const variants = [variant('without', ['--no-resume']), variant('with', ['--state-dir', stateDir])];
const found = { with: [], without: [] };
for (const one of variants) await measure(one, sink, { latencyMs });
for (let round = 1; round <= rounds; round += 1) {
  // Who goes first changes, so that a machine that slows down or speeds up favors nobody.
  for (const one of round % 2 === 0 ? variants : variants.toReversed()) {
    found[one.name].push(await measure(one, sink, { latencyMs }));
  }
}
sink.close();

const how = threads < 0 ? 'the usual number of threads' : `${threads} threads`;
say(`${rows} web rows in batches of 2000, ${how}, answers after ${latencyMs} ms, ${rounds} rounds`);
for (const [key, unit] of [
  ['cpuMs', 'ms'],
  ['wallMs', 'ms'],
  ['memoryMb', 'MB'],
]) {
  const number = (one) => Math.round(middle(found[one], key));
  const { median, least, most } = pairedRatio(found, 'with', 'without', key);
  const spread = `ratio ${median.toFixed(3)} (${least.toFixed(3)} to ${most.toFixed(3)})`;
  // Another process can only make a run slower: the quickest runs are the ones it left alone.
  const quickest = (leastOf('with', key) / leastOf('without', key)).toFixed(3);
  const middles = `with ${number('with')} ${unit}, without ${number('without')} ${unit}`;
  say(`${key.padEnd(8)} ${middles}, ${spread}, least ÷ least ${quickest}`);
}

function leastOf(name, key) {
  return Math.min(...found[name].map((one) => one[key]));
}
