import { RunError } from '../errors.js';
import { isLoopback } from './endpoint.js';
import type { Environment } from './environment.js';
import { isExempt } from './no-proxy.js';

/** A proxy to tunnel through. `authorization` is a secret. */
export type Proxy = {
  readonly secure: boolean;
  /** Without brackets. */
  readonly hostname: string;
  readonly port: number;
  /** Value of `Proxy-Authorization`. */
  readonly authorization?: string;
};

/** What is connected to; `port` is empty for the usual one. */
export type ProxyTarget = {
  readonly protocol: string;
  readonly hostname: string;
  readonly port: string;
};

type Setting = { readonly name: string; readonly value: string };

const VARIABLES = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'] as const;

/**
 * The proxy the environment names for a target: the first of https_proxy, HTTPS_PROXY, http_proxy and HTTP_PROXY that is not
 * empty, unless no_proxy or NO_PROXY exempts the target. Loopback and plain http, which is only used there, never have one.
 * Throws RunError `proxy_invalid`, which does not show the address.
 */
export function proxyFor({ protocol, hostname, port }: ProxyTarget, env: Environment): Proxy | undefined {
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (protocol !== 'https:' || isLoopback(host) || host === '::1') return undefined;
  const setting = settingIn(env);
  if (setting === undefined) return undefined;
  const noProxy = text(env['no_proxy']) || text(env['NO_PROXY']);
  if (isExempt({ hostname: host, port: port === '' ? 443 : Number(port) }, noProxy)) return undefined;
  return parseProxy(setting);
}

/** The secrets in the proxy addresses of the environment, also in those that cannot be used, as written and as sent. */
export function proxySecrets(env: Environment): readonly string[] {
  return VARIABLES.flatMap((name) => {
    const value = text(env[name]);
    const [, user, password] = /^(?:[a-z][a-z0-9+.-]*:\/\/)?([^/?#]*?):([^/?#]*)@/i.exec(value) ?? [];
    if (user === undefined || password === undefined) return [];
    const plain = decoded(password) ?? password;
    return [password, plain, base64(decoded(user) ?? user, plain)].filter(() => password !== '');
  });
}

function settingIn(env: Environment): Setting | undefined {
  const name = VARIABLES.find((one) => text(env[one]) !== '');
  return name === undefined ? undefined : { name, value: text(env[name]) };
}

function parseProxy({ name, value }: Setting): Proxy {
  const url = parseUrl(value);
  if (url === undefined || url.hostname === '') throw invalid(name, 'cannot be understood');
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw invalid(name, 'is not an HTTP proxy: its address must begin with http:// or https://');
  const secure = url.protocol === 'https:';
  const authorization = credentialsOf(url);
  if (authorization === undefined)
    throw invalid(name, 'has a user name or password that is not percent-encoded properly');
  return {
    secure,
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
    ...(authorization !== '' && { authorization }),
  };
}

// As curl does, an address without a scheme is taken for one of http.
function parseUrl(value: string): URL | undefined {
  const full = value.includes('://') ? value : `http://${value}`;
  return URL.canParse(full) ? new URL(full) : undefined;
}

/** Empty without credentials, `undefined` when they cannot be decoded. */
function credentialsOf({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return '';
  const [user, secret] = [decoded(username), decoded(password)];
  if (user === undefined || secret === undefined) return undefined;
  return `Basic ${base64(user, secret)}`;
}

function base64(user: string, password: string): string {
  return Buffer.from(`${user}:${password}`).toString('base64');
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

function text(value: string | undefined): string {
  return value?.trim() ?? '';
}

function invalid(name: string, what: string): RunError {
  return new RunError('proxy_invalid', `the proxy in ${name} ${what}`, {
    fix: `Write ${name} as http://HOST:PORT or http://USER:PASSWORD@HOST:PORT (special characters percent-encoded), or unset it.`,
  });
}
