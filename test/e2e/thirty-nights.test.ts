import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseFaults, type FaultRule } from '../../src/simulator/faults.js';
import { wallClock } from '../support/clock.js';
import { AS_OF } from '../support/exports.js';
import { changeRunLine, journalLines } from '../support/journal-lines.js';
import { BATCH, CONCURRENCY, inScene, type Scene, type Trial } from '../support/scene.js';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const NIGHTS = 30;
const ROWS = 12;
const REFUSED = 4;
const KEEP_DAYS = 10;
const START_MS = Date.parse(AS_OF);
/** What docs/delivery.md calls codes after which a scheduler runs the same command again. */
const AGAIN: readonly number[] = [69, 74, 75, 76];

type Night = {
  readonly faults?: string;
  /** The process is killed when the API has got so many requests. */
  readonly killedAfter?: number;
  readonly rows?: number;
  readonly refused?: number;
  readonly args?: readonly string[];
  /** The journals are made those of an older program, which knew one config key less. */
  readonly upgradeAfter?: true;
};

/** What happens in which night; nothing in any other. */
const EVENTS: ReadonlyMap<number, Night> = new Map<number, Night>([
  [3, { faults: '503@all' }],
  [6, { killedAfter: 2 }],
  [9, { faults: '429@all' }],
  [10, { faults: '429@all' }],
  [13, { killedAfter: 2, upgradeAfter: true }],
  [16, { rows: 0 }],
  [18, { killedAfter: 2 }],
  [19, { args: ['--batch-size', '4'] }],
  [22, { refused: REFUSED }],
  [25, { killedAfter: 1 }],
  [26, { faults: '429@all' }],
]);

const idOf = (night: number, row: number): string => `n${night}-${row}`;
const nowOf = (night: number): number => START_MS + night * DAY_MS;

/** The rows of a night: valid ones, of which the API refuses the first few for their age, and one invalid one. */
function rowsOf(night: number, { rows = ROWS, refused = 0 }: Night): string {
  const lines = Array.from({ length: rows }, (_, row) => {
    const ageMs = row < refused ? 6 * DAY_MS : HOUR_MS;
    const time = new Date(nowOf(night) - ageMs).toISOString();
    return `PAGE_VIEW,${time},https://example.com/,m-${row},a@example.com,${idOf(night, row)}`;
  });
  const invalid = rows === 0 ? [] : [`PAGE_VIEW,never,https://example.com/,m,a@example.com,x`];
  return `${['event_name,event_time,event_source_url,madid,em,event_id', ...lines, ...invalid].join('\n')}\n`;
}

function forgetKey(path: string): void {
  const settings = { ...(journalLines(path)[0]?.record['settings'] as Readonly<Record<string, string>>) };
  const { customDatetime: _, ...fewer } = settings;
  changeRunLine(path, { settings: fewer, version: '0.0.9' });
}

type Month = {
  readonly scene: Scene;
  readonly faults: FaultRule[];
  readonly setNow: (ms: number) => void;
};

/** One month of a job. `run` gives the exit codes of a night, killed processes as -1. */
async function month(
  { scene, faults, setNow }: Month,
  run: (night: number, trial: Trial) => Promise<readonly number[]>,
): Promise<ReadonlyMap<number, readonly number[]>> {
  const codes = new Map<number, readonly number[]>();
  for (let night = 1; night <= NIGHTS; night += 1) {
    const what = EVENTS.get(night) ?? {};
    setNow(nowOf(night));
    faults.splice(0, faults.length, ...(what.faults === undefined ? [] : parseFaults(what.faults)));
    const args = ['--retry-for', '0', '--keep-runs', String(KEEP_DAYS), ...(what.args ?? [])];
    codes.set(night, await run(night, { asOf: 'clock', env: wallClock(nowOf(night)), args }));
    if (what.upgradeAfter === true) for (const path of scene.journals()) forgetKey(path);
  }
  return codes;
}

function inMonth(work: (all: Month) => Promise<void>): Promise<void> {
  let nowMs = START_MS;
  const faults: FaultRule[] = [];
  const api = { clock: () => nowMs, maxAgeDays: 4, onInvalid: 'partial', latencyMs: 15, faults } as const;
  return inScene(api, (scene) =>
    work({
      scene,
      faults,
      setNow: (ms) => {
        nowMs = ms;
      },
    }),
  );
}

/** Every valid row of every night has arrived, but for those that the API refused by name. */
function expectAllDelivered(scene: Scene): void {
  const expected: string[] = [];
  for (let night = 1; night <= NIGHTS; night += 1) {
    const { rows = ROWS, refused = 0 } = EVENTS.get(night) ?? {};
    for (let row = refused; row < rows; row += 1) expected.push(idOf(night, row));
  }
  const stored = scene.simulator.events().map(({ eventId }) => String(eventId));
  expect(stored.toSorted()).toEqual(expected.toSorted());
  const killed = [...EVENTS.values()].filter(({ killedAfter }) => killedAfter !== undefined).length;
  expect(scene.journals().length).toBeLessThanOrEqual(KEEP_DAYS + 1);
  expect(scene.repeats()).toBeLessThanOrEqual(killed * BATCH * CONCURRENCY);
}

describe('thirty nights of one job', () => {
  it.concurrent('with a pipe: what a night leaves, the next one delivers', { timeout: 120_000 }, async () => {
    await inMonth(async (all) => {
      const { scene } = all;
      const codes = await month(all, async (night, trial) => {
        const what = EVENTS.get(night) ?? {};
        const given = { ...trial, stdin: rowsOf(night, what) };
        if (what.killedAfter !== undefined) {
          await scene.killAfter(what.killedAfter, ['-'], given);
          return [-1];
        }
        const ended = await scene.export(['-'], given);
        if (what.refused !== undefined) expect(ended.summary.outcomes.refused).toBe(REFUSED);
        return [ended.code];
      });
      expectAllDelivered(scene);
      const failed = [...codes].filter(([, [code]]) => code !== 0);
      const down = [3, 9, 10, 26].map((night) => [night, [69]]);
      const killed = [6, 13, 18, 25].map((night) => [night, [-1]]);
      expect(failed).toEqual([...down, ...killed].toSorted((a, b) => Number(a[0]) - Number(b[0])));
      // The copy of the night of refusals was kept for a retry, for a week.
      expect(scene.spools()).toEqual([]);
    });
  });

  it.concurrent(
    'with a file of one name: the same command, run again, is enough',
    { timeout: 120_000 },
    async () => {
      await inMonth(async (all) => {
        const { scene, faults } = all;
        const path = join(scene.folder, 'rows.csv');
        const codes = await month(all, async (night, trial) => {
          const what = EVENTS.get(night) ?? {};
          writeFileSync(path, rowsOf(night, what));
          const tries: number[] = [];
          if (what.killedAfter !== undefined) {
            await scene.killAfter(what.killedAfter, [path], trial);
            tries.push(-1);
            if (what.upgradeAfter === true) for (const journal of scene.journals()) forgetKey(journal);
          }
          do {
            tries.push((await scene.export([path], trial)).code);
            // An hour later the API is up again.
            faults.length = 0;
          } while (AGAIN.includes(tries.at(-1) ?? 0) && tries.length < 4);
          return tries;
        });
        expectAllDelivered(scene);
        const failed = [...codes].filter(([, tries]) => tries[0] !== 0);
        const down = [3, 9, 10, 26].map((night) => [night, [69, 0]]);
        const killed = [6, 13, 18, 25].map((night) => [night, [-1, 0]]);
        expect(failed).toEqual([...down, ...killed].toSorted((a, b) => Number(a[0]) - Number(b[0])));
      });
    },
  );
});
