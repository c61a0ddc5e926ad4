import fc from 'fast-check';
import { expect, test } from 'vitest';

import type { Answer } from '../../src/deliver/types.js';
import { RunError } from '../../src/errors.js';
import { batchOf, idsOf, range } from './support.js';
import { answer, deliverVirtually, REFUSED, TAKEN, virtualTime } from './virtual.js';

const TIMEOUT: Answer = { kind: 'no_answer', code: 'TIMEOUT', sent: true };
const UNHEARD: Answer = { kind: 'no_answer', code: 'ECONNREFUSED', sent: false };
const answers = [
  TAKEN,
  answer(429),
  answer(429, 0),
  answer(429, 5000),
  answer(503),
  TIMEOUT,
  UNHEARD,
  REFUSED,
];

const scenarios = fc.record({
  batches: fc.integer({ min: 1, max: 40 }),
  concurrency: fc.integer({ min: 1, max: 8 }),
  maxRequestsPerSecond: fc.oneof(fc.constant(Infinity), fc.double({ min: 0.2, max: 200, noNaN: true })),
  script: fc.array(fc.oneof({ weight: 3, arbitrary: fc.constant(TAKEN) }, fc.constantFrom(...answers)), {
    minLength: 1,
    maxLength: 40,
  }),
  latencies: fc.array(fc.oneof(fc.nat(100), fc.nat(5000)), { minLength: 1 }),
  retryForMs: fc.nat(100_000),
});

test('limits are kept, waits are honored, everything is settled and every run ends', async () => {
  await fc.assert(
    fc.asyncProperty(scenarios, async ({ batches, script, latencies, ...options }) => {
      const time = virtualTime();
      const { concurrency, maxRequestsPerSecond } = options;
      const spacingMs = 1000 / maxRequestsPerSecond;
      const inFlight: number[] = [];
      let lastMs = -Infinity;
      let heldUntilMs = -Infinity;
      const latencyMs = (n: number): number => latencies[n % latencies.length] ?? 0;
      const result = await deliverVirtually(
        range(1, batches + 1).map((number) => batchOf(2, number)),
        (n, atMs) => {
          expect(inFlight.filter((endMs) => endMs > atMs).length).toBeLessThan(concurrency);
          inFlight.push(atMs + latencyMs(n));
          // What a timer was late is made up for, up to 5 ms.
          expect(atMs - lastMs).toBeGreaterThan(spacingMs - 6);
          lastMs = atMs;
          expect(atMs).toBeGreaterThanOrEqual(heldUntilMs);
          const given = script[n % script.length] ?? TAKEN;
          const askedMs = given.kind === 'response' ? given.retryAfterMs : undefined;
          if (askedMs !== undefined && askedMs > 0) {
            void time.sleep(latencyMs(n)).then(() => (heldUntilMs = time.clock() + askedMs));
          }
          return given;
        },
        { ...options, time, latencyMs, mostMs: 40_000_000 },
      );
      if (result.error !== undefined) expect(result.error).toBeInstanceOf(RunError);
      const settled = result.parts.flatMap(({ batch }) => idsOf(batch).map((id) => `${batch.number}.${id}`));
      expect(new Set(settled).size).toBe(settled.length);
      if (result.error === undefined) expect(settled).toHaveLength(batches * 2);
    }),
    { numRuns: 300 },
  );
});
