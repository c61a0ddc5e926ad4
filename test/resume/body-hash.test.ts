import { expect, test } from 'vitest';

import { sliceBatch } from '../../src/deliver/batch.js';
import { hashBody } from '../../src/resume/body-hash.js';
import { batchOf } from '../deliver/support.js';

// Length and what `openssl mac -cipher AES-128-GCM -macopt hexkey:00… -macopt hexiv:00… GMAC` gives for {"data":[{"event_id":"0"},…,{"event_id":"3"}]}.
test('the hash of a body is its length and its GMAC, however it is cut into chunks', () => {
  expect(hashBody(batchOf(4))).toBe('78-eaf9c24bd4ce4e6a2a683b5d64a0ba5d');
});

test('another body has another hash', () => {
  expect(hashBody(sliceBatch(batchOf(5), 1, 5))).not.toBe(hashBody(batchOf(4)));
});
