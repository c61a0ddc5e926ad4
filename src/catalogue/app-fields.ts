import { DEVICE_OS } from '../normalize/names.js';
import { deviceOs } from '../normalize/plain.js';
import { APP_ONLY, field } from './build.js';
import type { Requirement, UnhashedField } from './types.js';
import { oneOfWords, TYPES } from './value-types.js';

const APP_TABLE = 'source document, app data table';
const EXTINFO_TABLE = 'source document, extinfo table';
const FOR_APPS: readonly Requirement[] = [{ when: 'event_source_type', is: 'MOBILE_APP' }];

export const APP_ID = field({
  name: 'app_id',
  places: APP_ONLY,
  summary: 'App Store number (iOS) or package name (Android); must agree with the platform of extinfo.',
  type: TYPES.appId,
  required: FOR_APPS,
  similarNames: ['application_id', 'bundle_id', 'app_store_id', 'snap_app_id'],
  reference: APP_TABLE,
  good: [
    { input: '447188370', output: '447188370' },
    { input: 'com.snapchat.android', output: 'com.snapchat.android' },
  ],
  bad: [
    { input: 'my app', code: 'invalid_app_id' },
    { input: 'example', code: 'invalid_app_id' },
  ],
});

const EXTINFO_EXAMPLE =
  '["i2","com.snapchat.sdk","1.0","1.0","10.3.1","iphone14","En_US","EDT","AT&T","320","568","2","2","15","8","USA/New York"]';

export const EXTINFO = field({
  name: 'extinfo',
  places: APP_ONLY,
  summary: 'Device and app: one cell with a JSON array of 16, or the 16 columns below.',
  kind: 'extinfo',
  shape: 'array',
  type: TYPES.text,
  required: FOR_APPS,
  similarNames: ['ext_info', 'extended_info'],
  reference: APP_TABLE,
  good: [{ input: EXTINFO_EXAMPLE, output: EXTINFO_EXAMPLE }],
});

export const DEVICE_OS_COLUMN = field({
  name: 'device_os',
  places: APP_ONLY,
  summary: 'Platform: i2 (iOS) or a2 (Android).',
  type: oneOfWords(DEVICE_OS, deviceOs),
  required: FOR_APPS,
  extinfoPosition: 0,
  similarNames: ['os_name', 'device_platform'],
  reference: EXTINFO_TABLE,
  good: [
    { input: 'i2', output: 'i2' },
    { input: 'a2', output: 'a2' },
  ],
  bad: [
    { input: 'ios', code: 'invalid_choice' },
    { input: 'android', code: 'invalid_choice' },
  ],
});

export const OS_VERSION = field({
  ...textColumn(4, 'os_version', 'Version of the operating system.', '10.3.1'),
  required: FOR_APPS,
  reference: `${EXTINFO_TABLE}; required: wire facts`,
});

function textColumn(extinfoPosition: number, name: string, summary: string, example: string): UnhashedField {
  return field({
    name,
    summary,
    extinfoPosition,
    places: APP_ONLY,
    type: TYPES.text,
    reference: EXTINFO_TABLE,
    good: [{ input: example, output: example }],
  });
}

function int64Column(extinfoPosition: number, name: string, summary: string, example: string): UnhashedField {
  return field({
    ...textColumn(extinfoPosition, name, `${summary} A 64-bit integer, sent as text.`, example),
    type: TYPES.int64Text,
    bad: [
      { input: 'large', code: 'invalid_integer' },
      { input: '9223372036854775808', code: 'integer_out_of_range' },
    ],
  });
}

/** The columns from which extinfo is built, in the order of its 16 positions. */
export const EXTINFO_COLUMNS: readonly UnhashedField[] = Object.freeze([
  DEVICE_OS_COLUMN,
  textColumn(1, 'package_name', 'Package name of the app.', 'com.snapchat.sdk'),
  textColumn(2, 'short_version', 'Short version of the app.', '1.0'),
  textColumn(3, 'long_version', 'Long version of the app.', '1.0'),
  OS_VERSION,
  textColumn(5, 'device_model', 'Model of the device.', 'iphone14'),
  textColumn(6, 'locale', 'Locale of the device.', 'En_US'),
  textColumn(7, 'timezone_abbr', 'Abbreviation of the time zone.', 'EDT'),
  textColumn(8, 'carrier', 'Mobile carrier.', 'AT&T'),
  int64Column(9, 'screen_width', 'Width of the screen.', '320'),
  int64Column(10, 'screen_height', 'Height of the screen.', '568'),
  textColumn(11, 'screen_density', 'Density of the screen.', '2'),
  int64Column(12, 'cpu_cores', 'Number of processor cores.', '2'),
  int64Column(13, 'storage_size', 'Storage in gigabytes.', '15'),
  int64Column(14, 'free_storage_size', 'Free storage in gigabytes.', '8'),
  textColumn(15, 'timezone_location', 'Time zone of the device.', 'USA/New York'),
]);

/** Fields of app events only. */
export const APP_FIELDS: readonly UnhashedField[] = Object.freeze([APP_ID, EXTINFO, ...EXTINFO_COLUMNS]);
