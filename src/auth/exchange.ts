import {
  allowInsecureRequests as allowInsecure,
  customFetch,
  ResponseBodyError,
  type TokenEndpointRequestOptions,
  type TokenEndpointResponse,
} from 'oauth4webapi';

import type { Clock } from '../deliver/types.js';
import { failed, type TokenFailure } from './failure.js';
import type { Fetch } from './fetch.js';
import { post } from './post.js';
import { toTokenSet } from './token-set.js';
import type { TokenSet } from './types.js';

const REQUEST_TIMEOUT_MS = 30_000;
const SETTING = 'the address of the authorization server';

/** Error codes that speak of the server's state, not of the credential. */
const PASSING: ReadonlySet<string> = new Set(['temporarily_unavailable', 'server_error', 'slow_down']);

/** How requests to the token endpoint are made. */
export type Wire = {
  /** By default one that asks nobody but Snapchat, this machine and `allowedHosts`, through the proxy of the environment. */
  readonly fetch?: Fetch;
  /** Hosts beside those that may be sent the client secret; for the `fetch` by default. */
  readonly allowedHosts?: readonly string[];
  /** Epoch ms. */
  readonly clock?: Clock;
  /** From the start of one request to the last byte of its answer; 30,000 by default. */
  readonly requestTimeoutMs?: number;
};

/** What came of one request to the token endpoint. */
export type TokenAnswer =
  | { readonly kind: 'tokens'; readonly tokens: TokenSet }
  /** The server understood and said no; `error` is an OAuth error code such as `invalid_grant`. */
  | { readonly kind: 'refused'; readonly error: string }
  | TokenFailure;

/** A grant as oauth4webapi makes it: how to ask, and how to read the answer. */
export type Grant = {
  /** Whether the server may be asked without TLS; only on loopback. */
  readonly insecure: boolean;
  readonly ask: (options: TokenEndpointRequestOptions) => Promise<Response>;
  readonly read: (response: Response) => Promise<TokenEndpointResponse>;
};

/** Makes one request to the token endpoint. What the server does never makes it reject. Aborting the signal cuts the request off. */
export async function askForTokens(grant: Grant, wire: Wire, signal?: AbortSignal): Promise<TokenAnswer> {
  const { clock = Date.now, requestTimeoutMs = REQUEST_TIMEOUT_MS } = wire;
  const fetch = wire.fetch ?? (await ownFetch(wire));
  // Taken before asking: a token thought to end too early does no harm.
  const askedAtMs = clock();
  let failure: TokenFailure | undefined;

  async function listen(
    url: string,
    init: { readonly headers: object; readonly body: unknown },
  ): Promise<Response> {
    const form = { url, headers: init.headers, body: String(init.body) };
    const heard = await post(fetch, form, { clock, timeoutMs: requestTimeoutMs, signal });
    if (heard instanceof Response) return heard;
    failure = heard;
    return Response.error();
  }

  const response = await grant.ask({ [allowInsecure]: grant.insecure, [customFetch]: listen });
  return failure ?? (await read(grant, response, askedAtMs));
}

/** Loaded only when it is used: the HTTP client takes its time. */
async function ownFetch({ allowedHosts = [] }: Wire): Promise<Fetch> {
  const { createFetch } = await import('../network/fetch.js');
  return createFetch({ allowedHosts, setting: SETTING });
}

async function read(grant: Grant, response: Response, askedAtMs: number): Promise<TokenAnswer> {
  const { status } = response;
  try {
    const tokens = toTokenSet(await grant.read(response), askedAtMs);
    return tokens === undefined ? unusable(status) : { kind: 'tokens', tokens };
  } catch (problem) {
    const error = problem instanceof ResponseBodyError ? problem.error : '';
    const clear = /^[a-z_]{1,64}$/.test(error) && [400, 401, 403].includes(status);
    return clear && !PASSING.has(error) ? { kind: 'refused', error } : unusable(status);
  }
}

function unusable(status: number): TokenFailure {
  return failed(`HTTP ${status} with an answer that cannot be used`, status < 300);
}
