// What is measured: each variant is a process that reads the same rows.
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AS_OF, CONFIG, start } from '../support.mjs';

/** Events per request, for everybody. */
export const BATCH = 2000;

/**
 * The variants, in the order of the table. `input` is a key of `inputs` (the files); `sends` whether events arrive at the
 * sink; `start` starts the process, measured; `clean` removes what it left.
 */
export function listVariants({ inputs, url, folder }) {
  const api = `${url}/v3/11111111-2222-4333-8444-555555555555/events?access_token=none`;
  const python = findPython();
  const script = (file, input, ...args) => ({
    input,
    sends: false,
    start: () => start([inputs[input].path, ...args], { script: baseline(file), meter: true }),
  });
  const own = (input, args, more = {}) => ({
    input,
    sends: true,
    start: () => startExport(inputs[input].path, { url, args, app: input === 'app' }),
    ...more,
  });
  const left = ['state', 'rejects.jsonl', 'report.json'].map((name) => join(folder, name));
  const [state, rejects, report] = left;
  const kept = ['--threads', '0', '--state-dir', state, '--rejects', rejects, '--report', report];
  const clean = () => left.forEach((path) => rmSync(path, { recursive: true, force: true }));
  const named = {
    bytes: { what: 'read the bytes', ...script('read-bytes.mjs', 'web') },
    'csv-parse': { what: 'csv-parse', ...script('csv-parse.mjs', 'web') },
    'csv-hash': { what: 'csv-parse + hash', ...script('csv-parse.mjs', 'web', '--hash') },
    'split-hash': { what: 'plain split + hash', ...script('split.mjs', 'web') },
    'threads-0': { what: 'snapcapi --threads 0', ...own('web', threads(0)) },
    'threads-1': { what: 'snapcapi --threads 1', ...own('web', threads(1)) },
    'threads-2': { what: 'snapcapi --threads 2', ...own('web', threads(2)) },
    'csv-engine': {
      what: 'snapcapi --threads 0 --csv-engine csv-parse',
      ...own('web', [...threads(0), '--csv-engine', 'csv-parse']),
    },
    journal: { what: 'snapcapi --threads 0, journal, report, rejects', ...own('web', kept, { clean }) },
    'in-house-node': {
      what: 'in-house script, Node',
      ...script('in-house.mjs', 'web', api),
      sends: true,
      inHouse: true,
    },
    'in-house-python': {
      what: 'in-house script, Python',
      missing: python === undefined ? 'no python3' : undefined,
      input: 'web',
      sends: true,
      inHouse: true,
      start: () => start([inputs.web.path, api], { script: baseline('in-house.py'), interpreter: python }),
    },
    'json-hash': { what: 'JSONL: split + JSON.parse + hash', ...script('split-json.mjs', 'jsonl') },
    jsonl: { what: 'JSONL: snapcapi --threads 0', ...own('jsonl', threads(0)) },
    app: { what: 'app rows: snapcapi --threads 0', ...own('app', threads(0)) },
  };
  return Object.entries(named).map(([name, variant]) => ({ name, ...variant }));
}

/** Flags of a run without a journal. */
export function threads(count) {
  return ['--threads', String(count), '--no-resume'];
}

/** Starts an export to the sink, measured, with the same batches as the in-house scripts. */
export function startExport(input, { url, args, app = false }) {
  const fixed = [
    '--config',
    CONFIG,
    '--as-of',
    AS_OF,
    '--batch-size',
    String(BATCH),
    '--rate',
    '1000',
    '--quiet',
  ];
  const env = {
    SNAPCAPI_API_BASE_URL: url,
    // Only the number of events limits a batch, so that all variants send the same ones.
    SNAPCAPI_MAX_BATCH_BYTES: '50000000',
    SNAPCAPI_EVENT_SOURCE_TYPE: app ? 'mobile_app' : 'web',
  };
  return start(['export', input, ...fixed, ...args], { env, meter: true });
}

function baseline(file) {
  return fileURLToPath(new URL(`baselines/${file}`, import.meta.url));
}

/** The interpreter itself: what is called python3 may be a shell script, whose time would be counted too. */
function findPython() {
  try {
    return execFileSync('python3', ['-c', 'import sys, resource; print(sys.executable)'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return undefined;
  }
}
