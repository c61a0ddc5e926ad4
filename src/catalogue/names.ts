import { APP_ID, DEVICE_OS_COLUMN, EXTINFO, OS_VERSION } from './app-fields.js';
import { CONTENTS, CURRENCY, VALUE } from './custom-fields.js';
import {
  ACTION_SOURCE,
  EVENT_ID,
  EVENT_NAME,
  EVENT_SOURCE_URL,
  EVENT_TIME,
  TRACKING_ENABLED,
} from './event-fields.js';
import { COUNTRY, EMAIL, PHONE, POSTAL_CODE, STATE } from './personal-fields.js';
import { CLICK_ID, CLIENT_IP_ADDRESS, CLIENT_USER_AGENT, MADID } from './user-fields.js';

/**
 * The fields that rules about whole rows speak of. `country`, `state` and `postalCode` are
 * those of the person (`user_data`), not of a destination.
 */
export const NAMES = Object.freeze({
  eventName: EVENT_NAME,
  eventTime: EVENT_TIME,
  eventSourceUrl: EVENT_SOURCE_URL,
  eventId: EVENT_ID,
  actionSource: ACTION_SOURCE,
  trackingEnabled: TRACKING_ENABLED,
  email: EMAIL,
  phone: PHONE,
  clickId: CLICK_ID,
  clientIpAddress: CLIENT_IP_ADDRESS,
  clientUserAgent: CLIENT_USER_AGENT,
  mobileAdId: MADID,
  country: COUNTRY,
  state: STATE,
  postalCode: POSTAL_CODE,
  contents: CONTENTS,
  currency: CURRENCY,
  value: VALUE,
  appId: APP_ID,
  extinfo: EXTINFO,
  deviceOs: DEVICE_OS_COLUMN,
  osVersion: OS_VERSION,
});
