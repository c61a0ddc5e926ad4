import { hash } from 'node:crypto';
import type { Config } from '../config.js';
import type { ExportOptions } from '../summary.js';

/**
 * Settings that change no byte that is sent, so they may differ between a run and its resumption. personalData stops a run or
 * does not, but changes no event. skipInvalidRecords and an absolute maxRejected cut the batch short at which a run stops.
 */
const FREE = new Set(['auth', 'concurrency', 'maxRequestsPerSecond', 'minRows', 'minSent', 'personalData']);

/** The same of the options of the reader. */
const FREE_OF_INPUT = new Set(['chunkBytes', 'csvEngine', 'allowEmpty']);

/**
 * The settings that decide which bytes are sent, by name, for comparing a run with its resumption. Values that may
 * hold data (constants, templates, variables) appear as hashes; secrets do not appear.
 */
export function settingsOf(
  config: Config,
  { read = {}, nullTexts = [] }: Pick<ExportOptions, 'read' | 'nullTexts'>,
): Readonly<Record<string, string>> {
  const settings: Record<string, string> = {};
  for (const [key, value] of Object.entries(config)) {
    if (FREE.has(key) || isShare(value)) continue;
    settings[key] = typeof value === 'object' ? hash('sha256', JSON.stringify(value), 'hex') : String(value);
  }
  for (const [key, value] of Object.entries(read))
    if (!FREE_OF_INPUT.has(key)) settings[`input.${key}`] = String(value);
  if (nullTexts.length > 0) settings['input.null'] = JSON.stringify(nullTexts);
  return settings;
}

/** A share of rejected rows is looked at only when everything is read. */
function isShare(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'percent' in value;
}
