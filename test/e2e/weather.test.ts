import { describe, expect, it } from 'vitest';
import { parseFaults } from '../../src/simulator/index.js';
import { BATCH, CONCURRENCY, inScene, untilRequests } from '../support/scene.js';
import { shopRows, toCsv } from '../support/shop-rows.js';

const ROWS = shopRows(60, () => false);
const CSV = toCsv(ROWS);
const IN_FLIGHT = BATCH * CONCURRENCY;

describe('every third request fails', () => {
  const kinds = [
    'reset-before',
    'reset-after',
    'cut',
    'empty',
    'garbage',
    'silence',
    'html',
    'html:502',
    '429',
    '429:retry=0',
    '503',
    '503:store',
    '500',
    'drip:1',
    'slow:1500',
    'hangup',
  ];

  it.concurrent.each(kinds)('%s: every event is stored once in the end', async (kind) => {
    await inScene({ faults: parseFaults(`${kind}@every:3`) }, async (scene) => {
      const run = await scene.export([scene.file('rows.csv', CSV)], { args: ['--request-timeout', '1'] });
      expect(run.stderr).not.toContain('error[');
      expect(run.code).toBe(0);
      expect(run.summary.outcomes).toMatchObject({ sent: ROWS.good.length, in_doubt: 0, not_attempted: 0 });
      const ids = scene.simulator.events().map(({ eventId }) => eventId);
      expect([...ids].sort()).toEqual([...ROWS.good].sort());
      expect(Object.values(scene.simulator.stats().faults)[0]).toBeGreaterThanOrEqual(3);
    });
  });

  it.concurrent('a storm of 503 that passes', async () => {
    await inScene({ faults: parseFaults('503@3..8') }, async (scene) => {
      const run = await scene.export([scene.file('rows.csv', CSV)]);
      expect(run.code).toBe(0);
      expect(scene.simulator.events()).toHaveLength(ROWS.good.length);
      expect(scene.repeats()).toBe(0);
    });
  });

  it.concurrent('an API that is not there: nothing is lost, and the run goes on when it is', async () => {
    await inScene({}, async (scene) => {
      const inputs = [scene.file('rows.csv', CSV)];
      // Connections to port 1 of this machine are refused.
      const env = { SNAPCAPI_API_BASE_URL: 'http://127.0.0.1:1' };
      const down = await scene.export(inputs, { env, args: ['--retry-for', '0'] });
      expect(down.code).toBe(69);
      expect(down.summary.outcomes.not_attempted).toBe(ROWS.good.length);
      expect(down.summary.rowsRead).toBe(ROWS.rows.length);
      const up = await scene.export(inputs);
      expect(up.code).toBe(0);
      expect(scene.simulator.events()).toHaveLength(ROWS.good.length);
    });
  });
});

describe('an interrupt', () => {
  it.concurrent.each([
    ['SIGINT', 130, 'interrupted'],
    ['SIGTERM', 143, 'terminated'],
  ] as const)('%s drains what is in flight, and the run goes on later', async (signal, code, error) => {
    await inScene({ latencyMs: 80 }, async (scene) => {
      const inputs = [scene.file('rows.csv', CSV)];
      const running = scene.start(inputs);
      await untilRequests(scene.simulator, 4, running);
      running.kill(signal);
      const stopped = await running.ended;
      expect(stopped.code).toBe(code);
      expect(stopped.stderr).toContain(`error[${error}]`);
      expect(stopped.stderr).toMatch(/same command/);
      const { outcomes } = JSON.parse(stopped.stdout) as { readonly outcomes: { readonly sent: number } };
      // What was in flight was waited for: every stored event is known to be sent.
      expect(scene.simulator.events()).toHaveLength(outcomes.sent);
      expect(outcomes.sent).toBeLessThan(ROWS.good.length);
      const last = await scene.export(inputs);
      expect(last.code).toBe(0);
      expect(last.summary.run).toMatchObject({ resumed: true, sentBefore: outcomes.sent });
      expect(last.summary.outcomes.sent).toBe(ROWS.good.length);
      expect(scene.simulator.events()).toHaveLength(ROWS.good.length);
      expect(scene.repeats()).toBe(0);
    });
  });

  it.concurrent('twice: ends at once, and the run goes on later', async () => {
    await inScene({ faults: parseFaults('slow:5000@3..4') }, async (scene) => {
      const inputs = [scene.file('rows.csv', CSV)];
      const running = scene.start(inputs);
      await untilRequests(scene.simulator, 4, running);
      running.kill('SIGINT');
      await new Promise((resolve) => setTimeout(resolve, 200));
      const startedMs = performance.now();
      running.kill('SIGINT');
      expect((await running.ended).code).toBe(130);
      expect(performance.now() - startedMs).toBeLessThan(2000);
      const last = await scene.export(inputs);
      expect(last.code).toBe(0);
      expect(scene.simulator.events()).toHaveLength(ROWS.good.length);
      expect(scene.repeats()).toBeLessThanOrEqual(IN_FLIGHT);
    });
  });
});

describe('events in doubt', () => {
  // The second batch is stored, but its answer is lost; then the process is killed while it waits.
  const STORED_UNANSWERED = { faults: parseFaults('silence:store@2..3') };
  const inDoubtRows = (rejects: readonly { readonly outcome: string }[]): number =>
    rejects.filter(({ outcome }) => outcome === 'in_doubt').length;

  it.concurrent.each([
    ['hold', 75],
    ['drop', 0],
  ] as const)('--in-doubt %s does not send them again, and lists them', async (how, code) => {
    await inScene(STORED_UNANSWERED, async (scene) => {
      const inputs = [scene.file('rows.csv', CSV)];
      await scene.killAfter(3, inputs);
      const last = await scene.export(inputs, { args: ['--in-doubt', how] });
      expect(last.code).toBe(code);
      expect(last.summary.outcomes).toMatchObject({
        in_doubt: IN_FLIGHT,
        sent: ROWS.good.length - IN_FLIGHT,
      });
      expect(inDoubtRows(scene.rejects())).toBe(IN_FLIGHT);
      expect(scene.repeats()).toBe(0);
    });
  });

  it.concurrent('are sent again otherwise, also after they were held', async () => {
    await inScene(STORED_UNANSWERED, async (scene) => {
      const inputs = [scene.file('rows.csv', CSV)];
      await scene.killAfter(3, inputs);
      expect((await scene.export(inputs, { args: ['--in-doubt', 'hold'] })).code).toBe(75);
      const last = await scene.export(inputs);
      expect(last.code).toBe(0);
      expect(last.summary.outcomes).toMatchObject({ in_doubt: 0, sent: ROWS.good.length });
      expect(scene.repeats()).toBe(IN_FLIGHT);
      expect(inDoubtRows(scene.rejects())).toBe(0);
    });
  });

  it.concurrent('without an event_id are held, unless told otherwise', async () => {
    await inScene(STORED_UNANSWERED, async (scene) => {
      const idless = {
        ...ROWS,
        columns: ROWS.columns.map((name) => (name === 'event_id' ? 'order_no' : name)),
      };
      const inputs = [scene.file('rows.csv', toCsv(idless))];
      const env = { SNAPCAPI_EVENT_ID: 'none' };
      await scene.killAfter(3, inputs, { env });
      const held = await scene.export(inputs, { env });
      expect(held.code).toBe(75);
      expect(held.stderr).toContain('error[answer_in_doubt]');
      expect(held.summary.outcomes).toMatchObject({
        in_doubt: IN_FLIGHT,
        sent: ROWS.good.length - IN_FLIGHT,
      });
      expect(scene.simulator.events()).toHaveLength(ROWS.good.length);
      const forced = await scene.export(inputs, { env, args: ['--in-doubt', 'resend'] });
      expect(forced.code).toBe(0);
      expect(scene.simulator.events()).toHaveLength(ROWS.good.length + IN_FLIGHT);
    });
  });
});

describe('two processes on one run', () => {
  it.concurrent('the second ends at once and harms nothing', async () => {
    await inScene({ latencyMs: 150 }, async (scene) => {
      const inputs = [scene.file('rows.csv', CSV)];
      const first = scene.start(inputs);
      await untilRequests(scene.simulator, 3, first);
      const startedMs = performance.now();
      const second = await scene.export(inputs);
      expect(second.code).toBe(75);
      expect(second.stderr).toContain('error[run_locked]');
      expect(performance.now() - startedMs).toBeLessThan(5000);
      const { code } = await first.ended;
      expect(code).toBe(0);
      expect(scene.simulator.events()).toHaveLength(ROWS.good.length);
      expect(scene.repeats()).toBe(0);
      expect(scene.rejects()).toHaveLength(ROWS.invalid.length + ROWS.expired.length);
    });
  });
});
