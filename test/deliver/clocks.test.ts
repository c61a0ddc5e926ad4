import { expect, test } from 'vitest';

import { fixedToken } from '../../src/access.js';
import { createSecrets } from '../../src/secrets.js';
import { deliverBatches } from '../../src/deliver/deliver.js';
import { eventsUrl } from '../../src/deliver/endpoint.js';
import { answering, batchesFrom, batchOf, ok, range, startServer } from './support.js';
import { run } from './run.js';
import { answer, deliverVirtually, TAKEN } from './virtual.js';

const HOURS = 3_600_000;

test('a wall clock that jumps changes nothing', async () => {
  const batches = range(1, 30).map((number) => batchOf(1, number));
  const api = (n: number): ReturnType<typeof answer> =>
    n % 4 === 0 ? answer(503) : n % 7 === 0 ? answer(429) : TAKEN;
  const calm = await deliverVirtually(batches, api);
  let calls = 0;
  const jumpy = await deliverVirtually(batches, api, {
    wallClock: () => (calls += 1) * 7 * HOURS * (-1) ** calls,
  });
  expect(jumpy.error).toBeUndefined();
  expect(jumpy.requests).toEqual(calm.requests);
});

test.each([5 * HOURS, -5 * HOURS])(
  'a Retry-After date is understood with a wall clock that is wrong by %d ms',
  async (wrong) => {
    const nowMs = Date.UTC(2026, 5, 1, 12);
    const headers = {
      Date: new Date(nowMs).toUTCString(),
      'Retry-After': new Date(nowMs + 9000).toUTCString(),
    };
    const result = await run([answering(429, '', headers), ok], [batchOf(5)], {
      wallClock: () => nowMs + wrong,
    });
    expect(result.error).toBeUndefined();
    expect(result.attempts[0]).toMatchObject({ retryInMs: 9000 });
  },
);

test('the time of a request is measured when no clock is given', async () => {
  const server = await startServer((response, body, request) =>
    setTimeout(() => {
      ok(response, body, request);
    }, 30),
  );
  const took: number[] = [];
  // A wall clock that stands still would make everything take no time.
  await deliverBatches(batchesFrom([batchOf(1)]), {
    url: eventsUrl({ apiBaseUrl: server.url, assetId: 'a', validate: false }),
    access: fixedToken('t'),
    secrets: createSecrets(),
    version: '0',
    concurrency: 1,
    maxRequestsPerSecond: 10,
    repeatable: true,
    stopAtFirstRefusal: false,
    settle: () => undefined,
    observe: ({ durationMs }) => took.push(durationMs),
    wallClock: () => 0,
  });
  await server.close();
  expect(took).toHaveLength(1);
  expect(took[0]).toBeGreaterThan(25);
  expect(took[0]).toBeLessThan(10_000);
});
