import type { Issue } from '../issues.js';
import type { OutputColumn, TransformOptions } from '../transform/types.js';
import type { Source } from './types.js';

/** A column after the output mapping: what it is called for all further rules, and where its value is. */
export type MappedColumn = { readonly name: string; readonly source: Source };

export type MappingOptions = Pick<TransformOptions, 'mapping' | 'variables' | 'asOfMs'>;

export type MappingResult = {
  readonly columns: readonly MappedColumn[];
  readonly errors: readonly Issue[];
  readonly warnings: readonly Issue[];
};

/**
 * Applies the output mapping of the config to column names (blanks around names are dropped, names that
 * are empty are ignored with a warning). The mapping comes before every other rule.
 */
export function mapColumns(names: readonly string[], options: MappingOptions): MappingResult {
  const errors: Issue[] = [];
  const warnings: Issue[] = [];
  const byName = indexNames(names, errors, warnings);
  const columns: MappedColumn[] = [];
  /** Columns that are renamed or dropped, so that `"*"` does not export them. */
  const taken = new Set<number>();
  for (const entry of options.mapping.list) {
    if ('drop' in entry) {
      const dropped = byName.get(entry.drop.trim().toLowerCase());
      // Not an error: of several inputs, one may lack the column.
      if (dropped === undefined) warnings.push({ code: 'mapping_source_missing', column: entry.drop });
      else taken.add(dropped);
      continue;
    }
    const source = sourceOf(entry, byName, options);
    if (source === undefined) {
      errors.push({ code: 'mapping_source_missing', column: 'from' in entry ? entry.from : entry.to });
      continue;
    }
    if (source.index >= 0) taken.add(source.index);
    columns.push({ name: entry.to.trim(), source });
  }
  if (options.mapping.all) {
    for (const [index, name] of names.entries()) {
      const trimmed = name.trim();
      if (trimmed !== '' && !taken.has(index))
        columns.push({ name: trimmed, source: { column: trimmed, index } });
    }
  }
  reportRepeats(columns, errors);
  return { columns, errors, warnings };
}

function indexNames(
  names: readonly string[],
  errors: Issue[],
  warnings: Issue[],
): ReadonlyMap<string, number> {
  const byName = new Map<string, number>();
  for (const [index, name] of names.entries()) {
    const lower = name.trim().toLowerCase();
    if (lower === '') warnings.push({ code: 'unnamed_column', args: { position: index + 1 } });
    else if (byName.has(lower)) errors.push({ code: 'duplicate_column', column: name.trim() });
    else byName.set(lower, index);
  }
  return byName;
}

function sourceOf(
  entry: Exclude<OutputColumn, { readonly drop: string }>,
  byName: ReadonlyMap<string, number>,
  options: MappingOptions,
): Source | undefined {
  if ('value' in entry) return { column: entry.to, index: -1, constant: entry.value };
  if ('template' in entry) {
    const source = { column: entry.to, index: -1, constant: fillTemplate(entry.template, options) };
    return entry.template.includes('{timestamp}') ? { ...source, variesByRun: true } : source;
  }
  const index = byName.get(entry.from.trim().toLowerCase());
  return index === undefined ? undefined : { column: entry.from.trim(), index };
}

/** Replaces `{timestamp}` by the as-of time (ISO, UTC) and `{name}` by the variable of that name; others stay. */
function fillTemplate(template: string, options: MappingOptions): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => {
    if (name === 'timestamp') return new Date(options.asOfMs).toISOString();
    return Object.hasOwn(options.variables, name) ? (options.variables[name] ?? whole) : whole;
  });
}

/** Two outputs of one name, one of which the mapping made (repeats in the header are reported already). */
function reportRepeats(columns: readonly MappedColumn[], errors: Issue[]): void {
  const reported = new Set(errors.map((issue) => issue.column?.toLowerCase()));
  const seen = new Set<string>();
  for (const { name } of columns) {
    const lower = name.toLowerCase();
    if (seen.has(lower) && !reported.has(lower)) errors.push({ code: 'duplicate_column', column: name });
    seen.add(lower);
  }
}
