import { describe, expect, it } from 'vitest';
import {
  removeHyphensAndSpaces,
  removePunctuation,
  removePunctuationAndSpaces,
} from '../../src/normalize/removal.js';

// The list of the rule book; the tables of the code are held against it, code unit by code unit.
const PUNCTUATION = /[.,!?;:\-—"'()[\]{}/_&*+=@#$%^~|]/;
const WHITE_SPACE = /[\s\u0085]/;

describe.each([
  ['removePunctuation', removePunctuation, (unit: string) => PUNCTUATION.test(unit)],
  [
    'removePunctuationAndSpaces',
    removePunctuationAndSpaces,
    (unit: string) => PUNCTUATION.test(unit) || WHITE_SPACE.test(unit),
  ],
  [
    'removeHyphensAndSpaces',
    removeHyphensAndSpaces,
    (unit: string) => unit === '-' || WHITE_SPACE.test(unit),
  ],
])('%s', (_name, remove, isRemoved) => {
  it('removes exactly the characters of its list', () => {
    for (let unit = 0; unit < 0x10000; unit++) {
      const text = String.fromCharCode(unit);
      const kept = isRemoved(text) ? '' : text;
      if (remove(text) !== kept) expect(remove(text), unit.toString(16)).toBe(kept);
    }
  });

  it('removes them at every place', () => {
    expect(remove('-a- -b-')).toBe(isRemoved(' ') ? 'ab' : 'a b');
    expect(remove('--')).toBe('');
    expect(remove('')).toBe('');
    expect(remove('ab')).toBe('ab');
  });

  it('composes what stood apart, and leaves the rest', () => {
    expect(remove('e-\u0301')).toBe('\u00e9');
    expect(remove('\u{1f600}-’“…')).toBe('\u{1f600}’“…');
  });
});
