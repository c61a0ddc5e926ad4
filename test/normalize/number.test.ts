import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { count, decimal, int64Text, integer, integerText } from '../../src/normalize/number.js';

describe('decimal', () => {
  it('reads digits with a dot between them to the nearest double, however many there are', () => {
    const digits = fc.string({
      unit: fc.constantFrom('0', '1', '2', '3', '4', '5', '6', '7', '8', '9'),
      minLength: 1,
      maxLength: 18,
    });
    const texts = fc.oneof(
      digits,
      fc.tuple(digits, digits).map((parts) => parts.join('.')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        expect(decimal(text)).toBe(Number(text));
      }),
      { numRuns: 5000 },
    );
  });

  it.each([
    ['99.99', 99.99],
    [' 10 ', 10],
    ['+1.50', 1.5],
    ['-3', -3],
    ['0', 0],
    ['-0', 0],
    ['-0.00', 0],
    ['007.5', 7.5],
    ['0.1000000000000000055511151231257827', 0.1],
    ['9007199254740993', 9007199254740992],
  ])('%o → %d', (input, output) => {
    const value = decimal(input);
    expect(value).toBe(output);
    expect(Object.is(value, -0)).toBe(false);
  });

  it.each([
    '1,234.50',
    '1.',
    '.5',
    '1e3',
    '0x10',
    'NaN',
    'Infinity',
    '$5',
    '5 USD',
    '1 000',
    '--1',
    '+',
    '1.2.3',
    '٣',
    '',
    '9'.repeat(400),
  ])('refuses %o', (input) => {
    expect(decimal(input)).toEqual({ code: 'invalid_number' });
  });
});

describe('integer and count', () => {
  it.each([
    ['2', 2],
    [' +3 ', 3],
    ['2.0', 2],
    ['2.000', 2],
    ['007', 7],
    ['0', 0],
    ['-0', 0],
    ['9007199254740991', 9007199254740991],
    ['00009007199254740991.0', 9007199254740991],
  ])('%o → %d', (input, output) => {
    expect(integer(input)).toBe(output);
    expect(count(input)).toBe(output);
  });

  it.each(['1.5', '2.01', 'two', '1e3', '1,000', '2.', '-', '', '0x1', '-1.5'])(
    '%o is no integer',
    (input) => {
      for (const normalize of [integer, count, integerText, int64Text]) {
        expect(normalize(input)).toEqual({ code: 'invalid_integer' });
      }
    },
  );

  it.each(['9007199254740992', '9007199254740993', '1'.repeat(400)])('%o is out of range', (input) => {
    for (const normalize of [integer, count, integerText]) {
      expect(normalize(input)).toEqual({ code: 'integer_out_of_range' });
    }
  });

  it('takes a sign only where counting is not the point', () => {
    expect(integer('-9007199254740991')).toBe(-9007199254740991);
    expect(integer('-9007199254740992')).toEqual({ code: 'integer_out_of_range' });
    expect(count('-1')).toEqual({ code: 'negative_integer' });
    expect(count('-2.0')).toEqual({ code: 'negative_integer' });
    expect(count('-9007199254740992')).toEqual({ code: 'negative_integer' });
  });
});

describe('integerText and int64Text', () => {
  it.each([
    ['3', '3'],
    [' +03.0 ', '3'],
    ['-0', '0'],
    ['-07', '-7'],
    ['000', '0'],
  ])('%o → %o', (input, output) => {
    expect(integerText(input)).toBe(output);
    expect(int64Text(input)).toBe(output);
  });

  it.each(['9223372036854775807', '-9223372036854775808', '9007199254740993', '1000000000000000000'])(
    'int64Text keeps %s digit for digit',
    (input) => {
      expect(int64Text(input)).toBe(input);
      expect(int64Text(`${input}.00`)).toBe(input);
    },
  );

  it.each(['9223372036854775808', '-9223372036854775809', '10000000000000000000', '9'.repeat(5000)])(
    'int64Text refuses %o',
    (input) => {
      expect(int64Text(input)).toEqual({ code: 'integer_out_of_range' });
    },
  );

  it('takes time in proportion to the length', () => {
    const start = process.cpuUsage().user;
    expect(integer(`${'0'.repeat(1_000_000)}x`)).toEqual({ code: 'invalid_integer' });
    expect(int64Text('0'.repeat(1_000_000))).toBe('0');
    expect(decimal(`${'1'.repeat(1_000_000)}.`)).toEqual({ code: 'invalid_number' });
    expect(process.cpuUsage().user - start).toBeLessThan(2_000_000);
  });
});
