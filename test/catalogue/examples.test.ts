import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONTENTS_KEYS, FIELDS } from '../../src/catalogue/index.js';
import type { BadExample, Check, GoodExample, Normalizer } from '../../src/catalogue/index.js';

type Documented = {
  readonly name: string;
  readonly kind: string;
  readonly normalize: Normalizer;
  readonly check?: Check;
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
    const value = spec.normalize(example.input, { country: example.country });
    expect(value).toBe(example.output);
    if (typeof value !== 'object') expect(spec.check?.(value, example.input)).toBeUndefined();
  });

  it('have the type their field declares', () => {
    for (const [name, example, spec] of goodCases()) {
      const isNumber = spec.kind === 'number' || spec.kind === 'event_time';
      expect(typeof example.output, name).toBe(isNumber ? 'number' : 'string');
    }
  });
});

describe('bad examples', () => {
  it.each(badCases())('%s: %j', (_name, example, spec) => {
    const value = spec.normalize(example.input, NO_COUNTRY);
    const problem = typeof value === 'object' ? value : spec.check?.(value, example.input);
    expect(problem?.code).toBe(example.code);
  });

  it('exist for every field that can be wrong', () => {
    const hostile = ['%', '☃', '-', '[1', '1e999', 'x'.repeat(300)];
    const fallible = DOCUMENTED.filter((spec) =>
      hostile.some((text) => {
        const value = spec.normalize(text, NO_COUNTRY);
        return typeof value === 'object' || spec.check?.(value, text) !== undefined;
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
          const once = spec.normalize(text, { country });
          if (typeof once === 'object') {
            expect(Object.isFrozen(once)).toBe(true);
            return;
          }
          spec.check?.(once, text);
          if (typeof once === 'string' && once.trim() !== '')
            expect(spec.normalize(once, { country })).toBe(once);
          if (typeof once === 'number') expect(Number.isFinite(once)).toBe(true);
        }),
        { numRuns: 150 },
      );
    },
  );
});
