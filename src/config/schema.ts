import { z } from 'zod';

import { CONFIG_KEYS, environmentName, type ConfigKey, type KeySpec } from './keys.js';

type Shape = { [Key in ConfigKey]: (typeof CONFIG_KEYS)[Key]['schema'] };

/** The config as its file spells it, strict: unknown keys are issues. */
export const CONFIG_SCHEMA = z.strictObject(
  Object.fromEntries(
    Object.entries(CONFIG_KEYS).map(([name_, spec]) => [name_, spec.schema]),
  ) as unknown as Shape,
);

export type RawConfig = z.infer<typeof CONFIG_SCHEMA>;

/** One line of the documentation of the config. */
export type ConfigKeyRow = {
  readonly key: ConfigKey;
  readonly values: string;
  readonly default: string;
  readonly required: string;
  readonly summary: string;
  /** Environment variable that overrides the file. */
  readonly environment?: string;
};

/** The table of all keys for people, in the order of the schema. */
export function configKeyRows(): readonly ConfigKeyRow[] {
  return (Object.entries(CONFIG_KEYS) as [ConfigKey, KeySpec][]).map(([name_, spec]) => ({
    key: name_,
    values: spec.expected,
    default: spec.default,
    required: spec.required,
    summary: spec.summary,
    ...(spec.environment === undefined ? {} : { environment: environmentName(name_) }),
  }));
}

/** JSON Schema (draft 2020-12) of the config file, for editors. */
export function configJsonSchema(): object {
  const withDocs = z.strictObject({
    $schema: z.string().optional().meta({ description: 'JSON Schema of this file, for editors; ignored.' }),
    ...Object.fromEntries(
      (Object.entries(CONFIG_KEYS) as [ConfigKey, KeySpec][]).map(([name_, spec]) => [
        name_,
        spec.schema.meta({ ...spec.schema.meta(), description: spec.summary }),
      ]),
    ),
  });
  return z.toJSONSchema(withDocs, { io: 'input' });
}
