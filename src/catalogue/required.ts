import type { EventSourceType } from '../types.js';
import { FIELDS, fieldsFor } from './fields.js';
import type { FieldSpec } from './types.js';

/** Whether an event of this type and canonical name must have the field; without a name, whether every event must. */
export function isRequired(spec: FieldSpec, eventSourceType: EventSourceType, eventName?: string): boolean {
  for (const requirement of spec.required) {
    if (requirement.when === 'always') return true;
    const actual = requirement.when === 'event_source_type' ? eventSourceType : eventName;
    if (requirement.is === actual) return true;
  }
  return false;
}

/** The columns an event of this canonical name must have; without a name, those every event of the type must have. */
export function requiredColumns(eventSourceType: EventSourceType, eventName?: string): readonly FieldSpec[] {
  return fieldsFor(eventSourceType).filter((spec) => isRequired(spec, eventSourceType, eventName));
}

/** Event names that require more than others do. */
export const DEMANDING_EVENT_NAMES: readonly string[] = Object.freeze([
  ...new Set(
    FIELDS.flatMap((spec) => spec.required.flatMap((when) => (when.when === 'event_name' ? [when.is] : []))),
  ),
]);
