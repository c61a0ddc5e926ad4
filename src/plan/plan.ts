import { NAMES, requiredColumns } from '../catalogue/index.js';
import type { FieldSpec } from '../catalogue/types.js';
import type { TransformOptions } from '../transform/types.js';
import { customSlots } from './custom.js';
import { mapColumns, type MappedColumn } from './mapping.js';
import { resolveColumn } from './resolve.js';
import { slotPlace, standardSlots, type Collected } from './slots.js';
import type { Plan, PlanResult, Slot } from './types.js';

export type PlanOptions = Pick<
  TransformOptions,
  'eventSourceType' | 'assembleCustomArrays' | 'mapping' | 'variables' | 'asOfMs'
>;

/**
 * Resolves column names into a plan. Never throws: what is wrong with the header is in `errors`
 * (duplicate columns, a base column beside its numbered form, a mapping source that does not exist).
 */
export function buildPlan(names: readonly string[], options: PlanOptions): PlanResult {
  const mapped = mapColumns(names, options);
  const result = planColumns(mapped.columns, options);
  const fromInput = mapped.columns.filter((column) => column.source.index >= 0);
  const unmapped =
    fromInput.length < mapped.columns.length ? planColumns(fromInput, options).plan : undefined;
  return {
    plan: unmapped === undefined ? result.plan : { ...result.plan, unmapped },
    errors: [...mapped.errors, ...result.errors],
    warnings: [...mapped.warnings, ...result.warnings],
    roles: result.roles,
  };
}

function planColumns(columns: readonly MappedColumn[], options: PlanOptions): PlanResult {
  const type = options.eventSourceType;
  const out: Collected = { slots: [], errors: [], warnings: [], roles: [] };
  const resolved = columns.map((column) => resolveColumn(column, type));
  standardSlots(resolved, type, out);
  customSlots(resolved, type, options.assembleCustomArrays, out);
  addFixed(out.slots, NAMES.actionSource, type);
  if (!out.slots.some((slot) => 'field' in slot && slot.field === NAMES.eventId))
    addFixed(out.slots, NAMES.eventId);
  warnOfMissing(out, options);
  const slots = out.slots.sort(bySlotKey);
  const indexOf = (field: FieldSpec): number =>
    slots.findIndex(
      (slot) => slot.place === field.places[type] && slot.key === field.key && slot.kind !== 'custom',
    );
  const plan: Plan = {
    slots,
    eventName: indexOf(NAMES.eventName),
    eventTime: indexOf(NAMES.eventTime),
    eventId: indexOf(NAMES.eventId),
    country: indexOf(NAMES.country),
    hashed: slots.flatMap((slot, index) => (slot.kind === 'hashed' ? [index] : [])),
  };
  return { plan, errors: out.errors, warnings: out.warnings, roles: out.roles };
}

function addFixed(slots: Slot[], field: FieldSpec, value?: string): void {
  slots.push({ kind: 'fixed', ...slotPlace(field, 'event'), ...(value !== undefined && { value }) });
}

function warnOfMissing(out: Collected, options: PlanOptions): void {
  for (const field of requiredColumns(options.eventSourceType)) {
    if (field.extinfoPosition !== undefined) continue;
    const given = out.slots.some((slot) => 'field' in slot && slot.field === field);
    if (!given) out.warnings.push({ code: 'missing_column', column: field.name });
  }
}

/** Order of UTF-16 code units, as the canonical form of the event demands. */
function bySlotKey(a: Slot, b: Slot): number {
  if (a.place !== b.place) return a.place < b.place ? -1 : 1;
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}
