import type { FieldSpec } from '../catalogue/types.js';
import type { Unhashed } from './draft.js';

/** What became of the texts of a field in which the same ones come again and again. */
export type Memo = {
  /** `country`: that of the row, on which the value may depend. */
  readonly find: (text: string, country: string | undefined) => Unhashed | undefined;
  readonly keep: (text: string, country: string | undefined, value: Unhashed) => void;
};

/** The memos of an input's fields, which all its plans share. */
export type Memos = (field: FieldSpec) => Memo;

const MOST_TEXTS = 2000;
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

/** After so many texts it is known whether remembering pays. */
const TRIAL_TEXTS = 8000;
/** To look a text up costs a fourth of what it saves. */
const LEAST_HITS = TRIAL_TEXTS / 4;

/** A field whose texts turn out to be new most of the time is no longer remembered: looking in vain costs, too. */
function createMemo(): Memo {
  const byCountry = new Map<string | undefined, Map<string, Unhashed>>();
  /** Those of the country asked for last: most fields have the same for all rows. */
  let values: Map<string, Unhashed> | undefined;
  let country: string | undefined;
  let left = MOST_TEXTS;
  let looked = 0;
  let hits = 0;

  function endTrial(): void {
    if (hits >= LEAST_HITS) return;
    left = 0;
    byCountry.clear();
    values = undefined;
  }

  function choose(of: string | undefined): void {
    if (of === country) return;
    country = of;
    values = byCountry.get(of);
  }

  return {
    find(text, of) {
      choose(of);
      const known = values?.get(text);
      if (looked < TRIAL_TEXTS) {
        if (known !== undefined) hits += 1;
        looked += 1;
        if (looked === TRIAL_TEXTS) endTrial();
      }
      return known;
    },
    keep(text, of, { clear }) {
      if (left === 0 || text.length > LONGEST_TEXT || clear.length > LONGEST_TEXT) return;
      left -= 1;
      choose(of);
      values ??= new Map<string, Unhashed>();
      byCountry.set(of, values);
      values.set(copyOf(text), { clear: copyOf(clear), hash: undefined });
    },
  };
}

/** A cell may be a slice that holds the text of its whole record in memory. */
function copyOf(text: string): string {
  return Buffer.from(text).toString();
}
