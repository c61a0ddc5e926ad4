import type { FieldSpec } from '../catalogue/types.js';
import type { Unhashed } from './draft.js';

/** What became of the texts of a field that has few different ones. */
export type Memo = {
  /** `country`: that of the row, on which the value may depend. */
  readonly find: (text: string, country: string | undefined) => Unhashed | undefined;
  readonly keep: (text: string, country: string | undefined, value: Unhashed) => void;
};

/** The memos of an input's fields, which all its plans share. */
export type Memos = (field: FieldSpec) => Memo;

const MOST_TEXTS = 1000;
const LONGEST_TEXT = 32;

/** Starts with empty memos; their memory is bounded. */
export function createMemos(): Memos {
  const memos = new Map<FieldSpec, Memo>();
  return function memoOf(field) {
    const memo = memos.get(field) ?? createMemo();
    memos.set(field, memo);
    return memo;
  };
}

function createMemo(): Memo {
  const byCountry = new Map<string | undefined, Map<string, Unhashed>>();
  let left = MOST_TEXTS;
  return {
    find: (text, country) => byCountry.get(country)?.get(text),
    keep(text, country, { clear }) {
      if (left === 0 || text.length > LONGEST_TEXT || clear.length > LONGEST_TEXT) return;
      left -= 1;
      const values = byCountry.get(country) ?? new Map<string, Unhashed>();
      byCountry.set(country, values);
      values.set(copyOf(text), { clear: copyOf(clear), hash: undefined });
    },
  };
}

/** A cell may be a slice that holds the text of its whole record in memory. */
function copyOf(text: string): string {
  return Buffer.from(text).toString();
}
