import type { EventSourceType } from '../types.js';
import { EXTINFO_COLUMNS } from './app-fields.js';
import { CONTENTS_KEYS } from './contents.js';
import { ACTION_SOURCE, EVENT_NAME } from './event-fields.js';
import { fieldsFor } from './fields.js';
import { DEMANDING_EVENT_NAMES, requiredColumns } from './required.js';
import type { FieldPlace, FieldSpec } from './types.js';
import type { JsonSchema } from './value-types.js';
import { valueTypeOf } from './value-types.js';

const HASH: JsonSchema = { type: 'string', pattern: '^[0-9a-f]{64}$' };
const NOT_NULL: JsonSchema = { not: { type: 'null' } };

function valueSchema(spec: FieldSpec): JsonSchema {
  if (spec.hashed) return HASH;
  if (spec.choices !== undefined) return { type: 'string', enum: spec.choices };
  return valueTypeOf(spec.normalize).schema;
}

function extinfoSchema(): JsonSchema {
  const positions = EXTINFO_COLUMNS.map((spec) => {
    const schema = valueSchema(spec);
    return spec.required.length > 0 ? schema : { anyOf: [{ const: '' }, schema] };
  });
  const size = positions.length;
  return { type: 'array', minItems: size, maxItems: size, prefixItems: positions, items: false };
}

function contentsSchema(): JsonSchema {
  const properties = Object.fromEntries(
    CONTENTS_KEYS.map((key) => [key.key, valueTypeOf(key.normalize).schema]),
  );
  const items = { type: 'object', properties, minProperties: 1, additionalProperties: false };
  return { type: 'array', minItems: 1, items };
}

function fieldSchema(spec: FieldSpec): JsonSchema {
  if (spec.kind === 'extinfo') return extinfoSchema();
  if (spec.kind === 'contents') return contentsSchema();
  const value = valueSchema(spec);
  if (spec.shape === 'single') return value;
  if (spec.shape === 'string_or_array')
    return { anyOf: [value, { type: 'array', minItems: 2, items: value }] };
  return { type: 'array', minItems: 1, items: value, ...(spec.hashed ? { uniqueItems: true } : {}) };
}

function propertiesOf(place: FieldPlace, eventSourceType: EventSourceType): Record<string, JsonSchema> {
  const specs = fieldsFor(eventSourceType).filter(
    (spec) => spec.places[eventSourceType] === place && spec.extinfoPosition === undefined,
  );
  return Object.fromEntries(
    specs.map((spec) => [
      spec.key,
      {
        description: spec.summary,
        ...(spec === ACTION_SOURCE ? { const: eventSourceType } : fieldSchema(spec)),
      },
    ]),
  );
}

/** `required` of the event and of the objects in it, for the given fields. */
function requirements(specs: readonly FieldSpec[], eventSourceType: EventSourceType): JsonSchema {
  const required: string[] = [];
  const inner = new Map<FieldPlace, string[]>();
  for (const spec of specs) {
    if (spec.extinfoPosition !== undefined) continue;
    const place = spec.places[eventSourceType] ?? 'event';
    if (place === 'event') required.push(spec.key);
    else inner.set(place, [...(inner.get(place) ?? []), spec.key]);
  }
  const properties = Object.fromEntries([...inner].map(([place, keys]) => [place, { required: keys }]));
  return { required: [...required, ...inner.keys()], properties };
}

function conditions(eventSourceType: EventSourceType): readonly JsonSchema[] {
  const usual = requiredColumns(eventSourceType);
  return DEMANDING_EVENT_NAMES.map((name) => ({
    if: { required: [EVENT_NAME.key], properties: { [EVENT_NAME.key]: { const: name } } },
    then: requirements(
      requiredColumns(eventSourceType, name).filter((spec) => !usual.includes(spec)),
      eventSourceType,
    ),
  }));
}

/**
 * JSON Schema (draft 2020-12) of one event as it is sent for this event source type: after hashing, with every
 * required field, without null. Custom fields may be anything else.
 */
export function eventJsonSchema(eventSourceType: EventSourceType): JsonSchema {
  const userData = {
    type: 'object',
    properties: propertiesOf('user_data', eventSourceType),
    anyOf: fieldsFor(eventSourceType)
      .filter((spec) => spec.identifier)
      .map((spec) => ({ required: [spec.key] })),
    additionalProperties: false,
  };
  const customData = {
    type: 'object',
    properties: propertiesOf('custom_data', eventSourceType),
    additionalProperties: NOT_NULL,
  };
  const appProperties = propertiesOf('app_data', eventSourceType);
  const appData = { type: 'object', properties: appProperties, additionalProperties: false };
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: `Snapchat Conversions API event, ${eventSourceType}`,
    type: 'object',
    properties: {
      ...propertiesOf('event', eventSourceType),
      user_data: userData,
      custom_data: customData,
      ...(Object.keys(appProperties).length > 0 ? { app_data: appData } : {}),
    },
    additionalProperties: false,
    required: [ACTION_SOURCE.key, 'user_data'],
    allOf: [requirements(requiredColumns(eventSourceType), eventSourceType), ...conditions(eventSourceType)],
  };
}
