import type { EventSourceType } from '../types.js';
import { EXTINFO_COLUMNS } from './app-fields.js';
import { CONTENTS_KEYS } from './contents.js';
import { ACTION_SOURCE, EVENT_NAME } from './event-fields.js';
import { fieldsFor } from './fields.js';
import { DEMANDING_EVENT_NAMES, requiredColumns } from './required.js';
import type { FieldPlace, FieldSpec, JsonSchema } from './types.js';

const HASH: JsonSchema = { type: 'string', pattern: '^[0-9a-f]{64}$' };
const GIVEN: JsonSchema = { type: 'string', minLength: 1 };
const NOT_NULL: JsonSchema = { not: { type: 'null' } };

function valueSchema(spec: FieldSpec): JsonSchema {
  return spec.hashed ? HASH : spec.type.schema;
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
  const properties = Object.fromEntries(CONTENTS_KEYS.map((key) => [key.key, key.type.schema]));
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

type Needed = {
  readonly keys: readonly string[];
  readonly inner: ReadonlyMap<FieldPlace, readonly string[]>;
};

/** Splits required fields into keys of the event and keys of the objects in it. */
function neededKeys(specs: readonly FieldSpec[], eventSourceType: EventSourceType): Needed {
  const keys: string[] = [];
  const inner = new Map<FieldPlace, string[]>();
  for (const spec of specs) {
    const place = spec.places[eventSourceType] ?? 'event';
    if (spec.extinfoPosition !== undefined) continue;
    if (place === 'event') keys.push(spec.key);
    else inner.set(place, [...(inner.get(place) ?? []), spec.key]);
  }
  return { keys: [...keys, ...inner.keys()], inner };
}

function conditions(eventSourceType: EventSourceType): readonly JsonSchema[] {
  const usual = requiredColumns(eventSourceType);
  return DEMANDING_EVENT_NAMES.map((name) => {
    const more = requiredColumns(eventSourceType, name).filter((spec) => !usual.includes(spec));
    const { keys, inner } = neededKeys(more, eventSourceType);
    const properties = Object.fromEntries(
      [...inner].map(([place, required]) => [place, { type: 'object', required }]),
    );
    return {
      if: { required: [EVENT_NAME.key], properties: { [EVENT_NAME.key]: { const: name } } },
      then: { required: keys, properties },
    };
  });
}

function identifierChoice(eventSourceType: EventSourceType): readonly JsonSchema[] {
  const identifiers = fieldsFor(eventSourceType).filter((spec) => spec.identifier);
  return identifiers.map((spec) => ({ required: [spec.key] }));
}

/**
 * JSON Schema (draft 2020-12) of one event as it is sent for this event source type: after hashing, with every
 * required field, without null. Custom fields may be anything else.
 */
export function eventJsonSchema(eventSourceType: EventSourceType): JsonSchema {
  const needed = neededKeys(requiredColumns(eventSourceType), eventSourceType);
  const place = (name: FieldPlace, additionalProperties: boolean | JsonSchema): JsonSchema => ({
    type: 'object',
    properties: propertiesOf(name, eventSourceType),
    required: needed.inner.get(name) ?? [],
    additionalProperties,
  });
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: `Snapchat Conversions API event, ${eventSourceType}`,
    type: 'object',
    properties: {
      ...propertiesOf('event', eventSourceType),
      integration: { description: 'Partner name, from the config.', ...GIVEN },
      test_event_code: { description: 'Test event code, from the config.', ...GIVEN },
      user_data: { ...place('user_data', false), anyOf: identifierChoice(eventSourceType) },
      custom_data: place('custom_data', NOT_NULL),
      ...(needed.inner.has('app_data') ? { app_data: place('app_data', false) } : {}),
    },
    required: [ACTION_SOURCE.key, 'user_data', ...needed.keys],
    additionalProperties: false,
    allOf: conditions(eventSourceType),
  };
}
