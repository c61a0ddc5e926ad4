import { RunError } from '../../errors.js';
import { fieldsJson, fieldsMarkdown, suggestField, type FieldRow } from '../../catalogue/index.js';
import { quoteName } from '../../printable.js';
import { unknownWord } from '../errors.js';
import type { Output } from '../output.js';
import { plainTable, tableText } from '../table.js';

export type FieldsFlags = { readonly json?: true; readonly markdown?: true };

/** `snapcapi fields`: the columns with a meaning of their own, or one of them. Throws RunError usage. */
export async function runFields(name: string | undefined, flags: FieldsFlags, out: Output): Promise<number> {
  const rows = name === undefined ? fieldsJson() : [findField(name)];
  if (flags.json === true)
    await out.write(`${JSON.stringify(name === undefined ? rows : rows[0], null, 2)}\n`);
  else if (flags.markdown === true) await out.write(fieldsMarkdown());
  else await out.write(name === undefined ? fieldTable(rows) : rows.map(fieldText).join('\n'));
  return 0;
}

function findField(name: string): FieldRow {
  const rows = fieldsJson();
  const wanted = name.trim().toLowerCase();
  const found = rows.find((row) => row.column.toLowerCase() === wanted || row.column === `${wanted}_N`);
  if (found !== undefined) return found;
  const fix =
    '`snapcapi fields` lists all. Other columns are custom fields and go to custom_data as they are.';
  // The catalogue knows usual names of such columns elsewhere, which are nothing like ours in spelling.
  const suggested = suggestField(name, 'MOBILE_APP');
  if (suggested !== undefined) {
    throw new RunError('usage', `unknown field ${quoteName(name)}; did you mean ${quoteName(suggested)}?`, {
      fix,
    });
  }
  const known = rows.map((row) => row.column);
  throw unknownWord('field', name, known, fix);
}

function fieldTable(rows: readonly FieldRow[]): string {
  const table = plainTable(['column', 'goes to', 'type', 'required', 'hashed']);
  for (const row of rows) {
    table.push([row.column, pathsOf(row), row.type, row.required.join(', '), row.hashed ? 'yes' : '']);
  }
  return tableText(table);
}

function pathsOf(row: FieldRow): string {
  return [...new Set(Object.values(row.paths))].join(' or ');
}

function fieldText(row: FieldRow): string {
  const lines = [
    row.column,
    `  ${row.rule}`,
    '',
    ...Object.entries(row.paths).map(([type, path]) => `  goes to   ${path} (${type})`),
    `  type      ${row.type}`,
    `  required  ${row.required.length === 0 ? 'no' : row.required.join(', ')}`,
    `  hashed    ${row.hashed ? 'yes, with SHA-256' : 'no'}`,
    ...(row.choices === undefined ? [] : [`  words     ${row.choices.join(' ')}`]),
    `  reference ${row.reference}`,
    ...row.good.map(
      (one) => `  example   ${JSON.stringify(one.input)} becomes ${JSON.stringify(one.output)}`,
    ),
    ...row.bad.map((one) => `  refused   ${JSON.stringify(one.input)} (${one.code})`),
  ];
  return `${lines.join('\n')}\n`;
}
