import fc from 'fast-check';
import { expect, test } from 'vitest';

import { fixedToken } from '../../src/access.js';
import { createSecrets } from '../../src/secrets.js';
import { deliverBatches } from '../../src/deliver/deliver.js';
import type { Answer, Batch, Settled } from '../../src/deliver/types.js';
import { RunError } from '../../src/errors.js';
import { batchOf, fakeTime, idsOf } from './support.js';

function response(status: number, body = ''): Answer {
  return { kind: 'response', status, body, truncated: false };
}

const invalid = (more: object): string => JSON.stringify({ status: 'INVALID', reason: 'Bad.', ...more });

/** What the API may do with one request; `stores` whether it keeps the events. */
const turns: readonly { readonly answer: Answer; readonly stores: boolean }[] = [
  { answer: response(200, '{"status":"VALID"}'), stores: true },
  { answer: response(429), stores: false },
  { answer: { ...response(429), kind: 'response', retryAfterMs: 5000 } as Answer, stores: false },
  { answer: response(503), stores: false },
  { answer: response(503), stores: true },
  { answer: response(200), stores: true },
  { answer: response(413), stores: false },
  { answer: response(400, invalid({})), stores: false },
  { answer: response(400, invalid({ event: 2 })), stores: false },
  { answer: response(400, invalid({ event_logs: [{ event: 1, status: 'INVALID' }] })), stores: true },
  { answer: response(200, invalid({})), stores: true },
  { answer: { kind: 'no_answer', code: 'ECONNRESET', sent: true }, stores: true },
  { answer: { kind: 'no_answer', code: 'ECONNREFUSED', sent: false }, stores: false },
  { answer: response(401), stores: false },
  { answer: response(404), stores: false },
];

const scenarios = fc.record({
  sizes: fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 8 }),
  // Mostly success, so that runs go on long enough to have several batches in flight.
  script: fc.array(fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, fc.nat(turns.length - 1)), {
    minLength: 1,
    maxLength: 30,
  }),
  concurrency: fc.integer({ min: 1, max: 4 }),
  repeatable: fc.boolean(),
  stopAtFirstRefusal: fc.boolean(),
  abortAfter: fc.option(fc.nat(12)),
});

test('every event of every batch pulled is settled exactly once, and truthfully, whatever the API does', async () => {
  await fc.assert(
    fc.asyncProperty(
      scenarios,
      async ({ sizes, script, concurrency, repeatable, stopAtFirstRefusal, abortAfter }) => {
        const { clock, sleep } = fakeTime();
        const stop = new AbortController();
        const stored = new Map<string, number>();
        const pulled: string[] = [];
        const parts: Settled[] = [];
        let requests = 0;

        async function* source(): AsyncGenerator<Batch, void, undefined> {
          for (const [index, size] of sizes.entries()) {
            await Promise.resolve();
            const batch = batchOf(size, index + 1);
            pulled.push(...keysOf(batch));
            yield batch;
          }
        }

        async function post(body: Uint8Array): Promise<Answer> {
          const turn = turns[script[requests % script.length] ?? 0];
          requests += 1;
          if (requests === abortAfter) stop.abort();
          if (turn === undefined || requests > 2000) throw new Error('too many requests');
          await Promise.resolve();
          if (turn.stores) store(Buffer.from(body).toString());
          return turn.answer;
        }

        // Batches share event ids, so a count of them is all that a body tells.
        function store(body: string): void {
          const { data } = JSON.parse(body) as { data: { event_id: string }[] };
          for (const { event_id: id } of data) stored.set(id, (stored.get(id) ?? 0) + 1);
        }

        const error: unknown = await deliverBatches(source(), {
          url: 'https://api.test/',
          access: fixedToken('t0ken'),
          secrets: createSecrets(),
          version: '0',
          concurrency,
          maxRequestsPerSecond: 100,
          retryForMs: 20_000,
          repeatable,
          stopAtFirstRefusal,
          settle: (part) => void parts.push(part),
          signal: stop.signal,
          clock,
          sleep,
          random: () => 0.5,
          transport: { post, close: () => Promise.resolve() },
        }).then(
          () => undefined,
          (reason: unknown) => reason,
        );

        const settled = parts.flatMap(({ batch }) => keysOf(batch));
        expect(settled.sort()).toEqual(pulled.sort());
        if (error !== undefined) expect(error).toBeInstanceOf(RunError);
        if (error === undefined && abortAfter === null) {
          expect(pulled).toHaveLength(sizes.reduce((sum, size) => sum + size, 0));
        }
        for (const id of new Set(pulled.map((key) => key.split('.')[1] ?? ''))) {
          const sentTimes = parts.filter(
            (part) => part.outcome === 'sent' && idsOf(part.batch).includes(Number(id)),
          );
          expect(stored.get(id) ?? 0).toBeGreaterThanOrEqual(sentTimes.length);
        }
      },
    ),
    { numRuns: 400 },
  );
});

function keysOf(batch: Batch): string[] {
  return idsOf(batch).map((id) => `${batch.number}.${id}`);
}
