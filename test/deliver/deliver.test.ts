import { afterEach, describe, expect, test } from 'vitest';

import { deliverBatches, type DeliverOptions } from '../../src/deliver/deliver.js';
import { eventsUrl } from '../../src/deliver/endpoint.js';
import type { Batch, Settled } from '../../src/deliver/types.js';
import { RunError } from '../../src/errors.js';
import type { AttemptReport } from '../../src/events.js';
import {
  answering,
  batchesFrom,
  batchOf,
  fakeTime,
  ok,
  outcomes,
  range,
  sharedTime,
  startServer,
  type Behavior,
} from './support.js';

const TOKEN = 'tok/en+s3cret=';
const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

type Run = {
  readonly parts: Settled[];
  readonly attempts: AttemptReport[];
  readonly error: unknown;
  readonly slept: readonly number[];
  readonly bodies: readonly string[];
  readonly fatals: readonly RunError[];
};

async function run(
  behaviors: readonly Behavior[],
  batches: readonly Batch[] | AsyncIterable<Batch>,
  more: Partial<DeliverOptions> = {},
): Promise<Run> {
  const server = await startServer(...behaviors);
  closers.push(server.close);
  const { clock, sleep, slept } = fakeTime();
  const parts: Settled[] = [];
  const attempts: AttemptReport[] = [];
  const fatals: RunError[] = [];
  const url = eventsUrl({ apiBaseUrl: server.url, assetId: 'asset', token: TOKEN, validate: false });
  const error: unknown = await deliverBatches(
    Array.isArray(batches) ? batchesFrom(batches) : (batches as AsyncIterable<Batch>),
    {
      url,
      version: '0.0.0',
      concurrency: 1,
      maxRequestsPerSecond: Infinity,
      requestTimeoutMs: 80,
      repeatable: true,
      stopAtFirstRefusal: false,
      settle: (part) => void parts.push(part),
      observe: (attempt) => attempts.push(attempt),
      onFatal: (fatal) => fatals.push(fatal),
      clock,
      sleep,
      random: () => 1,
      ...more,
    },
  ).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return { parts, attempts, error, slept, bodies: server.requests.map(({ body }) => body), fatals };
}

const hangUp: Behavior = (_response, _body, request) => request.socket.destroy();
const reset: Behavior = (_response, _body, request) => request.socket.resetAndDestroy();
const half: Behavior = (response, _body, request) => {
  response.writeHead(200, { 'Content-Length': '50' });
  response.write('{"status":"VA', () => request.socket.destroy());
};
const silent: Behavior = () => undefined;
const garbage: Behavior = (_response, _body, request) => request.socket.end('nonsense\r\n\r\n');
const ALL = range(0, 5);

describe('a batch that is taken in the end', () => {
  test.each<[string, Behavior, Partial<AttemptReport>]>([
    ['429', answering(429), { status: 429 }],
    ['408', answering(408), { status: 408 }],
    ['503', answering(503, '<html>'), { status: 503 }],
    ['a closed connection', hangUp, { failure: 'UND_ERR_SOCKET' }],
    ['a reset', reset, { failure: 'ECONNRESET' }],
    ['half an answer', half, { status: 200, reason: 'HTTP 200, answer cut short' }],
    ['a page', answering(200, '<html>'), { status: 200, reason: 'HTTP 200, answer unreadable' }],
    ['an empty 200', answering(200), { status: 200, reason: 'HTTP 200, answer empty' }],
    ['garbage', garbage, { failure: 'HTTP_PARSER' }],
    ['silence', silent, { failure: 'TIMEOUT' }],
  ])('after %s is sent again, byte for byte', async (_, behavior, report) => {
    const result = await run([behavior, ok], [batchOf(5)]);
    expect(result.error).toBeUndefined();
    expect(outcomes(result.parts).sent).toEqual(ALL);
    expect(result.bodies).toHaveLength(2);
    expect(result.bodies[0]).toBe(result.bodies[1]);
    expect(result.slept).toEqual([500]);
    expect(result.attempts).toMatchObject([
      {
        batch: 1,
        request: 1,
        events: 5,
        bytes: result.bodies[0]?.length,
        verdict: 'retry',
        retryInMs: 500,
        ...report,
      },
      { batch: 1, request: 2, verdict: 'accept', status: 200 },
    ]);
  });

  test('waits as long as it is told', async () => {
    const result = await run([answering(429, '', { 'Retry-After': '77' }), ok], [batchOf(5)]);
    expect(outcomes(result.parts).sent).toEqual(ALL);
    expect(result.slept.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThanOrEqual(77_000);
    expect(result.attempts[0]).toMatchObject({ retryInMs: 77_000 });
  });

  test('has a fresh budget after every success', async () => {
    const fail = answering(429);
    const result = await run([fail, fail, ok, fail, fail, ok], [batchOf(5, 1), batchOf(5, 2)], {
      retryForMs: 1500,
    });
    expect(result.error).toBeUndefined();
    expect(result.slept).toEqual([500, 1000, 500, 1000]);
  });
});

describe('a budget that runs out', () => {
  test.each<[string, Behavior, Settled['outcome'], string]>([
    ['429', answering(429), 'not_attempted', 'service_unavailable'],
    ['503', answering(503), 'in_doubt', 'service_unavailable'],
    ['empty 200', answering(200), 'in_doubt', 'answer_in_doubt'],
    ['silence', silent, 'in_doubt', 'service_unavailable'],
  ])('%s: the events are settled by what is known, the run stops', async (_, behavior, outcome, code) => {
    const result = await run([behavior], [batchOf(5, 1), batchOf(5, 2)], { retryForMs: 1500 });
    expect(result.bodies).toHaveLength(3);
    expect(outcomes(result.parts)[outcome]).toEqual(ALL);
    expect(result.parts).toHaveLength(1);
    expect(result.error).toMatchObject({ code });
    expect(result.fatals).toEqual([result.error]);
  });

  test('one doubtful try among many is a doubt', async () => {
    const result = await run([answering(503), answering(429)], [batchOf(5)], { retryForMs: 3000 });
    expect(outcomes(result.parts).in_doubt).toEqual(ALL);
    expect(result.error).toMatchObject({ code: 'service_unavailable' });
  });

  test('is given up at once when the API asks for more', async () => {
    const result = await run([answering(429, '', { 'Retry-After': '3600' })], [batchOf(5)]);
    expect(result.bodies).toHaveLength(1);
    expect(result.slept).toEqual([]);
    expect(result.error).toMatchObject({ code: 'service_unavailable' });
    expect((result.error as RunError).message).toContain('3600 s');
  });

  test('nobody listening: not attempted', async () => {
    const server = await startServer(ok);
    await server.close();
    const url = eventsUrl({ apiBaseUrl: server.url, assetId: 'a', token: TOKEN, validate: false });
    const result = await run([ok], [batchOf(5)], { url, retryForMs: 1000 });
    expect(outcomes(result.parts).not_attempted).toEqual(ALL);
    expect(result.error).toMatchObject({ code: 'service_unavailable' });
    expect(result.attempts[0]).toMatchObject({ failure: 'ECONNREFUSED', verdict: 'retry' });
  });
});

describe('an answer that stops the run', () => {
  test.each<[string, Behavior, string]>([
    ['401', answering(401, { status: 'INVALID', reason: 'Invalid access token' }), 'unauthorized'],
    ['403', answering(403), 'unauthorized'],
    [
      'a wrong asset',
      answering(400, { status: 'INVALID', reason: 'Unauthorized resources' }),
      'unauthorized',
    ],
    ['a redirect', answering(302, '', { Location: 'http://127.0.0.1:1/' }), 'redirect_refused'],
    ['404', answering(404, 'nothing here'), 'wrong_endpoint'],
  ])('%s: one request, nothing is called sent', async (_, behavior, code) => {
    const result = await run([behavior], [batchOf(5, 1), batchOf(5, 2)]);
    expect(result.bodies).toHaveLength(1);
    expect(outcomes(result.parts)).toEqual({ sent: [], refused: [], in_doubt: [], not_attempted: ALL });
    expect(result.error).toMatchObject({ code });
    expect(result.attempts).toMatchObject([{ verdict: 'abort' }]);
  });

  test('midway leaves what was sent as sent', async () => {
    const result = await run([ok, answering(401)], [batchOf(5, 1), batchOf(5, 2), batchOf(5, 3)]);
    expect(result.parts).toMatchObject([
      { outcome: 'sent', batch: { number: 1 } },
      { outcome: 'not_attempted', batch: { number: 2 } },
    ]);
    expect(result.error).toMatchObject({ code: 'unauthorized' });
  });

  test('after a doubtful try leaves the doubt', async () => {
    const result = await run([reset, answering(401)], [batchOf(5)]);
    expect(outcomes(result.parts).in_doubt).toEqual(ALL);
  });
});

describe('a refused event', () => {
  const refuse: Behavior = (response, body, request) => {
    const { data } = JSON.parse(body) as { data: { event_id: string }[] };
    const at = data.findIndex((event) => event.event_id === '3');
    if (at < 0) ok(response, body, request);
    else
      answering(400, {
        status: 'INVALID',
        event: at + 1,
        errors: { codes: ['507'], error_msgs: [`No\ngood for ${TOKEN} ${encodeURIComponent(TOKEN)}`] },
      })(response, body, request);
  };

  test('costs only itself, and is shown without the token', async () => {
    const result = await run([refuse], [batchOf(5, 1), batchOf(2, 2)]);
    expect(result.parts).toMatchObject([
      { outcome: 'sent', batch: { number: 1, events: 4 } },
      {
        outcome: 'refused',
        batch: { number: 1, events: 1 },
        why: { reason: 'No good for *** ***', codes: ['507'] },
      },
      { outcome: 'sent', batch: { number: 2, events: 2 } },
    ]);
    expect(result.error).toBeUndefined();
    expect(result.attempts).toMatchObject([
      { batch: 1, request: 1, verdict: 'narrow', reason: 'No good for *** ***' },
      { batch: 1, request: 2, verdict: 'accept', events: 4 },
      { batch: 2, request: 1, verdict: 'accept' },
    ]);
  });

  test('stops the run if that is wanted', async () => {
    const result = await run([refuse], [batchOf(5, 1), batchOf(5, 2)], {
      stopAtFirstRefusal: true,
      concurrency: 4,
    });
    expect(outcomes(result.parts)).toEqual({
      sent: [0, 1, 2],
      refused: [3],
      in_doubt: [],
      not_attempted: [4],
    });
    expect(result.error).toMatchObject({ code: 'refused_row_stop', exitCode: 65 });
  });

  test('413 halves', async () => {
    const limited: Behavior = (response, body, request) => {
      (body.length > 60 ? answering(413) : ok)(response, body, request);
    };
    const result = await run([limited], [batchOf(5)]);
    expect(outcomes(result.parts).sent).toEqual(ALL);
    expect(result.bodies.length).toBeGreaterThan(2);
  });
});

describe('events without event_id', () => {
  const once = { repeatable: false };

  test.each<[string, Behavior]>([
    ['503', answering(503)],
    ['reset', reset],
    ['silence', silent],
    ['empty 200', answering(200)],
  ])('are not sent again after %s, and the run goes on', async (_, behavior) => {
    const result = await run([behavior, ok], [batchOf(5, 1), batchOf(5, 2)], once);
    expect(result.parts).toMatchObject([
      { outcome: 'in_doubt', batch: { number: 1 } },
      { outcome: 'sent', batch: { number: 2 } },
    ]);
    expect(result.bodies).toHaveLength(2);
    expect(result.attempts[0]).toMatchObject({ verdict: 'in_doubt' });
    expect(result.error).toBeUndefined();
  });

  test('are sent again after 429', async () => {
    const result = await run([answering(429), ok], [batchOf(5)], once);
    expect(outcomes(result.parts).sent).toEqual(ALL);
  });

  test('go on as long as there are answers between the doubts', async () => {
    const batches = range(1, 9).map((number) => batchOf(5, number));
    const fail = answering(503);
    const result = await run([fail, fail, ok, fail, fail, ok, fail, ok], batches, once);
    expect(result.parts).toHaveLength(8);
    expect(result.error).toBeUndefined();
  });

  test('stop the run after three doubts in a row', async () => {
    const batches = [1, 2, 3, 4, 5].map((number) => batchOf(5, number));
    const result = await run([answering(503)], batches, once);
    expect(result.parts.map(({ outcome }) => outcome)).toEqual(['in_doubt', 'in_doubt', 'in_doubt']);
    expect(result.error).toMatchObject({ code: 'service_unavailable' });
    expect(result.slept.length).toBeGreaterThan(0);
  });
});

describe('several in flight', () => {
  const many = range(1, 13).map((number) => batchOf(5, number));

  test('no more than wanted, pulled only when there is room', async () => {
    let inFlight = 0;
    let most = 0;
    let settled = 0;
    let ahead = 0;
    async function* source(): AsyncGenerator<Batch, void, undefined> {
      for (const [pulled, batch] of many.entries()) {
        ahead = Math.max(ahead, pulled + 1 - settled);
        await Promise.resolve();
        yield batch;
      }
    }
    const slow: Behavior = (response, body, request) => {
      inFlight += 1;
      most = Math.max(most, inFlight);
      setTimeout(() => {
        inFlight -= 1;
        ok(response, body, request);
      }, 10);
    };
    const settle = (): void => void (settled += 1);
    await run([slow], source(), { concurrency: 3, settle, requestTimeoutMs: 5000 });
    expect(settled).toBe(12);
    expect(most).toBe(3);
    expect(ahead).toBeLessThanOrEqual(3);
  });

  test('what is in flight when the run stops is settled, and nothing more is pulled', async () => {
    const behaviors: Behavior[] = [
      ok,
      ok,
      answering(401),
      (response, body, request) =>
        setTimeout(() => {
          ok(response, body, request);
        }, 30),
    ];
    const result = await run(behaviors, many, { concurrency: 4, requestTimeoutMs: 5000 });
    const numbers = result.parts.map(({ batch }) => batch.number).sort((a, b) => a - b);
    expect(numbers).toEqual(range(1, numbers.length + 1));
    expect(numbers.length).toBeLessThan(12);
    expect(result.error).toMatchObject({ code: 'unauthorized' });
    expect(result.fatals).toHaveLength(1);
  });

  test('are spaced by the rate', async () => {
    const result = await run([ok], many, { concurrency: 1, maxRequestsPerSecond: 10 });
    expect(result.slept).toEqual(Array.from({ length: 11 }, () => 100));
  });
});

describe('Retry-After', () => {
  test('holds back every request, not only the one that was told', async () => {
    const { clock, sleep, runUntil } = sharedTime();
    const at: number[] = [];
    const done = deliverBatches(batchesFrom([1, 2, 3, 4].map((number) => batchOf(5, number))), {
      url: 'https://api.test/?access_token=t0ken',
      version: '0',
      concurrency: 2,
      maxRequestsPerSecond: 10,
      repeatable: true,
      stopAtFirstRefusal: false,
      settle: () => undefined,
      clock,
      sleep,
      random: () => 0,
      transport: {
        post: () => {
          at.push(clock());
          const told = at.length === 1;
          return Promise.resolve({
            kind: 'response',
            status: told ? 429 : 200,
            body: '{"status":"VALID"}',
            truncated: false,
            ...(told && { retryAfterMs: 60_000 }),
          });
        },
        close: () => Promise.resolve(),
      },
    });
    await runUntil(done);
    await done;
    expect(at).toHaveLength(5);
    expect(at[0]).toBe(0);
    expect(Math.min(...at.slice(1))).toBe(60_000);
  });
});

describe('stopping from outside', () => {
  test('settles what is in flight and pulls no more', async () => {
    const stop = new AbortController();
    const slowly: Behavior = (response, body, request) => {
      stop.abort();
      setTimeout(() => {
        ok(response, body, request);
      }, 10);
    };
    const result = await run([slowly], [batchOf(5, 1), batchOf(5, 2)], {
      signal: stop.signal,
      requestTimeoutMs: 5000,
    });
    expect(result.parts).toMatchObject([{ outcome: 'sent', batch: { number: 1 } }]);
    expect(result.error).toBeUndefined();
  });

  test('cuts a wait short, and keeps its doubt', async () => {
    const stop = new AbortController();
    const result = await run([answering(503)], [batchOf(5)], {
      signal: stop.signal,
      sleep: () => {
        stop.abort();
        return Promise.resolve();
      },
    });
    expect(outcomes(result.parts).in_doubt).toEqual(ALL);
    expect(result.bodies).toHaveLength(1);
    expect(result.error).toBeUndefined();
  });

  test('before the start sends nothing', async () => {
    const result = await run([ok], [batchOf(5)], { signal: AbortSignal.abort() });
    expect([result.parts, result.bodies, result.error]).toEqual([[], [], undefined]);
  });

  test('closes the source', async () => {
    let closed = false;
    async function* source(): AsyncGenerator<Batch, void, undefined> {
      try {
        for (;;) {
          await Promise.resolve();
          yield batchOf(5);
        }
      } finally {
        closed = true;
      }
    }
    await run([answering(401)], source());
    expect(closed).toBe(true);
  });

  test('a batch that was on its way is accounted for', async () => {
    const stop = new AbortController();
    async function* source(): AsyncGenerator<Batch, void, undefined> {
      await Promise.resolve();
      stop.abort();
      yield batchOf(5);
    }
    const result = await run([ok], source(), { signal: stop.signal });
    expect(outcomes(result.parts).not_attempted).toEqual(ALL);
    expect(result.bodies).toEqual([]);
  });
});

describe('a source', () => {
  test('is asked for one batch at a time', async () => {
    let asked = 0;
    let given = 0;
    let most = 0;
    const source: AsyncIterable<Batch> = {
      [Symbol.asyncIterator]: () => ({
        next: async () => {
          asked += 1;
          most = Math.max(most, asked - given);
          await new Promise(setImmediate);
          given += 1;
          return given > 6 ? { done: true, value: undefined } : { done: false, value: batchOf(1, given) };
        },
      }),
    };
    const result = await run([ok], source, { concurrency: 4 });
    expect(result.parts).toHaveLength(6);
    expect(most).toBe(1);
  });
});

describe('what throws', () => {
  test('a failing source: what came before it is delivered, then it is passed on', async () => {
    const failure = new RunError('broken_quote', 'a quote');
    async function* source(): AsyncGenerator<Batch, void, undefined> {
      yield batchOf(5, 1);
      yield batchOf(5, 2);
      await Promise.resolve();
      throw failure;
    }
    const result = await run([answering(503), ok], source(), { concurrency: 2 });
    expect(result.parts.map(({ outcome }) => outcome)).toEqual(['sent', 'sent']);
    expect(result.error).toBe(failure);
  });

  test('a failing callback stops the run and is passed on', async () => {
    const failure = new Error('disk full');
    const settle = (): void => {
      throw failure;
    };
    const result = await run([ok], [batchOf(5, 1), batchOf(5, 2)], { settle });
    expect(result.error).toBe(failure);
    expect(result.bodies).toHaveLength(1);
  });
});

test('the token is in nothing that is shown', async () => {
  const echo: Behavior = (response, body, request) => {
    const said = `${TOKEN} ${encodeURIComponent(TOKEN)} ${request.url ?? ''}`;
    answering(401, { status: 'INVALID', reason: said })(response, body, request);
  };
  const results = [
    await run([echo], [batchOf(2)]),
    await run([reset], [batchOf(2)], { retryForMs: 0 }),
    await run([garbage], [batchOf(2)], { retryForMs: 0 }),
    await run([answering(400, TOKEN)], [batchOf(2)]),
  ];
  for (const { error, attempts, parts } of results) {
    const { message, stack, cause } = (error ?? {}) as Partial<Error>;
    const settled = parts.map((part) => ({ ...part, batch: undefined }));
    const shown = [
      message,
      stack,
      JSON.stringify(error),
      JSON.stringify(attempts),
      JSON.stringify(settled),
    ].join('\n');
    expect(shown).not.toMatch(/s3cret|access_token=(?!\*\*\*)/);
    expect(cause).toBeUndefined();
  }
});
