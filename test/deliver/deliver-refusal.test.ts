import { describe, expect, test } from 'vitest';

import { answering, batchOf, ok, outcomes, type Behavior } from './support.js';
import { ALL, garbage, reset, run, TOKEN } from './run.js';

describe('an answer that stops the run', () => {
  test.each<[string, Behavior, string]>([
    ['401', answering(401, { status: 'INVALID', reason: 'Invalid access token' }), 'unauthorized'],
    ['403', answering(403, { status: 'INVALID', reason: 'Forbidden' }), 'unauthorized'],
    [
      'a wrong asset',
      answering(400, { status: 'INVALID', reason: 'Unauthorized resources' }),
      'unauthorized',
    ],
    ['404', answering(404, { status: 'INVALID', reason: 'No such route.' }), 'wrong_endpoint'],
  ])('%s: one request, nothing is called sent', async (_, behavior, code) => {
    const result = await run([behavior], [batchOf(5, 1), batchOf(5, 2)]);
    expect(result.bodies).toHaveLength(1);
    expect(outcomes(result.parts)).toEqual({ sent: [], refused: [], in_doubt: [], not_attempted: ALL });
    expect(result.error).toMatchObject({ code });
    expect(result.attempts).toMatchObject([{ verdict: 'abort' }]);
  });

  test.each<[string, Behavior, string]>([
    ['a redirect', answering(302, '', { Location: 'http://127.0.0.1:1/' }), 'redirect_refused'],
    ['403', answering(403, '<html>'), 'unauthorized'],
    ['404', answering(404, 'nothing here'), 'wrong_endpoint'],
  ])('%s without JSON of the API: five requests', async (_, behavior, code) => {
    const result = await run([behavior], [batchOf(5, 1), batchOf(5, 2)]);
    expect(result.bodies).toHaveLength(5);
    expect(outcomes(result.parts).not_attempted).toEqual(ALL);
    expect(result.error).toMatchObject({ code });
  });

  test('a page is the end at once when there is no time for another try', async () => {
    const result = await run([answering(404, '<html>')], [batchOf(5)], { retryForMs: 0 });
    expect(result.bodies).toHaveLength(1);
    expect(result.error).toMatchObject({ code: 'wrong_endpoint' });
  });

  test.each([300, 302, 304, 402, 403, 404, 405, 407, 409, 410, 418, 451])(
    'a page with %i now and then is not the end',
    async (status) => {
      const page = answering(status, '<html>');
      const result = await run([page, ok, page, page, page, page, ok], [batchOf(5), batchOf(5, 2)]);
      expect(result.error).toBeUndefined();
      expect(outcomes(result.parts).sent).toHaveLength(10);
    },
  );

  test('with 200 leaves its events in doubt, which are not sent twice without ids', async () => {
    for (const reason of ['Unauthorized resources', 'Invalid access token']) {
      const access = { current: () => Promise.resolve('t1'), renew: () => Promise.resolve('t2') };
      const behavior = answering(200, { status: 'INVALID', reason });
      const result = await run([behavior], [batchOf(5)], { repeatable: false, access });
      expect(outcomes(result.parts).in_doubt).toEqual(ALL);
      expect(result.bodies).toHaveLength(1);
      expect(result.error).toMatchObject({ code: 'unauthorized' });
    }
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
