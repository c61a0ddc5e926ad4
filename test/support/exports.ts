import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { startSimulator } from '../../src/simulator/index.js';
import type { ReceivedEvent, SimulatorOptions, SimulatorStats } from '../../src/simulator/index.js';
import { inTemporaryFolder, parseLines, ROOT, runCli } from './cli.js';

/** "Now" of every run over the fixtures; their events lie in the week before it. */
export const AS_OF = '2026-11-20T12:00:00Z';

export const BAD = join(ROOT, 'fixtures', 'bad');

export type Reject = {
  readonly file: string;
  readonly row: number;
  readonly line: number;
  readonly outcome: string;
  readonly issues: readonly { readonly code: string; readonly column?: string; readonly message: string }[];
};

type Outcomes = Readonly<
  Record<'sent' | 'invalid' | 'expired' | 'refused' | 'in_doubt' | 'not_attempted', number>
>;

export type ExportRun = {
  readonly code: number;
  readonly stderr: string;
  /** The summary of `--json`; absent when the run ended before there was one. */
  readonly summary: { readonly rowsRead: number; readonly outcomes: Outcomes } | undefined;
  readonly rejects: readonly Reject[];
  /** The rejected rows, byte for byte. */
  readonly rejectedRows: string;
  readonly events: readonly ReceivedEvent[];
  readonly stats: SimulatorStats;
};

export type ExportCase = {
  readonly args: readonly string[];
  /** Path of a config; default `fixtures/bad/config.json`. */
  readonly config?: string;
  readonly stdin?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  readonly simulator?: SimulatorOptions;
};

/**
 * Exports through the built command line to a simulator of its own, and checks what holds for every run:
 * the books balance, every row that was not sent is in the rejects once, and what was sent has arrived.
 */
export function exportThrough(one: ExportCase): Promise<ExportRun> {
  return inTemporaryFolder((folder) => exportInto(folder, one));
}

async function exportInto(folder: string, one: ExportCase): Promise<ExportRun> {
  const simulator = await startSimulator({ clock: () => Date.parse(AS_OF), ...one.simulator });
  try {
    const rejects = join(folder, 'rejects.jsonl');
    const rejectedRows = join(folder, 'rejected-rows');
    const args = ['export', ...one.args, '--config', one.config ?? join(BAD, 'config.json')];
    const outputs = ['--json', '--rejects', rejects, '--rejected-rows', rejectedRows];
    const result = await runCli([...args, '--as-of', AS_OF, ...outputs], {
      env: { SNAPCAPI_API_BASE_URL: simulator.url, ...one.env },
      ...(one.stdin === undefined ? {} : { stdin: one.stdin }),
    });
    const run: ExportRun = {
      code: result.code,
      stderr: result.stderr,
      summary: result.stdout === '' ? undefined : (JSON.parse(result.stdout) as ExportRun['summary']),
      rejects: parseLines(readIfThere(rejects)) as Reject[],
      rejectedRows: readIfThere(rejectedRows),
      events: simulator.events(),
      stats: simulator.stats(),
    };
    expectBooksToBalance(run);
    return run;
  } finally {
    await simulator.close();
  }
}

function expectBooksToBalance(run: ExportRun): void {
  if (run.summary === undefined) return;
  const { rowsRead, outcomes } = run.summary;
  expect(Object.values(outcomes).reduce((sum, count) => sum + count, 0)).toBe(rowsRead);
  const places = run.rejects.map((reject) => `${reject.file}:${reject.row}`);
  expect(new Set(places).size).toBe(places.length);
  expect(places.length).toBe(rowsRead - outcomes.sent);
  expect(run.events.length).toBeGreaterThanOrEqual(outcomes.sent);
  expect(run.events.length).toBeLessThanOrEqual(outcomes.sent + outcomes.in_doubt + outcomes.not_attempted);
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
