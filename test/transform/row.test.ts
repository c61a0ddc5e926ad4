import { describe, expect, it } from 'vitest';
import { codesOf, COMPLETE, eventOf, RECENT, transform } from './support.js';

const H = {
  person: '542d240129883c019e106e3b1b2d3f3cb3537c43c425364de8e951d5a3083345',
  phone: 'dc008fda46e2e64002cf2f82a4906236282d431c4f75e5b60bfe79fc48546383',
  us: '79adb2a2fce5c6ba215fe5f27f532d4e7edbac4b6a5e09e1ef3a08084a904621',
  de: '959a45d44e6fcf58361ed004681556fe50129f2109e817dec098c00c9e5d2578',
  ny: '1b06e2003f8420d6fa42badd8f77ec0f706b976b7a48b13c567dc5a559681683',
  newyork: '350c754ba4d38897693aa077ef43072a859d23f613443133fecbbd90a3512ca5',
  zip: 'b83c588da0c6931625f42e0948054a3ade722bfd02c27816305742ed7390ac6c',
};

describe('a complete web event', () => {
  it('is written with sorted keys at every level', () => {
    const result = transform({ ...COMPLETE, zeta: 'z', alpha: 'a' });
    expect(result.outcome === 'ok' && result.text).toBe(
      `{"action_source":"WEB","custom_data":{"alpha":"a","zeta":"z"},"event_id":"e-1","event_name":"PAGE_VIEW",` +
        `"event_source_url":"https://example.com/","event_time":1795175940000,"user_data":{"em":["${H.person}"]}}`,
    );
  });

  it('leaves out an object that has no members', () => {
    expect(Object.keys(eventOf({}))).not.toContain('custom_data');
  });
});

describe('NULL', () => {
  it.each([
    ['empty text', ''],
    ['blank text', '  \t'],
    ['\\N', '\\N'],
    ['JSON null', null],
    ['an absent key', undefined],
  ])('leaves out %s', (_, cell) => {
    expect(eventOf({ fn: cell, note: cell })).toEqual(eventOf({}));
  });

  it('knows further spellings', () => {
    expect(eventOf({ note: 'NULL' }, { nullTexts: ['NULL'] })).toEqual(eventOf({}));
    expect(eventOf({ note: 'NULL' })).toMatchObject({ custom_data: { note: 'NULL' } });
  });

  it('never hashes an empty string, not even what normalizing leaves empty', () => {
    const event = eventOf({ fn: '...', ct: ' - ', external_id: '   ' });
    expect(event['user_data']).toEqual({ em: [H.person] });
  });
});

describe('hashed fields', () => {
  it('take numbered columns, JSON array text and native arrays', () => {
    const hashes = [H.person, '20b82517b67108ed3a171539dc5dd1da605660249b02f38dd70f572a545c7d18'];
    const expected = { user_data: { em: hashes } };
    const { em: _, ...rest } = COMPLETE;
    const read = (cells: Record<string, string | string[]>): unknown => {
      const result = transform({ ...rest, ...cells });
      return result.outcome === 'ok' ? JSON.parse(result.text) : result.issues;
    };
    expect(read({ em_1: 'Person@Example.com ', em_2: '', em_3: 'test123@example.com' })).toMatchObject(
      expected,
    );
    expect(read({ em: '["Person@Example.com", null, "test123@example.com"]' })).toMatchObject(expected);
    expect(read({ em: ['Person@Example.com', 'test123@example.com'] })).toMatchObject(expected);
  });

  it('take text in brackets as a list', () => {
    expect(codesOf({ fn: '[John]' })).toEqual(['ok']);
    expect(eventOf({ fn: '[John]' })).toMatchObject({
      user_data: { fn: ['96d9632f363564cc3032521409cf22a852f2032eec099ed5967c0d000cec607a'] },
    });
    expect(eventOf({ content_category: '[Sale]' })).toMatchObject({
      custom_data: { content_category: 'Sale' },
    });
  });

  it('never see half a surrogate pair or a NUL out of JSON text', () => {
    for (const fn of ['["x\\ud800"]', '["a\\u0000b"]']) expect(codesOf({ fn })[0]).not.toBe('ok');
    expect(codesOf({ contents: '[{"id":"\\ud800"}]' })).toEqual(['invalid', 'invalid_contents@contents']);
    expect(codesOf({ content_ids: '["\\ud800"]' })).toEqual(['invalid', 'lone_surrogate@content_ids']);
  });

  it('skip blank elements, and keep a ready hash with blanks around it', () => {
    expect(eventOf({ em: `["person@example.com", " ", "  ${H.phone}  "]` })).toMatchObject({
      user_data: { em: [H.person, H.phone] },
    });
  });

  it('compose text that is only trimmed', () => {
    expect(eventOf({ external_id: 'e\u0301' })).toEqual(eventOf({ external_id: '\u00e9' }));
  });

  it('keep a ready hash (lower-cased) and drop repeats after hashing', () => {
    expect(eventOf({ em: `["person@example.com","${H.person.toUpperCase()}"]` })).toMatchObject({
      user_data: { em: [H.person] },
    });
  });

  it('hash any other hash again, as raw data', () => {
    // printf 5f4dcc3b5aa765d61d8327deb882cf99 | sha256sum
    expect(eventOf({ external_id: '5f4dcc3b5aa765d61d8327deb882cf99' })).toMatchObject({
      user_data: { external_id: ['3f2cd8e57b096fe7e4a78a5627e34ca3f885ad65a56e61c287cf4211bbc5949f'] },
    });
  });

  it('normalize to NFC before hashing', () => {
    const composed = eventOf({ fn: 'Raphaël' });
    expect(eventOf({ fn: 'Raphae\u0308l' })).toEqual(composed);
    expect(composed).toMatchObject({
      user_data: { fn: ['e74bb89e718fe1e19c422a48382870399f8bf7ca8dfa008739e75b0be76627b7'] },
    });
  });

  it('take numbers as their digits', () => {
    expect(eventOf({ ph: 448444124653 })).toMatchObject({ user_data: { ph: [H.phone] } });
    expect(eventOf({ ph: 448444124653n })).toMatchObject({ user_data: { ph: [H.phone] } });
  });

  it('refuse objects and text that only looks like a list', () => {
    expect(codesOf({ fn: { first: 'x' } })).toEqual(['invalid', 'wrong_type@fn']);
    expect(codesOf({ content_ids: '[a, b' })).toEqual(['invalid', 'invalid_array@content_ids']);
    expect(codesOf({ fn: '[["Ann"]]' })).toEqual(['invalid', 'invalid_array@fn']);
  });
});

describe('state and postal code', () => {
  it.each([
    ['no country', {}, H.ny],
    ['US', { country: 'USA' }, H.ny],
    ['US, hashed', { country: H.us }, H.ny],
    ['another country', { country: 'Germany' }, H.newyork],
    ['another country, hashed', { country: H.de }, H.newyork],
  ])('see the country: %s', (_, cells, hash) => {
    expect(eventOf({ st: 'New York', ...cells })).toMatchObject({ user_data: { st: [hash] } });
  });

  it('see the country wherever its column stands', () => {
    expect(eventOf({ st: 'New York', country: 'de' })).toEqual(eventOf({ country: 'de', st: 'New York' }));
  });

  it('apply no rule of the United States to a country that is not known', () => {
    const event = eventOf({ st: 'New York', zp: '94105-1234', country: 'Atlantis' });
    expect(event).toMatchObject({
      // printf 941051234 | sha256sum
      user_data: {
        st: [H.newyork],
        zp: ['0f5f5669ff2667c30b9f9df50e282aed448ddc9fc1ad9a4e22f249c51910db9d'],
      },
    });
    expect(event['user_data']).not.toHaveProperty('country');
  });

  it('assume the default country, which is never sent', () => {
    const event = eventOf({ zp: '90210 1234' }, { defaultCountry: 'us' });
    expect(event).toMatchObject({ user_data: { zp: [H.zip] } });
    expect(event['user_data']).not.toHaveProperty('country');
    expect(eventOf({ zp: '90210 1234', country: '' }, { defaultCountry: 'us' })).toMatchObject({
      user_data: { zp: [H.zip] },
    });
    expect(eventOf({ st: 'New York' }, { defaultCountry: 'fr' })).toMatchObject({
      user_data: { st: [H.newyork] },
    });
  });
});

describe('event time', () => {
  const time = (cells: Record<string, string>, options = {}): unknown =>
    eventOf(cells, options)['event_time'];

  it('goes out in milliseconds, for OFFLINE in seconds, unless forced', () => {
    expect(time({})).toBe(1795175940000);
    expect(time({}, { eventSourceType: 'OFFLINE' })).toBe(1795175940);
    expect(time({}, { eventTimeUnit: 'seconds' })).toBe(1795175940);
    expect(time({}, { eventSourceType: 'OFFLINE', eventTimeUnit: 'milliseconds' })).toBe(1795175940000);
  });

  it('expires strictly after max_event_age_days', () => {
    const limit = '2026-11-13 12:00:00.000';
    expect(codesOf({ event_time: limit })[0]).toBe('ok');
    expect(codesOf({ event_time: '2026-11-13 11:59:59.999' })).toEqual([
      'expired',
      'event_expired@event_time',
    ]);
    expect(codesOf({ event_time: '2026-11-13 11:59:59.999' }, { maxEventAgeDays: 8 })[0]).toBe('ok');
  });

  it('is expired even when the row is invalid besides', () => {
    expect(codesOf({ event_time: '2026-01-01', em: 'nonsense' })[0]).toBe('expired');
  });

  it('may be max_future_minutes ahead, not more', () => {
    expect(codesOf({ event_time: '2026-11-20T13:00:00Z' })[0]).toBe('ok');
    expect(codesOf({ event_time: '2026-11-20T13:00:00.001Z' })).toEqual([
      'invalid',
      'event_in_future@event_time',
    ]);
    expect(codesOf({ event_time: '2026-11-20T13:00:00.001Z' }, { maxFutureMinutes: 61 })[0]).toBe('ok');
  });
});

describe('required fields', () => {
  it.each([
    [{ event_name: '' }, ['invalid', 'missing_required@event_name']],
    [{ event_time: null }, ['invalid', 'missing_required@event_time']],
    [{ event_source_url: '' }, ['invalid', 'missing_required@event_source_url']],
    [{ event_name: 'purchase' }, ['invalid', 'missing_required@currency', 'missing_required@value']],
    [{ event_name: 'PURCHASE', currency: 'EUR', value: '0' }, ['ok']],
    [{ event_name: 'PURCHASE', currency: 'EUR', value: '1,234.50' }, ['invalid', 'invalid_number@value']],
    [{ em: '' }, ['invalid', 'missing_identifier']],
  ])('%j gives %j', (cells, codes) => {
    expect(codesOf(cells)).toEqual(codes);
  });

  it('does not ask for a URL outside WEB', () => {
    expect(codesOf({ event_source_url: null }, { eventSourceType: 'OFFLINE' })).toEqual(['ok']);
    expect(codesOf({ event_source_url: 'nonsense' }, { eventSourceType: 'OFFLINE' })[0]).toBe('invalid');
  });

  it('collects every problem of a row', () => {
    const codes = codesOf({ em: 'x', event_name: 'NOPE', value: 'abc' });
    expect([...codes].sort()).toEqual([
      'invalid',
      'invalid_email@em',
      'invalid_number@value',
      'unknown_event_name@event_name',
    ]);
  });
});

describe('identifiers', () => {
  const ip = { client_ip_address: '203.0.113.195' };
  const agent = { client_user_agent: 'Chrome/87.0.4180.143' };
  const click = { sc_click_id: '123e4567-e89b-12d3-a456-426614174000' };

  it.each([
    ['ip alone', ip, ['ok', 'weak_identifier']],
    ['user agent alone', agent, ['ok', 'weak_identifier']],
    ['click id alone', click, ['ok', 'weak_identifier']],
    ['click id and ip', { ...click, ...ip }, ['ok', 'weak_identifier']],
    ['ip and user agent', { ...ip, ...agent }, ['ok']],
    ['madid', { madid: '123ABC' }, ['ok']],
    ['phone', { ph: '+44 844 412 4653' }, ['ok']],
  ])('%s', (_, cells, codes) => {
    expect(codesOf({ em: null, ...cells })).toEqual(codes);
  });
});

describe('drop_field', () => {
  const drop = { onInvalidField: 'drop_field' } as const;

  it('leaves out an invalid optional value with a warning', () => {
    const event = eventOf({ value: 'abc', content_type: 'x', num_adults: '2' }, drop);
    expect(event).toMatchObject({ custom_data: { num_adults: 2 } });
    expect(event['custom_data']).toEqual({ num_adults: 2 });
    expect(codesOf({ value: 'abc' }, drop)).toEqual(['ok', 'field_dropped@value']);
  });

  it('leaves out only the invalid member of contents', () => {
    const cells = { contents: '[{"id":"a","item_price":"9,99"}]' };
    expect(codesOf(cells, drop)).toEqual(['ok', 'field_dropped@contents']);
    expect(eventOf(cells, drop)).toMatchObject({ custom_data: { contents: [{ id: 'a' }] } });
    expect(codesOf({ content_id_1: 'A', content_quantity_1: 'x' }, drop)).toEqual([
      'ok',
      'field_dropped@content_quantity_1',
    ]);
  });

  it('leaves out only the invalid element of a list', () => {
    expect(codesOf({ em: '["person@example.com","nonsense"]' }, drop)).toEqual(['ok', 'field_dropped@em']);
  });

  it.each([
    ['event name', { event_name: 'NOPE' }, 'unknown_event_name@event_name'],
    ['event time', { event_time: '123' }, 'invalid_event_time@event_time'],
    ['URL of a web event', { event_source_url: 'x' }, 'invalid_url@event_source_url'],
    ['value of a purchase', { event_name: 'PURCHASE', currency: 'EUR', value: 'x' }, 'invalid_number@value'],
    ['last identifier', { em: 'nonsense' }, 'invalid_email@em'],
  ])('keeps the row invalid without its %s', (_, cells, code) => {
    const codes = codesOf(cells, drop);
    expect(codes[0]).toBe('invalid');
    expect(codes).toContain(code);
  });
});

describe('values dropped with a warning', () => {
  it('are not sent, and the row goes on', () => {
    expect(codesOf({ ge: 'x', country: 'Atlantis' })).toEqual([
      'ok',
      'unknown_country@country',
      'unknown_gender@ge',
    ]);
    expect(eventOf({ ge: 'x', country: 'Atlantis' })).toEqual(eventOf({}));
  });

  it('count a suspicious phone number and send it', () => {
    expect(codesOf({ ph: '12345' })).toEqual(['ok', 'suspicious_phone@ph']);
    expect(codesOf({ ph: '+44 (0)20 7946 0000' })).toEqual(['ok', 'suspicious_phone@ph']);
  });
});

describe('booleans and processing options', () => {
  it('put advertiser_tracking_enabled at the event level for WEB and OFFLINE', () => {
    expect(eventOf({ advertiser_tracking_enabled: 'Yes' })).toMatchObject({ advertiser_tracking_enabled: 1 });
    expect(eventOf({ advertiser_tracking_enabled: false }, { eventSourceType: 'OFFLINE' })).toMatchObject({
      advertiser_tracking_enabled: 0,
    });
  });

  it.each([['lmu'], ['["lmu"]']])('take data_processing_options as %s', (cell) => {
    expect(eventOf({ data_processing_options: cell })).toMatchObject({ data_processing_options: ['LMU'] });
  });

  it('take data_processing_options flattened, and refuse other words', () => {
    expect(eventOf({ data_processing_options_1: 'LMU', data_processing_options_2: 'delete' })).toMatchObject({
      data_processing_options: ['LMU', 'DELETE'],
    });
    expect(codesOf({ data_processing_options: 'LDU' })).toEqual([
      'invalid',
      'invalid_choice@data_processing_options',
    ]);
  });
});

describe('event id', () => {
  const { event_id: _, ...anonymous } = COMPLETE;
  const idOf = (cells: object, options = {}): unknown => {
    const result = transform({ ...anonymous, ...cells }, options);
    return result.outcome === 'ok'
      ? (JSON.parse(result.text) as { event_id?: string }).event_id
      : result.issues;
  };

  it('is taken from the column, even with event_id none', () => {
    expect(idOf({ event_id: 'A-1' })).toBe('A-1');
    expect(idOf({ event_id: 'A-1' }, { eventId: 'none' })).toBe('A-1');
    expect(idOf({}, { eventId: 'none' })).toBeUndefined();
  });

  it('is else SHA-256 over the source id and the canonical event', () => {
    // printf '%s\n%s' <source id> '{"action_source":"WEB",…}' | sha256sum
    expect(idOf({})).toBe('20942a692ad7ad6c36c38c55c80cfd9ee3345b3b3ee184dc22c97beb8347beb2');
  });

  it('does not depend on the order of columns, the time of the run or the unit of the time', () => {
    const id = idOf({ a: '1', b: '2' });
    expect(idOf({ b: '2', a: '1' })).toBe(id);
    expect(idOf({ a: '1', b: '2', event_time: `${RECENT}000` })).toBe(id);
    expect(idOf({ a: '1', b: '2' }, { asOfMs: 1_795_176_000_001 })).toBe(id);
    expect(idOf({ a: '1', b: '2' }, { eventTimeUnit: 'seconds' })).toBe(id);
  });

  it('depends on the values and on the source id', () => {
    const id = idOf({ a: '1' });
    expect(idOf({ a: '2' })).not.toBe(id);
    expect(idOf({ a: '1' }, { eventSourceId: 'other' })).not.toBe(id);
  });

  it('leaves out what constants, templates and variables added', () => {
    const list = [
      { value: 'spring', to: 'campaign' },
      { template: '{segment_name}-{timestamp}', to: 'note' },
    ];
    const options = { mapping: { all: true, list }, variables: { segment_name: 'buyers' } };
    expect(idOf({ a: '1' }, options)).toBe(idOf({ a: '1' }));
  });
});
