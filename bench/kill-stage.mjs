// One run that is stopped and gone on with, and what must hold at its end.
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AS_OF, CONFIG, readLines, run } from './support.mjs';

export const BATCH = 4;
export const CONCURRENCY = 2;

/** Makes scenes: runs over the same input, each with a state directory and a simulator of its own. */
export function createStage({ simulator: { startSimulator }, input, facts }) {
  const common = [input, '--config', CONFIG, '--as-of', AS_OF];

  /** The texts of the events that have to arrive. */
  async function preview() {
    const { stdout } = await run(['preview', ...common, '-n', 'all'], {
      env: { SNAPCAPI_API_BASE_URL: 'http://127.0.0.1:9' },
    });
    return [...stdout.matchAll(/"outcome":"ok","event":(\{.*\}),"warnings":\[.*\]\}$/gm)].map(
      ([, text]) => text,
    );
  }

  async function open(folder) {
    mkdirSync(folder, { recursive: true });
    const simulator = await startSimulator({ clock: () => Date.parse(AS_OF), latencyMs: 3 });
    const rejects = join(folder, 'rejects.jsonl');
    const stateDir = join(folder, 'state');
    const args = ['export', ...common, '--batch-size', String(BATCH), '--concurrency', String(CONCURRENCY)];
    args.push('--rate', '1000', '--state-dir', stateDir, '--rejects', rejects, '--json', '--quiet');
    // With one thread for files, the calls of a run come in one order and can be counted.
    const env = { SNAPCAPI_API_BASE_URL: simulator.url, UV_THREADPOOL_SIZE: '1' };
    const begin = (wrap = []) => run(args, { env, wrap });
    const scene = {
      rejects,
      run: begin,
      journal: () => findJournal(stateDir),
      isTorn: () => isTornAt(findJournal(stateDir)),
      /** Begins the run, and kills it before anything is sent. */
      async runUntilJournal() {
        await begin([
          'strace',
          '-f',
          '-o',
          '/dev/null',
          '-e',
          'trace=fdatasync',
          '-e',
          'inject=fdatasync:signal=KILL:when=2',
        ]);
        return findJournal(stateDir);
      },
      /** Goes on to the end; `twice` also asks a further run, which has to find nothing to do. */
      async finish(texts, kills, twice) {
        const last = await begin();
        const again = twice ? await begin() : undefined;
        const events = simulator.events();
        await simulator.close();
        return judge({ texts, kills, last, again, events, facts, rejects });
      },
    };
    return scene;
  }

  return { preview, open };
}

function findJournal(stateDir) {
  try {
    const names = readdirSync(stateDir, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('journal.jsonl'),
    );
    if (names.length > 1) throw new Error('one command made more than one run');
    return names[0] === undefined ? undefined : join(stateDir, names[0]);
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whether the journal ends in the middle of a line. */
function isTornAt(journal) {
  if (journal === undefined) return false;
  const bytes = readFileSync(journal);
  return bytes.length > 0 && bytes[bytes.length - 1] !== 0x0a;
}

/** What came of a run; `faults` says in words what does not hold. */
function judge({ texts, kills, last, again, events, facts, rejects }) {
  const faults = [];
  const expect = (holds, what) => {
    if (!holds) faults.push(what);
  };
  const arrived = new Map(events.map((event) => [event.text, event.arrivals]));
  const lost = texts.filter((text) => !arrived.has(text)).length;
  const invented = events.length - (texts.length - lost);
  const repeats = events.reduce((sum, { arrivals }) => sum + arrivals - 1, 0);
  const bound = kills * CONCURRENCY * BATCH;
  expect(lost === 0, `${lost} events are lost`);
  expect(invented === 0, `${invented} events are not those of the preview`);
  expect(repeats <= bound, `${repeats} repeats, but the bound is ${bound}`);
  const rows = readLines(rejects).map(({ row }) => row);
  expect(
    rows.join() === facts.invalid.join(),
    `rows ${rows.join()} are in the rejects, not ${facts.invalid.join()}`,
  );
  expect(last.code === 0, `going on ended with ${last.code ?? last.signal}: ${last.stderr}`);
  expect(
    again === undefined || (again.code === 0 && again.stdout.includes('"alreadyComplete":true')),
    'a third run found something to do',
  );
  const summary = last.code === 0 ? JSON.parse(last.stdout) : undefined;
  const books =
    summary === undefined ? -1 : Object.values(summary.outcomes).reduce((sum, count) => sum + count, 0);
  // A run that was complete before it was stopped has nothing left to read.
  expect(summary?.run.alreadyComplete === true || books === facts.rows, 'the books do not balance');
  return { lost, invented, repeats, bound, faults };
}
