import { RunError } from '../errors.js';
import { formatIssue, ISSUES, type Issue } from '../issues.js';
import { buildPlan, type PlanResult } from '../plan/index.js';
import { findDamagedNames } from '../transform/damage.js';
import {
  compileTransform,
  createMemos,
  type RowTransform,
  type TransformOptions,
} from '../transform/index.js';

/** A plan with its compiled transform; with `errors`, every row of it is invalid. */
export type Planned = {
  readonly names: readonly string[];
  readonly transform: RowTransform;
  readonly errors: readonly Issue[];
  readonly warnings: readonly Issue[];
};

/** JSONL from document stores can have thousands of key lists; memory must not grow with them. */
const MAX_CACHED_PLANS = 500;

/** Where a header stands. */
export type HeaderPlace = { readonly file: string; readonly line: number };

/**
 * Plans a CSV header. Throws RunError `header_invalid`, which names every column that is wrong: nothing
 * has been sent by then.
 */
export function planHeader(
  header: readonly string[],
  options: TransformOptions,
  place: HeaderPlace,
): PlanResult {
  const plan = buildPlan(header, options);
  // An empty input has no header that could be wrong.
  if (header.length === 0) return plan;
  const result = { ...plan, errors: [...findDamagedNames(header), ...plan.errors] };
  const [first] = result.errors;
  if (first === undefined) return plan;
  const text = result.errors.slice(0, 10).map(formatIssue).join('; ');
  const more = result.errors.length > 10 ? `; and ${result.errors.length - 10} more` : '';
  throw new RunError('header_invalid', `${text}${more}`, {
    place: { ...place, ...(first.column !== undefined && { column: first.column }) },
    fix: fixOf(result.errors),
  });
}

/** What to do about each kind of error, once. */
function fixOf(errors: readonly Issue[]): string {
  const fixes: Partial<Record<Issue['code'], string>> = {
    duplicate_column: 'Rename or remove one of the two columns in the query.',
    base_and_flattened: 'Keep either the column itself or its numbered form.',
    mapping_source_missing: 'Correct "from" in "columns" of the config, or add the column to the query.',
    nul_character:
      'Rename the column, or name the encoding of the file with --encoding (utf-16le is common).',
  };
  const codes = new Set(errors.map((issue) => issue.code));
  return [...codes].map((code) => fixes[code] ?? ISSUES[code].fix).join(' ');
}

/** Compiles a CSV header into its transform. Throws as `planHeader` does. */
export function compileHeader(
  header: readonly string[],
  options: TransformOptions,
  place: HeaderPlace,
): Planned {
  const { plan, warnings } = planHeader(header, options, place);
  return { names: header, transform: compileTransform(plan, options), errors: [], warnings };
}

/**
 * Gives the plan of a JSONL row's key list; rows with the same list share one. `isFirst`: it is the first row of its input, which
 * has to tell for all of them of a name in the mapping that no row has.
 */
export function createKeyPlanner(
  options: TransformOptions,
): (keys: readonly string[], isFirst: boolean) => Planned {
  const plans = new Map<string, Planned>();
  const memos = createMemos();
  let last: { readonly keys: readonly string[]; readonly planned: Planned } | undefined;

  return function planKeys(keys, isFirst) {
    // Rows mostly come with the very array of the row before, and making an id of it would cost more than the lookup saves.
    if (last?.keys !== keys) last = { keys, planned: plan(keys, isFirst) };
    return last.planned;
  };

  function plan(keys: readonly string[], isFirst: boolean): Planned {
    const id = JSON.stringify(keys);
    const known = plans.get(id);
    if (known !== undefined) return known;
    const { plan: slots, errors, warnings } = buildPlan(keys, options);
    const planned: Planned = {
      names: keys,
      transform: compileTransform(slots, options, memos),
      // Keys with null values are often left out of a row, so an absent key is an ordinary NULL.
      errors: [
        ...findDamagedNames(keys),
        ...errors.filter((issue) => issue.code !== 'mapping_source_missing'),
      ],
      warnings: [
        ...warnings.filter(({ code }) => code !== 'missing_column' && code !== 'mapping_source_missing'),
        ...(isFirst
          ? [...errors, ...warnings].filter((issue) => issue.code === 'mapping_source_missing')
          : []),
      ],
    };
    if (plans.size >= MAX_CACHED_PLANS) plans.clear();
    plans.set(id, planned);
    return planned;
  }
}
