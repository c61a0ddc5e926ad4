import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ISSUES, isProblem } from '../../src/issues.js';
import { currency } from '../../src/normalize/currency.js';
import { isoDate } from '../../src/normalize/date.js';
import * as identity from '../../src/normalize/identity.js';
import { eventName } from '../../src/normalize/names.js';
import * as number from '../../src/normalize/number.js';
import * as plain from '../../src/normalize/plain.js';
import { eventTime, parseCustomDatetime } from '../../src/normalize/time.js';
import type { NormalizeContext, Normalizer } from '../../src/normalize/types.js';

const { checkEmail, checkPhone, ...identities } = identity;
const NORMALIZERS: Readonly<Record<string, Normalizer>> = {
  ...identities,
  ...plain,
  ...number,
  currency,
  eventName,
  eventTime,
  isoDate,
};
const LOWER_CASED = ['email', 'personName', 'city', 'state', 'postalCode', 'lowerCased'];
const PUNCTUATION = /[.,!?;:\-—"'()[\]{}/_&*+=@#$%^~|]/u;

const RUNS = { numRuns: 300 };
const context: fc.Arbitrary<NormalizeContext> = fc.constantFrom(
  { country: undefined },
  { country: 'us' },
  { country: 'de' },
  { country: 'zz' },
);
// Pieces that rules look for, so that random text reaches more than the first line of each normalizer.
const pieces = fc.constantFrom(
  ...Array.from(" -—.,@+()0123456789eEzZTt:/'_%"),
  ...[
    '\u0301',
    '\u0331',
    '\u037e',
    '\u1fef',
    '\u212a',
    '\u0130',
    'Σ',
    'ſ',
    'ß',
    'H',
    'e',
    '\u0085',
    '\ufeff',
    '\u2000',
  ],
  ...['٣', '𝟗', '（0）', '\ud800', 'New York', 'United States', '2024-02-29', ' UTC', '94105-1234', 'the '],
);
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join('')),
);

describe.each(Object.entries(NORMALIZERS))('%s', (name, normalize) => {
  it('never throws and is idempotent', () => {
    fc.assert(
      fc.property(text, context, (input, where) => {
        const value = normalize(input, where);
        if (isProblem(value)) {
          expect(ISSUES).toHaveProperty(value.code);
          expect(Object.isFrozen(value)).toBe(true);
        } else if (typeof value === 'number') {
          expect(Number.isFinite(value) && !Object.is(value, -0)).toBe(true);
        } else {
          expect(normalize(value, where)).toBe(value);
        }
      }),
      RUNS,
    );
  });

  if (LOWER_CASED.includes(name)) {
    it('gives lower case in NFC without blanks around it', () => {
      fc.assert(
        fc.property(text, context, (input, where) => {
          const value = normalize(input, where) as string;
          expect(value).toBe(value.toLowerCase());
          expect(value).toBe(value.normalize('NFC'));
          expect(value).toBe(value.trim());
        }),
        RUNS,
      );
    });
  }
});

describe('alphabets', () => {
  it('phone gives ASCII digits without a leading zero', () => {
    fc.assert(
      fc.property(text, (input) => {
        const value = identity.phone(input, { country: undefined });
        if (typeof value === 'string') expect(value).toMatch(/^[1-9][0-9]*$/);
      }),
      RUNS,
    );
  });

  it.each(['personName', 'city', 'state'] as const)('%s leaves no punctuation', (name) => {
    fc.assert(
      fc.property(text, context, (input, where) => {
        expect(identity[name](input, where)).not.toMatch(PUNCTUATION);
      }),
      RUNS,
    );
  });

  it.each(['city', 'state', 'postalCode'] as const)('%s leaves no white space', (name) => {
    fc.assert(
      fc.property(text, context, (input, where) => {
        expect(identity[name](input, where)).not.toMatch(/\p{White_Space}/u);
      }),
      RUNS,
    );
  });

  it('event times are whole milliseconds', () => {
    fc.assert(
      fc.property(fc.oneof(text, fc.stringMatching(/^[0-9]{8,21}$/)), (input) => {
        const value = eventTime(input, {});
        if (typeof value === 'number') expect(Number.isSafeInteger(value)).toBe(true);
        expect(['number', 'undefined']).toContain(typeof parseCustomDatetime(input));
      }),
      RUNS,
    );
  });
});

describe('checks', () => {
  it('never throw', () => {
    fc.assert(
      fc.property(text, text, (value, raw) => {
        expect([undefined, 'invalid_email']).toContain(checkEmail(value)?.code);
        expect([undefined, 'suspicious_phone', 'phone_without_country_code']).toContain(
          checkPhone(value, raw, { country: undefined })?.code,
        );
      }),
      RUNS,
    );
  });

  it('accept the addresses the HTML5 expression accepts, and no other ASCII text', () => {
    const html5 =
      /^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$/;
    const part = fc.array(fc.constantFrom('a', 'B', '7', '.', '-', '_', '!', '"', ' ', 'x'.repeat(61)), {
      maxLength: 5,
    });
    const address = fc
      .tuple(part, fc.constantFrom('@', '@', '@', '', '@@'), part)
      .map(([local, at, domain]) => local.join('') + at + domain.join(''));
    fc.assert(
      fc.property(address, (value) => {
        expect(checkEmail(value) === undefined).toBe(html5.test(value));
      }),
      { numRuns: 3000 },
    );
  });
});
