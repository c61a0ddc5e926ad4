import { expect, it } from 'vitest';
import { runCli } from '../support/cli.js';
import { wallClock } from '../support/clock.js';
import { AS_OF } from '../support/exports.js';
import { inScene } from '../support/scene.js';
import { shopRows, toCsv } from '../support/shop-rows.js';

const ROWS = shopRows(20, () => false);
const NOW_MS = Date.parse(AS_OF);
const YEAR_MS = 365 * 86_400_000;

it.each([
  ['the future', 10 * YEAR_MS],
  ['the past', -10 * YEAR_MS],
])(
  'a run whose clock stood in %s does not hold back its rows, and is removed in time',
  async (_, aheadMs) => {
    await inScene({}, async (scene) => {
      const inputs = [scene.file('rows.csv', toCsv(ROWS))];
      const wrong = await scene.export(inputs, { asOf: 'clock', env: wallClock(NOW_MS + aheadMs) });
      expect(wrong.code).toBe(65);
      expect(wrong.summary.outcomes.sent).toBe(0);
      const right = await scene.export(inputs, { asOf: 'clock', env: wallClock(NOW_MS) });
      expect(right.code).toBe(0);
      expect(right.summary.outcomes.sent).toBe(ROWS.good.length);
      const again = await scene.export(inputs, { asOf: 'clock', env: wallClock(NOW_MS) });
      expect(again.summary.run.alreadyComplete).toBe(true);
      const clean = await runCli(['runs', 'clean', '--all'], {
        env: { ...wallClock(NOW_MS), SNAPCAPI_STATE_DIR: `${scene.folder}/state` },
      });
      expect(clean.stdout).toContain('1 run removed, 1 left');
    });
  },
);
