import { describe, expect, test } from 'vitest';

import type { AccessTokens } from '../../src/access.js';
import { RunError } from '../../src/errors.js';
import { createSecrets } from '../../src/secrets.js';
import type { Answer } from '../../src/deliver/types.js';
import { run } from './run.js';
import { answering, batchOf, ok, outcomes, type Behavior } from './support.js';
import { answer, deliverVirtually, TAKEN, virtualTime } from './virtual.js';

const refused = answering(401, '{"status":"INVALID","reason":"Invalid access token"}');

/** Tokens t1, t2, …: each renewal gives the next one. */
function tokens(most = 9): AccessTokens & { readonly refusedOnes: string[] } {
  let held = 1;
  const refusedOnes: string[] = [];
  return {
    refusedOnes,
    current: () => Promise.resolve(`t${held}`),
    renew(one) {
      refusedOnes.push(one);
      if (`t${held}` === one) held += 1;
      return held > most
        ? Promise.reject(new RunError('unauthorized', 'the credential is used up'))
        : Promise.resolve(`t${held}`);
    },
  };
}

function verdictsOf(result: Awaited<ReturnType<typeof run>>): readonly string[] {
  return result.attempts.map((attempt) => attempt.verdict);
}

describe('a refused access token', () => {
  test('is renewed once, and the batch goes on as if nothing had been', async () => {
    const access = tokens();
    const paths: string[] = [];
    const listen: Behavior = (response, body, request) => {
      paths.push(request.url ?? '');
      ok(response, body, request);
    };
    const result = await run([refused, listen], [batchOf(5)], { access });
    expect(outcomes(result.parts).sent).toHaveLength(5);
    expect(verdictsOf(result)).toEqual(['renew', 'accept']);
    expect(access.refusedOnes).toEqual(['t1']);
    expect(paths).toEqual(['/v3/asset/events?access_token=t2']);
    expect(result.slept).toEqual([]);
    expect(result.error).toBeUndefined();
  });

  test('ends the run when the new one is refused as well', async () => {
    const access = tokens();
    const result = await run([refused], [batchOf(5)], { access });
    expect(verdictsOf(result)).toEqual(['renew', 'abort']);
    expect(outcomes(result.parts).not_attempted).toHaveLength(5);
    expect(result.error).toMatchObject({ code: 'unauthorized', exitCode: 77 });
  });

  test('is renewed again when others got through meanwhile: tokens end while requests wait, too', async () => {
    const access = tokens(1000);
    const uses = new Map<string, number>();
    const goodForTwo: Behavior = (response, body, request) => {
      const token = request.url ?? '';
      const before = uses.get(token) ?? 0;
      uses.set(token, before + 1);
      (before < 2 ? ok : refused)(response, body, request);
    };
    const batches = Array.from({ length: 20 }, (_, index) => batchOf(5, index + 1));
    const result = await run([goodForTwo], batches, { access, concurrency: 6 });
    expect(result.error).toBeUndefined();
    expect(outcomes(result.parts).sent).toHaveLength(100);
  });

  test('is not renewed without end for a batch that no token does for', async () => {
    const access = tokens(1000);
    const picky: Behavior = (response, body, request) => {
      (body.includes('"event_id":"5"') ? refused : ok)(response, body, request);
    };
    const batches = Array.from({ length: 200 }, (_, index) => batchOf(index === 1 ? 6 : 5, index + 1));
    const result = await run([picky], batches, { access, concurrency: 2 });
    expect(result.error).toMatchObject({ code: 'unauthorized' });
    expect(access.refusedOnes.length).toBeLessThanOrEqual(50);
  });

  test('may be renewed again after other answers: a run outlives many tokens', async () => {
    const access = tokens();
    const flaky = answering(503, '');
    const result = await run([refused, flaky, refused, ok, refused, ok], [batchOf(5), batchOf(5, 2)], {
      access,
    });
    expect(verdictsOf(result)).toEqual(['renew', 'retry', 'renew', 'accept', 'renew', 'accept']);
    expect(access.refusedOnes).toEqual(['t1', 't2', 't3']);
    expect(result.error).toBeUndefined();
  });

  test('without another one ends the run', async () => {
    const result = await run([refused], [batchOf(5)]);
    expect(verdictsOf(result)).toEqual(['abort']);
    expect(result.error).toMatchObject({ code: 'unauthorized' });
  });

  test('that cannot be renewed ends the run with the reason, and settles every event', async () => {
    const result = await run([refused], [batchOf(5)], { access: tokens(1) });
    expect(outcomes(result.parts).not_attempted).toHaveLength(5);
    expect(result.error).toMatchObject({ message: 'the credential is used up' });
  });

  test.each([
    ['400 that speaks of the token', 400, 'Access token has expired', true],
    ['403 that speaks of the token', 403, 'The access token is invalid', true],
    ['401 without a word', 401, '', true],
    ['an event source it is not good for', 403, 'Unauthorized resources', false],
    ['a wrong asset', 400, 'The provided asset id must be valid UUID format.', false],
  ])('%s', async (_, status, reason, renews) => {
    const body = reason === '' ? '' : JSON.stringify({ status: 'INVALID', reason });
    const result = await run([answering(status, body), ok], [batchOf(5)], { access: tokens() });
    expect(verdictsOf(result)).toEqual(renews ? ['renew', 'accept'] : ['abort']);
  });
});

test('the token is asked for when the request may begin, not before it waits for its turn', async () => {
  const time = virtualTime();
  const ages: number[] = [];
  const access: AccessTokens = {
    current: () => Promise.resolve(`${time.clock()}`),
    renew: () => Promise.resolve(undefined),
  };
  const post = (_: Uint8Array, token: string): Promise<Answer> => {
    ages.push(time.clock() - Number(token));
    return Promise.resolve(ages.length % 3 === 0 ? answer(503) : TAKEN);
  };
  const batches = Array.from({ length: 20 }, (_, index) => batchOf(1, index + 1));
  const transport = { post, close: () => Promise.resolve() };
  const options = { time, access, transport, maxRequestsPerSecond: 1 };
  await deliverVirtually(batches, () => TAKEN, options);
  expect(ages.length).toBeGreaterThan(20);
  expect(new Set(ages)).toEqual(new Set([0]));
});

test('a run that gets no token at all sends nothing', async () => {
  const access: AccessTokens = {
    current: () => Promise.reject(new RunError('token_missing', 'no token')),
    renew: () => Promise.resolve(undefined),
  };
  const result = await run([ok], [batchOf(5)], { access });
  expect(result.attempts).toEqual([]);
  expect(outcomes(result.parts).not_attempted).toHaveLength(5);
  expect(result.error).toMatchObject({ code: 'token_missing' });
});

test('a secret learned during the run is taken out of what the API says', async () => {
  const secrets = createSecrets();
  secrets.add('fresh-t0ken');
  const echo = answering(400, '{"status":"INVALID","reason":"bad fresh-t0ken"}');
  const result = await run([echo], [batchOf(1)], { secrets });
  expect(result.attempts[0]?.reason).toBe('bad ***');
});
