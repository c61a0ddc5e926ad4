import { describe, expect, it } from 'vitest';
import { inScene, untilRequests } from '../support/scene.js';
import { shopRows, toCsv } from '../support/shop-rows.js';

/** One batch, all of whose rows are good. */
const FEW = toCsv(shopRows(5, () => false));
const MANY = toCsv(shopRows(60, () => false));

describe('an interrupt', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('that comes when all is under way is none: %s', async (signal) => {
    await inScene({ latencyMs: 1500 }, async (scene) => {
      const inputs = [scene.file('rows.csv', FEW)];
      const running = scene.start(inputs);
      await untilRequests(scene.simulator, 1, running);
      running.kill(signal);
      const { code, stdout, stderr } = await running.ended;
      expect(stderr).not.toContain('error[');
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ exitCode: 0, error: null, outcomes: { sent: 5 } });
      expect((await scene.export(inputs)).summary.run.alreadyComplete).toBe(true);
    });
  });

  it('does not hide the exit code of an error', async () => {
    await inScene({ latencyMs: 1500 }, async (scene) => {
      const running = scene.start([scene.file('rows.csv', MANY)], { args: ['--max-rejected', '0'] });
      await untilRequests(scene.simulator, 1, running);
      running.kill('SIGTERM');
      const { code, stdout } = await running.ended;
      expect(code).toBe(65);
      expect(JSON.parse(stdout)).toMatchObject({ exitCode: 65, error: { code: 'too_many_rejected' } });
    });
  });

  it('that leaves rows unsent is one', async () => {
    await inScene({ latencyMs: 500 }, async (scene) => {
      const running = scene.start([scene.file('rows.csv', MANY)]);
      await untilRequests(scene.simulator, 1, running);
      running.kill('SIGINT');
      expect((await running.ended).code).toBe(130);
    });
  });
});
