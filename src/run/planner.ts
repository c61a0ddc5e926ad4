import { RunError } from '../errors.js';
import { formatIssue, ISSUES, type Issue } from '../issues.js';
import { buildPlan, type PlanResult } from '../plan/index.js';
import { findDamagedNames } from '../transform/damage.js';
import { compileTransform, type RowTransform, type TransformOptions } from '../transform/index.js';

/** The plan of a header with its compiled transform. */
export type Planned = {
  readonly names: readonly string[];
  readonly transform: RowTransform;
  readonly warnings: readonly Issue[];
};

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
  return { names: header, transform: compileTransform(plan, options), warnings };
}
