/**
 * The simulator's own lists of names, written from the API's documents. They are deliberately not shared with the
 * exporter: a name misspelled there must fail here.
 */

/** The event names the API knows. */
export const EVENT_NAME_SET: ReadonlySet<string> = new Set([
  'AD_CLICK',
  'AD_VIEW',
  'ACHIEVEMENT_UNLOCKED',
  'ADD_BILLING',
  'ADD_CART',
  'ADD_TO_WISHLIST',
  'APP_INSTALL',
  'APP_OPEN',
  'COMPLETE_TUTORIAL',
  'CUSTOM_EVENT_1',
  'CUSTOM_EVENT_2',
  'CUSTOM_EVENT_3',
  'CUSTOM_EVENT_4',
  'CUSTOM_EVENT_5',
  'INVITE',
  'LEVEL_COMPLETE',
  'LIST_VIEW',
  'LOGIN',
  'PAGE_VIEW',
  'PURCHASE',
  'RATE',
  'RESERVE',
  'SAVE',
  'SEARCH',
  'SHARE',
  'SIGN_UP',
  'SPENT_CREDITS',
  'START_CHECKOUT',
  'START_TRIAL',
  'SUBSCRIBE',
  'VIEW_CONTENT',
]);

export const ACTION_SOURCES: ReadonlySet<string> = new Set(['MOBILE_APP', 'OFFLINE', 'WEB']);

export const PROCESSING_OPTIONS: ReadonlySet<string> = new Set(['DELETE', 'LMU']);

/** Number of elements of `extinfo`, and which of them are 64-bit integers. */
export const EXTINFO_LENGTH = 16;
export const EXTINFO_INTEGERS: readonly number[] = [9, 10, 12, 13, 14];
export const EXTINFO_OS_VERSION = 4;

/**
 * Hashes no user has: of the empty text and of a single blank. An exporter that hashes a missing value sends one of these.
 */
export const EMPTY_HASHES: ReadonlySet<string> = new Set([
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '36a9e7f1c95b82ffb99743e0c5c4ce95d83c9a430aac59f84ef3cbfab6145068',
]);

/** Put this key into `custom_data` with a text, and the simulator refuses the event with that text as the reason. */
export const POISON_KEY = 'simulator_refuse';

/**
 * Error codes in answers. 507 and 523 are the API's own; no others are documented, so the rest are the simulator's
 * inventions, in the same shape (digits as text).
 */
export const CODES = Object.freeze({
  identifiers: '507',
  assetId: '523',
  unknownKey: '901',
  missing: '902',
  value: '903',
  hash: '904',
  time: '905',
  poison: '999',
});
