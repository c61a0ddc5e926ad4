import { RunError } from '../errors.js';
import { checkEndpoint } from '../network/endpoint.js';

export type EventsEndpoint = {
  readonly apiBaseUrl: string;
  /** Pixel ID for WEB and OFFLINE, Snap App ID for MOBILE_APP. */
  readonly assetId: string;
  /** Whether to ask the validation endpoint, which counts nothing. */
  readonly validate: boolean;
  /** Hosts beside the vendor's and this machine that may be sent the token. */
  readonly allowedHosts?: readonly string[];
};

/** The URL that takes events, for sending or validating, without the token. Throws RunError `endpoint_not_allowed`. */
export function eventsUrl(endpoint: EventsEndpoint): string {
  const base = checkEndpoint(endpoint.apiBaseUrl, endpoint);
  if (base.search !== '' || base.hash !== '')
    throw new RunError('endpoint_not_allowed', 'api_base_url must not contain ? or #');
  const path = base.pathname.replace(/\/+$/, '');
  const route = endpoint.validate ? 'events/validate' : 'events';
  return `${base.origin}${path}/v3/${encodeURIComponent(endpoint.assetId.toWellFormed())}/${route}`;
}
