import type { OutputMapping } from '../../src/transform/types.js';

/** Plan options that matter to no test of personal data. */
export const OPTIONS = {
  eventSourceType: 'WEB',
  assembleCustomArrays: true,
  variables: {},
  asOfMs: 0,
  integration: undefined,
  testEventCode: undefined,
} as const;

/** Every column as it is. */
export const ALL: OutputMapping = { all: true, list: [] };
