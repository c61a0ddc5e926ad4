import type { PersonalDataRule } from '../config/types.js';
import type { Plan } from '../plan/types.js';
import type { SampleRow } from '../sample.js';
import { createPersonalCounter, type PersonalColumn } from './count.js';

/** What was found in one input. */
export type PersonalFinding = {
  readonly file: string;
  /** Columns that hold personal data and are not allowed. */
  readonly columns: readonly PersonalColumn[];
  /** Standard fields that the input fills already. */
  readonly fields: ReadonlySet<string>;
  /** Column names of a CSV input. */
  readonly header: readonly string[] | undefined;
};

export type PersonalOptions = {
  readonly file: string;
  readonly header: readonly string[] | undefined;
  readonly rule: PersonalDataRule;
  readonly nullTexts: readonly string[];
  readonly planOf: (names: readonly string[]) => Plan;
};

/** Looks for personal data in the custom columns of the first rows of an input. */
export function findPersonalData(rows: Iterable<SampleRow>, options: PersonalOptions): PersonalFinding {
  const { file, header, rule } = options;
  const counter = createPersonalCounter(options.nullTexts);
  const planOf = cached(options.planOf);
  const fields = new Set<string>(header === undefined ? [] : fieldsOf(planOf(header)));
  for (const { names, cells } of rows) {
    const plan = planOf(names);
    if (header === undefined) for (const field of fieldsOf(plan)) fields.add(field);
    counter.add(plan, cells);
  }
  return { file, header, fields, columns: counter.found().filter((column) => !isAllowed(column, rule)) };
}

function fieldsOf({ slots }: Plan): readonly string[] {
  return slots.flatMap((slot) => ('field' in slot ? [slot.field.name] : []));
}

/** Rows mostly have the names of the row before; JSONL rows need not. */
function cached(planOf: (names: readonly string[]) => Plan): (names: readonly string[]) => Plan {
  const plans = new Map<string, Plan>();
  let last: { readonly names: readonly string[]; readonly plan: Plan } | undefined;
  return (names) => {
    if (last?.names === names) return last.plan;
    const id = JSON.stringify(names);
    const plan = plans.get(id) ?? planOf(names);
    plans.set(id, plan);
    last = { names, plan };
    return plan;
  };
}

function isAllowed({ aliases, columns }: PersonalColumn, rule: PersonalDataRule): boolean {
  if (typeof rule === 'string') return false;
  const allowed = new Set(rule.allow);
  return (
    aliases.some((alias) => allowed.has(alias)) ||
    columns.every((column) => allowed.has(column.toLowerCase()))
  );
}
