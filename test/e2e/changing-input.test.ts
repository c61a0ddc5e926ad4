import { renameSync, truncateSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inScene, untilRequests } from '../support/scene.js';
import type { Ended, Scene } from '../support/scene.js';
import { shopRows, toCsv } from '../support/shop-rows.js';

const ROWS = shopRows(60, () => false);
const CSV = toCsv(ROWS);

const CHANGES: readonly (readonly [string, (path: string) => void])[] = [
  [
    'cut',
    (path) => {
      truncateSync(path, CSV.lastIndexOf('\n', CSV.length - 2) + 1);
    },
  ],
  [
    'overwritten',
    (path) => {
      writeFileSync(path, CSV);
    },
  ],
  [
    'replaced',
    (path) => {
      writeFileSync(`${path}.new`, CSV);
      renameSync(`${path}.new`, path);
    },
  ],
];

async function exportWhile(
  scene: Scene,
  change: (path: string) => void,
  args: readonly string[],
): Promise<Ended> {
  const path = scene.file('rows.csv', CSV);
  const running = scene.start([path], { args });
  await untilRequests(scene.simulator, 1, running);
  change(path);
  const { code, stdout, stderr } = await running.ended;
  return { code, stdout, stderr, summary: JSON.parse(stdout) as Ended['summary'] };
}

describe('an input that is another one when it was read', () => {
  it.concurrent.each(CHANGES)(
    '%s: the run fails, and the next one delivers what is there',
    async (what, change) => {
      await inScene({ latencyMs: 30 }, async (scene) => {
        const failed = await exportWhile(scene, change, []);
        expect(failed.code).toBe(74);
        expect(failed.stderr).toContain('error[input_changed]');
        expect(failed.stderr).toContain(`was ${what} while it was read`);
        const next = await scene.export([`${scene.folder}/rows.csv`]);
        expect(next.code).toBe(0);
        expect(next.summary.closedRuns).toEqual([]);
        expect(new Set(scene.simulator.events().map(({ eventId }) => eventId))).toEqual(new Set(ROWS.good));
      });
    },
  );

  it.concurrent.each(CHANGES)('%s: fails without a journal as well', async (_, change) => {
    await inScene({ latencyMs: 30 }, async (scene) => {
      expect((await exportWhile(scene, change, ['--no-resume'])).code).toBe(74);
    });
  });
});

describe('a correction of the same length in a large input that was delivered', () => {
  it.concurrent('is sent', async () => {
    // The filler makes blocks that a sample of the file would not look into.
    const filler = 'x'.repeat(100_000);
    const row = (name: string, index: number): string =>
      JSON.stringify({
        ...{ event_name: 'PAGE_VIEW', event_time: '2026-11-19T12:00:00Z', madid: `id-${index}` },
        ...{ event_source_url: 'https://example.com/', note: `${name}${filler}` },
      });
    const text = (names: readonly string[]): string => `${names.map(row).join('\n')}\n`;
    const names = Array.from({ length: 40 }, () => 'aaaa');
    await inScene({}, async (scene) => {
      const inputs = [scene.file('rows.jsonl', text(names))];
      expect((await scene.export(inputs)).code).toBe(0);
      for (const at of [1, 7, 20, 33]) {
        scene.file('rows.jsonl', text(names.with(at, 'bbbb')));
        const corrected = await scene.export(inputs);
        expect(corrected.code).toBe(0);
        expect(corrected.summary.run.alreadyComplete).toBe(false);
      }
      scene.file('rows.jsonl', text(names));
      expect((await scene.export(inputs)).summary.run.alreadyComplete).toBe(true);
    });
  });
});
