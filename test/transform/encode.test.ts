import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FIELDS } from '../../src/catalogue/index.js';
import { COMPLETE, RECENT, transform, WEB } from './support.js';

/** JSON as the API gets it, by another way: keys sorted at every level. */
function sortedJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(',')}]`;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${sortedJson(member)}`).join(',')}}`;
}

const text = fc
  .string({
    unit: fc.oneof(
      fc.constantFrom('"', '\\', '\n', '\u0001', '\u2028', '\u007f'),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    ),
    minLength: 1,
  })
  .filter((value) => value.trim() !== '' && value.isWellFormed() && !value.includes('\0'));
const value = fc.oneof(
  text,
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (number === 0 ? 0 : number)),
  fc.boolean(),
  fc.array(text, { minLength: 1, maxLength: 3 }),
  fc.dictionary(text, text, { minKeys: 1, maxKeys: 3, noNullPrototype: true }),
);
const standard = [
  'custom_data',
  'content_category',
  'value',
  'order_id',
  'client_user_agent',
  'data_processing_options',
];

describe('an event text', () => {
  it('is the JSON of its values with sorted keys, with an id of its own or a derived one', () => {
    const names = fc.constantFrom('zeta', 'alpha', 'm"id', 'Ünï', 'event_ie', ...standard);
    const cells = fc.dictionary(names, value, { maxKeys: 8, noNullPrototype: true });
    fc.assert(
      fc.property(cells, fc.option(text, { nil: '' }), (some, id) => {
        const options = { customDatetime: 'keep', onInvalidField: 'drop_field' } as const;
        const result = transform({ ...some, ...COMPLETE, event_id: id }, options);
        if (result.outcome !== 'ok') {
          expect([...new Set(result.issues.map((issue) => issue.path))]).toEqual(['data_processing_options']);
          return;
        }
        const event = JSON.parse(result.text) as Record<string, unknown>;
        expect(result.text).toBe(sortedJson(event));
        const { event_id: sent, ...rest } = event;
        const canonical = `${WEB.eventSourceId}\n${sortedJson(rest)}`;
        expect(sent).toBe(id === '' ? createHash('sha256').update(canonical).digest('hex') : id);
      }),
      { numRuns: 300 },
    );
  });

  it('has the time in seconds where they are asked for, which does not change the derived id', () => {
    const cells = { ...COMPLETE, event_id: '' };
    const [wire, seconds] = (['milliseconds', 'seconds'] as const).map((eventTimeUnit) => {
      const result = transform(cells, { eventTimeUnit });
      return result.outcome === 'ok' ? (JSON.parse(result.text) as Record<string, unknown>) : {};
    });
    expect(wire?.['event_time']).toBe(Number(RECENT) * 1000);
    expect(seconds).toEqual({ ...wire, event_time: Number(RECENT) });
  });
});

describe('fields of a closed form', () => {
  const closed = FIELDS.filter((field) => field.type.neverNeedsEscaping && field.kind === 'value');

  it('are those of words and of ASCII patterns', () => {
    const names = closed.map((field) => field.name);
    expect(names).toEqual(
      expect.arrayContaining(['event_name', 'currency', 'sc_click_id', 'client_ip_address']),
    );
    for (const open of ['event_source_url', 'event_id', 'client_user_agent', 'value'])
      expect(names).not.toContain(open);
  });

  it('let nothing out that JSON escapes', () => {
    fc.assert(
      fc.property(fc.constantFrom(...closed), fc.string({ unit: 'binary' }), (field, noise) => {
        const inputs = [noise, ...field.good.flatMap(({ input }) => [input + noise, noise + input])];
        for (const input of inputs) {
          const output = field.type.normalize(input, { country: undefined });
          if (typeof output === 'string') expect(JSON.stringify(output)).toBe(`"${output}"`);
        }
      }),
    );
  });
});
