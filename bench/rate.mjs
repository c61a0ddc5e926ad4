// An API that takes a fixed number of requests per second: how near the program comes, and how often it is throttled.
// Usage: node bench/rate.mjs [--rate 20] [--seconds 20]
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import {
  AS_OF,
  CONFIG,
  loadSimulator,
  numberArgument,
  run,
  say,
  temporaryFolder,
  writeRows,
} from './support.mjs';

const BATCH = 5;
/** Time the program has to find the rate, in seconds. */
const SETTLING = 10;

const rate = numberArgument('rate', 20);
const seconds = numberArgument('seconds', 20);
const folder = temporaryFolder();
const input = join(folder, 'rows.csv');
const facts = await writeRows(input, rate * seconds * BATCH, { invalidShare: 0 });
const { startSimulator } = await loadSimulator();
const seen = [];
const simulator = await startSimulator({
  clock: () => Date.parse(AS_OF) + performance.now(),
  rate,
  observe: ({ status }) => seen.push({ atMs: performance.now(), status }),
});
const args = [
  'export',
  input,
  '--config',
  CONFIG,
  '--as-of',
  AS_OF,
  '--state-dir',
  join(folder, 'state'),
  '--quiet',
];
const { code, stderr } = await run([...args, '--batch-size', String(BATCH)], {
  env: { SNAPCAPI_API_BASE_URL: simulator.url },
});
const stored = simulator.stats().stored;
await simulator.close();

const firstMs = seen[0].atMs;
const lastMs = seen[seen.length - 1].atMs;
const settled = seen.filter(({ atMs }) => atMs - firstMs >= SETTLING * 1000);
const accepted =
  settled.filter(({ status }) => status === 200).length / ((lastMs - firstMs) / 1000 - SETTLING);
const throttled = (some) => some.filter(({ status }) => status === 429).length;
const perSecond = (second) =>
  seen.filter(({ atMs, status }) => status === 200 && Math.floor((atMs - firstMs) / 1000) === second).length;
const duration = Math.ceil((lastMs - firstMs) / 1000);
say(
  `accepted in each second: ${Array.from({ length: duration }, (_, second) => perSecond(second)).join(' ')}`,
);
say(`after ${SETTLING} s: ${accepted.toFixed(1)} accepted per second of ${rate}; 429: ${throttled(settled)}`);
say(
  `in all: ${seen.length} requests in ${((lastMs - firstMs) / 1000).toFixed(1)} s; 429: ${throttled(seen)}; stored ${stored} of ${facts.valid}`,
);
if (code !== 0) say(stderr);
const holds = code === 0 && stored === facts.valid && accepted >= rate * 0.8 && throttled(settled) <= seconds;
process.exitCode = holds ? 0 : 1;
