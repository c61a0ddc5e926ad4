import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesInput, DEFAULT_READ_OPTIONS, openInput } from '../../src/read/index.js';
import { createChunkProcessor } from '../../src/run/process-chunk.js';
import type { ChunkResult } from '../../src/transform/index.js';
import { RECENT, WEB } from '../transform/support.js';

type Seen = {
  readonly texts: readonly string[];
  readonly rejects: readonly string[];
  readonly warnings: readonly string[];
};

/** Processes a whole input in chunks of at least `chunkBytes` and numbers the records through. */
async function processAll(
  name: string,
  text: string,
  chunkBytes = 65536,
  maxRecordBytes = 1 << 20,
  options = WEB,
): Promise<Seen> {
  const input = await openInput(bytesInput(name, text), 0, {
    ...DEFAULT_READ_OPTIONS,
    chunkBytes,
    maxRecordBytes,
  });
  const process = createChunkProcessor({
    file: name,
    dialect: input.dialect,
    ...(input.header && { header: input.header }),
    options,
    maxRecordBytes,
  });
  const texts: string[] = [];
  const rejects: string[] = [];
  const warnings: string[] = [];
  for await (const chunk of input.chunks) {
    const result = process(chunk);
    texts.push(...textsOf(result));
    for (const { record, outcome, issues } of result.rejections) {
      rejects.push(
        `${chunk.firstRow + record} ${outcome} ${issues.map((i) => `${i.code} ${i.column ?? ''}`.trim()).join()}`,
      );
    }
    warnings.push(...result.inputWarnings.map((issue) => issue.code));
    expect(result.rows).toBe(result.events.records.length + result.rejections.length);
  }
  return { texts, rejects, warnings };
}

function textsOf({ events }: ChunkResult): readonly string[] {
  return [...events.ends].map((end, i) =>
    Buffer.from(events.bytes.subarray(i === 0 ? 0 : events.ends[i - 1]! + 1, end)).toString('utf8'),
  );
}

const HEADER = 'event_name,event_time,event_source_url,event_id,em,note\n';
const row = (id: string, note = ''): string =>
  `PAGE_VIEW,${RECENT},https://example.com/,${id},a@example.com,${note}\n`;
const json = (cells: object): string =>
  `${JSON.stringify({ event_name: 'PAGE_VIEW', event_time: RECENT, event_source_url: 'https://example.com/', event_id: '1', em: 'a@example.com', ...cells })}\n`;

describe('CSV records', () => {
  it('with a wrong number of cells are invalid rows, and the rows after them go on', async () => {
    const seen = await processAll('a.csv', `${HEADER}${row('1')}PAGE_VIEW,x\n${row('3', 'a,b')}${row('4')}`);
    expect(seen.texts).toHaveLength(2);
    expect(seen.rejects).toEqual(['2 invalid column_count', '3 invalid column_count']);
  });

  it('with a NUL character are invalid', async () => {
    const seen = await processAll('a.csv', HEADER + row('1', 'a\0b') + row('2'));
    expect(seen.rejects).toEqual(['1 invalid nul_character note']);
    expect(seen.texts).toHaveLength(1);
  });

  it('above the limit are invalid', async () => {
    const seen = await processAll('a.csv', HEADER + row('1', 'x'.repeat(3000)) + row('2'), 65536, 2000);
    expect(seen.rejects).toEqual(['1 invalid record_too_large']);
    expect(seen.texts).toHaveLength(1);
  });

  it('give the same events whatever the chunk size', async () => {
    const text =
      HEADER +
      Array.from({ length: 60 }, (_, i) => row(String(i), i % 7 === 3 ? 'broken,cells' : `"n${i}\n"`)).join(
        '',
      );
    const whole = await processAll('a.csv', text, 1 << 20);
    expect(whole.texts).toHaveLength(51);
    for (const size of [1, 100, 1000]) expect(await processAll('a.csv', text, size)).toEqual(whole);
  });

  it('refuse a header with repeated columns before any row', async () => {
    await expect(processAll('a.csv', 'em,EM\na,b\n')).rejects.toMatchObject({
      code: 'header_invalid',
      exitCode: 65,
    });
  });
});

describe('JSONL records', () => {
  it.each([
    ['no JSON', 'nonsense\n', 'not_json'],
    ['a list', '[1]\n', 'not_an_object'],
    ['two keys equal ignoring case', '{"em":"a@b.co","EM":"a@b.co"}\n', 'duplicate_key'],
    ['the same key twice', '{"em":"a@b.co","em":"a@b.co"}\n', 'duplicate_key em'],
    ['1e400', json({ note: 0 }).replace('"note":0', '"note":1e400'), 'number_not_finite note'],
    ['a nested 1e400', json({ note: [0] }).replace('[0]', '[1e400]'), 'number_not_finite note'],
    [
      'half a surrogate pair',
      json({ note: 0 }).replace('"note":0', '"note":"\\ud800"'),
      'lone_surrogate note',
    ],
    ['a NUL character', json({ note: { deep: 'a\0' } }), 'nul_character note'],
    ['a NUL character in a nested key', json({ note: { 'a\0': 1 } }), 'nul_character note'],
    ['a base column and its numbered form', json({ em_1: 'b@example.com' }), 'base_and_flattened em'],
  ])('with %s are invalid', async (_, line, codes) => {
    const seen = await processAll('a.jsonl', json({}) + line + json({}));
    expect(seen.texts).toHaveLength(2);
    expect(seen.rejects).toHaveLength(1);
    expect(seen.rejects[0]).toContain(`2 invalid ${codes}`);
  });

  it('with different keys have different plans, and odd keys are told once', async () => {
    const seen = await processAll(
      'a.jsonl',
      json({ emial: 'x' }) + json({ other: 1 }) + json({ emial: 'y' }),
    );
    expect(seen.texts).toHaveLength(3);
    expect(seen.warnings).toEqual(['suspicious_column']);
  });

  it('may leave out keys, also those the mapping speaks of', async () => {
    const list = [{ from: 'mail', to: 'ph' }];
    const options = { ...WEB, mapping: { all: true, list } };
    const text = json({}) + json({ event_source_url: undefined });
    const seen = await processAll('a.jsonl', text, 65536, 1 << 20, options);
    expect(seen.texts).toHaveLength(1);
    expect(seen.rejects).toEqual(['2 invalid missing_required event_source_url']);
    expect(seen.warnings).toEqual(['mapping_source_missing']);
  });

  it('may not have keys that are no text', async () => {
    const seen = await processAll(
      'a.jsonl',
      json({ 'k\0': 1 }) + json({}).replace('"em"', '"k\\ud800":1,"em"'),
    );
    expect(seen.texts).toEqual([]);
    expect(seen.rejects.map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual([
      '1 invalid nul_character',
      '2 invalid lone_surrogate',
    ]);
  });

  it.each([
    ['9007199254740993.0', '9007199254740993'],
    ['-12345678901234567890.000', '-12345678901234567890'],
  ])('keep the integer %s exactly', async (number, digits) => {
    const seen = await processAll('a.jsonl', json({ note: 0 }).replace('"note":0', `"note":${number}`));
    expect(seen.texts[0]).toContain(`"note":"${digits}"`);
  });

  it('keep integers beyond 2^53 digit for digit', async () => {
    const line = json({ note: 0 }).replace('"note":0', '"note":12345678901234567890');
    const seen = await processAll('a.jsonl', line);
    expect(seen.texts[0]).toContain('"note":"12345678901234567890"');
  });

  it('give the same event as the same row in CSV', async () => {
    const csv = await processAll('a.csv', HEADER + row('1', 'n'));
    const jsonl = await processAll('a.jsonl', json({ note: 'n' }));
    expect(jsonl.texts).toEqual(csv.texts);
  });
});

describe('whatever a row holds', () => {
  it('no event has a null, and hashed places hold 64 lower-case hex', async () => {
    const value = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.integer(),
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.jsonValue(),
    );
    const names = [
      'em',
      'ph',
      'fn',
      'ge',
      'ct',
      'st',
      'zp',
      'country',
      'external_id',
      'note',
      'contents',
      'content_ids',
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record(Object.fromEntries(names.map((name) => [name, value])), { requiredKeys: [] }), {
          maxLength: 5,
        }),
        async (rows) => {
          const seen = await processAll(
            'a.jsonl',
            rows.map((cells) => json({ madid: 'x', ...cells })).join(''),
          );
          expect(seen.texts.length + seen.rejects.length).toBe(rows.length);
          for (const text of seen.texts) expectClean(JSON.parse(text) as unknown, text);
        },
      ),
      { numRuns: 300 },
    );
  });
});

function expectClean(event: unknown, text: string): void {
  const walk = (value: unknown): void => {
    expect(value).not.toBeNull();
    if (typeof value === 'object') Object.values(value as object).forEach(walk);
  };
  walk(event);
  const user = (event as { user_data: Record<string, unknown> }).user_data;
  for (const name of ['em', 'ph', 'fn', 'ge', 'ct', 'st', 'zp', 'country', 'external_id']) {
    if (!(name in user)) continue;
    const hashes = user[name] as string[];
    expect(hashes.length).toBeGreaterThan(0);
    for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(text).not.toContain('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  }
}
