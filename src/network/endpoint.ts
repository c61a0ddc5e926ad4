import { RunError } from '../errors.js';

/** The domain of the API and of its authorization server; its subdomains belong to it. */
const OWN_DOMAIN = 'snapchat.com';

export type EndpointRules = {
  /** Hosts that may be sent a secret although they are neither the vendor's nor this machine; exact names. */
  readonly allowedHosts?: readonly string[];
  /** How messages call the setting the URL came from; `api_base_url` by default. */
  readonly setting?: string;
};

/**
 * Checks that a URL may be sent a secret, and gives it parsed: https, or http on loopback; no user name or password; a host
 * of the vendor's, of this machine, or one that is allowed by name. Throws RunError `endpoint_not_allowed`, which shows no
 * more of the URL than the name to be allowed, and `usage` for an allowed host that is no host name.
 */
export function checkEndpoint(url: string, rules: EndpointRules = {}): URL {
  const { setting = 'api_base_url', allowedHosts = [] } = rules;
  const allowed = allowedHosts.map(canonicalHost);
  if (!URL.canParse(url)) throw notAllowed(setting, 'is not a URL');
  const parsed = new URL(url);
  const { protocol, hostname } = parsed;
  if (parsed.username !== '' || parsed.password !== '')
    throw notAllowed(setting, 'must not contain a user name or password');
  if (protocol !== 'https:' && protocol !== 'http:') throw notAllowed(setting, 'must begin with https://');
  if (isLoopback(hostname)) return parsed;
  if (protocol === 'http:')
    throw notAllowed(setting, 'must begin with https:// unless it is on this machine');
  if (hostname.endsWith('.')) throw notAllowed(setting, 'must not end its host name with a dot');
  if (isOwn(hostname) || allowed.includes(hostname)) return parsed;
  throw notAllowed(
    setting,
    `points to ${hostname}, which is not part of ${OWN_DOMAIN}`,
    `If that host may have your credential and your events, add \`--allow-endpoint ${hostname}\` (or SNAPCAPI_ALLOW_ENDPOINT=${hostname}). Otherwise correct ${setting}.`,
  );
}

/** Whether a host name, as URL parsing leaves it, means this machine. */
export function isLoopback(hostname: string): boolean {
  // URL parsing has already turned every spelling of an IPv4 address into four decimal numbers.
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

function isOwn(hostname: string): boolean {
  return hostname === OWN_DOMAIN || hostname.endsWith(`.${OWN_DOMAIN}`);
}

// As URL parsing writes it, because that is what it is compared with: lower case, IDN in ASCII.
function canonicalHost(text: string): string {
  const url = `https://${text}`;
  if (!/[\s/\\?#@]/.test(text) && URL.canParse(url)) {
    const { host, hostname } = new URL(url);
    if (host === hostname && !hostname.endsWith('.') && !/:\d*$/.test(text.replace(/^\[[^\]]*\]/, '')))
      return hostname;
  }
  throw new RunError('usage', 'a host to allow is not a host name', {
    fix: 'Give the name alone, as in `--allow-endpoint gateway.example.com`: no https://, no port, no path, no wildcard.',
  });
}

function notAllowed(setting: string, what: string, fix = `Correct ${setting}.`): RunError {
  return new RunError('endpoint_not_allowed', `${setting} ${what}`, { fix });
}
