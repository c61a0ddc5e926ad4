import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { createLatencyWatch } from '../../src/deliver/latency.js';
import { createPace, type Pace } from '../../src/deliver/pace.js';
import { createWindow } from '../../src/deliver/window.js';

/** Lets a request through every so many ms, up to a time; gives that time. */
function pass(pace: Pace, fromMs: number, toMs: number, everyMs: number): number {
  for (let ms = fromMs; ms < toMs; ms += everyMs) pace.passed(ms, ms);
  return toMs;
}

describe('the pace', () => {
  test('begins with the whole rate', () => {
    expect(createPace(100).perSecond()).toBe(100);
  });

  test('falls below what got through, and comes back to it', () => {
    const pace = createPace(100);
    const nowMs = pass(pace, 0, 2000, 50);
    pace.throttled(nowMs - 10, nowMs);
    expect(pace.perSecond()).toBeCloseTo(17.5, 0);
    pass(pace, nowMs + 50, nowMs + 15_000, 50);
    expect(pace.perSecond()).toBeCloseTo(19.5, 0);
  });

  test('goes beyond the ceiling in the end, up to the whole rate', () => {
    const pace = createPace(100);
    const nowMs = pass(pace, 0, 2000, 50);
    pace.throttled(nowMs - 10, nowMs);
    pass(pace, nowMs, nowMs + 25_000, 50);
    expect(pace.perSecond()).toBeGreaterThan(19.5);
    pass(pace, nowMs + 25_000, nowMs + 120_000, 50);
    expect(pace.perSecond()).toBe(100);
  });

  test('falls once for all that was in flight, and not again for the second the API looks back', () => {
    const pace = createPace(100);
    const nowMs = pass(pace, 0, 2000, 50);
    pace.throttled(nowMs - 10, nowMs);
    const rate = pace.perSecond();
    pace.throttled(nowMs - 5, nowMs + 30);
    pace.throttled(nowMs + 900, nowMs + 930);
    expect(pace.perSecond()).toBe(rate);
    pace.throttled(nowMs + 1100, nowMs + 1130);
    expect(pace.perSecond()).not.toBe(rate);
  });

  test('does not rise in a pause', () => {
    const pace = createPace(100);
    const nowMs = pass(pace, 0, 2000, 50);
    pace.throttled(nowMs - 10, nowMs);
    const rate = pace.perSecond();
    pace.passed(nowMs + 60_000, nowMs + 60_000);
    expect(pace.perSecond()).toBeLessThan(rate * 1.1);
  });

  test('falls step by step when nothing could be measured, and remembers where it was', () => {
    const pace = createPace(100);
    for (let n = 1; n <= 30; n += 1) pace.throttled(n * 1000, n * 1000);
    expect(pace.perSecond()).toBe(0.5);
    pass(pace, 31_000, 47_000, 500);
    expect(pace.perSecond()).toBe(100);
  });

  test('is never above the limit nor stuck, whatever comes', () => {
    const step = fc.record({
      kind: fc.constantFrom('passed', 'throttled'),
      tookMs: fc.nat(2000),
      laterMs: fc.oneof(fc.nat(100), fc.nat(100_000)),
    });
    const limits = fc.oneof(fc.constant(Infinity), fc.double({ min: 0.01, max: 1000, noNaN: true }));
    fc.assert(
      fc.property(limits, fc.array(step, { maxLength: 200 }), (limit, steps) => {
        const pace = createPace(limit);
        let nowMs = 0;
        for (const { kind, tookMs, laterMs } of steps) {
          nowMs += laterMs;
          if (kind === 'passed') pace.passed(nowMs - tookMs, nowMs);
          else pace.throttled(nowMs - tookMs, nowMs);
          expect(pace.perSecond()).toBeLessThanOrEqual(limit);
          expect(pace.perSecond()).toBeGreaterThanOrEqual(Math.min(0.5, limit));
        }
        pass(pace, nowMs, nowMs + 1_000_000, 1000);
        // Without a limit the rate goes on rising, but what rises does not get to infinity.
        expect(pace.perSecond()).toBeGreaterThanOrEqual(Math.min(limit, 1000));
        expect(pace.perSecond()).toBeLessThanOrEqual(limit);
      }),
    );
  });
});

describe('the window', () => {
  test('is halved once per overload, never to nothing, and grows by one per round', () => {
    const window = createWindow(8);
    window.narrow(0, 100);
    window.narrow(100, 200);
    expect(window.size()).toBe(4);
    for (let answers = 0; answers < 5; answers += 1) window.widen();
    expect(window.size()).toBe(5);
    for (let n = 2; n < 12; n += 1) window.narrow(n * 1000, n * 1000);
    expect(window.size()).toBe(1);
    for (let answers = 0; answers < 100; answers += 1) window.widen();
    expect(window.size()).toBe(8);
  });

  test('is from 1 to the most, whatever comes', () => {
    const steps = fc.array(fc.option(fc.record({ begunMs: fc.nat(1000), nowMs: fc.nat(1000) })));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 32 }), steps, (most, list) => {
        const window = createWindow(most);
        for (const step of list) {
          if (step === null) window.widen();
          else window.narrow(step.begunMs, step.nowMs);
          expect(window.size()).toBeGreaterThanOrEqual(1);
          expect(window.size()).toBeLessThanOrEqual(most);
        }
      }),
    );
  });
});

describe('the latency', () => {
  function used(ms: number, bytes = 1000): ReturnType<typeof createLatencyWatch> {
    const watch = createLatencyWatch();
    for (let n = 0; n < 20; n += 1) watch.jumped(bytes, ms);
    return watch;
  }

  test('jumps when two answers in a row take more than three times as long', () => {
    const watch = used(100);
    expect([400, 290, 400, 400].map((ms) => watch.jumped(1000, ms))).toEqual([false, false, false, true]);
  });

  test('does not jump where it is so short that it proves nothing', () => {
    const watch = used(5);
    expect([40, 40, 90].map((ms) => watch.jumped(1000, ms))).toEqual([false, false, false]);
  });

  test('is compared among requests of like size', () => {
    const watch = used(50, 300);
    expect([900, 900, 900].map((ms) => watch.jumped(1_000_000, ms))).toEqual([false, false, false]);
  });

  test('that stays ceases to be a jump', () => {
    const watch = used(100);
    const jumps = Array.from({ length: 200 }, () => watch.jumped(1000, 400));
    expect(jumps.slice(0, 3)).toContain(true);
    expect(jumps.slice(100)).not.toContain(true);
  });
});
