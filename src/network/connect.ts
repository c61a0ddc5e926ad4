import type { buildConnector as Connectors } from 'undici';

import type { Environment } from './environment.js';
import { proxyFor, type ProxyTarget } from './proxy.js';
import { openTunnel } from './tunnel.js';
import { buildConnector } from './undici.js';

/**
 * How undici gets its connections: directly, or through a tunnel of the proxy that the environment names. A tunnel
 * ends at the API, so TLS is between here and there and the proxy sees nothing but the name of the host. Certificates
 * are always verified. `timeoutMs` is for the proxy and for the API, each.
 */
export function createConnector(env: Environment, timeoutMs: number): Connectors.connector {
  const direct = buildConnector({ allowH2: false, rejectUnauthorized: true, timeout: timeoutMs });

  return function connect(options, callback) {
    tunnelTo(options, env, timeoutMs).then(
      (httpSocket) => {
        direct(httpSocket === undefined ? options : { ...options, httpSocket }, callback);
      },
      (error: unknown) => {
        callback(error instanceof Error ? error : new Error('no tunnel'), null);
      },
    );
  };
}

async function tunnelTo(options: ProxyTarget, env: Environment, timeoutMs: number) {
  const proxy = proxyFor(options, env);
  if (proxy === undefined) return undefined;
  const host = options.hostname.includes(':') ? `[${options.hostname}]` : options.hostname;
  return openTunnel(proxy, `${host}:${options.port || '443'}`, timeoutMs);
}
