import { looksLikeNull } from '../normalize/absent.js';
import type { Plan, Source } from '../plan/types.js';
import { parseJsonValue } from '../read/index.js';
import { readCell } from '../transform/cells.js';
import { listElements } from '../transform/lists.js';
import type { Cell, Row } from '../types.js';
import { personalName, type PersonalField } from './names.js';
import { kindOf, type ValueKind } from './values.js';

/** A custom column, or a member of its nested values, that holds unhashed personal data. */
export type PersonalColumn = {
  /** As the input spells it; members of nested values with dots: `customer.email`. */
  readonly name: string;
  /** Columns of the input that the values come from: several when numbered columns make one array. */
  readonly columns: readonly string[];
  /** Names that may stand for it in `allow`, lower case. */
  readonly aliases: readonly string[];
  /** The field it can be mapped to as it is. */
  readonly field: PersonalField | undefined;
};

/** Counts what custom columns hold, row by row. */
export type PersonalCounter = {
  readonly add: (plan: Plan, row: Row) => void;
  /** Columns that count as personal, in the order of the input. */
  readonly found: () => readonly PersonalColumn[];
};

/** A custom field of the event and the columns it comes from. */
type Target = { readonly name: string; readonly key: string; readonly sources: readonly Source[] };

type Count = {
  readonly name: string;
  /** Of the first column in its row. */
  readonly position: number;
  readonly aliases: Set<string>;
  readonly columns: Set<string>;
  readonly isNested: boolean;
  readonly named: { readonly field: PersonalField | undefined } | undefined;
  values: number;
  readonly kinds: Record<ValueKind, number>;
};

/** A value rule needs this many personal values at least, so that a chance one among few does not stop a run. */
const FEWEST_VALUES = 3;

/** Makes a counter for the rows of one input. Memory is bounded by the rows that are added. */
export function createPersonalCounter(nullTexts: readonly string[]): PersonalCounter {
  const counts = new Map<string, Count>();

  function countOf(target: Target, path: readonly string[]): Count {
    const id = [target.key.toLowerCase(), ...path].join('\n');
    const known = counts.get(id) ?? newCount(target, path);
    counts.set(id, known);
    for (const { column } of target.sources) known.columns.add(column);
    return known;
  }

  function visit(target: Target, path: readonly string[], cell: Cell): void {
    if (cell === null || cell === undefined) return;
    if (Array.isArray(cell)) {
      for (const element of cell as readonly Cell[]) visit(target, path, element);
    } else if (typeof cell === 'object') {
      for (const [key, member] of Object.entries(cell as { readonly [key: string]: Cell }))
        visitMember(target, path, key, member);
    } else visitScalar(target, path, String(cell));
  }

  function visitMember(target: Target, path: readonly string[], key: string, member: Cell): void {
    if (!isPersonal(kindOf(key))) {
      visit(target, [...path, key], member);
      return;
    }
    // Such a key is data itself, which no message may name.
    visitScalar(target, path, key);
    visit(target, path, member);
  }

  function visitScalar(target: Target, path: readonly string[], text: string): void {
    // NULL as other programs print it says nothing about a column.
    if (looksLikeNull(text.trim())) return;
    const nested = nestedValue(text);
    if (nested !== undefined && nested !== null) {
      visit(target, path, nested);
      return;
    }
    const elements = listElements(text);
    if (Array.isArray(elements)) {
      for (const element of elements as readonly string[]) visitScalar(target, path, element);
      return;
    }
    const count = countOf(target, path);
    count.values += 1;
    count.kinds[kindOf(text)] += 1;
  }

  return {
    add({ slots }, row) {
      for (const slot of slots) {
        if (slot.kind !== 'custom' && slot.kind !== 'custom_array') continue;
        const given = slot.kind === 'custom' ? [slot.source] : slot.elements;
        const sources = given.filter(({ index }) => index >= 0);
        if (sources.length === 0) continue;
        const name = slot.kind === 'custom' ? (sources[0]?.column ?? slot.key) : slot.key;
        const target = { name, key: slot.key, sources };
        // Also without a value: the name alone may say enough.
        countOf(target, []);
        for (const source of sources) visit(target, [], readCell(row, source, nullTexts));
      }
    },
    found() {
      const ordered = [...counts.values()].sort((a, b) => a.position - b.position);
      return ordered.filter(holdsPersonalData).map(toColumn);
    },
  };
}

function newCount(target: Target, path: readonly string[]): Count {
  const [first] = target.sources;
  const tops = target.sources.length === 1 && first !== undefined ? [first.column, target.key] : [target.key];
  const last = path.at(-1);
  const names = last === undefined ? tops : [last, ...tops.map((top) => [top, ...path].join('.'))];
  return {
    name: [target.name, ...path].join('.'),
    position: Math.min(...target.sources.map(({ index }) => index)),
    aliases: new Set(
      tops.flatMap((top) => [top, [top, ...path].join('.')]).map((name) => name.toLowerCase()),
    ),
    columns: new Set(),
    isNested: path.length > 0,
    named: names.map(personalName).find((found) => found !== undefined),
    values: 0,
    kinds: { email: 0, phone: 0, hash: 0, boolean: 0, other: 0 },
  };
}

function holdsPersonalData({ named, values, kinds }: Count): boolean {
  const personal = kinds.email + kinds.phone;
  if (personal >= FEWEST_VALUES && 2 * personal >= values) return true;
  const isHarmless = values > 0 && kinds.hash + kinds.boolean === values;
  return named !== undefined && !isHarmless;
}

function toColumn({ name, aliases, columns, isNested, named, kinds }: Count): PersonalColumn {
  const byValue = kinds.email + kinds.phone === 0 ? undefined : kinds.email >= kinds.phone ? 'em' : 'ph';
  const field = isNested ? undefined : named === undefined ? byValue : named.field;
  return { name, columns: [...columns], aliases: [...aliases], field };
}

function isPersonal(kind: ValueKind): boolean {
  return kind === 'email' || kind === 'phone';
}

/** The list or object that text is, such as a JSON column in CSV. */
function nestedValue(text: string): Cell {
  if (!/^\s*[[{]/.test(text)) return undefined;
  const value = parseJsonValue(text.trim());
  return typeof value === 'object' ? value : undefined;
}
