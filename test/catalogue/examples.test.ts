import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONTENTS_KEYS, FIELDS } from '../../src/catalogue/index.js';
import type { BadExample, GoodExample, ValueType } from '../../src/catalogue/index.js';

type Documented = {
  readonly name: string;
  readonly type: ValueType;
  readonly good: readonly GoodExample[];
  readonly bad: readonly BadExample[];
};

const DOCUMENTED: readonly Documented[] = [
  ...FIELDS,
  ...CONTENTS_KEYS.map((key) => ({ ...key, name: `contents[].${key.key}` })),
];

const NO_COUNTRY = { country: undefined };

function goodCases(): readonly (readonly [string, GoodExample, Documented])[] {
  return DOCUMENTED.flatMap((spec) => spec.good.map((example) => [spec.name, example, spec] as const));
}

function badCases(): readonly (readonly [string, BadExample, Documented])[] {
  return DOCUMENTED.flatMap((spec) => spec.bad.map((example) => [spec.name, example, spec] as const));
}

describe('good examples', () => {
  it.each(goodCases())('%s: %j', (_name, example, spec) => {
    const value = spec.type.normalize(example.input, { ...NO_COUNTRY, ...example.context });
    expect(value).toBe(example.output);
    const context = { ...NO_COUNTRY, ...example.context };
    if (typeof value !== 'object') expect(spec.type.check?.(value, example.input, context)).toBeUndefined();
  });

  it('have the type their field declares', () => {
    for (const [name, example, spec] of goodCases()) {
      expect(typeof example.output, name).toBe(spec.type.json);
    }
  });
});

describe('bad examples', () => {
  it.each(badCases())('%s: %j', (_name, example, spec) => {
    const context = { ...NO_COUNTRY, ...example.context };
    const value = spec.type.normalize(example.input, context);
    const problem = typeof value === 'object' ? value : spec.type.check?.(value, example.input, context);
    expect(problem?.code).toBe(example.code);
  });

  it('exist for every field that can be wrong', () => {
    const hostile = ['%', '☃', '-', '[1', '1e999', 'x'.repeat(300)];
    const fallible = DOCUMENTED.filter((spec) =>
      hostile.some((text) => {
        const value = spec.type.normalize(text, NO_COUNTRY);
        return typeof value === 'object' || spec.type.check?.(value, text, NO_COUNTRY) !== undefined;
      }),
    );
    expect(fallible.length).toBeGreaterThan(20);
    expect(fallible.filter((spec) => spec.bad.length === 0).map((spec) => spec.name)).toEqual([]);
  });
});

const codeUnits = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 })
  .map((units) => String.fromCharCode(...units));

function texts(spec: Documented): fc.Arbitrary<string> {
  const examples = [...spec.good, ...spec.bad].map((example) => example.input);
  const nearExamples = fc
    .tuple(fc.constantFrom(...examples), fc.nat({ max: 40 }), fc.string({ unit: 'binary', maxLength: 3 }))
    .map(([text, at, noise]) => text.slice(0, at) + noise + text.slice(at));
  return fc
    .oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), codeUnits, nearExamples)
    .map((text) => text.normalize('NFC'))
    .filter((text) => text.trim() !== '');
}

const countries = fc.constantFrom(undefined, 'us', 'gb', 'zz');

describe('normalizing any text', () => {
  it.each(DOCUMENTED.map((spec) => [spec.name, spec] as const))(
    '%s never throws, is idempotent',
    (_name, spec) => {
      fc.assert(
        fc.property(texts(spec), countries, (text, country) => {
          const once = spec.type.normalize(text, { country });
          if (typeof once === 'object') {
            expect(Object.isFrozen(once)).toBe(true);
            return;
          }
          spec.type.check?.(once, text, { country });
          if (typeof once === 'string' && once.trim() !== '')
            expect(spec.type.normalize(once, { country })).toBe(once);
          if (typeof once === 'number') expect(Number.isFinite(once)).toBe(true);
        }),
        { numRuns: 150 },
      );
    },
  );
});
