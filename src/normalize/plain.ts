import { isIP } from 'node:net';
import { problem } from '../issues.js';
import type { Problem } from '../issues.js';
import { chooser } from './choice.js';
import { CONTENT_TYPES, DATA_PROCESSING_OPTIONS, DEVICE_OS } from './names.js';
import { lowerTrimmed } from './text.js';

const INVALID_UUID = problem('invalid_uuid');
const INVALID_IP = problem('invalid_ip');
const INVALID_URL = problem('invalid_url');
const INVALID_BOOLEAN = problem('invalid_boolean');
const INVALID_APP_ID = problem('invalid_app_id');
const INVALID_AIRPORT = problem('invalid_airport');

// Written out digit by digit, because counted repetitions are four times as slow.
const UUID = new RegExp(`^${[8, 4, 4, 4, 12].map((digits) => '[0-9A-Fa-f]'.repeat(digits)).join('-')}$`);
const MAPPED_IPV4 = /^(?:::|(?:0{1,4}:){5})ffff:(?:[0-9.]+|[0-9a-f]{1,4}:[0-9a-f]{1,4})$/i;
const APP_STORE_NUMBER = /^[0-9]+$/;
// Two expressions, because a repeated group needs stack for every part, and a cell can have a million of them.
const PACKAGE_CHARACTERS = /^[a-z][a-z0-9_]*\.[a-z0-9_.]*$/i;
const PART_WITHOUT_LETTER = /\.(?![a-z])/i;
const IATA_CODE = /^[a-z]{3}$/i;
// What the URL parser forgives and a receiver may not: a missing host after the slashes, and control characters.
const HTTP_WITH_HOST = /^https?:\/\/[^/\\?#\u0000-\u001f\u007f][^\u0000-\u001f\u007f]*$/i;
// A host the parser always takes: no Punycode, no port, no number at the end. After it anything goes.
const PLAIN_HOST = /^https?:\/\/(?:[a-z0-9]+[.-]){1,9}[a-z]{2,}(?:[/?#]|$)/;

const BOOLEANS: ReadonlyMap<string, 0 | 1> = new Map([
  ['1', 1],
  ['true', 1],
  ['t', 1],
  ['yes', 1],
  ['0', 0],
  ['false', 0],
  ['f', 0],
  ['no', 0],
]);

const chooseOption = chooser(DATA_PROCESSING_OPTIONS, 'upper');
const chooseContentType = chooser(CONTENT_TYPES, 'lower');
const chooseDeviceOs = chooser(DEVICE_OS, 'lower');

/** The text as it came. */
export function asIs(text: string): string {
  return text;
}

/** The text without surrounding white space. */
export function trimmed(text: string): string {
  return text.trim();
}

/** Trimmed and lower case. */
export function lowerCased(text: string): string {
  return lowerTrimmed(text);
}

/** 8-4-4-4-12 hexadecimal digits, trimmed, case kept; no version digit is demanded. */
export function uuid(text: string): string | Problem {
  const value = text.trim();
  return UUID.test(value) ? value : INVALID_UUID;
}

/** One IPv4 or IPv6 address, trimmed, without port and zone id. An IPv4 address inside IPv6 comes out as IPv4. */
export function ipAddress(text: string): string | Problem {
  const value = text.trim();
  if (isIP(value) === 0 || value.includes('%')) return INVALID_IP;
  return MAPPED_IPV4.test(value) ? mappedAddress(value) : value;
}

/** The IPv4 address of `::ffff:203.0.113.7`, also when it is written as `::ffff:cb00:7107`. */
function mappedAddress(value: string): string {
  const tail = value.slice(value.toLowerCase().lastIndexOf('ffff:') + 'ffff:'.length);
  if (tail.includes('.')) return tail;
  const [high = 0, low = 0] = tail.split(':').map((group) => Number.parseInt(group, 16));
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

/** An absolute http or https URL with a host, trimmed, otherwise as it was written. */
export function url(text: string): string | Problem {
  const value = text.trim();
  if (!HTTP_WITH_HOST.test(value)) return INVALID_URL;
  return PLAIN_HOST.test(value) || URL.canParse(value) ? value : INVALID_URL;
}

/** `1/0`, `true/false`, `t/f`, `yes/no` in any case to 1 or 0. */
export function boolean01(text: string): number | Problem {
  return BOOLEANS.get(text) ?? BOOLEANS.get(text.trim().toLowerCase()) ?? INVALID_BOOLEAN;
}

/** An App Store number or an Android package name with at least two parts, trimmed. */
export function appId(text: string): string | Problem {
  const value = text.trim();
  const isPackageName = PACKAGE_CHARACTERS.test(value) && !PART_WITHOUT_LETTER.test(value);
  return isPackageName || APP_STORE_NUMBER.test(value) ? value : INVALID_APP_ID;
}

/** Three ASCII letters, upper case (the shape of an IATA code; the airports themselves are not listed). */
export function airport(text: string): string | Problem {
  const value = text.trim();
  return IATA_CODE.test(value) ? value.toUpperCase() : INVALID_AIRPORT;
}

/** `i2` or `a2`, the first position of extinfo. */
export function deviceOs(text: string): string | Problem {
  return chooseDeviceOs(text);
}

/** `LMU` or `DELETE`. */
export function dataProcessingOption(text: string): string | Problem {
  return chooseOption(text);
}

/** `product` or `product_group`. */
export function contentType(text: string): string | Problem {
  return chooseContentType(text);
}
