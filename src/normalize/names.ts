import { problem } from '../issues.js';
import type { Problem } from '../issues.js';
import { chooser } from './choice.js';

/** The 31 event names of the API. */
export const EVENT_NAMES: readonly string[] = Object.freeze([
  'PURCHASE',
  'SAVE',
  'START_CHECKOUT',
  'ADD_CART',
  'VIEW_CONTENT',
  'ADD_BILLING',
  'SIGN_UP',
  'SEARCH',
  'PAGE_VIEW',
  'SUBSCRIBE',
  'AD_CLICK',
  'AD_VIEW',
  'COMPLETE_TUTORIAL',
  'LEVEL_COMPLETE',
  'INVITE',
  'LOGIN',
  'SHARE',
  'RESERVE',
  'ACHIEVEMENT_UNLOCKED',
  'ADD_TO_WISHLIST',
  'SPENT_CREDITS',
  'RATE',
  'START_TRIAL',
  'LIST_VIEW',
  'APP_INSTALL',
  'APP_OPEN',
  'CUSTOM_EVENT_1',
  'CUSTOM_EVENT_2',
  'CUSTOM_EVENT_3',
  'CUSTOM_EVENT_4',
  'CUSTOM_EVENT_5',
]);

/** Accepted values of `content_type`. */
export const CONTENT_TYPES: readonly string[] = Object.freeze(['product', 'product_group']);

/** Accepted values of `data_processing_options`. */
export const DATA_PROCESSING_OPTIONS: readonly string[] = Object.freeze(['LMU', 'DELETE']);

/** Accepted values of `device_os`: iOS and Android. */
export const DEVICE_OS: readonly string[] = Object.freeze(['i2', 'a2']);

const chooseEventName = chooser(EVENT_NAMES, 'upper', problem('unknown_event_name'));

/** One of `EVENT_NAMES`, any case in, upper case out. */
export function eventName(text: string): string | Problem {
  return chooseEventName(text);
}
