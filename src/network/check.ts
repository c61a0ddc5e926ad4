import { RunError } from '../errors.js';
import type { Environment } from './environment.js';
import { proxyFor, type ProxyTarget } from './proxy.js';

/**
 * Checks the settings of the environment that a connection to a URL depends on, before anything is sent. Throws RunError
 * `proxy_invalid` or `tls_verification_off`.
 */
export function checkConnection(url: ProxyTarget, env: Environment): void {
  // Certificates are verified in any case, see `createConnector`; but who set this believes something else.
  if (url.protocol === 'https:' && env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0') {
    throw new RunError(
      'tls_verification_off',
      'NODE_TLS_REJECT_UNAUTHORIZED=0 is set, and a credential is not sent over TLS that is not verified',
    );
  }
  proxyFor(url, env);
}
