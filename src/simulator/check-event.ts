import { checkAppData, isFlag } from './check-app-data.js';
import { checkCustomData } from './check-custom-data.js';
import { checkUserData, isWeaklyIdentified } from './check-user-data.js';
import type { Errors, EventError } from './event-error.js';
import { missing, unknownKey, wrong } from './event-error.js';
import type { Json, JsonObject } from './json.js';
import { isArray, isObject } from './json.js';
import { isText, isWebUrl } from './predicates.js';
import { ACTION_SOURCES, CODES, EVENT_NAME_SET, PROCESSING_OPTIONS } from './vocabulary.js';

/** How strict the checks are, and when they take place. */
export type EventRules = {
  /** Now, in epoch milliseconds. */
  readonly nowMs: number;
  /** Oldest and latest `event_time`, as distances from now in milliseconds. */
  readonly maxAgeMs: number;
  readonly maxFutureMs: number;
  /** As the API is known to do: IP address and user agent count only together, a click ID alone does not count. */
  readonly strictIdentifiers: boolean;
  /** Whether an app event needs `app_data.app_id`; the vendor's own sample has none. */
  readonly requireAppId: boolean;
  /** A text for events to be refused although they are valid. */
  readonly poison?: ((event: JsonObject) => string | undefined) | undefined;
};

const TOP_LEVEL: ReadonlySet<string> = new Set([
  'action_source',
  'advertiser_tracking_enabled',
  'app_data',
  'custom_data',
  'data_processing_options',
  'event_id',
  'event_name',
  'event_source_url',
  'event_time',
  'integration',
  'user_data',
]);

/** Everything that is wrong with an event, in a fixed order; empty when it is good. */
export function checkEvent(event: JsonObject, rules: EventRules): readonly EventError[] {
  const errors: Errors = [];
  for (const key in event) if (!TOP_LEVEL.has(key)) unknownKey(errors, '', key);

  const name = event['event_name'];
  if (name === undefined) missing(errors, 'event_name');
  else if (typeof name !== 'string' || !EVENT_NAME_SET.has(name)) {
    wrong(errors, 'event_name', 'one of the names of the Conversions API');
  }
  checkTime(event['event_time'], rules, errors);
  checkSource(event, errors);

  const id = event['event_id'];
  if (id !== undefined && !isText(id)) wrong(errors, 'event_id', 'a text');
  const integration = event['integration'];
  if (integration !== undefined && !isText(integration)) wrong(errors, 'integration', 'a text');
  checkProcessingOptions(event['data_processing_options'], errors);

  checkUserData(objectAt(event, 'user_data'), rules.strictIdentifiers, errors);
  checkCustomData(objectAt(event, 'custom_data'), name === 'PURCHASE', errors);
  if (event['action_source'] === 'MOBILE_APP')
    checkAppData(objectAt(event, 'app_data'), rules.requireAppId, errors);

  const poison = rules.poison?.(event);
  if (poison !== undefined) errors.push({ code: CODES.poison, message: poison });
  return errors;
}

const NO_WARNINGS: readonly string[] = [];
const WEAK: readonly string[] = ['The identifiers may not be enough to match a customer.'];

/** Remarks about a good event, as the validation endpoint gives them. */
export function warningsFor(event: JsonObject): readonly string[] {
  const userData = objectAt(event, 'user_data');
  return userData !== undefined && isWeaklyIdentified(userData) ? WEAK : NO_WARNINGS;
}

/** Whether `event_time` is in epoch milliseconds (13 digits); the API refuses that for OFFLINE events. */
export function isInMilliseconds(time: Json | undefined): boolean {
  return typeof time === 'number' && Number.isInteger(time) && time >= 1e12 && time < 1e13;
}

function isInSeconds(time: Json | undefined): boolean {
  return typeof time === 'number' && Number.isInteger(time) && time >= 1e9 && time < 1e10;
}

function checkTime(time: Json | undefined, rules: EventRules, errors: Errors): void {
  if (time === undefined) {
    missing(errors, 'event_time');
    return;
  }
  const inMilliseconds = isInMilliseconds(time);
  if (!inMilliseconds && !isInSeconds(time)) {
    timeError(errors, 'event_time must be an integer of 13 digits (milliseconds) or 10 digits (seconds).');
    return;
  }
  const timeMs = inMilliseconds ? (time as number) : (time as number) * 1000;
  if (timeMs < rules.nowMs - rules.maxAgeMs) timeError(errors, 'event_time is too old.');
  if (timeMs > rules.nowMs + rules.maxFutureMs) timeError(errors, 'event_time is in the future.');
}

function timeError(errors: Errors, message: string): void {
  errors.push({ code: CODES.time, message });
}

function checkSource(event: JsonObject, errors: Errors): void {
  const source = event['action_source'];
  if (source === undefined) missing(errors, 'action_source');
  else if (typeof source !== 'string' || !ACTION_SOURCES.has(source)) {
    wrong(errors, 'action_source', 'WEB, MOBILE_APP or OFFLINE');
  }

  const url = event['event_source_url'];
  if (url !== undefined && !isWebUrl(url)) wrong(errors, 'event_source_url', 'an absolute http or https URL');
  if (url === undefined && source === 'WEB') missing(errors, 'event_source_url');

  const tracking = event['advertiser_tracking_enabled'];
  if (tracking !== undefined && !isFlag(tracking))
    wrong(errors, 'advertiser_tracking_enabled', 'the number 0 or 1');
  if (tracking !== undefined && source === 'MOBILE_APP') {
    wrong(errors, 'advertiser_tracking_enabled of an app event', 'inside app_data');
  }
  if (event['app_data'] !== undefined && source !== 'MOBILE_APP')
    wrong(errors, 'app_data', 'on app events only');
}

function checkProcessingOptions(options: Json | undefined, errors: Errors): void {
  if (options === undefined) return;
  const known = (option: Json): boolean => typeof option === 'string' && PROCESSING_OPTIONS.has(option);
  if (
    !isArray(options) ||
    options.length === 0 ||
    !options.every(known) ||
    new Set(options).size < options.length
  ) {
    wrong(errors, 'data_processing_options', 'an array of LMU or DELETE');
  }
}

function objectAt(event: JsonObject, key: string): JsonObject | undefined {
  const value = event[key];
  return isObject(value) ? value : undefined;
}
