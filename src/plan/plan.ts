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
  | 'eventSourceType'
  | 'assembleCustomArrays'
  | 'mapping'
  | 'variables'
  | 'asOfMs'
  | 'integration'
  | 'testEventCode'
>;

/**
 * Resolves column names into a plan. Never throws: what is wrong with the header is in `errors`
 * (duplicate columns, a base column beside its numbered form, a mapping source that does not exist).
 */
export function buildPlan(names: readonly string[], options: PlanOptions): PlanResult {
  const mapped = mapColumns(names, options);
  const result = planColumns(mapped.columns, options);
  const identifying = mapped.columns.filter((column) => isIdentifying(column, options.eventSourceType));
  const unmapped =
    identifying.length < mapped.columns.length ? planColumns(identifying, options).plan : undefined;
  return {
    plan: unmapped === undefined ? result.plan : { ...result.plan, unmapped },
    errors: [...mapped.errors, ...result.errors],
    warnings: [...mapped.warnings, ...result.warnings],
    roles: result.roles,
  };
}

/** What a mapping adds to custom fields does not make another event; a constant event name or currency does. */
function isIdentifying(column: MappedColumn, type: PlanOptions['eventSourceType']): boolean {
  if (column.source.index >= 0) return true;
  // The same row has the same id in every run.
  if (column.source.variesByRun === true) return false;
  const { kind } = resolveColumn(column, type);
  return kind !== 'custom' && kind !== 'numbered';
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
  addGiven(out.slots, 'integration', options.integration);
  addGiven(out.slots, 'test_event_code', options.testEventCode);
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

/** A member of every event that the config gives. */
function addGiven(slots: Slot[], key: string, value: string | undefined): void {
  if (value !== undefined) slots.push({ kind: 'fixed', place: 'event', key, path: key, value });
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
