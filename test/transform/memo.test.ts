import { describe, expect, it } from 'vitest';
import { fieldByName } from '../../src/catalogue/index.js';
import { problem } from '../../src/issues.js';
import { buildPlan } from '../../src/plan/index.js';
import type { HashedSlot } from '../../src/plan/types.js';
import type { RowContext } from '../../src/transform/draft.js';
import { compileTransform, createMemos } from '../../src/transform/index.js';
import type { Memo } from '../../src/transform/memo.js';
import { compileHashed } from '../../src/transform/standard.js';
import { COMPLETE, WEB } from './support.js';

const NAMES = [...Object.keys(COMPLETE), 'country', 'st', 'ge'];
const CITY = fieldByName('ct', 'WEB');

/** Transforms rows one after the other with what was remembered of those before. */
function results(...cells: readonly (readonly [country: string, st: string, ge?: string])[]): readonly {
  readonly st: unknown;
  readonly warnings: readonly string[];
}[] {
  const transform = compileTransform(buildPlan(NAMES, WEB).plan, WEB, createMemos());
  return cells.map((row) => {
    const result = transform([...Object.values(COMPLETE), ...row]);
    if (result.outcome !== 'ok') throw new Error(result.issues.map((issue) => issue.code).join());
    const { user_data: user } = JSON.parse(result.text) as { user_data: Record<string, unknown> };
    return { st: user['st'], warnings: result.warnings.map((issue) => issue.code) };
  });
}

describe('what is remembered of recurring values', () => {
  it('is the hash, under every spelling', () => {
    const [first, second, third] = results(['us', 'California'], ['US', 'California'], ['us', 'ca']);
    expect(first?.st).toEqual(['6959097001d10501ac7d54c0bdb8db61420f658f2922cc26e46d536119a31126']);
    expect(second).toEqual(first);
    expect(third).toEqual(first);
  });

  it('depends on the country of the row', () => {
    const [inside, outside, again] = results(
      ['us', 'California'],
      ['de', 'California'],
      ['us', 'California'],
    );
    expect(outside?.st).toEqual(['7e8eea5cc60980270c9ceb75ce8c087d48d726110fd3d17921f774eefd8e18d8']);
    expect(outside?.st).not.toEqual(inside?.st);
    expect(again).toEqual(inside);
  });

  it('does not swallow a warning', () => {
    const warned = { st: undefined, warnings: ['unknown_gender'] };
    expect(results(['us', '', 'other'], ['us', '', 'other'])).toEqual([warned, warned]);
    const unknown = results(['Nowhere', ''], ['Nowhere', '']);
    expect(unknown.map((row) => row.warnings)).toEqual([['unknown_country'], ['unknown_country']]);
  });

  it('notes again what was noted about a value that is kept', () => {
    if (CITY?.hashed !== true) throw new Error('no such field');
    const field = { ...CITY, type: { ...CITY.type, check: () => problem('suspicious_phone') } };
    const slot: HashedSlot = {
      kind: 'hashed',
      place: 'user_data',
      key: 'ct',
      path: 'user_data.ct',
      field,
      elements: [{ column: 'ct', index: 0 }],
    };
    const read = compileHashed(slot, [], createMemos());
    const { plan } = buildPlan(NAMES, WEB);
    const noted = [1, 2].map(() => {
      const context: RowContext = {
        plan,
        options: WEB,
        timeZone: undefined,
        phoneCountry: undefined,
        country: 'us',
        rowCountry: 'us',
        findings: [],
        warnings: [],
      };
      return [read(['Austin'], context), context.warnings.length];
    });
    const austin = [{ clear: 'austin', hash: undefined }, 1];
    expect(noted).toEqual([austin, austin]);
  });

  it('is bounded', () => {
    if (CITY === undefined) throw new Error('no such field');
    const memo = createMemos()(CITY);
    const keep = (text: string): void => {
      memo.keep(text, undefined, { clear: text, hash: undefined });
    };
    for (let i = 0; i < 3000; i += 1) keep(`city ${i}`);
    expect(memo.find('city 0', undefined)?.clear).toBe('city 0');
    expect(memo.find('city 2999', undefined)).toBeUndefined();
    const fresh = createMemos()(CITY);
    fresh.keep('x'.repeat(1000), undefined, { clear: 'x', hash: undefined });
    expect(fresh.find('x'.repeat(1000), undefined)).toBeUndefined();
  });

  it('ends where the same texts do not come again', () => {
    if (CITY === undefined) throw new Error('no such field');
    const memos = { often: createMemos()(CITY), seldom: createMemos()(CITY) };
    const look = (memo: Memo, text: string): boolean => {
      const known = memo.find(text, 'us') !== undefined;
      if (!known) memo.keep(text, 'us', { clear: text, hash: undefined });
      return known;
    };
    for (let i = 0; i < 10_000; i += 1) {
      look(memos.often, `city ${i % 500}`);
      look(memos.seldom, `city ${i % 7000}`);
    }
    expect(look(memos.often, 'city 1')).toBe(true);
    expect(look(memos.seldom, 'city 1')).toBe(false);
    expect(look(memos.seldom, 'city 1')).toBe(false);
  });
});
