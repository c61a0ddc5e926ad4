import { describe, expect, it } from 'vitest';
import type { Cell } from '../../src/types.js';
import { codesOf, COMPLETE, eventOf, transform } from './support.js';

/** printf VALUE | sha256sum */
const SHA256 = {
  '501': '1158e7e12c5e7362318e5e3c2e1f2f1ab49578ab1d1691e9818a7c3f6b30b528',
  '1001': 'fe675fe7aaee830b6fed09b64e034f84dcbdaeb429d9cccd4ebb90e15af8dd71',
  '02116': '438fc16bf08121cc2f6124e437a2d5fd35c5a347cae8ad9999c4b6d791f414b9',
  '442079460958': '35e206e5dec4c89b9e8b71b8c32724a5bb518483ac5a20c6617d738375b3b823',
  john: '96d9632f363564cc3032521409cf22a852f2032eec099ed5967c0d000cec607a',
};

const user = (cells: Record<string, Cell>, options = {}): Record<string, unknown> =>
  eventOf(cells, options)['user_data'] as Record<string, unknown>;
const custom = (cells: Record<string, Cell>, options = {}): unknown => eventOf(cells, options)['custom_data'];
const idOf = (cells: Record<string, Cell>, options = {}): unknown =>
  eventOf({ event_id: '', ...cells }, options)['event_id'];

describe('numbers of spreadsheets and data frames as phones', () => {
  it.each<readonly [string, Cell]>([
    ['ph', '442079460958.0'],
    ['ph', '442079460958,0'],
    ['ph', '["442079460958.00"]'],
    ['ph', '[442079460958.0]'],
    ['ph_1', '442079460958.0'],
    ['ph', 442079460958],
    ['ph', '4.42079460958E+11'],
    ['ph', '="442079460958"'],
  ])('%s %j', (column, cell) => {
    expect(user({ [column]: cell })['ph']).toEqual([SHA256['442079460958']]);
  });

  it('are left out when digits are lost', () => {
    expect(user({ ph: '4.42079E+11' })).not.toHaveProperty('ph');
    expect(codesOf({ ph: '4.42079E+11' })).toEqual(['ok', 'phone_lost_digits@ph']);
  });
});

describe('phones', () => {
  it.each(['NOT-A-PHONE', '000'])('%s beside a good address costs only itself', (ph) => {
    expect(user({ ph })).not.toHaveProperty('ph');
    expect(codesOf({ ph })).toEqual(['ok', 'invalid_phone@ph']);
    expect(codesOf({ ph, em: '' })).toEqual(['invalid', 'missing_identifier', 'invalid_phone@ph']);
  });

  it('are compared with the country of the row, but not with default_country', () => {
    expect(codesOf({ ph: '(212) 555-0187', country: 'US' })).toEqual(['ok', 'phone_without_country_code@ph']);
    expect(codesOf({ ph: '(212) 555-0187' }, { defaultCountry: 'us' })).toEqual(['ok']);
    expect(codesOf({ ph: '442079460958', country: 'Nowhere' })).toEqual(['ok', 'unknown_country@country']);
  });

  it('are completed with the country of the row, else with phone_country', () => {
    const options = { phoneCountry: 'us' };
    const completed = user({ ph: '+442079460958' })['ph'];
    expect(user({ ph: '020 7946 0958', country: 'GB' }, options)['ph']).toEqual(completed);
    expect(user({ ph: '020 7946 0958' }, { phoneCountry: 'gb' })['ph']).toEqual(completed);
    expect(codesOf({ ph: '020 7946 0958' }, { phoneCountry: 'gb' })).toEqual(['ok']);
  });
});

describe('NULL as other programs write it', () => {
  it.each(['NULL', 'null', 'None', 'nan', 'NaN', ' NULL ', '(null)'])(
    '%o is left out of standard fields',
    (text) => {
      for (const column of ['fn', 'ct', 'zp', 'value', 'currency', 'content_ids', 'contents', 'order_id']) {
        expect(codesOf({ [column]: text })).toEqual(['ok', `looks_like_null@${column}`]);
      }
      expect(eventOf({ fn: text })).toEqual(eventOf({}));
    },
  );

  it.each(['Null', 'Nan', 'NULLS'])('%s is a name', (fn) => {
    expect(codesOf({ fn })).toEqual(['ok']);
    expect(user({ fn })).toHaveProperty('fn');
  });

  it('is named by --null, whatever blanks are around it', () => {
    const options = { nullTexts: ['NULL'] };
    for (const text of ['NULL', 'NULL   ', '\tNULL', '\u00a0NULL\u00a0']) {
      expect(codesOf({ fn: text, segment: text }, options)).toEqual(['ok']);
      expect(eventOf({ fn: text, segment: text }, options)).toEqual(eventOf({}));
    }
    expect(codesOf({ fn: '\\N  ' })).toEqual(['ok']);
  });

  it('stays text in custom fields', () => {
    expect(custom({ segment: 'NULL' })).toEqual({ segment: 'NULL' });
  });

  it('is no country of the row', () => {
    expect(user({ zp: '94105-1234', country: 'NULL' })['zp']).toEqual(user({ zp: '94105' })['zp']);
  });
});

describe('placeholders of identifiers', () => {
  const UUID = '00000000-0000-0000-0000-000000000000';

  it.each(['madid', 'idfv', 'external_id', 'sc_click_id', 'sc_cookie1', 'em', 'ph', 'client_user_agent'])(
    'are left out of %s',
    (column) => {
      for (const text of ['null', '(null)', 'NONE', 'nan', 'N/A', 'na', 'Unknown', 'undefined', '0', UUID]) {
        const rest = column === 'em' ? { client_user_agent: 'x', client_ip_address: '203.0.113.7' } : {};
        expect(codesOf({ ...rest, [column]: text })).toEqual(['ok', `placeholder_value@${column}`]);
      }
    },
  );

  it('are no identifiers', () => {
    expect(codesOf({ em: '', madid: UUID })).toEqual([
      'invalid',
      'missing_identifier',
      'placeholder_value@madid',
    ]);
    expect(codesOf({ em: '["unknown", "null"]' })[1]).toBe('missing_identifier');
  });

  it('are ordinary text elsewhere', () => {
    expect(user({ lead_id: 'unknown' })['lead_id']).toBe('unknown');
  });
});

describe('lists as engines print them', () => {
  it.each(['{501,1001}', '[501, 1001]', "['501', '1001']", '["501","1001"]', '"[\\"501\\",\\"1001\\"]"'])(
    'external_id %s',
    (cell) => {
      expect(user({ external_id: cell })['external_id']).toEqual([SHA256['501'], SHA256['1001']]);
    },
  );

  it.each<readonly [string, readonly string[]]>([
    ['{SKU-1,SKU-2}', ['SKU-1', 'SKU-2']],
    ['[SKU-7, SKU-9]', ['SKU-7', 'SKU-9']],
    ['[9007199254740993, 1e5]', ['9007199254740993', '1e5']],
    ['"[\\"a\\",\\"b\\"]"', ['a', 'b']],
    ['SKU-1,SKU-2', ['SKU-1', 'SKU-2']],
  ])('content_ids %s', (cell, ids) => {
    expect(custom({ content_ids: cell })).toEqual({ content_ids: ids });
  });

  it.each(['{SKU-1,SKU-2', '[SKU-1, SKU-2', '(SKU-1, SKU-2)', '"[SKU-1'])(
    'content_ids %s is invalid',
    (cell) => {
      expect(codesOf({ content_ids: cell })).toEqual(['invalid', 'invalid_array@content_ids']);
    },
  );
});

describe('hashes as PostgreSQL prints them', () => {
  it('are used as they are', () => {
    const hash = SHA256['501'];
    expect(user({ external_id: `\\x${hash}` })['external_id']).toEqual([hash]);
    expect(user({ external_id: `{"\\\\x${hash}"}` })['external_id']).toEqual([hash]);
    expect(user({ em: `\\x${hash.toUpperCase()}` })['em']).toEqual([hash]);
  });
});

describe('marks of spreadsheets', () => {
  it.each(['="02116"', "'02116", ' ="02116" '])('%s', (zp) => {
    expect(user({ zp, country: 'US' })['zp']).toEqual([SHA256['02116']]);
    expect(codesOf({ zp, country: 'US' })).toEqual(['ok', 'spreadsheet_marks@zp']);
  });

  it('are removed in fields of one value, and stay in custom fields', () => {
    expect(custom({ value: "'59.98", order_id: '="A""1"', note: "'x" })).toEqual({
      value: 59.98,
      order_id: 'A"1',
      note: "'x",
    });
    expect(codesOf({ order_id: '=""' })).toEqual(['ok', 'spreadsheet_marks@order_id']);
  });
});

describe('addresses', () => {
  it('of IPv4 inside IPv6 are sent as IPv4', () => {
    expect(user({ client_ip_address: '::ffff:203.0.113.7' })['client_ip_address']).toBe('203.0.113.7');
  });
});

describe('contents of other shops', () => {
  const items = '[{"ID":"A","Quantity":2},null,{"sku":"B","qty":1,"price":9.5},{"id":"C","colour":"red"}]';

  it('match keys in any case, and name each unknown key with the nearest known one', () => {
    expect(custom({ contents: items })).toEqual({ contents: [{ id: 'A', quantity: 2 }, { id: 'C' }] });
    const result = transform({ ...COMPLETE, contents: items });
    const warnings = result.outcome === 'ok' ? result.warnings : [];
    expect(warnings.map(({ code, path, args }) => [code, path, args?.['key'], args?.['hint']])).toEqual([
      ['unknown_contents_key', 'custom_data.contents[2]', '"sku"', '; did you mean "id"?'],
      ['unknown_contents_key', 'custom_data.contents[2]', '"qty"', '; did you mean "quantity"?'],
      ['unknown_contents_key', 'custom_data.contents[2]', '"price"', '; did you mean "item_price"?'],
      ['unknown_contents_key', 'custom_data.contents[3]', '"colour"', ''],
    ]);
  });

  it('are renamed by contents_keys', () => {
    const contentsKeys = { sku: 'id', qty: 'quantity', price: 'item_price' };
    const cells = { contents: '[{"SKU":"B","qty":1,"price":"9.5"}]' };
    expect(custom(cells, { contentsKeys })).toEqual({
      contents: [{ id: 'B', item_price: 9.5, quantity: 1 }],
    });
    expect(codesOf(cells, { contentsKeys })).toEqual(['ok']);
    expect(codesOf({ contents: '[{"sku":"B","id":"A"}]' }, { contentsKeys })).toEqual([
      'invalid',
      'invalid_contents@contents',
    ]);
  });

  it('point at the position in the input', () => {
    const result = transform({ ...COMPLETE, contents: '[null,{},{"quantity":"x"}]' });
    expect(result.outcome === 'invalid' && result.issues[0]?.path).toBe('custom_data.contents[2].quantity');
  });
});

describe('timestamps in custom columns', () => {
  it('are read in time_zone when they name no zone', () => {
    const options = { timeZone: 'Asia/Kolkata' };
    expect(custom({ seen: '2026-11-19 18:04:11.000' }, options)).toEqual({ seen: 1795091651 });
    expect(custom({ seen: '2026-11-19 18:04:11.000 UTC' }, options)).toEqual({ seen: 1795111451 });
    expect(eventOf({ event_time: '2026-11-20 15:00:00' }, options)).toMatchObject({
      event_time: Date.parse('2026-11-20T09:30:00Z'),
    });
  });

  it('are reported where they stay text', () => {
    for (const text of ['2026-11-19 18:04:11', '2026-11-19T18:04:11', '2026-11-19 18:04:11+00']) {
      expect(custom({ seen: text })).toEqual({ seen: text });
      expect(codesOf({ seen: text })).toEqual(['ok', 'timestamp_left_as_text@seen']);
      expect(codesOf({ seen: text }, { customDatetime: 'keep' })).toEqual(['ok']);
    }
    for (const text of ['2026-11-19', '2026-11-19 at noon', '2026-13-19 18:04:11', '18:04:11']) {
      expect(codesOf({ seen: text })).toEqual(['ok']);
    }
  });

  it('become numbers in every shape in custom_datetime_columns', () => {
    const options = { customDatetimeColumns: ['seen'] };
    for (const seen of [
      '2026-11-19 18:04:11',
      '2026-11-19T18:04:11Z',
      '1795111451',
      1795111451,
      '2026-11-19 18:04:11+00',
    ]) {
      expect(custom({ Seen: seen }, options)).toEqual({ Seen: 1795111451 });
    }
    expect(custom({ seen: '2026-11-19' }, { ...options, customDatetime: 'milliseconds' })).toEqual({
      seen: Date.parse('2026-11-19T00:00:00Z'),
    });
    expect(custom({ seen_1: '2026-11-19', seen_2: '2026-11-20 00:00:00' }, options)).toEqual({
      seen: [1795046400, 1795132800],
    });
    expect(codesOf({ seen: 'yesterday' }, options)).toEqual(['invalid', 'invalid_datetime@seen']);
    expect(codesOf({ seen: 'yesterday' }, { ...options, onInvalidField: 'drop_field' })).toEqual([
      'ok',
      'field_dropped@seen',
    ]);
  });
});

describe('derived event ids', () => {
  const mapped = (entries: Record<string, string>): object => ({
    mapping: { all: true, list: Object.entries(entries).map(([to, value]) => ({ to, value })) },
  });
  const cells = { event_name: 'PURCHASE', value: '1', currency: 'EUR' };
  const { event_name: _name, ...unnamed } = { ...COMPLETE, ...cells };
  const constantId = (entries: Record<string, string>): unknown => {
    const result = transform({ ...unnamed, event_id: '' }, mapped(entries));
    return result.outcome === 'ok'
      ? (JSON.parse(result.text) as { event_id: string }).event_id
      : result.issues;
  };

  it('differ where a constant makes another event of the row', () => {
    expect(constantId({ event_name: 'PURCHASE' })).not.toBe(constantId({ event_name: 'SIGN_UP' }));
  });

  it('are those of the same event without constants', () => {
    expect(constantId({ event_name: 'PURCHASE' })).toBe(idOf(cells));
    expect(constantId({ event_name: 'PURCHASE', campaign: 'x' })).toBe(idOf(cells));
  });
});

describe('what the config adds to every event', () => {
  it('stands at the top level, as given', () => {
    expect(eventOf({}, { integration: 'my "partner"', testEventCode: 'T-1' })).toMatchObject({
      integration: 'my "partner"',
      test_event_code: 'T-1',
    });
  });
});

describe('an invalid data processing option', () => {
  it('costs the row even under drop_field: a lost opt-out is worse', () => {
    const options = { onInvalidField: 'drop_field' } as const;
    expect(codesOf({ data_processing_options: 'LDU' }, options)).toEqual([
      'invalid',
      'invalid_choice@data_processing_options',
    ]);
    expect(codesOf({ content_type: 'bundle' }, options)).toEqual(['ok', 'field_dropped@content_type']);
  });
});

describe('values that only look right', () => {
  const NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

  it('a hash of the empty text is a placeholder', () => {
    expect(codesOf({ external_id: NOTHING })).toEqual(['ok', 'placeholder_value@external_id']);
    expect(codesOf({ em: NOTHING.toUpperCase() })[1]).toBe('missing_identifier');
  });

  it.each(['+442079460958.0', '00442079460958.0', '+4.42079460958E11', '["+442079460958.0"]'])(
    'ph %s',
    (ph) => {
      expect(user({ ph })['ph']).toEqual([SHA256['442079460958']]);
    },
  );

  it('no country is guessed for a row that names an unknown one', () => {
    const options = { phoneCountry: 'us' };
    const row = { ph: '212 555 0187', country: 'Grmany' };
    // printf 2125550187 | sha256sum
    expect(user(row, options)['ph']).toEqual([
      'dbb27a4371451b5aaabd7d0cd5fd92cb73a80124b180dfd6a444fe20a2891362',
    ]);
  });

  it('a completed number is not suspicious', () => {
    expect(codesOf({ ph: '44(0)2079460958' }, { phoneCountry: 'gb' })).toEqual(['ok']);
  });

  it('quoted texts between commas are a list, and never keep their quotes', () => {
    expect(custom({ content_ids: '"a","b, c"' })).toEqual({ content_ids: ['a', 'b, c'] });
    expect(codesOf({ content_ids: '"a" b,c' })).toEqual(['invalid', 'invalid_array@content_ids']);
    expect(codesOf({ content_ids: "{'a': 1}" })).toEqual(['invalid', 'invalid_array@content_ids']);
    expect(custom({ content_ids: "[None, 'a']" })).toEqual({ content_ids: ['a'] });
  });

  it('a key of contents that is no name is not printed', () => {
    const result = transform({ ...COMPLETE, contents: '[{"person@example.com":1}]' });
    expect(JSON.stringify(result)).not.toContain('person@example.com');
  });

  it('a template with the time of the run does not change the derived id', () => {
    const mapping = { all: true, list: [{ to: 'content_name', template: '{timestamp}' }] };
    const ids = [0, 1000].map((later) =>
      idOf({}, { mapping, asOfMs: Date.parse('2026-11-20T12:00:00Z') + later }),
    );
    expect(ids[0]).toBe(ids[1]);
  });
});
