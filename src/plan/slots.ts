import { FIELDS } from '../catalogue/index.js';
import type { FieldPlace, FieldSpec } from '../catalogue/types.js';
import type { Issue } from '../issues.js';
import type { EventSourceType } from '../types.js';
import type { Resolved } from './resolve.js';
import type { ColumnRole, ContentsGroup, Slot, SlotPlace, Source } from './types.js';

type Element = Extract<Resolved, { kind: 'element' }>;
type Base = Extract<Resolved, { kind: 'field' }>;
type Content = Extract<Resolved, { kind: 'contents' }>;

/** What the header's columns make together: slots, and what was noticed on the way. */
export type Collected = {
  readonly slots: Slot[];
  readonly errors: Issue[];
  readonly warnings: Issue[];
  readonly roles: ColumnRole[];
};

/** Joins the columns of each standard field (base, numbered, grouped) into one slot. */
export function standardSlots(resolved: readonly Resolved[], type: EventSourceType, out: Collected): void {
  const bases = resolved.filter((entry): entry is Base => entry.kind === 'field');
  const elements = resolved.filter((entry): entry is Element => entry.kind === 'element');
  const contents = resolved.filter((entry): entry is Content => entry.kind === 'contents');
  for (const field of FIELDS) {
    const place = field.places[type];
    if (place === undefined) continue;
    const base = bases.find((entry) => entry.field === field);
    const own = inOrder(
      elements.filter((entry) => entry.field === field),
      out,
    );
    if (base !== undefined && field.kind === 'ignored') {
      out.warnings.push({ code: 'action_source_ignored', column: base.column.name });
      out.roles.push({
        column: base.column.name,
        index: base.column.source.index,
        meaning: 'ignored',
        field,
      });
    } else if (field.kind === 'contents') {
      contentsSlot(field, slotPlace(field, place), base, own, inOrder(contents, out), out);
    } else if (field.kind === 'extinfo') {
      extinfoSlot(field, slotPlace(field, place), base, own, bases, out);
    } else if (field.extinfoPosition === undefined) {
      plainSlot(field, slotPlace(field, place), base, own, out);
    }
  }
}

/** The place of a field in the event, with its path. */
export function slotPlace(field: FieldSpec, place: FieldPlace): SlotPlace {
  return { place, key: field.key, path: pathOf(place, field.key) };
}

/** `user_data.em`, or the key alone at the top of the event. */
export function pathOf(place: FieldPlace, key: string): string {
  return place === 'event' ? key : `${place}.${key}`;
}

function plainSlot(
  field: FieldSpec,
  at: SlotPlace,
  base: Base | undefined,
  own: readonly Element[],
  out: Collected,
): void {
  if (base === undefined && own.length === 0) return;
  reportBoth(
    base,
    own.map((entry) => entry.column.name),
    out,
  );
  if (base !== undefined) addRole(out, base.column, 'standard', at.path, field);
  for (const entry of own) addRole(out, entry.column, 'array_element', `${at.path}[]`, field);
  const elements = own.map((entry) => entry.column.source);
  const sources = { elements, ...(base && { base: base.column.source }) };
  if (field.hashed) out.slots.push({ ...at, ...sources, kind: 'hashed', field });
  else if (field.shape !== 'single') out.slots.push({ ...at, ...sources, kind: 'list', field });
  else if (base !== undefined) out.slots.push({ ...at, kind: 'single', field, source: base.column.source });
}

function contentsSlot(
  field: FieldSpec,
  at: SlotPlace,
  base: Base | undefined,
  whole: readonly Element[],
  parts: readonly Content[],
  out: Collected,
): void {
  if (base === undefined && whole.length === 0 && parts.length === 0) return;
  reportBoth(
    base,
    [...whole, ...parts].map((entry) => entry.column.name),
    out,
  );
  if (base !== undefined) addRole(out, base.column, 'standard', at.path, field);
  const groups = new Map<number, { members: { key: Content['key']; source: Source }[]; whole?: Source }>();
  const groupAt = (index: number): { members: { key: Content['key']; source: Source }[]; whole?: Source } => {
    const group = groups.get(index) ?? { members: [] };
    groups.set(index, group);
    return group;
  };
  for (const { column, key, index } of parts) {
    const { members } = groupAt(index);
    if (members.some((member) => member.key === key))
      out.errors.push({ code: 'duplicate_column', column: column.name });
    else members.push({ key, source: column.source });
    addRole(out, column, 'contents', `${at.path}[].${key.key}`, field);
  }
  for (const { column, index } of whole) {
    const group = groupAt(index);
    if (group.members.length > 0)
      out.errors.push({
        code: 'base_and_flattened',
        column: column.name,
        args: { flattened: group.members[0]?.source.column ?? '' },
      });
    group.whole = column.source;
    addRole(out, column, 'array_element', `${at.path}[]`, field);
  }
  const ordered: ContentsGroup[] = [...groups]
    .sort(([a], [b]) => a - b)
    .map(([position, group]) => ({ position, ...group }));
  out.slots.push({
    ...at,
    kind: 'contents',
    field,
    groups: ordered,
    ...(base && { base: base.column.source }),
  });
}

function extinfoSlot(
  field: FieldSpec,
  at: SlotPlace,
  base: Base | undefined,
  numbered: readonly Element[],
  bases: readonly Base[],
  out: Collected,
): void {
  const positions: (Source | undefined)[] = Array.from({ length: 16 }, () => undefined);
  const flattened: string[] = [];
  const put = (position: number, entry: Base | Element): void => {
    if (positions[position] !== undefined)
      out.errors.push({ code: 'duplicate_column', column: entry.column.name });
    positions[position] = entry.column.source;
    flattened.push(entry.column.name);
    addRole(out, entry.column, 'extinfo', `${at.path}[${position}]`, field);
  };
  for (const entry of bases)
    if (entry.field.extinfoPosition !== undefined) put(entry.field.extinfoPosition, entry);
  for (const entry of numbered) {
    if (entry.index >= 1 && entry.index <= 16) put(entry.index - 1, entry);
    else
      out.errors.push({
        code: 'invalid_extinfo',
        column: entry.column.name,
        args: { reason: 'there are 16 positions' },
      });
  }
  if (base === undefined && flattened.length === 0) return;
  reportBoth(base, flattened, out);
  if (base !== undefined) addRole(out, base.column, 'standard', at.path, field);
  out.slots.push({ ...at, kind: 'extinfo', field, positions, ...(base && { base: base.column.source }) });
}

/** Sorts numbered columns by index and warns of gaps and of an index 0 (each base once). */
export function inOrder<T extends { readonly column: { readonly name: string }; readonly index: number }>(
  entries: readonly T[],
  out: Pick<Collected, 'warnings'>,
): readonly T[] {
  const sorted = [...entries].sort((a, b) => a.index - b.index);
  const indexes = [...new Set(sorted.map((entry) => entry.index))];
  const [first] = sorted;
  if (first === undefined) return sorted;
  if (first.index === 0) out.warnings.push({ code: 'index_zero', column: first.column.name });
  const start = indexes[0] === 0 ? 0 : 1;
  if (indexes.some((index, i) => index !== start + i)) {
    out.warnings.push({
      code: 'index_gap',
      column: first.column.name,
      args: { indexes: indexes.slice(0, 20).join(', ') },
    });
  }
  return sorted;
}

function reportBoth(base: Base | undefined, flattened: readonly string[], out: Collected): void {
  if (base === undefined || flattened[0] === undefined) return;
  out.errors.push({
    code: 'base_and_flattened',
    column: base.column.name,
    args: { flattened: flattened[0] },
  });
}

function addRole(
  out: Collected,
  column: { readonly name: string; readonly source: Source },
  meaning: ColumnRole['meaning'],
  path: string,
  field: FieldSpec,
): void {
  out.roles.push({ column: column.name, index: column.source.index, meaning, field, path });
}
