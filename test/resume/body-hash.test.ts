import { expect, test } from 'vitest';

import { sliceBatch } from '../../src/deliver/batch.js';
import { hashBody } from '../../src/resume/body-hash.js';
import { batchOf } from '../deliver/support.js';

// Length and CRC-32 as Python's zlib gives it for {"data":[{"event_id":"0"},…,{"event_id":"3"}]}.
test('the hash of a body is its length and its CRC-32, however it is cut into chunks', () => {
  expect(hashBody(batchOf(4))).toBe('78-704d70fe');
});

test('another body has another hash', () => {
  expect(hashBody(sliceBatch(batchOf(5), 1, 5))).not.toBe(hashBody(batchOf(4)));
});
