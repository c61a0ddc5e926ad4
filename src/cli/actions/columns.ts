import { transformOptions } from '../../config.js';
import { describeColumns, type ColumnDescription } from '../../columns.js';
import { unknownHeader } from '../../header-check.js';
import { formatIssue } from '../../issues.js';
import { quoteName } from '../../printable.js';
import { DEFAULT_READ_OPTIONS, openInput } from '../../read/index.js';
import { jsonText } from '../../report/json-text.js';
import { issueRecord } from '../../report/rejects.js';
import { loadConfigOrDefaults } from '../config-file.js';
import { resolveInputs } from '../inputs.js';
import type { Io } from '../io.js';
import type { ConfigFlags, InputFlags } from '../options.js';
import type { Output } from '../output.js';
import { readOptions } from '../run-options.js';
import { plainTable, tableText } from '../table.js';
import { safeText } from '../terminal.js';

export type ColumnsFlags = ConfigFlags & InputFlags & { readonly json?: true };

/** `snapcapi columns`: how each column of an input is understood. Gives the exit code. */
export async function runColumns(
  file: string | undefined,
  flags: ColumnsFlags,
  io: Io,
  out: Output,
): Promise<number> {
  const config = await loadConfigOrDefaults(flags, io);
  const { inputs } = resolveInputs(file === undefined ? [] : [file], io);
  const [input] = inputs;
  if (input === undefined) return 0;
  const opened = await openInput(input, 0, { ...DEFAULT_READ_OPTIONS, ...readOptions(flags) });
  try {
    const columns = await describeColumns(opened, config);
    await out.write(flags.json === true ? `${jsonText(columns.map(columnRecord))}\n` : columnTable(columns));
    const unknown = unknownHeader(opened, transformOptions(config, { asOfMs: 0 }));
    if (unknown !== undefined) throw unknown;
    return 0;
  } finally {
    await opened.close();
  }
}

function columnRecord(column: ColumnDescription): object {
  return { ...column, issues: column.issues.map(issueRecord) };
}

function columnTable(columns: readonly ColumnDescription[]): string {
  const table = plainTable(['#', 'column', 'meaning', 'goes to', 'hashed', 'notes']);
  for (const column of columns) {
    table.push([
      column.meaning === 'absent' ? '-' : column.position === 0 ? '+' : String(column.position),
      quoteName(column.column).slice(1, -1),
      column.meaning.replaceAll('_', ' '),
      safeText(column.path ?? ''),
      column.hashed ? 'yes' : '',
      notes(column),
    ]);
  }
  return tableText(table);
}

function notes({ suggestion, issues }: ColumnDescription): string {
  const lines = issues.map((issue) => `${issue.code}: ${formatIssue(issue)}`);
  const hinted = issues.some((issue) => issue.code === 'suspicious_column');
  if (suggestion !== undefined && !hinted) lines.push(`did you mean ${suggestion}?`);
  return safeText(lines.join('\n'));
}
