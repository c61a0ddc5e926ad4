import { describe, expect, it } from 'vitest';
import { wallClock } from '../support/clock.js';
import { CONTAINER, CONTAINER_REASON } from '../support/containers.js';
import { BATCH, CONCURRENCY, inScene, untilRequests } from '../support/scene.js';
import { shopRows, toCsv } from '../support/shop-rows.js';

const ROWS = shopRows(60, () => false);
const SLOW = { latencyMs: 60 };
const inContainer = { wrap: CONTAINER ?? [] };
/** The clock of a process for which the heartbeats of others are two minutes old. */
const later = () => wallClock(Date.now() + 120_000);

describe.skipIf(CONTAINER === undefined)(`containers with one state directory${CONTAINER_REASON}`, () => {
  it('never work at the same run: the second is refused while the first is alive', async () => {
    // The first has to be at work for longer than the others need to start.
    await inScene({ latencyMs: 1000 }, async (scene) => {
      const inputs = [scene.file('rows.csv', toCsv(ROWS))];
      const first = scene.start(inputs, inContainer);
      await untilRequests(scene.simulator, 1, first);
      const second = await scene.export(inputs, inContainer);
      const third = await scene.export(inputs);
      expect([second.code, third.code]).toEqual([75, 75]);
      expect(second.stderr).toContain('error[run_locked]');
      expect((await first.ended).code).toBe(0);
      expect(scene.simulator.events()).toHaveLength(ROWS.good.length);
      expect(scene.repeats()).toBe(0);
      expect(scene.journals()).toHaveLength(1);
    });
  });

  it('take over a run that was killed as soon as its heartbeat is a minute old', async () => {
    await inScene(SLOW, async (scene) => {
      const inputs = [scene.file('rows.csv', toCsv(ROWS))];
      await scene.killAfter(3, inputs);
      const early = await scene.export(inputs, inContainer);
      expect(early.code).toBe(75);
      expect(early.stderr).toMatch(/run the same command again in ([1-9]|[1-5]\d|60) s\./);
      const last = await scene.export(inputs, { ...inContainer, env: later() });
      expect(last.code).toBe(0);
      expect(last.summary.run.resumed).toBe(true);
      expect(scene.simulator.events()).toHaveLength(ROWS.good.length);
      expect(scene.repeats()).toBeLessThanOrEqual(BATCH * CONCURRENCY);
    });
  });

  it('end a run that was suspended and has lost its lock meanwhile', async () => {
    await inScene(SLOW, async (scene) => {
      const inputs = [scene.file('rows.csv', toCsv(ROWS))];
      const suspended = scene.start(inputs);
      await untilRequests(scene.simulator, 3, suspended);
      suspended.kill('SIGSTOP');
      const other = await scene.export(inputs, { ...inContainer, env: later() });
      expect(other.code).toBe(0);
      const requests = scene.simulator.stats().requests;
      suspended.kill('SIGCONT');
      const { code, stderr } = await suspended.ended;
      expect(stderr).toContain('error[lock_lost]');
      expect(code).toBe(75);
      expect(scene.simulator.stats().requests).toBeLessThanOrEqual(requests + CONCURRENCY);
      expect(scene.simulator.events()).toHaveLength(ROWS.good.length);
      expect(scene.repeats()).toBeLessThanOrEqual(BATCH * CONCURRENCY);
      const again = await scene.export(inputs);
      expect(again.stderr).not.toContain('damaged');
      expect(again.summary.run.alreadyComplete).toBe(true);
    });
  });
});
