import { suggestField } from './catalogue/index.js';
import { transformOptions, type Config } from './config.js';
import { isProblem, type Issue } from './issues.js';
import { buildPlan, type ColumnRole } from './plan/index.js';
import { parseJsonRecord, recordText, type OpenedInput } from './read/index.js';

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
 * Describes the columns of an opened input; for JSONL, the keys of its first chunk of rows. What is wrong with
 * the header stands at its columns as issues, so that all of it can be seen at once.
 */
export async function describeColumns(
  input: OpenedInput,
  config: Config,
): Promise<readonly ColumnDescription[]> {
  const names = input.header ?? (await firstKeys(input));
  const options = transformOptions(config, { asOfMs: 0, nullTexts: [] });
  const { roles, errors, warnings } = buildPlan(names, options);
  const issuesOf = (column: string): readonly Issue[] =>
    [...errors, ...warnings].filter((issue) => issue.column?.toLowerCase() === column.toLowerCase());
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

async function firstKeys(input: OpenedInput): Promise<readonly string[]> {
  const keys = new Map<string, string>();
  for await (const chunk of input.chunks) {
    for (let record = 0; record < chunk.starts.length; record += 1) {
      const parsed = parseJsonRecord(recordText(chunk, record));
      if (isProblem(parsed)) continue;
      for (const key of parsed.keys) {
        const lower = key.trim().toLowerCase();
        if (!keys.has(lower)) keys.set(lower, key);
      }
    }
    break;
  }
  return [...keys.values()];
}
