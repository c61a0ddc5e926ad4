import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseFaults, type FaultRule } from '../../src/simulator/faults.js';
import { journalLines } from '../support/journal-lines.js';
import { runCli } from '../support/cli.js';
import { inScene } from '../support/scene.js';
import type { Ended, Scene } from '../support/scene.js';
import { shopRows, toCsv } from '../support/shop-rows.js';

const FIRST = shopRows(60, () => false);
const SECOND = shopRows(90, () => false);
const FIRST_CSV = Buffer.from(toCsv(FIRST));
const SECOND_CSV = Buffer.from(toCsv(SECOND));
const SLOW = { latencyMs: 30 };

const stored = (scene: Scene) => scene.simulator.events().map(({ eventId }) => eventId);

function expectBothDelivered(scene: Scene, last: Ended): void {
  expect(last.stderr).not.toContain('error[');
  expect(last.code).toBe(0);
  expect(last.summary.earlierRuns).toMatchObject([
    { exitCode: 0, outcomes: { sent: FIRST.good.length, not_attempted: 0 } },
  ]);
  expect(last.summary.run.resumed).toBe(false);
  expect(last.summary.outcomes.sent).toBe(SECOND.good.length);
  expect(new Set(stored(scene))).toEqual(new Set([...FIRST.good, ...SECOND.good]));
}

describe('an unfinished run whose input is no longer the one given', () => {
  it.concurrent('is finished first from its copy of standard input', async () => {
    await inScene(SLOW, async (scene) => {
      await scene.killAfter(4, ['-'], { stdin: FIRST_CSV });
      const last = await scene.export(['-'], { stdin: SECOND_CSV, args: ['--batch-size', '7'] });
      expectBothDelivered(scene, last);
      expect(scene.spools()).toEqual([]);
      const rejected = FIRST.rows.length - FIRST.good.length + SECOND.rows.length - SECOND.good.length;
      expect(scene.rejects()).toHaveLength(rejected);
      const again = await scene.export(['-'], { stdin: SECOND_CSV });
      expect(again.summary.run.alreadyComplete).toBe(true);
    });
  });

  it.concurrent('is finished first from its own file, when a job has another file each night', async () => {
    await inScene(SLOW, async (scene) => {
      const args = ['--job', 'nightly'];
      await scene.killAfter(4, [scene.file('monday.csv', FIRST_CSV)], { args });
      expectBothDelivered(scene, await scene.export([scene.file('tuesday.csv', SECOND_CSV)], { args }));
    });
  });

  it.concurrent('waits together with the new rows while the API is down, and loses none', async () => {
    const faults: FaultRule[] = [];
    await inScene({ ...SLOW, faults }, async (scene) => {
      await scene.killAfter(4, ['-'], { stdin: FIRST_CSV });
      faults.push(...parseFaults('503@all'));
      const failed = await scene.export(['-'], { stdin: SECOND_CSV, args: ['--retry-for', '0'] });
      expect(failed.code).toBe(69);
      expect(failed.summary.earlierRuns).toMatchObject([{ exitCode: 69 }]);
      expect(scene.spools()).toHaveLength(2);
      faults.length = 0;
      const last = await scene.export(['-'], { stdin: SECOND_CSV });
      expect(last.code).toBe(0);
      expect(last.summary.earlierRuns).toMatchObject([{ exitCode: 0 }]);
      expect(last.summary.outcomes.sent).toBe(SECOND.good.length);
      expect(scene.spools()).toEqual([]);
    });
  });

  it.concurrent(
    'is given up when its file was overwritten: the new rows go out, exit code 75 once',
    async () => {
      await inScene(SLOW, async (scene) => {
        const inputs = [scene.file('rows.csv', FIRST_CSV)];
        await scene.killAfter(4, inputs);
        scene.file('rows.csv', SECOND_CSV);
        const last = await scene.export(inputs);
        expect(last.code).toBe(75);
        expect(last.stderr).toContain('error[run_given_up]');
        expect(last.summary.outcomes.sent).toBe(SECOND.good.length);
        const [closed] = last.summary.closedRuns;
        expect(closed).toMatchObject({ isLoss: true });
        expect(closed?.outcomes['sent']).toBeGreaterThan(0);
        // Its counts are kept: the journal of the old run has an end.
        expect(journalLines(scene.journals()[0] ?? '').at(-1)).toMatchObject({ t: 'end' });
        const shown = await runCli(['runs', 'show', closed?.id ?? '', '--json'], {
          env: { SNAPCAPI_STATE_DIR: `${scene.folder}/state` },
        });
        expect(JSON.parse(shown.stdout)).toMatchObject({ status: 'incomplete', givenUp: true });
        const again = await scene.export(inputs);
        expect(again.code).toBe(0);
        expect(again.summary.run.alreadyComplete).toBe(true);
      });
    },
  );

  it.concurrent('is left as it is with --on-unfinished refuse, and given up with start-over', async () => {
    await inScene(SLOW, async (scene) => {
      await scene.killAfter(4, ['-'], { stdin: FIRST_CSV });
      const { requests } = scene.simulator.stats();
      const how = (args: readonly string[]) => ({ stdin: SECOND_CSV, args });
      const refused = await scene.export(['-'], how(['--on-unfinished', 'refuse']));
      expect(refused.code).toBe(75);
      expect(refused.stderr).toContain('error[run_changed]');
      expect(scene.simulator.stats().requests).toBe(requests);
      expect(scene.spools()).toHaveLength(1);
      const env = { SNAPCAPI_ON_UNFINISHED: 'start-over' };
      const last = await scene.export(['-'], { stdin: SECOND_CSV, env });
      expect(last.code).toBe(0);
      expect(last.summary.closedRuns).toMatchObject([{ isLoss: false }]);
      expect(last.summary.earlierRuns).toEqual([]);
      expect(last.summary.outcomes.sent).toBe(SECOND.good.length);
    });
  });

  it.concurrent('does not hold up another config or another job', async () => {
    await inScene({ latencyMs: 100 }, async (scene) => {
      const first = scene.start(['-'], { stdin: FIRST_CSV, stdinEnds: false });
      const other = await scene.export(['-'], { stdin: FIRST_CSV, args: ['--job', 'other'] });
      expect(other.code).toBe(0);
      const config = scene.file('other.json', readFileSync('fixtures/bad/config.json'));
      const third = await scene.export(['-'], { stdin: SECOND_CSV, args: ['--config', config] });
      expect(third.code).toBe(0);
      first.kill('SIGKILL');
      await first.ended;
    });
  });
});

describe('a complete run', () => {
  const FREE: readonly (readonly string[])[] = [
    ...[
      ['--batch-size', '7'],
      ['--max-rejected', '50'],
      ['--var', 'unused=1'],
      ['--format', 'csv'],
    ],
    ...[['--no-early-stop'], ['--require-final-newline'], ['--keep-runs', '5'], ['--delimiter', 'comma']],
  ];

  it.concurrent('is never sent again in silence', async () => {
    await inScene({}, async (scene) => {
      const inputs = [scene.file('rows.csv', FIRST_CSV)];
      expect((await scene.export(inputs)).code).toBe(0);
      const { requests } = scene.simulator.stats();
      for (const args of FREE) {
        const again = await scene.export(inputs, { args });
        expect([args, again.code, again.summary.run.alreadyComplete]).toEqual([args, 0, true]);
      }
      const env = { SNAPCAPI_EVENT_TIME_UNIT: 'seconds' };
      const refused = await scene.export(inputs, { env });
      expect(refused.code).toBe(78);
      expect(refused.stderr).toContain('error[settings_changed]');
      expect(refused.stderr).toContain('the setting eventTimeUnit');
      expect(scene.simulator.stats().requests).toBe(requests);
      const forced = await scene.export(inputs, { env, args: ['--force'] });
      expect(forced.summary.outcomes.sent).toBe(FIRST.good.length);
    });
  });
});
