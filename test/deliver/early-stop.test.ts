import { describe, expect, test } from 'vitest';

import type { Answer } from '../../src/deliver/types.js';
import { batchOf, outcomes, range } from './support.js';
import { answer, deliverVirtually, REFUSED, TAKEN } from './virtual.js';

function answering(status: number, body: string): Answer {
  return { kind: 'response', status, body, truncated: false };
}

describe('a run in which everything is refused', () => {
  const batches = range(1, 60).map((number) => batchOf(2000, number));

  test('ends after forty refusals; what was not sent alone was not attempted', async () => {
    const result = await deliverVirtually(batches, () => REFUSED, { concurrency: 8 });
    expect(result.error).toMatchObject({ code: 'all_refused', exitCode: 65 });
    expect(result.requests).toHaveLength(40);
    const { refused, not_attempted: rest, sent } = outcomes(result.parts);
    expect(sent).toEqual([]);
    expect(refused.length).toBeGreaterThan(0);
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

describe('a run in which nothing is accepted any more', () => {
  const NAMED = '{"status":"INVALID","event_logs":[{"event":1,"status":"INVALID"}]}';

  test.each([
    ['singles', 1, 1, REFUSED],
    ['singles, four in flight', 1, 4, REFUSED],
    ['batches', 500, 1, REFUSED],
    ['batches, four in flight', 500, 4, REFUSED],
    ['an API that names what it refuses', 1, 1, answering(200, NAMED)],
  ] as const)('stops after forty refusals for each batch under way: %s', async (_, size, inFlight, no) => {
    const batches = range(1, 4000).map((number) => batchOf(size, number));
    const result = await deliverVirtually(batches.slice(0, 4000 / size), (n) => (n <= 3 ? TAKEN : no), {
      concurrency: inFlight,
    });
    expect(result.error).toMatchObject({ code: 'all_refused', exitCode: 65 });
    expect(result.requests.length).toBeGreaterThanOrEqual(40);
    expect(result.requests.length).toBeLessThanOrEqual(3 + 40 * inFlight + inFlight);
    expect(outcomes(result.parts).sent).toHaveLength(3 * size);
  });

  test('stops after every accept anew, and an accept in between keeps it going', async () => {
    const singles = range(1, 400).map((number) => batchOf(1, number));
    const often = await deliverVirtually(singles, (n) => (n % 40 === 0 ? TAKEN : REFUSED), {
      concurrency: 1,
    });
    expect(often.error).toBeUndefined();
    const seldom = await deliverVirtually(singles, (n) => (n % 41 === 0 ? TAKEN : REFUSED), {
      concurrency: 1,
    });
    expect(seldom.error).toMatchObject({ code: 'all_refused' });
  });

  test('stops a resumed run as well', async () => {
    const singles = range(1, 100).map((number) => batchOf(1, number));
    const result = await deliverVirtually(singles, () => REFUSED, {
      begin: (batch) =>
        Promise.resolve(
          batch.number === 1 ? { parts: [{ outcome: 'sent', batch, answers: [] }] } : undefined,
        ),
    });
    expect(result.error).toMatchObject({ code: 'all_refused' });
  });
});

describe('a finding about the event source, when nothing else comes', () => {
  const message = 'The provided asset id must be valid UUID format.';
  const event_logs = [{ event: 1, status: 'INVALID', errors: { codes: ['523'], error_msgs: [message] } }];
  const complaint = (): Answer => answering(400, JSON.stringify({ status: 'INVALID', event_logs }));

  test('is the reason why the run failed', async () => {
    const result = await deliverVirtually([batchOf(5)], complaint, { credential: 'oauth' });
    expect(result.error).toMatchObject({ code: 'unauthorized', exitCode: 77 });
    expect(outcomes(result.parts).refused).toHaveLength(5);
    const many = range(1, 4000).map((number) => batchOf(1, number));
    const stopped = await deliverVirtually(many, complaint, { credential: 'oauth' });
    expect(stopped.error).toMatchObject({ code: 'unauthorized' });
    expect(stopped.requests).toHaveLength(40);
  });

  test('is none when an event is accepted, or another finding comes', async () => {
    for (const other of [TAKEN, REFUSED]) {
      const singles = range(1, 4).map((number) => batchOf(1, number));
      const result = await deliverVirtually(singles, (n) => (n === 2 ? other : complaint()));
      expect(result.error).toBeUndefined();
    }
  });
});

describe('a run goes on', () => {
  test.each([0.01, 0.05, 0.2, 0.4])(
    'when a share of %d is refused, one named at a time or none',
    async (share) => {
      for (const named of [true, false]) {
        const isBad = (id: string): boolean => (Number(id) * 7919) % 1000 < share * 1000;
        const api = (_: number, __: number, body: string): Answer => {
          const { data } = JSON.parse(body) as { data: { event_id: string }[] };
          const at = data.findIndex(({ event_id: id }) => isBad(id));
          if (at === -1) return TAKEN;
          return answering(400, `{"status":"INVALID","event":${named ? at + 1 : 0}}`);
        };
        const result = await deliverVirtually([batchOf(2000)], api);
        expect(result.error).toBeUndefined();
        expect(outcomes(result.parts).refused).toHaveLength(2000 * share);
      }
    },
  );

  test('when every answer may have kept good events', async () => {
    const partly = (n: number): Answer =>
      answering(
        n % 2 === 0 ? 400 : 200,
        '{"status":"INVALID","event_logs":[{"event":1,"status":"INVALID"}]}',
      );
    const batches = range(1, 61).map((number) => batchOf(50, number));
    const result = await deliverVirtually(batches, partly, { repeatable: false });
    expect(result.error).toBeUndefined();
    expect(outcomes(result.parts)).toMatchObject({ sent: [], not_attempted: [] });
    expect(outcomes(result.parts).in_doubt).toHaveLength(60 * 49);
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
