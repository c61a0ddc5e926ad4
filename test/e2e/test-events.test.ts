import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inScene } from '../support/scene.js';
import { AS_OF, BAD } from '../support/exports.js';
import { ROOT } from '../support/cli.js';
import { shopRows, toCsv } from '../support/shop-rows.js';

const ROWS = shopRows(60, (row) => row === 11 || row === 12);
const VALID = ROWS.good.length;

describe('test events', () => {
  it('can be repeated, and are summed up with the rows that fail', async () => {
    await inScene({ onInvalid: 'partial' }, async (scene) => {
      const input = scene.file('rows.csv', toCsv(ROWS));
      for (const _ of ['first', 'again']) {
        const run = await scene.export([input], { args: ['--test-events'] });
        expect(run.code).toBe(0);
        expect(run.summary).toMatchObject({
          run: null,
          outcomes: { sent: VALID, refused: 2 },
          answers: [
            { row: 12, status: 'INVALID' },
            { row: 13, status: 'INVALID' },
          ],
        });
      }
      const { stored, validated } = scene.simulator.stats();
      expect(stored).toBe(0);
      expect(validated).toBeGreaterThanOrEqual(2 * VALID);
      expect(existsSync(join(scene.folder, 'state'))).toBe(false);
    });
  });

  it('wait for a slow reader of standard output', async () => {
    const many = shopRows(40_000, () => false);
    await inScene({ keepEvents: false }, async (scene) => {
      const input = scene.file('rows.csv', toCsv(many));
      const args = ['export', input, '--config', join(BAD, 'config.json'), '--as-of', AS_OF];
      const child = spawn(
        process.execPath,
        [join(ROOT, 'bin', 'snapcapi.js'), ...args, '--test-events', '-v'],
        {
          env: { PATH: process.env['PATH'], NO_COLOR: '1', SNAPCAPI_API_BASE_URL: scene.simulator.url },
          stdio: ['ignore', 'pipe', 'ignore'],
        },
      );
      const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
      // Nobody reads, so requests cease although rows are left.
      await untilStill(() => scene.simulator.stats().requests);
      expect(scene.simulator.stats().requests).toBeLessThan(12);
      let text = '';
      child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
      expect(await ended).toBe(0);
      expect(text.match(/ VALID\n/g)).toHaveLength(many.good.length);
    });
  }, 60_000);
});

/** Waits until a count above 0 has been the same for two seconds. */
async function untilStill(count: () => number): Promise<void> {
  for (let same = 0, last = 0; same < 100; same = last > 0 && count() === last ? same + 1 : 0) {
    last = count();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
