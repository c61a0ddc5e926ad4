import { APP_FIELDS } from './app-fields.js';
import { CUSTOM_FIELDS } from './custom-fields.js';
import { EVENT_FIELDS } from './event-fields.js';
import type { EventSourceType } from '../types.js';
import type { FieldSpec } from './types.js';
import { USER_FIELDS } from './user-fields.js';

/** Every standard column, in the order in which it is documented. */
export const FIELDS: readonly FieldSpec[] = Object.freeze([
  ...EVENT_FIELDS,
  ...USER_FIELDS,
  ...CUSTOM_FIELDS,
  ...APP_FIELDS,
]);

function standardFor(eventSourceType: EventSourceType): readonly FieldSpec[] {
  return Object.freeze(FIELDS.filter((spec) => spec.places[eventSourceType] !== undefined));
}

const FIELDS_BY_TYPE: Readonly<Record<EventSourceType, readonly FieldSpec[]>> = Object.freeze({
  WEB: standardFor('WEB'),
  MOBILE_APP: standardFor('MOBILE_APP'),
  OFFLINE: standardFor('OFFLINE'),
});

function byName(specs: readonly FieldSpec[]): ReadonlyMap<string, FieldSpec> {
  return new Map(specs.map((spec) => [spec.name, spec]));
}

const NAMED: Readonly<Record<EventSourceType, ReadonlyMap<string, FieldSpec>>> = Object.freeze({
  WEB: byName(FIELDS_BY_TYPE.WEB),
  MOBILE_APP: byName(FIELDS_BY_TYPE.MOBILE_APP),
  OFFLINE: byName(FIELDS_BY_TYPE.OFFLINE),
});

/** The fields that are standard for this event source type. */
export function fieldsFor(eventSourceType: EventSourceType): readonly FieldSpec[] {
  return FIELDS_BY_TYPE[eventSourceType];
}

/**
 * The field a column of this name stands for (case and surrounding blanks ignored), or undefined when it is a
 * custom field for this event source type. Numbered columns are not resolved here.
 */
export function fieldByName(name: string, eventSourceType: EventSourceType): FieldSpec | undefined {
  return NAMED[eventSourceType].get(name.trim().toLowerCase());
}

/** The fields of which every event needs one, in the order in which their presence is reported. */
export const IDENTIFIER_FIELDS: readonly FieldSpec[] = Object.freeze(
  FIELDS.filter((spec) => spec.identifier),
);
