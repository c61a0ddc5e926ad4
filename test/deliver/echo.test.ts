import { describe, expect, test } from 'vitest';

import { createBatcher } from '../../src/deliver/batcher.js';
import { createCleaner } from '../../src/deliver/clean.js';
import { createEchoFilter } from '../../src/deliver/echo.js';
import type { Batch } from '../../src/deliver/types.js';
import { judge } from '../../src/deliver/verdict.js';
import { createSecrets } from '../../src/secrets.js';
import { encoded } from './support.js';

function batchOfTexts(texts: readonly string[]): Batch {
  const batcher = createBatcher({ batchSize: 2000, maxBatchBytes: 100_000_000 });
  const batch = batcher.add(encoded(texts), 'origin')[0] ?? batcher.flush();
  if (batch === undefined) throw new Error('no batch');
  return batch;
}

const EVENTS = [
  {
    event_name: 'START_CHECKOUT',
    event_time: 1763553600000,
    action_source: 'MOBILE_APP',
    custom_data: {
      value: 507,
      note: 'Åsa "B" Öl',
      city: 'Oslo',
      title: 'red\u001b\u202egnp1',
      content_type: 'product_group',
    },
  },
  {
    event_source_url: 'https://example.com/thanks?order=Zk9Q1234',
    user_data: { em: ['a1b2c3'] },
    custom_data: {
      name: 'Jöran Ågren',
      path: 'a%20b%20c%20d%20e',
      remark: 'the information about 12 required',
    },
  },
  { custom_data: { name: 'somebody else 99' } },
];
const BATCH = batchOfTexts(EVENTS.map((event) => JSON.stringify(event)));
const BODY = JSON.stringify({ data: EVENTS });
const hide = createEchoFilter(BATCH);

describe('what an answer quotes of the request', () => {
  test.each([
    ['value "Åsa \\"B\\" Öl" of note', 'value "***" of note'],
    ['event_time 1763553600000 is too old', 'event_time *** is too old'],
    ['no such page: /thanks?order=Zk9Q1234&x=1', 'no such page: ***&x=1'],
    ['no such page: Zk9Q1234!', 'no such page: ***!'],
    ['title redgnp1. is odd', 'title redgnp1. is odd'],
    ['name J%C3%B6ran%20%c3%85gren is odd', 'name *** is odd'],
    ['name J%C3%B6ran+%C3%85gren is odd', 'name *** is odd'],
    ['path a b c d e and a%20b%20c%20d%20e', 'path *** and ***'],
    [Buffer.from(BODY).toString('base64'), '***'],
  ])('%s', (said, shown) => {
    expect(hide(said)).toBe(shown);
  });

  test('is hidden also where the text is cut', () => {
    expect(hide(`${'. '.repeat(295)}https://example.com/thanks`)).not.toContain('example');
  });

  test.each([
    '507: custom_data.note of user_data is required; request 0b9c7c7e-3a0e-4a50-9a3e-2f6a3e9d1c11',
    'START_CHECKOUT needs a value. MOBILE_APP needs app_data. content_type is product or product_group.',
    'event_source_url must begin with https:// or http://',
    'Insufficient customer information.',
    'Oslo and a1b2c3 are short',
    '100 % of + and %zz',
  ])('leaves the words of the API: %s', (said) => {
    expect(hide(said)).toBe(said);
  });

  test('is looked for in the event that the text is about', () => {
    expect(hide('no somebody else 99, but Zk9Q1234', 0)).toBe('no somebody else 99, but ***');
    expect(hide('no somebody else 99, but Zk9Q1234', 2)).toBe('no ***, but Zk9Q1234');
    expect(hide('no somebody else 99, but Zk9Q1234', 7)).toBe('no ***, but ***');
  });
});

describe('cleaning takes time in proportion to the answer', () => {
  const texts = Array.from({ length: 2000 }, (_, index) =>
    JSON.stringify({
      event_id: `id-${index}-0123456789`,
      event_source_url: `https://shop.example.com/p/${index}?campaign=summer-${index}`,
      user_data: { em: ['a'.repeat(64).replace(/a$/, `${index}`)] },
      custom_data: Object.fromEntries(range(12).map((n) => [`field_${n}`, `value ${n} of row ${index}`])),
    }),
  );
  const batch = batchOfTexts(texts);
  const clean = createCleaner(createSecrets(['tok/en+s3cret=longer']), createEchoFilter(batch));

  /** Processor time in ms; the best of a few, because the first ones are compiled on the way. */
  function timeOf(work: () => void): number {
    const times = range(8).map(() => {
      const before = process.cpuUsage();
      work();
      return process.cpuUsage(before).user / 1000;
    });
    return Math.min(...times);
  }

  test('2,000 warnings of 300 characters', () => {
    const warning = (n: number): string =>
      `field_1 of "value 1 of row ${n}" is weak. `.padEnd(300, 'No match. ');
    const event_logs = texts.map((_, n) => ({ event: n + 1, status: 'VALID', warnings: [warning(n)] }));
    const body = JSON.stringify({ status: 'VALID', event_logs });
    const verdict = judge({ kind: 'response', status: 200, body, truncated: false }, { clean });
    expect(verdict).toMatchObject({ kind: 'accept' });
    const first = verdict.kind === 'accept' ? verdict.answers[7]?.warnings[0] : '';
    expect(first?.slice(0, 30)).toBe('field_1 of "***" is weak. No m');
    expect(
      timeOf(() => judge({ kind: 'response', status: 200, body, truncated: false }, { clean })),
    ).toBeLessThan(100);
  });

  test.each(['\\', '\\n', '%25', '&amp;', '"', ' ', '%'])('50,000 characters %j beside a token', (one) => {
    const many = `tok/en+s3cret=longer ${one.repeat(50_000 / one.length)}x`;
    expect(timeOf(() => clean(many))).toBeLessThan(100);
  });
});

function range(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}
