import { describe, expect, test } from 'vitest';

import { createEchoFilter } from '../../src/deliver/echo.js';

const BODY = JSON.stringify({
  data: [
    {
      event_name: 'PURCHASE',
      event_time: 1763553600000,
      custom_data: { value: 507, note: 'Åsa "B"', city: 'Oslo', title: 'red\u001b\u202egnp1' },
    },
    { event_source_url: 'https://example.com/thanks?order=Zk9Q1234', user_data: { em: ['a1b2c3'] } },
  ],
});
const hide = createEchoFilter(Buffer.from(BODY));

describe('what an answer quotes of the request', () => {
  test.each([
    ['value "Åsa \\"B\\"" of note', 'value "***" of note'],
    ['event_time 1763553600000 is too old', 'event_time *** is too old'],
    ['no such page: /thanks?order=Zk9Q1234&x=1', 'no such page: ***&x=1'],
    ['no such page: Zk9Q1234!', 'no such page: ***!'],
    ['title redgnp1 is odd', 'title *** is odd'],
    ['Oslo, not Osloer: a1b2c3', '***, not Osloer: ***'],
    [Buffer.from(BODY).toString('base64'), '***'],
  ])('%s', (said, shown) => {
    expect(hide(said)).toBe(shown);
  });

  test('is hidden also where the text is cut', () => {
    expect(hide(`${'. '.repeat(295)}https://example.com/thanks`)).not.toContain('https');
  });

  test('leaves the words of the API: names, codes and small numbers', () => {
    const said =
      '507: custom_data.note of user_data is required; request 0b9c7c7e-3a0e-4a50-9a3e-2f6a3e9d1c11';
    expect(hide(said)).toBe(said);
  });
});
