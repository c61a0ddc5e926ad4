import type { PersonalDataRule } from '../config/types.js';
import { RunError } from '../errors.js';
import { quoteName } from '../printable.js';
import type { OutputMapping } from '../transform/types.js';
import type { PersonalColumn } from './count.js';
import type { PersonalFinding } from './find.js';
import type { PersonalField } from './names.js';

const MOST_NAMED = 10;

export type RemedyContext = { readonly mapping: OutputMapping; readonly rule: PersonalDataRule };

/**
 * RunError `personal_data_unhashed` for what was found in the inputs; `undefined` when nothing was. Its fix is config text
 * that works as it stands, for all columns the message names.
 */
export function personalDataError(
  findings: readonly PersonalFinding[],
  context: RemedyContext,
): RunError | undefined {
  const all = distinct(findings);
  const [first] = all;
  if (first === undefined) return undefined;
  const named = all.slice(0, MOST_NAMED);
  const names = named.map(({ file, column }) =>
    file === first.file ? quoteName(column.name) : `${quoteName(column.name)} (${file})`,
  );
  const more = all.length > named.length ? ` and ${all.length - named.length} more` : '';
  const subject = all.length === 1 ? 'column' : 'columns';
  const verb = all.length === 1 ? 'holds' : 'hold';
  return new RunError(
    'personal_data_unhashed',
    `${first.file}: ${subject} ${names.join(', ')}${more} ${verb} personal data, which a custom column sends unhashed`,
    {
      place: { file: first.file, column: first.column.name },
      fix: remedies(
        named.map(({ column }) => column),
        findings,
        context,
      ),
    },
  );
}

type Found = { readonly file: string; readonly column: PersonalColumn };

/** Each column once, with the first input it was found in. */
function distinct(findings: readonly PersonalFinding[]): readonly Found[] {
  const found = new Map<string, Found>();
  for (const { file, columns } of findings) {
    for (const column of columns) {
      const id = column.name.toLowerCase();
      if (!found.has(id)) found.set(id, { file, column });
    }
  }
  return [...found.values()];
}

function remedies(
  columns: readonly PersonalColumn[],
  findings: readonly PersonalFinding[],
  { mapping, rule }: RemedyContext,
): string {
  const fields = fieldsFor(columns, findings);
  const names = [...new Set(columns.flatMap((column) => column.columns))];
  const drop = (name: string): string => `{"drop": ${quoteName(name)}}`;
  const mapped = names.map((name) => {
    const field = fields.get(name);
    return field === undefined ? drop(name) : `{"from": ${quoteName(name)}, "to": "${field}"}`;
  });
  const dropped = names.map(drop);
  const allowed = [...(typeof rule === 'string' ? [] : rule.allow), ...columns.map(({ name }) => name)];
  const rest = fields.size < names.length ? ' and leave the others out' : '';
  return [
    ...(fields.size === 0
      ? []
      : [`In the config, map to the hashed field${rest}: ${columnsText(mapped, mapping)}.`]),
    `${fields.size === 0 ? 'In the config, leave' : 'Or leave'} out: ${columnsText(dropped, mapping)}.`,
    `Or allow to send as it is: "personal_data": {"allow": [${allowed.map(quoteName).join(', ')}]}.`,
  ].join(' ');
}

/** Config text for entries of the output mapping, beside those that are there already. */
function columnsText(entries: readonly string[], { all, list }: OutputMapping): string {
  if (all && list.length === 0) return `"columns": ["*", ${entries.join(', ')}]`;
  return `put ${entries.join(', ')} into "columns", in place of entries for the same column`;
}

/**
 * The fields that columns can be mapped to, by column. Only where every input has the column, because a mapping that names
 * an absent one is an error, and where no input fills the field already.
 */
function fieldsFor(
  columns: readonly PersonalColumn[],
  findings: readonly PersonalFinding[],
): ReadonlyMap<string, string> {
  const byField = new Map<PersonalField, string[]>();
  for (const { field, columns: names } of columns) {
    if (field === undefined || findings.some(({ fields }) => fields.has(field))) continue;
    if (!names.every((name) => isEverywhere(name, findings))) continue;
    byField.set(field, [...(byField.get(field) ?? []), ...names]);
  }
  return new Map(
    [...byField].flatMap(([field, names]) =>
      names.map((name, index) => [name, names.length === 1 ? field : `${field}_${index + 1}`] as const),
    ),
  );
}

function isEverywhere(name: string, findings: readonly PersonalFinding[]): boolean {
  const wanted = name.toLowerCase();
  return findings.every(
    ({ header }) => header === undefined || header.some((column) => column.trim().toLowerCase() === wanted),
  );
}
