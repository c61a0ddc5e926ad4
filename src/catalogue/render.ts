import type { EventSourceType } from '../types.js';
import { CONTENTS } from './custom-fields.js';
import { CONTENTS_KEYS, CONTENTS_PREFIXES } from './contents.js';
import { FIELDS } from './fields.js';
import { contentsKeyPath, fieldPath } from './paths.js';
import type { BadExample, ContentsKey, FieldPlace, FieldSpec, GoodExample, Requirement } from './types.js';

export type FieldGroup = FieldPlace | 'contents' | 'extinfo';

/** One column as the documentation and `snapcapi fields --json` show it. */
export type FieldRow = {
  readonly column: string;
  readonly group: FieldGroup;
  /** Path in the event for each event source type that knows the column. */
  readonly paths: Readonly<Partial<Record<EventSourceType, string>>>;
  readonly type: string;
  /** `always`, an event source type, an event name, or `one identifier`. */
  readonly required: readonly string[];
  readonly hashed: boolean;
  readonly choices?: readonly string[];
  readonly rule: string;
  readonly reference: string;
  readonly good: readonly GoodExample[];
  readonly bad: readonly BadExample[];
};

const TYPES: readonly EventSourceType[] = ['WEB', 'MOBILE_APP', 'OFFLINE'];

const HEADINGS: Readonly<Record<FieldGroup, string>> = {
  event: 'Event',
  user_data: 'The person (`user_data`)',
  custom_data: 'The conversion (`custom_data`)',
  contents: 'Items of `contents` (`custom_data.contents`)',
  app_data: 'The app (`app_data`, app events only)',
  extinfo: 'Positions of `extinfo` (app events only)',
};

function typeLabel(spec: FieldSpec): string {
  if (spec.kind === 'contents') return 'array of objects';
  if (spec.kind === 'extinfo') return 'array of 16 texts';
  const { label } = spec.type;
  if (spec.shape === 'single') return label;
  return spec.shape === 'string_or_array' ? `${label} or array` : `array of ${label}`;
}

function requirementLabel(requirement: Requirement): string {
  return requirement.when === 'always' ? 'always' : requirement.is;
}

function groupOf(spec: FieldSpec): FieldGroup {
  if (spec.extinfoPosition !== undefined) return 'extinfo';
  return spec.places.WEB ?? spec.places.MOBILE_APP ?? 'event';
}

function pathsOf(pathFor: (type: EventSourceType) => string | undefined): FieldRow['paths'] {
  return Object.fromEntries(
    TYPES.flatMap((type) => {
      const path = pathFor(type);
      return path === undefined ? [] : [[type, path]];
    }),
  );
}

function fieldRow(spec: FieldSpec): FieldRow {
  const required = spec.required.map(requirementLabel);
  return {
    column: spec.name,
    group: groupOf(spec),
    paths: pathsOf((type) => fieldPath(spec, type)),
    type: typeLabel(spec),
    required: spec.identifier ? [...required, 'one identifier'] : required,
    hashed: spec.hashed,
    ...(spec.type.choices === undefined ? {} : { choices: spec.type.choices }),
    rule: spec.summary,
    reference: spec.reference,
    good: spec.good,
    bad: spec.bad,
  };
}

function contentsRow(key: ContentsKey): FieldRow {
  return {
    column: `${CONTENTS_PREFIXES[0] ?? ''}_${key.key}_N`,
    group: 'contents',
    paths: pathsOf((type) => contentsKeyPath(key, type)),
    type: key.type.label,
    required: [],
    hashed: false,
    rule: key.summary,
    reference: CONTENTS.reference,
    good: key.good,
    bad: key.bad,
  };
}

/** Every column as plain data, in documented order; the numbered columns of `contents` end in `_N`. */
export function fieldsJson(): readonly FieldRow[] {
  return FIELDS.flatMap((spec) =>
    spec === CONTENTS ? [fieldRow(spec), ...CONTENTS_KEYS.map(contentsRow)] : [fieldRow(spec)],
  );
}

/** A text that is safe inside a cell of a markdown table. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function pathCell(paths: FieldRow['paths']): string {
  const types = new Map<string, string[]>();
  for (const type of TYPES) {
    const path = paths[type];
    if (path !== undefined) types.set(path, [...(types.get(path) ?? []), type]);
  }
  if (types.size === 1) return [...types.keys()].map((path) => `\`${path}\``).join('');
  return [...types].map(([path, names]) => `\`${path}\` (${names.join(', ')})`).join('; ');
}

function markdownRow(row: FieldRow): string {
  const cells = [
    `\`${row.column}\``,
    pathCell(row.paths),
    row.type,
    row.required.join(', '),
    row.hashed ? 'yes' : '',
    row.rule,
  ];
  return `| ${cells.map(cell).join(' | ')} |`;
}

function markdownGroup(group: FieldGroup, rows: readonly FieldRow[]): string {
  const head = [
    '| Column | Place | Type | Required | Hashed | Rule |',
    '| --- | --- | --- | --- | --- | --- |',
  ];
  const body = rows.filter((row) => row.group === group).map(markdownRow);
  return [`### ${HEADINGS[group]}`, '', ...head, ...body].join('\n');
}

/** The field tables of the documentation, one for each group, as markdown that ends in a line feed. */
export function fieldsMarkdown(): string {
  const rows = fieldsJson();
  const groups = Object.keys(HEADINGS) as readonly FieldGroup[];
  return `${groups.map((group) => markdownGroup(group, rows)).join('\n\n')}\n`;
}
