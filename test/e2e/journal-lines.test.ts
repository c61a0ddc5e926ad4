import { describe, expect, it } from 'vitest';
import { parseFaults } from '../../src/simulator/index.js';
import { changeRunLine, damageLines, journalLines } from '../support/journal-lines.js';
import { BATCH, CONCURRENCY, inScene } from '../support/scene.js';
import type { Scene } from '../support/scene.js';
import { shopRows, toCsv } from '../support/shop-rows.js';

const ROWS = shopRows(60, () => false);
const CSV = toCsv(ROWS);
const IDLESS_CSV = toCsv({
  ...ROWS,
  columns: ROWS.columns.map((name) => (name === 'event_id' ? 'order_no' : name)),
});
const IN_FLIGHT = BATCH * CONCURRENCY;
const idless = { env: { SNAPCAPI_EVENT_ID: 'none' } };

const journalOf = (scene: Scene): string => scene.journals()[0] ?? '';
const batchOf = ({ record }: { readonly record: Readonly<Record<string, unknown>> }): number =>
  Number(record['batch']);

describe('a run that was begun under other rules of the program', () => {
  it.concurrent('is refused: what changed is named, and the command that starts afresh', async () => {
    await inScene({ latencyMs: 30 }, async (scene) => {
      const inputs = [scene.file('rows.csv', CSV)];
      await scene.killAfter(3, inputs);
      const { requests } = scene.simulator.stats();
      const now = journalLines(journalOf(scene))[0]?.record['transformVersion'];
      changeRunLine(journalOf(scene), { transformVersion: Number(now) + 1 });
      const refused = await scene.export(inputs);
      expect(refused.code).toBe(75);
      expect(refused.stderr).toContain('error[run_changed]');
      expect(refused.stderr).toContain('there changed: the rules of this version of the program');
      expect(refused.stderr).toContain('--force');
      expect(scene.simulator.stats().requests).toBe(requests);
      const anew = await scene.export(inputs, { args: ['--force'] });
      expect(anew.code).toBe(0);
      expect(anew.summary.run).toMatchObject({ resumed: false, sentBefore: 0 });
      expect(scene.simulator.events()).toHaveLength(ROWS.good.length);
    });
  });
});

describe('a damaged line in the middle of a journal', () => {
  it.concurrent('counts as no answer: with ids its batch is sent again, with a warning', async () => {
    await inScene({ latencyMs: 30 }, async (scene) => {
      const inputs = [scene.file('rows.csv', CSV)];
      await scene.killAfter(6, inputs);
      expect(damageLines(journalOf(scene), (line) => line.t === 'ack' && batchOf(line) === 1)).toBe(1);
      const last = await scene.export(inputs);
      expect(last.code).toBe(0);
      expect(last.stderr).toMatch(/line \d+ of the journal is damaged/);
      expect(scene.simulator.events()).toHaveLength(ROWS.good.length);
      const arrivals = scene.simulator.events().slice(0, BATCH);
      expect(arrivals.map((event) => event.arrivals)).toEqual(arrivals.map(() => 2));
    });
  });

  it.concurrent(
    'may be an intent: without ids what it may have sent is held, and the rest goes on',
    async () => {
      // Two batches are stored and never answered; the journal loses that they were begun.
      await inScene({ faults: parseFaults('silence:store@2..3') }, async (scene) => {
        const inputs = [scene.file('rows.csv', IDLESS_CSV)];
        await scene.killAfter(3, inputs, idless);
        const stored = 3 * BATCH;
        expect(scene.simulator.events()).toHaveLength(stored);
        expect(damageLines(journalOf(scene), (line) => line.t === 'intent' && batchOf(line) > 1)).toBe(2);
        const held = await scene.export(inputs, idless);
        expect(held.stderr).toMatch(/line \d+ of the journal is damaged/);
        expect(held.stderr).toContain('error[answer_in_doubt]');
        expect(held.code).toBe(75);
        const { sent, in_doubt: doubt } = held.summary.outcomes;
        // A damaged line may hide more than one intent, but never many.
        expect(doubt).toBeGreaterThanOrEqual(IN_FLIGHT);
        expect(doubt).toBeLessThanOrEqual(2 * IN_FLIGHT);
        expect(sent + doubt).toBe(ROWS.good.length);
        // Nothing arrived a second time.
        expect(new Set(scene.simulator.events().map(({ text }) => text)).size).toBe(stored + sent - BATCH);
        expect(scene.simulator.events()).toHaveLength(stored + sent - BATCH);
        const reasons = scene.rejects().filter(({ outcome }) => outcome === 'in_doubt');
        expect(reasons).toHaveLength(doubt);
        // It stays held, however often the command is run, until somebody decides.
        const again = await scene.export(inputs, idless);
        expect(again.summary.outcomes).toMatchObject({ sent, in_doubt: doubt });
        const resent = await scene.export(inputs, { ...idless, args: ['--in-doubt', 'resend'] });
        expect(resent.code).toBe(0);
        expect(resent.summary.outcomes.sent).toBe(ROWS.good.length);
        expect(scene.simulator.events()).toHaveLength(ROWS.good.length + IN_FLIGHT);
      });
    },
  );
});
