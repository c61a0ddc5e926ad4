import type { AuthorizationServer, Client } from 'oauth4webapi';

import { RunError } from '../errors.js';
import { isLoopback } from '../network/endpoint.js';
import type { OAuthClient } from './types.js';

/** What requests to the authorization server need to know of it and of the client. Holds no secret. */
export type Registration = {
  readonly server: AuthorizationServer & { readonly authorization_endpoint: string };
  readonly client: Client;
  /** Whether the server is on this machine and may be asked without TLS. */
  readonly insecure: boolean;
};

/**
 * Where the endpoints of the authorization server are; paths as Snapchat documents them for its Marketing API.
 * Throws RunError `endpoint_not_allowed` unless the server is https, or http on loopback, and `credential_refused`
 * for a client without id or secret.
 */
export function registrationOf(client: OAuthClient): Registration {
  if (client.clientId === '' || client.clientSecret === '') {
    throw new RunError('credential_refused', 'the OAuth client has no id or no secret');
  }
  const origin = originOf(client.accountsUrl);
  return {
    server: {
      issuer: origin.origin,
      authorization_endpoint: `${origin.origin}/login/oauth2/authorize`,
      token_endpoint: `${origin.origin}/login/oauth2/access_token`,
    },
    client: { client_id: client.clientId },
    insecure: origin.protocol === 'http:',
  };
}

function originOf(accountsUrl: string): URL {
  const url = URL.canParse(accountsUrl) ? new URL(accountsUrl) : undefined;
  const plain = url?.username === '' && url.password === '' && url.search === '' && url.hash === '';
  if (url === undefined || !plain || url.pathname !== '/') {
    throw notAllowed('must be an origin such as https://accounts.snapchat.com');
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) {
    throw notAllowed('must begin with https:// unless it is on this machine');
  }
  return url;
}

function notAllowed(what: string): RunError {
  return new RunError('endpoint_not_allowed', `the address of the authorization server ${what}`, {
    fix: 'Correct the address of the authorization server, or leave it out.',
  });
}
