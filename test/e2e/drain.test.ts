import { describe, expect, it } from 'vitest';
import { parseFaults } from '../../src/simulator/index.js';
import { journalLines } from '../support/journal-lines.js';
import { BATCH, CONCURRENCY, inScene, until, untilRequests } from '../support/scene.js';
import { shopRows, toCsv } from '../support/shop-rows.js';

const ROWS = shopRows(60, () => false);
const CSV = toCsv(ROWS);
const IN_FLIGHT = BATCH * CONCURRENCY;
/** Stored, and never answered. */
const SILENT = { faults: parseFaults('silence:store@3..4') };

describe('an API that never answers, and SIGTERM', () => {
  it.concurrent(
    'ends after 7 seconds with a whole journal, and repeats no more than was in flight',
    async () => {
      await inScene(SILENT, async (scene) => {
        const inputs = [scene.file('rows.csv', CSV)];
        const running = scene.start(inputs);
        await untilRequests(scene.simulator, 4, running);
        const startedMs = performance.now();
        running.kill('SIGTERM');
        const stopped = await running.ended;
        const tookMs = performance.now() - startedMs;
        expect(stopped.code).toBe(143);
        expect(tookMs).toBeGreaterThanOrEqual(6900);
        expect(tookMs).toBeLessThan(8500);
        expect(stopped.stderr).toContain('error[terminated]');
        const [journal = ''] = scene.journals();
        expect(journalLines(journal).at(-1)).toMatchObject({
          t: 'end',
          record: { status: 'incomplete', exitCode: 143, outcomes: { sent: 2 * BATCH, in_doubt: IN_FLIGHT } },
        });
        const last = await scene.export(inputs);
        expect(last.code).toBe(0);
        expect(last.stderr).not.toContain('damaged');
        expect(last.summary.run).toMatchObject({ resumed: true, sentBefore: 2 * BATCH });
        expect(scene.simulator.events()).toHaveLength(ROWS.good.length);
        expect(scene.repeats()).toBe(IN_FLIGHT);
      });
    },
  );

  it.concurrent('ends at once when it comes twice', async () => {
    await inScene(SILENT, async (scene) => {
      const inputs = [scene.file('rows.csv', CSV)];
      const running = scene.start(inputs);
      await untilRequests(scene.simulator, 4, running);
      running.kill('SIGTERM');
      await until(() => running.said().includes('interrupt again'), running);
      const startedMs = performance.now();
      running.kill('SIGTERM');
      expect((await running.ended).code).toBe(143);
      expect(performance.now() - startedMs).toBeLessThan(2000);
      const last = await scene.export(inputs);
      expect(last.code).toBe(0);
      expect(scene.simulator.events()).toHaveLength(ROWS.good.length);
      expect(scene.repeats()).toBe(IN_FLIGHT);
    });
  });
});
