import { hash } from 'node:crypto';
import type { Config } from '../config.js';
import type { ReadOptions } from '../read/types.js';
import type { ExportOptions } from '../summary.js';

/**
 * What a setting decides. `events`: which events are sent, and their bytes. `batches`: how events are grouped, which a resumed run
 * takes from its journal. `stops`: where a run ends early. `shown`: recorded for people. `nothing`: not recorded.
 */
export type Effect = 'events' | 'batches' | 'stops' | 'shown' | 'nothing';

/** Every setting with its effect. The host of `apiBaseUrl` is a part of the job, so a run never meets another one. */
export const CONFIG_EFFECTS = Object.freeze({
  auth: 'nothing',
  eventSourceType: 'events',
  eventSourceId: 'events',
  sendTestEvents: 'events',
  skipInvalidRecords: 'stops',
  apiBaseUrl: 'shown',
  batchSize: 'batches',
  maxBatchBytes: 'batches',
  concurrency: 'nothing',
  maxRequestsPerSecond: 'nothing',
  maxEventAgeDays: 'events',
  maxFutureMinutes: 'events',
  eventId: 'events',
  eventTimeUnit: 'events',
  onInvalidField: 'events',
  assembleCustomArrays: 'events',
  customDatetime: 'events',
  defaultCountry: 'events',
  mapping: 'events',
  variables: 'events',
  integration: 'events',
  testEventCode: 'events',
  personalData: 'nothing',
  customDatetimeColumns: 'events',
  timeZone: 'events',
  phoneCountry: 'events',
  contentsKeys: 'events',
  minRows: 'nothing',
  minSent: 'nothing',
  maxRejected: 'stops',
  job: 'nothing',
  onUnfinished: 'nothing',
  keepRunsDays: 'nothing',
} satisfies Readonly<Record<keyof Config, Effect>>);

/** The same of the options of the reader. */
export const INPUT_EFFECTS = Object.freeze({
  format: 'events',
  encoding: 'events',
  delimiter: 'events',
  escape: 'events',
  requireFinalNewline: 'stops',
  allowEmpty: 'nothing',
  csvEngine: 'nothing',
  maxRecordBytes: 'events',
  chunkBytes: 'nothing',
} satisfies Readonly<Record<keyof ReadOptions, Effect>>);

/** What stands for a setting that is not given. */
const UNSET = '';

/**
 * The settings of a run by name, as its journal records them. A setting that is not given is recorded as well: a name that is
 * missing is one that the program did not know. Values that may hold data appear as hashes; secrets do not appear.
 */
export function settingsOf(
  config: Config,
  { read = {}, nullTexts = [] }: Pick<ExportOptions, 'read' | 'nullTexts'>,
): Readonly<Record<string, string>> {
  const settings: Record<string, string> = {};
  const values: Readonly<Record<string, unknown>> = { ...config, variables: undefined };
  for (const [key, effect] of Object.entries(CONFIG_EFFECTS)) {
    if (effect !== 'nothing' && key !== 'variables') settings[key] = textOf(values[key]);
  }
  settings['usedVariables'] = textOf(usedVariables(config));
  const input: Readonly<Record<string, unknown>> = withoutDefaults(read);
  for (const [key, effect] of Object.entries(INPUT_EFFECTS)) {
    if (effect !== 'nothing') settings[`input.${key}`] = textOf(input[key]);
  }
  settings['input.null'] = nullTexts.length > 0 ? JSON.stringify(nullTexts) : UNSET;
  return settings;
}

/**
 * Names of the settings with this effect that differ. Only names that both sides know are compared: a program that knows one
 * key more makes the same events as long as the key is not used, and `TRANSFORM_VERSION` tells when it does not.
 */
export function changedSettings(
  before: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
  effects: readonly Effect[],
): readonly string[] {
  return Object.keys(now)
    .filter((name) => {
      const known = before[name];
      if (known === undefined || known === now[name]) return false;
      // The format that is found by itself is the one a person would name.
      if (name === 'input.format' && (known === UNSET || now[name] === UNSET)) return false;
      return effects.includes(effectOf(name));
    })
    .sort();
}

/** Whether a recorded run used variables. Which ones is not known: their values are recorded as a hash. */
export function hasUsedVariables({ usedVariables }: Readonly<Record<string, string>>): boolean {
  return usedVariables !== undefined && usedVariables !== textOf({});
}

function effectOf(name: string): Effect {
  const effects: Readonly<Record<string, Effect>> = name.startsWith('input.')
    ? INPUT_EFFECTS
    : CONFIG_EFFECTS;
  return effects[name.replace(/^input\./, '')] ?? 'events';
}

/** Variables that no template names change nothing. */
function usedVariables({ mapping, variables }: Config): Readonly<Record<string, string>> {
  const templates = mapping.list.flatMap((entry) => ('template' in entry ? [entry.template] : []));
  const used = Object.entries(variables).filter(([name]) =>
    templates.some((template) => template.includes(`{${name}}`)),
  );
  return Object.fromEntries(used.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** An option that says what holds without it is no setting. */
function withoutDefaults({ encoding, delimiter, ...read }: Partial<ReadOptions>): Partial<ReadOptions> {
  return {
    ...read,
    ...(encoding === undefined || /^utf-?8$/i.test(encoding) ? {} : { encoding }),
    ...(delimiter === undefined || delimiter === ',' ? {} : { delimiter }),
  };
}

function textOf(value: unknown): string {
  if (value === undefined) return UNSET;
  if (typeof value === 'object') return hash('sha256', JSON.stringify(value), 'hex');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
