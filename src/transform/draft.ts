import type { FieldSpec } from '../catalogue/types.js';
import { ISSUES, type Issue, type Problem } from '../issues.js';
import type { Plan } from '../plan/types.js';
import type { Cell, Row, Sha256Hex } from '../types.js';
import type { TransformOptions } from './types.js';

/** Normalized personal data, with its hash once that has been made. It cannot be encoded: only a hash can. */
export type Unhashed = { readonly clear: string; hash: Sha256Hex | undefined };

export type ContentsItem = readonly { readonly key: string; readonly value: string | number }[];

/** A value that can be encoded as it is. */
export type PlainValue = string | number | readonly string[] | readonly ContentsItem[] | Cell;

/** A value of a hashed field: clear, or hashed already where it came from. */
export type Personal = Unhashed | Sha256Hex;

/** The values of a field that takes several. Most have one, which goes without an array. */
export type OneOrMany<T> = T | readonly T[];

export type DraftValue = PlainValue | OneOrMany<Personal>;

declare const draftBrand: unique symbol;
declare const eventBrand: unique symbol;

/** The values of a row, parallel to the plan's slots, before hashing. */
export type Draft = { readonly values: readonly (DraftValue | undefined)[]; readonly [draftBrand]: true };

/** The same after hashing. Only `hashDraft` makes one, and only this can be encoded. */
export type Event = { readonly values: readonly (PlainValue | undefined)[]; readonly [eventBrand]: true };

/** A custom field that the plan does not know, read: its key and its value. */
export type OtherField = { readonly key: string; readonly value: Exclude<Cell, null | undefined> };

/** A problem with the field it belongs to; custom fields have none. */
export type Finding = { readonly issue: Issue; readonly field?: FieldSpec };

/** Where a value comes from and goes to, for messages; `field` decides whether a bad value costs the row. */
export type ValuePlace = { readonly column: string; readonly path: string; readonly field: FieldSpec };

/** Reads one slot of the plan from a row; `undefined` when the row has nothing for it. */
export type SlotReader = (row: Row, context: RowContext) => DraftValue | undefined;

/** What the readers of a row share. `findings` and `warnings` are filled as the row is read. */
export type RowContext = {
  readonly plan: Plan;
  readonly options: TransformOptions;
  readonly timeZone: string | undefined;
  readonly phoneCountry: string | undefined;
  /** Country of the row, else `default_country`; see `NormalizeContext`. */
  country: string | undefined;
  rowCountry: string | undefined;
  readonly findings: Finding[];
  readonly warnings: Issue[];
};

/** Notes a problem at its place: as a warning where its code is one, else as a finding to be judged at the end of the row. */
export function note(
  context: RowContext,
  problem: Problem,
  column: string,
  path: string,
  field?: FieldSpec,
): void {
  const issue: Issue = { ...problem, column, path };
  const { effect } = ISSUES[problem.code];
  if (effect === 'drop' || effect === 'keep') context.warnings.push(issue);
  else context.findings.push(field === undefined ? { issue } : { issue, field });
}
