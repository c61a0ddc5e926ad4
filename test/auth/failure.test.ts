import { expect, test } from 'vitest';

import { judgeRejection } from '../../src/auth/failure.js';

test.each([
  ['PROXY_TIMEOUT', false],
  ['PROXY_HTTP_502', false],
  ['ECONNREFUSED', false],
  ['ECONNRESET', true],
  ['TIMEOUT', true],
])('a request that ended with %s may have arrived: %s', (code, lost) => {
  const failure = judgeRejection(Object.assign(new Error('no answer'), { code }));
  expect(failure).toMatchObject({ lost });
  expect(failure).not.toHaveProperty('lasting');
});
