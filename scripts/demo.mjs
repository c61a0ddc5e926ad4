#!/usr/bin/env node
// Shows the whole thing at work: starts the simulator, exports fixtures/demo/ through the real command line,
// and checks that what the summaries say is what the simulator received.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ROOT } from './lock.mjs';
import { setup } from './setup.mjs';

const BIN = join(ROOT, 'bin', 'snapcapi.js');
const OUT = 'demo-out';
/** The demo data is from the week before this moment. */
const AS_OF = '2026-11-20T12:00:00Z';
const SHOWN_REJECTS = 3;

const EXPORTS = [
  {
    title: 'A web shop: three query results at once',
    name: 'web',
    files: ['purchases.csv', 'signups.csv', 'page_views.csv'],
  },
  { title: 'An app', name: 'app', files: ['app.jsonl'] },
  { title: 'Sales in stores', name: 'offline', files: ['offline.csv'] },
];

function say(text = '') {
  process.stdout.write(`${text}\n`);
}

/** Starts the simulator as a process of its own; resolves when it says where it listens. */
async function startSimulator() {
  // Its clock is the real one, so the age of the demo data must not matter to it.
  const args = ['simulator', '--port', '0', '--max-age-days', '36500', '--max-future-minutes', '50000000'];
  const child = spawn(process.execPath, [BIN, ...args], { cwd: ROOT, stdio: ['ignore', 'pipe', 1] });
  for await (const line of createInterface({ input: child.stdout })) {
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(line) ?? [];
    if (url !== undefined) return { child, url };
  }
  throw new Error('The simulator did not start.');
}

async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

async function storedBy(url) {
  const answer = await fetch(`${url}/_stats`);
  return (await answer.json()).stored;
}

/** The environment without settings of the tool: a real address or asset in there must not reach the demo. */
function plainEnvironment() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('SNAPCAPI_')));
}

/** Runs one export with everything a user would see; resolves to its report. */
async function runExport({ name, files }, url) {
  const outputs = {
    report: `${OUT}/${name}.report.json`,
    rejects: `${OUT}/${name}.rejects.jsonl`,
    'rejected-rows': `${OUT}/${name}.rejected${files[0].slice(files[0].indexOf('.'))}`,
  };
  const args = [
    'export',
    ...files.map((file) => `fixtures/demo/${file}`),
    ...['--config', `fixtures/demo/${name}.json`, '--as-of', AS_OF],
    ...Object.entries(outputs).flatMap(([flag, path]) => [`--${flag}`, path]),
  ];
  say(`$ snapcapi ${args.join(' ').replaceAll(' --', ' \\\n    --')}`);
  const env = {
    ...plainEnvironment(),
    SNAPCAPI_DEMO_URL: url,
    SNAPCAPI_DEMO_TOKEN: 'demo-token',
    SNAPCAPI_STATE_DIR: join(ROOT, OUT, 'state'),
  };
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 1, 1],
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`snapcapi ended with exit code ${code}.`);
  showRejects(outputs.rejects);
  return JSON.parse(readFileSync(join(ROOT, outputs.report), 'utf8'));
}

function showRejects(path) {
  const lines = readFileSync(join(ROOT, path), 'utf8').trimEnd().split('\n').filter(Boolean);
  say(`\nFirst of ${lines.length} rejects in ${path}:`);
  for (const line of lines.slice(0, SHOWN_REJECTS)) {
    const { file, row, outcome, issues } = JSON.parse(line);
    say(`  ${file} row ${row}: ${outcome}: ${issues.map((issue) => issue.message).join('; ')}`);
  }
}

function check(title, report, stored) {
  const { rowsRead, outcomes } = report;
  const sum = Object.values(outcomes).reduce((total, count) => total + count, 0);
  if (sum !== rowsRead)
    throw new Error(`${title}: ${rowsRead} rows were read, but the outcomes add up to ${sum}.`);
  if (stored !== outcomes.sent) {
    throw new Error(`${title}: ${outcomes.sent} rows were sent, but ${stored} events arrived.`);
  }
  if (outcomes.sent === 0) throw new Error(`${title}: nothing was sent.`);
  say(`\nCross-check: the simulator received ${stored} events, as many as the summary says.\n`);
}

async function main() {
  setup();
  rmSync(join(ROOT, OUT), { recursive: true, force: true });
  mkdirSync(join(ROOT, OUT));
  say('$ snapcapi simulator --port 0');
  const { child, url } = await startSimulator();
  try {
    say(`A simulator of the Conversions API listens on ${url}; nothing leaves this machine.\n`);
    let before = 0;
    for (const one of EXPORTS) {
      say(`== ${one.title} ==\n`);
      const report = await runExport(one, url);
      const after = await storedBy(url);
      check(one.title, report, after - before);
      before = after;
    }
  } finally {
    await stop(child);
  }
  say(`Reports, rejects and the rejected rows themselves are in ${OUT}/.`);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
