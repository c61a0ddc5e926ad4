import type { TransformOptions } from './transform/types.js';
import type { Config } from './config/types.js';
import { BODY_FRAME_BYTES } from './deliver/batch.js';
import { requirePhoneLibrary } from './normalize/phone-countries.js';

export type { Config } from './config/types.js';
export { CONFIG_KEYS } from './config/keys.js';
export { configJsonSchema, configKeyRows } from './config/schema.js';
export { parseConfig } from './config/parse.js';
export { resolveToken } from './config/token.js';

/**
 * What the transform needs of a config; plain data without the token. `asOfMs` is epoch milliseconds. Throws RunError
 * `package_missing` when the config needs an optional package that is not installed.
 */
export function transformOptions(
  config: Config,
  run: { readonly asOfMs: number; readonly nullTexts?: readonly string[] },
): TransformOptions {
  if (config.phoneCountry !== undefined) requirePhoneLibrary();
  return Object.freeze({
    eventSourceType: config.eventSourceType,
    eventSourceId: config.eventSourceId,
    asOfMs: run.asOfMs,
    maxEventAgeDays: config.maxEventAgeDays,
    maxFutureMinutes: config.maxFutureMinutes,
    eventId: config.eventId,
    eventTimeUnit: config.eventTimeUnit,
    onInvalidField: config.onInvalidField,
    assembleCustomArrays: config.assembleCustomArrays,
    customDatetime: config.customDatetime,
    customDatetimeColumns: config.customDatetimeColumns,
    timeZone: config.timeZone,
    phoneCountry: config.phoneCountry,
    contentsKeys: config.contentsKeys,
    integration: config.integration,
    testEventCode: config.testEventCode,
    defaultCountry: config.defaultCountry,
    mapping: config.mapping,
    variables: config.variables,
    nullTexts: run.nullTexts ?? [],
    maxEventBytes: config.maxBatchBytes - BODY_FRAME_BYTES,
  });
}
