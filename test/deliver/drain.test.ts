import { expect, test } from 'vitest';

import { run, silent } from './run.js';
import { batchOf, outcomes, range } from './support.js';

test('answers under way are given up when the time after the signal is over', async () => {
  const stop = new AbortController();
  const behavior = (...args: Parameters<typeof silent>) => {
    stop.abort();
    silent(...args);
  };
  const { parts, error } = await run([behavior], [batchOf(3), batchOf(3, 2)], {
    signal: stop.signal,
    drainMs: 20,
    requestTimeoutMs: 10_000,
  });
  expect(outcomes(parts)).toMatchObject({ in_doubt: range(0, 3), sent: [] });
  expect(error).toBeUndefined();
});
