import { request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import { isIP, type Socket } from 'node:net';

import { failureCode, PROXY_PREFIX } from './failure.js';
import type { Proxy } from './proxy.js';

/**
 * Asks a proxy for a connection to `authority` (host and port). Rejects with an error whose `code` is `PROXY_HTTP_` with the
 * status of the answer, or `PROXY_` before the code of the network failure; it holds nothing else of either.
 */
export function openTunnel(proxy: Proxy, authority: string, timeoutMs: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const request = (proxy.secure ? requestSecure : requestPlain)({
      host: proxy.hostname,
      port: proxy.port,
      // Otherwise Node would take the name in the Host header, and ask the proxy for the certificate of the API.
      servername: isIP(proxy.hostname) === 0 ? proxy.hostname : '',
      method: 'CONNECT',
      path: authority,
      agent: false,
      rejectUnauthorized: true,
      headers: {
        host: authority,
        ...(proxy.authorization !== undefined && { 'proxy-authorization': proxy.authorization }),
      },
    });
    const timer = setTimeout(() => {
      fail('TIMEOUT');
    }, timeoutMs);

    function fail(code: string): void {
      clearTimeout(timer);
      reject(Object.assign(new Error('no tunnel'), { code: `${PROXY_PREFIX}${code}` }));
      request.destroy();
    }

    request.on('error', (error) => {
      fail(failureCode(error));
    });
    request.on('connect', (response, socket, head) => {
      const { statusCode = 0 } = response;
      // What the other end says before it was spoken to is not TLS.
      if (statusCode < 200 || statusCode > 299 || head.length > 0) {
        socket.destroy();
        fail(statusCode >= 200 && statusCode <= 299 ? 'ECONNRESET' : `HTTP_${statusCode}`);
        return;
      }
      clearTimeout(timer);
      resolve(socket);
    });
    request.end();
  });
}
