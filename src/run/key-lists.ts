import type { Issue } from '../issues.js';
import { buildPlan } from '../plan/index.js';
import type { ChunkRecord } from '../read/index.js';
import { findDamage, findDamagedNames } from '../transform/damage.js';
import {
  compileTransform,
  createMemos,
  type RowResult,
  type RowTransform,
  type TransformOptions,
} from '../transform/index.js';
import type { Cell, Row } from '../types.js';

/** The plan of exactly one key list. With `errors`, every row of it is invalid. */
type ExactPlan = {
  readonly transform: RowTransform;
  readonly errors: readonly Issue[];
};

/**
 * A plan for rows with the same numbered keys. Other keys may be absent from a row: their cells are NULL then, and the
 * event comes out the same. It grows at the end only, so positions in it stay as they are.
 */
type SharedPlan = {
  readonly names: string[];
  readonly positions: Map<string, number>;
  /** `undefined`: the key list it began with has errors. */
  transform: RowTransform | undefined;
  /** Keys of rows that did not fit, with the number of their key lists. */
  readonly missed: Map<string, number>;
  missedLists: number;
  growsAt: number;
};

/** Where the cells of a key list go in a shared plan; `undefined` where it does not fit. */
type Placement = { readonly shared: SharedPlan; readonly positions: readonly number[] | undefined };

/** Documents can have any number of key lists; memory must not grow with them. A plan takes about 25 KB. */
const MAX_EXACT_PLANS = 2500;
const MAX_SHARED_PLANS = 500;
const MAX_PLACEMENTS = 10_000;
/** A shared plan grows after so many key lists that did not fit, by the keys that are in at least two of them. */
const FIRST_GROWTH = 8;
const LEAST_LISTS = 2;
/** Each name costs time in every row of the plan. */
const MAX_SHARED_NAMES = 100;

/** What makes the events of JSON rows, each with the keys that it has. `isFirst`: it is the first row of its input. */
export type KeyedTransform = (record: ChunkRecord, isFirst: boolean) => RowResult;

/**
 * Compiles the transform of JSON rows. Key lists that differ in absent keys share a plan; `notice` is given the
 * warnings about each new one. The result of a row does not depend on the rows before it.
 */
export function createKeyedTransform(
  options: TransformOptions,
  notice: (warnings: readonly Issue[]) => void,
): KeyedTransform {
  const plans = createExactPlans(options, notice);
  const shared = createSharedPlans(options, plans);
  let last: { readonly keys: readonly string[]; readonly placement: Placement } | undefined;

  return function transformRecord({ keys, cells, suspicious }, isFirst) {
    // The first row is planned exactly, since it tells for all of a name in the mapping that no row has.
    const exact = isFirst ? plans.planFirst(keys) : undefined;
    if (last?.keys !== keys) last = { keys, placement: shared.place(keys) };
    const { positions, shared: plan } = last.placement;
    const errors = exact?.errors ?? (positions === undefined ? plans.planOf(keys).errors : []);
    if (errors.length > 0) return { outcome: 'invalid', issues: errors };
    const damage = suspicious ? findDamage(cells, keys) : [];
    if (damage.length > 0) return { outcome: 'invalid', issues: damage };
    const result = positions === undefined ? undefined : plan.transform?.(spread(cells, positions, plan));
    // An issue about an absent column names it as its own plan does.
    return result?.outcome === 'ok' ? result : plans.planOf(keys).transform(cells);
  };
}

/** The cells at their positions in a shared plan, `undefined` between them. */
function spread(cells: Row, positions: readonly number[], { names }: SharedPlan): Row {
  if (names.length === positions.length && positions.every((position, i) => position === i)) return cells;
  const row = new Array<Cell>(names.length).fill(undefined);
  for (let i = 0; i < positions.length; i += 1) row[positions[i] ?? 0] = cells[i];
  return row;
}

type ExactPlans = {
  readonly planOf: (keys: readonly string[]) => ExactPlan;
  /** As `planOf`, with the warnings that only the first row gives. */
  readonly planFirst: (keys: readonly string[]) => ExactPlan;
  readonly compile: (names: readonly string[]) => ExactPlan;
};

function createExactPlans(options: TransformOptions, notice: (issues: readonly Issue[]) => void): ExactPlans {
  const plans = new Map<string, ExactPlan>();
  const memos = createMemos();

  function planOf(keys: readonly string[]): ExactPlan {
    const id = JSON.stringify(keys);
    const known = plans.get(id);
    if (known !== undefined) return known;
    const { warnings, ...plan } = build(keys);
    notice(warnings.filter((issue) => issue.code !== 'missing_column' && !isSourceMissing(issue)));
    if (plans.size >= MAX_EXACT_PLANS) plans.clear();
    plans.set(id, plan);
    return plan;
  }

  function build(keys: readonly string[]): ExactPlan & { readonly warnings: readonly Issue[] } {
    const { plan, errors, warnings } = buildPlan(keys, options);
    return {
      transform: compileTransform(plan, options, memos),
      // Keys with null values are often left out of a row, so an absent key is an ordinary NULL.
      errors: [...findDamagedNames(keys), ...errors.filter((issue) => !isSourceMissing(issue))],
      warnings,
    };
  }

  return {
    planOf,
    planFirst(keys) {
      const plan = planOf(keys);
      const { errors, warnings } = buildPlan(keys, options);
      notice([...errors, ...warnings].filter(isSourceMissing));
      return plan;
    },
    compile: build,
  };
}

function isSourceMissing({ code }: Issue): boolean {
  return code === 'mapping_source_missing';
}

function createSharedPlans(
  options: TransformOptions,
  plans: ExactPlans,
): { readonly place: (keys: readonly string[]) => Placement } {
  const byNumbered = new Map<string, SharedPlan>();
  const placements = new Map<string, Placement>();
  const isNumbered = compileNumbered(options);

  function place(keys: readonly string[]): Placement {
    const id = JSON.stringify(keys);
    const known = placements.get(id);
    if (known?.positions !== undefined) return known;
    const shared = known?.shared ?? sharedOf(keys);
    let positions = positionsIn(shared, keys);
    if (positions === undefined && known === undefined && miss(shared, keys)) {
      positions = positionsIn(shared, keys);
    }
    const placement = { shared, positions };
    if (placements.size >= MAX_PLACEMENTS) placements.clear();
    placements.set(id, placement);
    return placement;
  }

  function sharedOf(keys: readonly string[]): SharedPlan {
    const id = JSON.stringify(keys.filter(isNumbered).sort());
    const known = byNumbered.get(id);
    if (known !== undefined) return known;
    const { transform, errors } = plans.planOf(keys);
    const shared: SharedPlan = {
      names: [...keys],
      positions: new Map(keys.map((key, index) => [key, index])),
      transform: errors.length === 0 ? transform : undefined,
      missed: new Map(),
      missedLists: 0,
      growsAt: FIRST_GROWTH,
    };
    if (byNumbered.size >= MAX_SHARED_PLANS) byNumbered.clear();
    byNumbered.set(id, shared);
    return shared;
  }

  /** Counts a key list that does not fit; true when the plan has grown. */
  function miss(shared: SharedPlan, keys: readonly string[]): boolean {
    const { positions, missed } = shared;
    for (const key of keys) {
      if (!positions.has(key)) missed.set(key, (missed.get(key) ?? 0) + 1);
    }
    shared.missedLists += 1;
    if (shared.missedLists < shared.growsAt) return false;
    const added = [...missed].filter(([, lists]) => lists >= LEAST_LISTS).map(([key]) => key);
    missed.clear();
    shared.missedLists = 0;
    if (added.length > 0 && grow(shared, added)) return true;
    // Where growing is of no use, or not possible, it is tried less and less often.
    shared.growsAt *= 2;
    return false;
  }

  function grow(shared: SharedPlan, added: readonly string[]): boolean {
    const names = [...shared.names, ...added];
    if (names.length > MAX_SHARED_NAMES) return false;
    const { transform, errors } = plans.compile(names);
    // Two keys that never meet in one row, such as em and EM, exclude each other.
    if (errors.length > 0) return false;
    for (const name of added) shared.positions.set(name, shared.names.push(name) - 1);
    shared.transform = transform;
    return true;
  }

  return { place };
}

function positionsIn({ positions, transform }: SharedPlan, keys: readonly string[]): number[] | undefined {
  if (transform === undefined) return undefined;
  const found: number[] = [];
  for (const key of keys) {
    const position = positions.get(key);
    if (position === undefined) return undefined;
    found.push(position);
  }
  return found;
}

/** Tells the keys that make arrays together, by themselves or by what the mapping calls them. */
function compileNumbered({ mapping }: TransformOptions): (key: string) => boolean {
  const ends = /_\d+\s*$/;
  const renamed = new Set(
    mapping.list.flatMap((entry) =>
      'from' in entry && ends.test(entry.to) ? [entry.from.trim().toLowerCase()] : [],
    ),
  );
  return (key) => ends.test(key) || (renamed.size > 0 && renamed.has(key.trim().toLowerCase()));
}
