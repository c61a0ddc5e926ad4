import type { Issue } from '../issues.js';
import { buildPlan, mapColumns, nameNeeds, suspicionOf, type NameNeed } from '../plan/index.js';
import type { ChunkRecord } from '../read/index.js';
import { findDamage, findDamagedNames } from '../transform/damage.js';
import {
  compileTransform,
  createMemos,
  type OtherCells,
  type RowResult,
  type RowTransform,
  type TransformOptions,
} from '../transform/index.js';
import type { Cell, Row } from '../types.js';

/** A plan with its transform. With `errors`, every row with its keys is invalid. */
type Planned = { readonly transform: RowTransform; readonly errors: readonly Issue[] };

/** The plan of standard fields that any row may have or not. It grows with the fields that are met. */
type FieldPlan = { readonly names: string[]; planned: Planned };

/** How the cells of a key list are given to the transform. */
type Layout = {
  readonly planned: Planned;
  /** Position in the row of each name of the plan; -1: the row does not have it. */
  readonly positions: readonly number[];
  /** The other keys, sorted, with their positions. They are custom fields that need no plan. */
  readonly otherNames: readonly string[];
  readonly otherPositions: readonly number[];
};

/** Documents can have any number of key lists; memory must not grow with them. A plan takes about 25 KB. */
const MAX_PLANS = 2500;
const MAX_LAYOUTS = 10_000;

/** Makes events of JSON rows, each with the keys that it has. `isFirst`: it is the first row of its input. */
export type KeyedTransform = (record: ChunkRecord, isFirst: boolean) => RowResult;

/**
 * Compiles the transform of JSON rows. Rows share one plan of the standard fields they have; custom keys, of which
 * documents can have any number, need none. Only rows whose keys work together (arrays, extinfo, names of the output
 * mapping) have a plan for just these keys. `notice` is given the warnings about keys.
 */
export function createKeyedTransform(
  options: TransformOptions,
  notice: (warnings: readonly Issue[]) => void,
): KeyedTransform {
  const plans = new Map<string, Planned>();
  const layouts = new Map<string, Layout>();
  const noticed = new Set<string>();
  const memos = createMemos();
  const fields: FieldPlan = { names: [], planned: compile([]) };
  let last: { readonly keys: readonly string[]; readonly layout: Layout } | undefined;

  function compile(keys: readonly string[]): Planned {
    const { plan, errors, warnings } = buildPlan(keys, options);
    notice(warnings.filter((issue) => issue.code !== 'missing_column' && !isSourceMissing(issue)));
    return {
      transform: compileTransform(plan, options, memos),
      // Keys with null values are often left out of a row, so an absent key is an ordinary NULL.
      errors: [...findDamagedNames(keys), ...errors.filter((issue) => !isSourceMissing(issue))],
    };
  }

  function planOf(keys: readonly string[]): Planned {
    const id = JSON.stringify(keys);
    const known = plans.get(id);
    if (known !== undefined) return known;
    const planned = compile(keys);
    if (plans.size >= MAX_PLANS) plans.clear();
    plans.set(id, planned);
    return planned;
  }

  /** The plan of all fields so far, with those of this row. Positions in it never change. */
  function planOfFields(keys: readonly string[]): Planned {
    const added = keys.filter((key) => !fields.names.includes(key));
    if (added.length === 0) return fields.planned;
    fields.names.push(...added);
    fields.planned = compile([...fields.names]);
    return fields.planned;
  }

  function layoutOf(keys: readonly string[]): Layout {
    const id = JSON.stringify(keys);
    const known = layouts.get(id);
    if (known !== undefined) return known;
    const needs = nameNeeds(keys, options);
    const planned = keys.filter((_, i) => needs[i] !== 'nothing');
    const isAlone = options.mapping.list.length === 0 && !needs.includes('plan');
    const others = options.mapping.all ? otherNames(keys, needs) : [];
    for (const { name } of others) noticeName(name);
    const positionOf = new Map(keys.map((key, i) => [key, i]));
    const layout: Layout = {
      planned: isAlone ? planOfFields(planned) : planOf(planned),
      positions: (isAlone ? fields.names : planned).map((key) => positionOf.get(key) ?? -1),
      otherNames: others.map(({ name }) => name),
      otherPositions: others.map(({ position }) => position),
    };
    if (layouts.size >= MAX_LAYOUTS) layouts.clear();
    layouts.set(id, layout);
    return layout;
  }

  /** Warns once of a custom name that looks like a standard one; looking is slow. */
  function noticeName(name: string): void {
    if (noticed.has(name)) return;
    if (noticed.size >= MAX_LAYOUTS) noticed.clear();
    noticed.add(name);
    notice(suspicionOf(name, options.eventSourceType));
  }

  return function transformRecord({ keys, cells, suspicious }, isFirst) {
    if (last?.keys !== keys) last = { keys, layout: layoutOf(keys) };
    // The first row tells for all of a name in the mapping that no row has.
    if (isFirst) notice(missingSources(keys, options));
    const { layout } = last;
    if (layout.planned.errors.length > 0) return { outcome: 'invalid', issues: layout.planned.errors };
    const damage = suspicious ? findDamage(cells, keys) : [];
    if (damage.length > 0) return { outcome: 'invalid', issues: damage };
    const row = take(cells, layout.positions);
    if (layout.otherNames.length === 0) return layout.planned.transform(row);
    const others: OtherCells = { names: layout.otherNames, cells: take(cells, layout.otherPositions) };
    return layout.planned.transform(row, others);
  };
}

type Named = { readonly name: string; readonly position: number };

/** The keys that need no plan, in the order of UTF-16 code units, as they stand in an event. */
function otherNames(keys: readonly string[], needs: readonly NameNeed[]): readonly Named[] {
  return keys
    .map((key, position): Named => ({ name: key.trim(), position }))
    .filter(({ position }) => needs[position] === 'nothing')
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function take(cells: Row, positions: readonly number[]): Row {
  const row = new Array<Cell>(positions.length);
  for (let i = 0; i < positions.length; i += 1) row[i] = cells[positions[i] ?? -1];
  return row;
}

function missingSources(keys: readonly string[], options: TransformOptions): readonly Issue[] {
  const { errors, warnings } = mapColumns(keys, options);
  return [...errors, ...warnings].filter(isSourceMissing);
}

function isSourceMissing({ code }: Issue): boolean {
  return code === 'mapping_source_missing';
}
