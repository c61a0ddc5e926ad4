import type { EventSourceType } from '../types.js';
import { EXTINFO } from './app-fields.js';
import { CONTENTS } from './custom-fields.js';
import type { ContentsKey, FieldPlace, FieldSpec } from './types.js';

function inPlace(place: FieldPlace, key: string): string {
  return place === 'event' ? key : `${place}.${key}`;
}

/**
 * Where the field stands in an event: `event_name`, `user_data.em[]`, `app_data.extinfo[3]`. A field that is an
 * array only when it has several values is named without brackets. Undefined where the field is not standard.
 */
export function fieldPath(spec: FieldSpec, eventSourceType: EventSourceType): string | undefined {
  const place = spec.places[eventSourceType];
  if (place === undefined) return undefined;
  if (spec.extinfoPosition !== undefined) return `${inPlace(place, EXTINFO.key)}[${spec.extinfoPosition}]`;
  const isArray = spec.shape === 'array' || spec.shape === 'comma_array';
  return `${inPlace(place, spec.key)}${isArray ? '[]' : ''}`;
}

/** Where a key of the items of `contents` stands in an event: `custom_data.contents[].id`. */
export function contentsKeyPath(key: ContentsKey, eventSourceType: EventSourceType): string {
  return `${fieldPath(CONTENTS, eventSourceType) ?? ''}.${key.key}`;
}
