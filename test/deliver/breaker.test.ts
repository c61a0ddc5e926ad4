import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { createBreaker, type Breaker, type BreakerState } from '../../src/deliver/breaker.js';
import { batchOf, range } from './support.js';
import { answer, deliverVirtually, TAKEN, virtualTime, type VirtualTime } from './virtual.js';

function open(): { breaker: Breaker; states: BreakerState[]; time: VirtualTime; stop: AbortController } {
  const time = virtualTime();
  const stop = new AbortController();
  const states: BreakerState[] = [];
  const breaker = createBreaker({
    clock: time.clock,
    sleep: time.sleep,
    signal: stop.signal,
    observe: (state) => states.push(state),
  });
  for (let n = 0; n < 5; n += 1) breaker.leave({ probe: false }, 'failure');
  return { breaker, states, time, stop };
}

describe('the circuit breaker', () => {
  test('opens after five failures without a success between, and throttling is neither', async () => {
    const time = virtualTime();
    const breaker = createBreaker({ ...time, signal: new AbortController().signal });
    const pass = await breaker.enter();
    for (const outcome of ['failure', 'failure', 'failure', 'failure', 'success', 'failure'] as const) {
      breaker.leave(pass, outcome);
    }
    for (let n = 0; n < 9; n += 1) breaker.leave(pass, 'neither');
    expect(breaker.allows(pass)).toBe(true);
    for (let n = 0; n < 4; n += 1) breaker.leave(pass, 'failure');
    expect(breaker.allows(pass)).toBe(false);
    expect(breaker.closedForMs()).toBe(1000);
  });

  test('lets one probe through at a time; a success lets all go', async () => {
    const { breaker, states, time } = open();
    const entered: string[] = [];
    async function send(): Promise<void> {
      const pass = await breaker.enter();
      entered.push(`${pass.probe ? 'probe' : 'other'} at ${time.clock()}`);
      await time.sleep(300);
      breaker.leave(pass, 'success');
    }
    await time.run(Promise.all([send(), send(), send()]));
    expect(entered).toEqual(['probe at 1000', 'other at 1300', 'other at 1300']);
    expect(states).toEqual(['open', 'half_open', 'closed']);
  });

  test('stays open longer after each failed probe, up to 30 s', async () => {
    const { breaker, time } = open();
    const waits = [breaker.closedForMs()];
    for (let n = 0; n < 7; n += 1) {
      breaker.leave(await time.run(breaker.enter()), 'failure');
      waits.push(breaker.closedForMs());
    }
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  });

  test('goes on probing after a probe that tells nothing', async () => {
    const { breaker, states, time } = open();
    breaker.leave(await time.run(breaker.enter()), 'neither');
    expect((await breaker.enter()).probe).toBe(true);
    expect(states).toEqual(['open', 'half_open']);
  });

  test('does not listen to answers from before it opened', async () => {
    const { breaker, states } = open();
    breaker.leave({ probe: false }, 'success');
    breaker.leave({ probe: false }, 'failure');
    expect(states).toEqual(['open']);
    expect(breaker.closedForMs()).toBe(1000);
    await Promise.resolve();
  });

  test('lets everybody go when the run stops', async () => {
    const { breaker, time, stop } = open();
    const all = [1, 2, 3].map(() => breaker.enter());
    await time.run(Promise.race(all));
    stop.abort();
    expect(await Promise.all(all)).toHaveLength(3);
  });
});

describe('an outage', () => {
  test('is met by few requests, one at a time, and is over when the API is back', async () => {
    const states: BreakerState[] = [];
    const batches = range(1, 400).map((number) => batchOf(1, number));
    const down = (ms: number): boolean => ms > 1000 && ms < 300_000;
    const result = await deliverVirtually(batches, (_, atMs) => (down(atMs) ? answer(503) : TAKEN), {
      concurrency: 8,
      observeLine: (state) => states.push(state),
    });
    expect(result.error).toBeUndefined();
    expect(result.parts.every(({ outcome }) => outcome === 'sent')).toBe(true);
    expect(result.parts).toHaveLength(399);
    expect(result.requests.filter(({ atMs }) => down(atMs)).length).toBeLessThan(35);
    expect([states[0], states.at(-1)]).toEqual(['open', 'closed']);
    expect(result.endedMs).toBeLessThan(345_000);
  });

  test('that does not end ends the run when the budget does', async () => {
    const batches = range(1, 20).map((number) => batchOf(2, number));
    const result = await deliverVirtually(batches, (n) => (n === 1 ? TAKEN : answer(503)), {
      retryForMs: 60_000,
    });
    expect(result.error).toMatchObject({ code: 'service_unavailable' });
    expect(result.endedMs).toBeLessThanOrEqual(61_000);
    // Four were pulled, and the first was accepted.
    expect(result.parts).toHaveLength(5);
  });
});

test('every request enters in the end, whatever becomes of the others', async () => {
  const outcomes = fc.array(fc.constantFrom('success', 'failure', 'neither'), {
    minLength: 1,
    maxLength: 60,
  });
  await fc.assert(
    fc.asyncProperty(outcomes, fc.integer({ min: 1, max: 6 }), async (script, workers) => {
      const time = virtualTime();
      let inFlight = 0;
      let state: BreakerState = 'closed';
      const breaker = createBreaker({
        ...time,
        signal: new AbortController().signal,
        observe: (next) => (state = next),
      });
      let done = 0;
      async function work(): Promise<void> {
        while (done < script.length) {
          const pass = await breaker.enter();
          expect(breaker.allows(pass)).toBe(true);
          expect(state).not.toBe('open');
          inFlight += 1;
          if (pass.probe) expect(state).toBe('half_open');
          await time.sleep(10);
          inFlight -= 1;
          breaker.leave(pass, script[done++ % script.length] ?? 'success');
        }
      }
      await time.run(Promise.all(Array.from({ length: workers }, work)), 30_000 * 70);
      expect(inFlight).toBe(0);
    }),
    { numRuns: 60 },
  );
});
