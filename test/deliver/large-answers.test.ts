import { expect, test } from 'vitest';

import type { Answer } from '../../src/deliver/types.js';
import { batchOf, outcomes, range } from './support.js';
import { deliverVirtually, TAKEN } from './virtual.js';

const TOO_LARGE: Answer = { kind: 'response', status: 200, body: '', truncated: true, tooLarge: true };

/** Answers with more than is read for more than so many events. */
function talkative(most: number): (n: number, atMs: number, body: string) => Answer {
  return (_, __, body) => {
    const { data } = JSON.parse(body) as { data: readonly unknown[] };
    return data.length > most ? TOO_LARGE : TAKEN;
  };
}

test('an answer that is too large halves the batch', async () => {
  const result = await deliverVirtually([batchOf(100)], talkative(30));
  expect(result.error).toBeUndefined();
  expect(outcomes(result.parts).sent).toEqual(range(0, 100));
  // 100, 50, 25 and 25; the other half is sent in parts at once, because 50 was too large.
  expect(result.requests).toHaveLength(6);
});

test('an answer that is too large for one event is in doubt, and ends the run in the end', async () => {
  const result = await deliverVirtually([batchOf(2)], talkative(0), { retryForMs: 5000 });
  expect(result.error).toMatchObject({ code: 'unreadable_answers', exitCode: 76 });
  expect(outcomes(result.parts).in_doubt).toEqual([0, 1]);
});

test('events without ids are not sent again after it', async () => {
  const result = await deliverVirtually([batchOf(100)], talkative(30), { repeatable: false });
  expect(result.requests).toHaveLength(1);
  expect(outcomes(result.parts).in_doubt).toEqual(range(0, 100));
});
