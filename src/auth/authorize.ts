import {
  AuthorizationResponseError,
  authorizationCodeGrantRequest,
  ClientSecretPost,
  expectNoState,
  nopkce,
  processAuthorizationCodeResponse,
  validateAuthResponse,
} from 'oauth4webapi';

import { interruption, RunError } from '../errors.js';
import { registrationOf } from './client.js';
import { askForTokens, type Wire } from './exchange.js';
import { unavailable } from './failure.js';
import type { OAuthClient, TokenSet } from './types.js';

/** What the Conversions API and the lookup of its assets need, as Snapchat documents it. */
export const DEFAULT_SCOPE = 'snapchat-offline-conversions-api snapchat-marketing-api';

export type AuthorizationRequest = {
  /** Exactly as registered with the client. */
  readonly redirectUri: string;
  readonly scope: string;
  /** Comes back with the answer, so that an answer to another request is not taken for this one's. */
  readonly state: string;
};

/** The address at which a person allows the access. Throws RunError `endpoint_not_allowed` or `credential_refused`. */
export function authorizationUrl(client: OAuthClient, request: AuthorizationRequest): string {
  const url = new URL(registrationOf(client).server.authorization_endpoint);
  url.searchParams.set('client_id', client.clientId);
  url.searchParams.set('redirect_uri', request.redirectUri);
  url.searchParams.set('response_type', 'code');
  url.searchParams.set('scope', request.scope);
  url.searchParams.set('state', request.state);
  return url.href;
}

/**
 * What came back by way of the browser: `code` holds the parameters to ask for tokens with. `stranger` is an answer to some other
 * request, or none at all, and must change nothing.
 */
export type Redirected =
  | { readonly kind: 'code'; readonly parameters: URLSearchParams }
  | { readonly kind: 'denied'; readonly error: string }
  | { readonly kind: 'stranger' };

/** Judges the query of a redirect; `state` is the one sent, or `undefined` when a bare code was pasted. */
export function judgeRedirect(
  client: OAuthClient,
  query: URLSearchParams,
  state: string | undefined,
): Redirected {
  const { server, client: registered } = registrationOf(client);
  // Nothing else counts. The server documents no issuer, so an `iss` could not be compared with anything.
  const known = new URLSearchParams([...query].filter(([name]) => ['code', 'state', 'error'].includes(name)));
  try {
    const parameters = validateAuthResponse(server, registered, known, state ?? expectNoState);
    const code = parameters.get('code') ?? '';
    return /^[\x21-\x7e]{1,4096}$/.test(code) ? { kind: 'code', parameters } : { kind: 'stranger' };
  } catch (problem) {
    if (!(problem instanceof AuthorizationResponseError)) return { kind: 'stranger' };
    return { kind: 'denied', error: /^[a-z_]{1,64}$/.test(problem.error) ? problem.error : 'unknown error' };
  }
}

/** The error for a person, or a server, that did not allow the access. */
export function denied(error: string): RunError {
  return error === 'access_denied'
    ? new RunError('login_failed', 'the access was not allowed in the browser (access_denied)')
    : new RunError('login_failed', `the authorization server refused the login (${error})`, {
        fix: 'Check the client ID, and that the redirect URI and the scope are registered with this client.',
      });
}

/**
 * Turns a code into tokens; a code works once, so nothing is tried again. `parameters` are from `judgeRedirect`.
 * Throws RunError `login_failed`, `authorization_unavailable`, `tls_failed`, `redirect_refused` or the interruption.
 */
export async function redeemCode(
  client: OAuthClient,
  parameters: URLSearchParams,
  redirectUri: string,
  options: Wire & { readonly signal?: AbortSignal } = {},
): Promise<TokenSet> {
  const { server, client: registered, insecure } = registrationOf(client);
  const secret = ClientSecretPost(client.clientSecret);
  const answer = await askForTokens(
    {
      insecure,
      ask: (request) =>
        // Marked as deprecated so that it stands out. The vendor documents no PKCE, and the client has a secret.
        // eslint-disable-next-line @typescript-eslint/no-deprecated
        authorizationCodeGrantRequest(server, registered, secret, parameters, redirectUri, nopkce, request),
      read: (response) => processAuthorizationCodeResponse(server, registered, response),
    },
    options,
    options.signal,
  );
  if (answer.kind === 'tokens') return answer.tokens;
  if (options.signal?.aborted === true) throw interruption(options.signal);
  if (answer.kind === 'refused') throw notRedeemed(answer.error);
  throw unavailable(answer, 1, false);
}

function notRedeemed(error: string): RunError {
  const message = `the authorization server gave no tokens (${error})`;
  if (error === 'invalid_client' || error === 'unauthorized_client') {
    return new RunError('login_failed', message, { fix: 'Check the client ID and the client secret.' });
  }
  return new RunError('login_failed', message, {
    fix: 'Log in again; a code works once, for a few minutes, and with the redirect URI it was made for.',
  });
}
