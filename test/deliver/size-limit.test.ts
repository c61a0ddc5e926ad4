import { describe, expect, test } from 'vitest';

import { createSizeLimit } from '../../src/deliver/size-limit.js';
import { batchOf, outcomes, range } from './support.js';
import { answer, deliverVirtually, TAKEN } from './virtual.js';

describe('a 413', () => {
  test.each([1, 4])('is kept in mind for later batches (%i in flight)', async (concurrency) => {
    const batches = range(1, 41).map((number) => batchOf(100, number));
    let uploaded = 0;
    const result = await deliverVirtually(
      batches,
      (_, __, body) => {
        uploaded += body.length;
        return body.length > 600 ? answer(413) : TAKEN;
      },
      { concurrency },
    );
    const rows = batches.reduce((sum, { bytes }) => sum + bytes, 0);
    expect(result.error).toBeUndefined();
    expect(outcomes(result.parts).sent).toHaveLength(4000);
    expect(uploaded).toBeLessThan(rows * 1.25);
  });

  test('of a passing fault does not make every later request small', async () => {
    const batches = range(1, 301).map((number) => batchOf(16, number));
    const result = await deliverVirtually(batches, (n) => (n <= 5 ? answer(413) : TAKEN), { concurrency: 1 });
    expect(result.requests.length).toBeLessThan(300 + 5 + 16 + 16 * 50);
    expect(result.requests.length).toBeGreaterThan(300);
  });
});

test('a limit is none when more has passed', () => {
  const limit = createSizeLimit();
  limit.passed(1000);
  limit.tooLarge(800);
  expect(limit.fits(1000)).toBe(true);
  limit.tooLarge(1200);
  expect([limit.fits(1199), limit.fits(1200)]).toEqual([true, false]);
});
