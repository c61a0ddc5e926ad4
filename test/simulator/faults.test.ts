import { describe, expect, test } from 'vitest';

import { RunError } from '../../src/errors.js';
import { FAULT_HELP, faultFor, parseFaults } from '../../src/simulator/faults.js';

const kinds = (script: string, requests: number, seed = 1): string[] =>
  Array.from({ length: requests }, (_, index) => {
    const fault = faultFor(parseFaults(script), index + 1, seed);
    if (fault === undefined) return '-';
    return fault.kind === 'status' ? `${fault.status}` : fault.kind;
  });

describe('parseFaults', () => {
  test('reads all parts of a rule', () => {
    expect(parseFaults('429:retry=2:store@every:5, slow:2000@8')).toEqual([
      {
        fault: { kind: 'status', status: 429, waitMs: -1, retryAfter: '2', stores: true },
        timing: { type: 'every', step: 5 },
      },
      {
        fault: { kind: 'slow', status: 200, waitMs: 2000, retryAfter: undefined, stores: true },
        timing: { type: 'range', from: 8, to: 8 },
      },
    ]);
  });

  test.each([
    ['503@1', false],
    ['html@1', false],
    ['reset-before@1', false],
    ['silence@1', false],
    ['reset-after@1', true],
    ['cut@1', true],
    ['empty@1', true],
    ['garbage@1', true],
    ['slow:1@1', true],
    ['drip:1@1', true],
    ['hangup@1', true],
    ['503:store@1', true],
    ['empty:drop@1', false],
  ])('%s stores: %s', (rule, stores) => {
    expect(parseFaults(rule)[0]?.fault.stores).toBe(stores);
  });

  test.each(['', '  '])('an empty script has no rules', (text) => {
    expect(parseFaults(text)).toEqual([]);
  });

  test.each([
    ['503', 'it has no @WHEN'],
    ['@7', 'the action is not one of'],
    ['crash@7', 'the action is not one of'],
    ['200@7', 'the action is not one of'],
    ['600@7', 'the action is not one of'],
    ['slow@7', 'it needs a wait'],
    ['slow:x@7', 'an option is not understood'],
    ['cut:5@7', 'an option is not understood'],
    ['503:retry=soon@7', 'an option is not understood'],
    ['slow:5:drop@7', 'a true answer cannot be given without storing'],
    ['503@0', 'the part after @'],
    ['503@x', 'the part after @'],
    ['503@every:0', 'the part after @'],
    ['503@random:2', 'the part after @'],
    ['503@random:1.5', 'the part after @'],
    ['503@1...3', 'the part after @'],
    ['503@', 'the part after @'],
    ['503@5..3', 'the range ends before it starts'],
    ['503@1,', 'it has no @WHEN'],
  ])('refuses %s', (script, why) => {
    let error: unknown;
    try {
      parseFaults(script);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(RunError);
    expect(error).toMatchObject({ code: 'usage', message: expect.stringContaining(why) });
  });

  test('the message names the rule at fault', () => {
    expect(() => parseFaults('503@1,crash@2')).toThrow('"crash@2"');
  });
});

describe('faultFor', () => {
  test.each([
    ['503@3', '- - 503 - - -'],
    ['503@every:2', '- 503 - 503 - 503'],
    ['cut@2..4', '- cut cut cut - -'],
    ['cut@5..', '- - - - cut cut'],
    ['empty@all', 'empty empty empty empty empty empty'],
    ['503@2,cut@1..3,html@all', 'cut 503 cut html html html'],
    ['503@random:0', '- - - - - -'],
    ['503@random:1', '503 503 503 503 503 503'],
  ])('%s', (script, expected) => {
    expect(kinds(script, 6).join(' ')).toBe(expected);
  });

  test('random rules hit about as often as they say, and the same requests for the same seed', () => {
    const first = kinds('503@random:0.05', 10_000, 7);
    const hits = first.filter((kind) => kind !== '-').length;
    expect(hits).toBeGreaterThan(400);
    expect(hits).toBeLessThan(600);
    expect(kinds('503@random:0.05', 10_000, 7)).toEqual(first);
    expect(kinds('503@random:0.05', 10_000, 8)).not.toEqual(first);
  });

  test('two random rules of one script are independent', () => {
    const both = kinds('503@random:0.5,cut@random:0.5', 1000);
    const left = both.filter((kind) => kind === '-').length;
    expect(left).toBeGreaterThan(150);
    expect(left).toBeLessThan(350);
  });
});

test('the help names every action and its examples are valid', () => {
  for (const word of [
    'html',
    'reset-before',
    'silence',
    'reset-after',
    'cut',
    'empty',
    'garbage',
    'slow',
    'drip',
    'hangup',
  ]) {
    expect(FAULT_HELP).toContain(`\n  ${word}`);
  }
  const examples = FAULT_HELP.slice(FAULT_HELP.indexOf('Examples:') + 'Examples:'.length)
    .trim()
    .split(/\s+/);
  expect(examples.map(parseFaults).every((script) => script.length > 0)).toBe(true);
});
