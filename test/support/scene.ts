import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startSimulator } from '../../src/simulator/index.js';
import type { Simulator, SimulatorOptions } from '../../src/simulator/index.js';
import { inTemporaryFolder, parseLines, runCli } from './cli.js';
import type { CliResult } from './cli.js';
import { AS_OF, BAD } from './exports.js';
import type { ExportRun, Reject } from './exports.js';
import { startCli } from './process.js';
import type { RunningCli } from './process.js';

export const BATCH = 5;
export const CONCURRENCY = 2;

type Summary = NonNullable<ExportRun['summary']> & {
  readonly asOf: string;
  readonly durationMs: number;
  readonly run: {
    readonly id: string;
    readonly resumed: boolean;
    readonly alreadyComplete: boolean;
    readonly sentBefore: number;
  };
  readonly earlierRuns: readonly (NonNullable<ExportRun['summary']> & {
    readonly exitCode: number;
    readonly run: { readonly id: string };
  })[];
  readonly closedRuns: readonly {
    readonly id: string;
    readonly isLoss: boolean;
    readonly outcomes: Readonly<Record<string, number>>;
  }[];
};

/** What an export ended with; `summary` throws when it printed none. */
export type Ended = CliResult & { readonly summary: Summary };

export type Trial = {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string | Uint8Array;
  readonly stdinEnds?: boolean;
  readonly wrap?: readonly string[];
  /** What "now" is; the clock of the process when it is `clock`. */
  readonly asOf?: 'fixed' | 'clock';
};

/** Several exports that share a state directory and a simulator. */
export type Scene = {
  readonly folder: string;
  readonly simulator: Simulator;
  /** Writes a file into the folder and gives its path. */
  readonly file: (name: string, content: string | Uint8Array) => string;
  readonly start: (inputs: readonly string[], trial?: Trial) => RunningCli;
  readonly export: (inputs: readonly string[], trial?: Trial) => Promise<Ended>;
  /** Starts an export and kills it when the simulator has got so many requests. */
  readonly killAfter: (requests: number, inputs: readonly string[], trial?: Trial) => Promise<void>;
  readonly preview: (inputs: readonly string[], stdin?: string | Uint8Array) => Promise<readonly string[]>;
  readonly rejects: () => readonly Reject[];
  /** Paths of all journals, oldest first. */
  readonly journals: () => readonly string[];
  /** Paths of all copies of standard input. */
  readonly spools: () => readonly string[];
  /** How many events arrived more often than once, and by how much in all. */
  readonly repeats: () => number;
};

/** Makes a scene for `work`, and removes it afterwards. */
export function inScene(options: SimulatorOptions, work: (scene: Scene) => Promise<void>): Promise<void> {
  return inTemporaryFolder(async (folder) => {
    const simulator = await startSimulator({ clock: () => Date.parse(AS_OF), ...options });
    try {
      await work(makeScene(folder, simulator));
    } finally {
      await simulator.close();
    }
  });
}

function makeScene(folder: string, simulator: Simulator): Scene {
  const stateDir = join(folder, 'state');
  const rejects = join(folder, 'rejects.jsonl');
  const env = { SNAPCAPI_API_BASE_URL: simulator.url, SNAPCAPI_STATE_DIR: stateDir };
  const common = ['--config', join(BAD, 'config.json'), '--json', '--rejects', rejects];
  const small = ['--batch-size', String(BATCH), '--concurrency', String(CONCURRENCY), '--rate', '1000'];

  function start(
    inputs: readonly string[],
    { args = [], env: more = {}, asOf = 'fixed', ...how }: Trial = {},
  ): RunningCli {
    const now = asOf === 'fixed' ? ['--as-of', AS_OF] : [];
    return startCli(['export', ...inputs, ...common, ...now, ...small, ...args], {
      env: { ...env, ...more },
      ...how,
    });
  }

  return {
    folder,
    simulator,
    start,
    file: (name, content) => {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    },
    export: async (inputs, trial) => withSummary(await start(inputs, trial).ended),
    killAfter: async (requests, inputs, trial) => {
      const running = start(inputs, trial);
      await untilRequests(simulator, simulator.stats().requests + requests, running);
      running.kill('SIGKILL');
      const { code, stderr } = await running.ended;
      if (code !== -1)
        throw new Error(`the export ended by itself (${code}) before it was killed: ${stderr}`);
    },
    preview: async (inputs, stdin) => {
      const shown = await runCli(
        ['preview', ...inputs, '-n', 'all', '--config', join(BAD, 'config.json'), '--as-of', AS_OF],
        { env, ...(stdin === undefined ? {} : { stdin }) },
      );
      return [...shown.stdout.matchAll(/"outcome":"ok","event":(\{.*\}),"warnings":\[.*\]\}$/gm)].map(
        ([, text = '']) => text,
      );
    },
    rejects: () => parseLines(readFileSync(rejects, 'utf8')) as Reject[],
    journals: () => pathsIn(stateDir, 'journal.jsonl'),
    spools: () => pathsIn(stateDir, 'spool'),
    repeats: () => simulator.events().reduce((sum, { arrivals }) => sum + arrivals - 1, 0),
  };
}

/** Waits until the simulator has got so many requests, or the process has ended. */
export function untilRequests(simulator: Simulator, requests: number, running: RunningCli): Promise<void> {
  return until(() => simulator.stats().requests >= requests, running);
}

/** Waits until something holds, or the process has ended. */
export async function until(holds: () => boolean, running: RunningCli): Promise<void> {
  const state = { over: false };
  void running.ended.then(() => (state.over = true));
  while (!state.over && !holds()) await new Promise((resolve) => setTimeout(resolve, 3));
}

/** Paths of files of a name in a state directory, in the order of the runs. */
function pathsIn(stateDir: string, name: string): readonly string[] {
  if (!existsSync(stateDir)) return [];
  return readdirSync(stateDir, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(`/${name}`))
    .sort()
    .map((path) => join(stateDir, path));
}

function withSummary(result: CliResult): Ended {
  return {
    ...result,
    get summary() {
      if (result.stdout === '') throw new Error(`there is no summary, but: ${result.stderr}`);
      return JSON.parse(result.stdout) as Summary;
    },
  };
}
