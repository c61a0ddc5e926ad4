import { RunError } from '../errors.js';

export type EventsEndpoint = {
  readonly apiBaseUrl: string;
  /** Pixel ID for WEB and OFFLINE, Snap App ID for MOBILE_APP. */
  readonly assetId: string;
  /** Whether to ask the validation endpoint, which counts nothing. */
  readonly validate: boolean;
};

/**
 * Checks that a URL is https, or http on loopback, and carries no user name or password; gives it parsed.
 * Throws RunError `endpoint_not_allowed`, which does not show the URL.
 */
export function checkEndpoint(url: string): URL {
  if (!URL.canParse(url)) throw notAllowed('is not a URL');
  const parsed = new URL(url);
  if (parsed.username !== '' || parsed.password !== '')
    throw notAllowed('must not contain a user name or password');
  if (parsed.protocol === 'https:') return parsed;
  if (parsed.protocol !== 'http:') throw notAllowed('must begin with https://');
  if (!isLoopback(parsed.hostname)) throw notAllowed('must begin with https:// unless it is on this machine');
  return parsed;
}

/** The URL that takes events, for sending or validating, without the token. Throws RunError `endpoint_not_allowed`. */
export function eventsUrl(endpoint: EventsEndpoint): string {
  const base = checkEndpoint(endpoint.apiBaseUrl);
  if (base.search !== '' || base.hash !== '') throw notAllowed('must not contain ? or #');
  const path = base.pathname.replace(/\/+$/, '');
  const route = endpoint.validate ? 'events/validate' : 'events';
  return `${base.origin}${path}/v3/${encodeURIComponent(endpoint.assetId.toWellFormed())}/${route}`;
}

// URL parsing has already turned every spelling of an IPv4 address into four decimal numbers.
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

function notAllowed(what: string): RunError {
  return new RunError('endpoint_not_allowed', `api_base_url ${what}`);
}
