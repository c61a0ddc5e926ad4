import { suggestField } from './catalogue/index.js';
import { transformOptions, type Config } from './config.js';
import { unknownHeader } from './header-check.js';
import type { Issue } from './issues.js';
import { findIn } from './look-ahead.js';
import { buildPlan, type ColumnRole } from './plan/index.js';
import type { OpenedInput } from './read/index.js';
import { readFirstChunks, sampleRows, type SampleRow } from './sample.js';

/** How one column of an input is understood. */
export type ColumnDescription = {
  readonly column: string;
  /** Position in the input, from 1; 0 for a column that only the output mapping makes, or that is missing. */
  readonly position: number;
  readonly meaning: ColumnRole['meaning'] | 'absent';
  readonly field?: string;
  /** Place in the event, such as `user_data.em[]`. */
  readonly path?: string;
  readonly hashed: boolean;
  /** Standard field the name is suspiciously close to. */
  readonly suggestion?: string;
  readonly issues: readonly Issue[];
};

/**
 * Describes the columns of an opened input, of which it reads the first 1,000 rows; for JSONL, their keys. What is wrong with
 * the header stands at its columns as issues, so that all of it can be seen at once. Columns of a CSV header that has
 * no standard one come without their names, which may be data.
 */
export async function describeColumns(
  input: OpenedInput,
  config: Config,
): Promise<readonly ColumnDescription[]> {
  const options = transformOptions(config, { asOfMs: 0, nullTexts: [] });
  if (unknownHeader(input, options) !== undefined) return nameless(input.header ?? [], config);
  const first = await readFirstChunks(input);
  if (first.failure !== undefined && first.chunks.length === 0 && input.header === undefined)
    throw first.failure.reason;
  const names = input.header ?? keysOf(sampleRows(input, first));
  const { roles, errors, warnings } = buildPlan(names, options);
  const personal = findIn(input, first, { transform: options, rule: config.personalData }).columns;
  const issuesOf = (column: string): readonly Issue[] => [
    ...[...errors, ...warnings].filter((issue) => issue.column?.toLowerCase() === column.toLowerCase()),
    ...personal
      .filter(({ columns }) => columns.some((one) => one.toLowerCase() === column.toLowerCase()))
      .map(({ name }): Issue => ({ code: 'personal_data', column: name })),
  ];
  const described = roles.map((role): ColumnDescription => {
    const custom = role.meaning === 'custom' || role.meaning === 'custom_array';
    const suggestion = custom ? suggestField(role.column, config.eventSourceType) : undefined;
    return {
      column: role.column,
      position: role.index + 1,
      meaning: role.meaning,
      ...(role.field !== undefined && { field: role.field.name }),
      ...(role.path !== undefined && { path: role.path }),
      hashed: role.field?.hashed ?? false,
      ...(suggestion !== undefined && { suggestion }),
      issues: issuesOf(role.column),
    };
  });
  const rest = names.flatMap((name, index) =>
    roles.some((role) => role.index === index) ? [] : [unplaced(name.trim(), index + 1, issuesOf)],
  );
  const known = new Set([...described, ...rest].map(({ column }) => column.toLowerCase()));
  const absent = [
    ...new Set([...errors, ...warnings].flatMap(({ column = '' }) => (column === '' ? [] : [column]))),
  ]
    .filter((column) => !known.has(column.toLowerCase()))
    .map((column) => unplaced(column, 0, issuesOf));
  return [...absent, ...described, ...rest].sort((a, b) => a.position - b.position);
}

/** A column that no role was given to: repeated, without a name, left out by the output mapping, or not in the input. */
function unplaced(
  column: string,
  position: number,
  issuesOf: (column: string) => readonly Issue[],
): ColumnDescription {
  const named = issuesOf(column);
  const issues: readonly Issue[] = column === '' ? [{ code: 'unnamed_column', args: { position } }] : named;
  return { column, position, meaning: position === 0 ? 'absent' : 'ignored', hashed: false, issues };
}

function nameless(header: readonly string[], config: Config): readonly ColumnDescription[] {
  return header.map((name, index): ColumnDescription => {
    const suggestion = suggestField(name, config.eventSourceType);
    const description = { column: '', position: index + 1, hashed: false, issues: [] };
    return suggestion === undefined
      ? { ...description, meaning: 'custom' }
      : { ...description, meaning: 'custom', suggestion };
  });
}

function keysOf(rows: Iterable<SampleRow>): readonly string[] {
  const keys = new Map<string, string>();
  for (const { names } of rows) {
    for (const key of names) {
      const lower = key.trim().toLowerCase();
      if (!keys.has(lower)) keys.set(lower, key);
    }
  }
  return [...keys.values()];
}
