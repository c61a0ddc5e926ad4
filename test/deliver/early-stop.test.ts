import { describe, expect, test } from 'vitest';

import { batchOf, outcomes, range } from './support.js';
import { answer, deliverVirtually, REFUSED, TAKEN } from './virtual.js';

describe('a run in which everything is refused', () => {
  const batches = range(1, 60).map((number) => batchOf(2000, number));

  test('ends after forty refusals; what was not sent alone was not attempted', async () => {
    const result = await deliverVirtually(batches, () => REFUSED, { concurrency: 8 });
    expect(result.error).toMatchObject({ code: 'all_refused', exitCode: 65 });
    expect(result.requests).toHaveLength(40);
    const { refused, not_attempted: rest, sent } = outcomes(result.parts);
    expect(sent).toEqual([]);
    expect(refused.length).toBeGreaterThan(5);
    expect(refused.length + rest.length).toBe(2000);
  });

  test('ends as well when each batch is a single event', async () => {
    const singles = range(1, 100).map((number) => batchOf(1, number));
    const result = await deliverVirtually(singles, () => answer(413), { concurrency: 8 });
    expect(result.error).toMatchObject({ code: 'all_refused' });
    expect(result.parts.map(({ outcome }) => outcome)).toEqual(range(0, 40).map(() => 'refused'));
  });

  test('goes on if that is wanted', async () => {
    const singles = range(1, 100).map((number) => batchOf(1, number));
    const result = await deliverVirtually(singles, () => REFUSED, { earlyStop: false });
    expect(result.error).toBeUndefined();
    expect(outcomes(result.parts).refused).toHaveLength(99);
  });
});

describe('a run goes on', () => {
  test('after one accepted request, however many are refused then', async () => {
    const singles = range(1, 200).map((number) => batchOf(1, number));
    const result = await deliverVirtually(singles, (n) => (n === 1 ? TAKEN : REFUSED));
    expect(result.error).toBeUndefined();
    expect(result.requests).toHaveLength(199);
  });

  test('when an earlier run of the same had something accepted', async () => {
    const singles = range(1, 100).map((number) => batchOf(1, number));
    const result = await deliverVirtually(singles, () => REFUSED, {
      begin: (batch) =>
        Promise.resolve(
          batch.number === 1 ? { parts: [{ outcome: 'sent', batch, answers: [] }] } : undefined,
        ),
    });
    expect(result.error).toBeUndefined();
    expect(outcomes(result.parts).refused).toHaveLength(98);
  });

  test('when each of many batches in flight has one bad event, wherever it is', async () => {
    for (const place of [0, 1, 999, 1999]) {
      const batches = range(1, 17).map((number) => batchOf(2000, number));
      const bad = `{"event_id":"${place}"}`;
      const api = (_: number, __: number, body: string): ReturnType<typeof answer> =>
        body.includes(bad) ? REFUSED : TAKEN;
      const result = await deliverVirtually(batches, api, { concurrency: 16 });
      expect(result.error).toBeUndefined();
      expect(outcomes(result.parts).refused).toHaveLength(16);
    }
  });
});

test('until a first request is accepted only one batch is under way', async () => {
  const batches = range(1, 20).map((number) => batchOf(1, number));
  const result = await deliverVirtually(batches, (n) => (n < 4 ? answer(503) : TAKEN), {
    concurrency: 8,
    maxRequestsPerSecond: Infinity,
    latencyMs: () => 100,
  });
  const at = result.requests.map(({ atMs }) => atMs);
  expect(new Set(at.slice(0, 4)).size).toBe(4);
  expect(new Set(at.slice(4, 12)).size).toBe(1);
});

test('a wrong credential costs one request', async () => {
  const batches = range(1, 20).map((number) => batchOf(1, number));
  const result = await deliverVirtually(batches, () => answer(401), { concurrency: 8 });
  expect(result.requests).toHaveLength(1);
  expect(result.error).toMatchObject({ code: 'unauthorized' });
});
