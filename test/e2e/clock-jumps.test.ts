import { describe, expect, it } from 'vitest';
import { parseFaults } from '../../src/simulator/index.js';
import { wallClock } from '../support/clock.js';
import { AS_OF } from '../support/exports.js';
import { journalLines } from '../support/journal-lines.js';
import { BATCH, CONCURRENCY, inScene } from '../support/scene.js';
import { shopRows, toCsv } from '../support/shop-rows.js';

const ROWS = shopRows(60, () => false);
const CSV = toCsv(ROWS);
const DAY_MS = 86_400_000;
const START_MS = Date.parse(AS_OF);
const IN_FLIGHT = BATCH * CONCURRENCY;
const ids = (events: readonly { readonly eventId?: unknown }[]) =>
  events.map(({ eventId }) => eventId).sort();

describe('a clock that is another one when the run goes on', () => {
  it.concurrent('ten days later: the as-of time stays, and doubt is too old to be resent', async () => {
    // The second and third request are never answered, so the kill leaves two batches in doubt.
    await inScene({ faults: parseFaults('silence:store@2..3') }, async (scene) => {
      const inputs = [scene.file('rows.csv', CSV)];
      await scene.killAfter(3, inputs, { asOf: 'clock', env: wallClock(START_MS) });
      const asOfMs = journalLines(scene.journals()[0] ?? '')[0]?.record['asOfMs'];
      const later = { asOf: 'clock', env: wallClock(START_MS + 10 * DAY_MS) } as const;
      const held = await scene.export(inputs, later);
      expect(held.code).toBe(75);
      expect(held.stderr).toContain('error[answer_in_doubt]');
      // By the new clock all events would be too old.
      expect(held.summary.outcomes).toEqual({
        sent: ROWS.good.length - IN_FLIGHT,
        in_doubt: IN_FLIGHT,
        invalid: ROWS.invalid.length,
        expired: ROWS.expired.length,
        refused: 0,
        not_attempted: 0,
      });
      expect(Date.parse(held.summary.asOf)).toBe(asOfMs);
      expect(scene.repeats()).toBe(0);
      const last = await scene.export(inputs, { ...later, args: ['--in-doubt', 'resend'] });
      expect(last.code).toBe(0);
      expect(Date.parse(last.summary.asOf)).toBe(asOfMs);
      expect(ids(scene.simulator.events())).toEqual([...ROWS.good].sort());
      expect(scene.repeats()).toBe(IN_FLIGHT);
    });
  });

  it.concurrent('three days earlier: all is delivered, and the newest run stays the newest', async () => {
    await inScene({ latencyMs: 20 }, async (scene) => {
      const inputs = [scene.file('rows.csv', CSV)];
      await scene.killAfter(4, inputs, { asOf: 'clock', env: wallClock(START_MS) });
      const earlier = { asOf: 'clock', env: wallClock(START_MS - 3 * DAY_MS) } as const;
      const last = await scene.export(inputs, earlier);
      expect(last.code).toBe(0);
      expect(last.summary.run.resumed).toBe(true);
      expect(last.summary.outcomes.sent).toBe(ROWS.good.length);
      expect(scene.repeats()).toBeLessThanOrEqual(IN_FLIGHT);
      const anew = await scene.export(inputs, { ...earlier, args: ['--force'], asOf: 'fixed' });
      expect(anew.code).toBe(0);
      expect(anew.summary.run.id > last.summary.run.id).toBe(true);
      const again = await scene.export(inputs, { ...earlier, asOf: 'fixed' });
      expect(again.summary.run).toMatchObject({ id: anew.summary.run.id, alreadyComplete: true });
    });
  });
});

describe('a clock that jumps while a run is at work', () => {
  it.concurrent.each([
    ['forward', 3 * DAY_MS],
    ['backward', -3 * DAY_MS],
  ])('%s: retries, pauses and durations go on as if nothing were', async (_, jumpMs) => {
    await inScene({ faults: parseFaults('503@3..4,429:retry=0@6,reset-after@8') }, async (scene) => {
      const inputs = [scene.file('rows.csv', CSV)];
      const env = wallClock(START_MS, { from: 12, jumpMs });
      const startedMs = performance.now();
      const run = await scene.export(inputs, { asOf: 'clock', env, args: ['--retry-for', '60'] });
      const tookMs = performance.now() - startedMs;
      expect(run.stderr).not.toContain('error[');
      expect(run.code).toBe(0);
      expect(run.summary.outcomes.sent).toBe(ROWS.good.length);
      expect(ids(scene.simulator.events())).toEqual([...ROWS.good].sort());
      expect(run.summary.durationMs).toBeGreaterThan(0);
      expect(run.summary.durationMs).toBeLessThan(tookMs);
      // The clock did jump while batches were sent.
      const times = journalLines(scene.journals()[0] ?? '').map(({ record }) => Number(record['atMs']));
      const jumps = times.slice(1).filter((atMs, index) => Math.abs(atMs - (times[index] ?? 0)) > DAY_MS);
      expect(jumps).toHaveLength(1);
    });
  });
});
