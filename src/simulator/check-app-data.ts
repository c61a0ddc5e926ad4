import type { Errors } from './event-error.js';
import { missing, unknownKey, wrong } from './event-error.js';
import type { Json, JsonObject } from './json.js';
import { isArray } from './json.js';
import { isInt64Text } from './predicates.js';
import { EXTINFO_INTEGERS, EXTINFO_LENGTH, EXTINFO_OS_VERSION } from './vocabulary.js';

const APP_DATA: ReadonlySet<string> = new Set(['advertiser_tracking_enabled', 'app_id', 'extinfo']);

/**
 * Checks `app_data` of an app event: all three parameters, the 16 texts of `extinfo`, and that the platform it
 * names agrees with the form of `app_id` (digits for iOS, a package name for Android).
 */
export function checkAppData(appData: JsonObject | undefined, requireAppId: boolean, errors: Errors): void {
  if (appData === undefined) {
    missing(errors, 'app_data');
    return;
  }
  for (const key in appData) if (!APP_DATA.has(key)) unknownKey(errors, 'app_data.', key);

  const tracking = appData['advertiser_tracking_enabled'];
  if (tracking === undefined) missing(errors, 'app_data.advertiser_tracking_enabled');
  else if (!isFlag(tracking)) wrong(errors, 'app_data.advertiser_tracking_enabled', 'the number 0 or 1');

  const platform = checkExtinfo(appData['extinfo'], errors);
  const appId = appData['app_id'];
  if (appId !== undefined) checkAppId(appId, platform, errors);
  else if (requireAppId) missing(errors, 'app_data.app_id');
}

/** Whether a value is the number 0 or 1. */
export function isFlag(value: Json): boolean {
  return value === 0 || value === 1;
}

function checkExtinfo(value: Json | undefined, errors: Errors): Json | undefined {
  if (value === undefined) {
    missing(errors, 'app_data.extinfo');
    return undefined;
  }
  if (!isArray(value) || value.length !== EXTINFO_LENGTH) {
    wrong(errors, 'app_data.extinfo', `an array of ${EXTINFO_LENGTH} texts`);
    return undefined;
  }
  for (const element of value) {
    if (typeof element === 'string') continue;
    wrong(errors, 'app_data.extinfo', `an array of ${EXTINFO_LENGTH} texts`);
    return undefined;
  }
  const platform = value[0];
  if (platform !== 'i2' && platform !== 'a2') wrong(errors, 'app_data.extinfo[0]', 'i2 or a2');
  if (value[EXTINFO_OS_VERSION] === '') missing(errors, `app_data.extinfo[${EXTINFO_OS_VERSION}]`);
  for (const index of EXTINFO_INTEGERS) {
    const element = value[index] as string;
    if (element !== '' && !isInt64Text(element))
      wrong(errors, `app_data.extinfo[${index}]`, 'a 64-bit integer');
  }
  return platform;
}

function checkAppId(appId: Json, platform: Json | undefined, errors: Errors): void {
  const digits = typeof appId === 'string' && /^\d+$/.test(appId);
  const packageName = typeof appId === 'string' && /^[A-Za-z]\w*(?:\.[A-Za-z]\w*)+$/.test(appId);
  if (!digits && !packageName) wrong(errors, 'app_data.app_id', 'digits (iOS) or a package name (Android)');
  else if (platform === 'i2' && !digits) wrong(errors, 'app_data.app_id', 'digits when extinfo[0] is i2');
  else if (platform === 'a2' && !packageName) {
    wrong(errors, 'app_data.app_id', 'a package name when extinfo[0] is a2');
  }
}
