import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listElements } from '../../src/transform/lists.js';

describe('a list in one cell', () => {
  it.each<readonly [string, readonly string[]]>([
    ['["a","b"]', ['a', 'b']],
    [' [ "a" , null, "b" ] ', ['a', 'b']],
    // Numbers are identifiers, as written.
    ['[9007199254740993, 1e5, 1.50]', ['9007199254740993', '1e5', '1.50']],
    ['[true, "x"]', ['true', 'x']],
    ['[]', []],
    // JSON text that was written as JSON once more.
    ['"[\\"a\\",\\"b\\"]"', ['a', 'b']],
    // PostgreSQL.
    ['{501,1001}', ['501', '1001']],
    ['{a,"b c",NULL,null,""}', ['a', 'b c']],
    ['{"he said \\"no\\"","back\\\\slash","a,b","{x}"}', ['he said "no"', 'back\\slash', 'a,b', '{x}']],
    ['{}', []],
    ['{New York,"NULL"}', ['New York', 'NULL']],
    // Trino and DuckDB.
    ['[SKU-7, SKU-9]', ['SKU-7', 'SKU-9']],
    ["['SKU-7', 'SKU-9']", ['SKU-7', 'SKU-9']],
    ["['it''s', 'a, b']", ["it's", 'a, b']],
    ['[1e5, null, NULL]', ['1e5']],
    ["[O'Brien, x]", ["O'Brien", 'x']],
  ])('%s', (text, elements) => {
    expect(listElements(text)).toEqual(elements);
  });

  it.each([
    '[a, b',
    '[a] b',
    '[[a], b]',
    '[["a"]]',
    '[{"a":1}]',
    '["a" "b"]',
    '["a", b"]',
    '{"a":1}',
    '{a,{b}}',
    '{a,b} c',
    '{a,"b}',
    '"[\\"a\\""',
    '("a", "b")',
    '(a, b)',
  ])('%s begins like a list, but is none', (text) => {
    expect(listElements(text)).toEqual({ code: 'invalid_array' });
  });

  it.each(['SKU-7', 'a,b', '(212) 555-0187', '(Bob)', '(a) b, c', '"quoted" text', ''])(
    '%s is text',
    (text) => {
      expect(listElements(text)).toBeUndefined();
    },
  );

  const element = fc.string({
    unit: fc.constantFrom('a', 'B', '7', ' ', ',', '"', "'", '\\', '{', '}', '[', ']', 'é'),
  });
  const elements = fc.array(
    element.filter((text) => text.trim() !== ''),
    { maxLength: 5 },
  );

  it('gives back what PostgreSQL prints', () => {
    const literal = (texts: readonly string[]): string =>
      `{${texts.map((text) => `"${text.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
    fc.assert(
      fc.property(elements, (texts) => {
        expect(listElements(literal(texts))).toEqual(texts);
      }),
    );
  });

  it('gives back what JSON prints, once or twice', () => {
    fc.assert(
      fc.property(elements, (texts) => {
        expect(listElements(JSON.stringify(texts))).toEqual(texts);
        expect(listElements(JSON.stringify(JSON.stringify(texts)))).toEqual(texts);
      }),
    );
  });

  it('never keeps a bracket or a double quote of the list in an element', () => {
    const plain = fc.string({ unit: fc.constantFrom('a', '[', ']', '{', '}', '"', ',', ' '), maxLength: 12 });
    fc.assert(
      fc.property(plain, fc.constantFrom('[', '{'), (text, open) => {
        const found = listElements(`${open}${text}`);
        if (!Array.isArray(found)) return;
        const unquoted = text.replace(/"[^"]*"/g, '');
        if (/[[{]/.test(unquoted.slice(0, -1))) expect(found.join('')).not.toMatch(/["[{]/);
      }),
      { numRuns: 2000 },
    );
  });

  it('needs no stack and little time for a long list', () => {
    const many = Array.from({ length: 300_000 }, (_, i) => `x${i}`);
    expect(listElements(`{${many.join(',')}}`)).toHaveLength(300_000);
    expect(listElements(`[${many.join(', ')}]`)).toHaveLength(300_000);
    expect(listElements(`{${'"'.repeat(500_001)}`)).toEqual({ code: 'invalid_array' });
    expect(listElements(`[${' '.repeat(500_000)}`)).toEqual({ code: 'invalid_array' });
  });
});
