import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { RunError } from '../errors.js';
import { htmlOf, PAGE_HEADERS, type Page } from './page.js';

/** Where the browser is sent after the login. Only this machine can reach it. */
export type Loopback<T> = {
  /** With the real port when 0 was asked for. */
  readonly redirectUri: string;
  /** The first redirect that was recognized. `answer` shows a page in the browser that waits; it never rejects. */
  readonly redirect: Promise<{ readonly found: T; readonly answer: (page: Page) => Promise<void> }>;
  readonly close: () => Promise<void>;
};

type Found<T> = { readonly found: T; readonly response: ServerResponse };

/**
 * Listens on 127.0.0.1 for one redirect. What `recognize` does not know is answered and forgotten, so that no stray request can
 * end the login. Throws RunError `usage` for a redirect URI that is not on loopback and for a port that is taken.
 */
export async function openLoopback<T>(
  redirectUri: string,
  recognize: (query: URLSearchParams) => T | undefined,
): Promise<Loopback<T>> {
  const wanted = checkRedirectUri(redirectUri);
  let found: (one: Found<T>) => void = () => undefined;
  const first = new Promise<Found<T>>((resolve) => {
    found = resolve;
  });
  const address = { host: '', path: wanted.pathname };
  let taken = false;

  function receive(request: IncomingMessage, response: ServerResponse): void {
    const problem = problemOf(request, address);
    if (problem !== undefined) {
      void respond(response, problem);
      return;
    }
    const recognized = taken ? undefined : recognize(queryOf(request));
    if (recognized === undefined) {
      void respond(response, NOT_OURS);
      return;
    }
    taken = true;
    found({ found: recognized, response });
  }

  const server = createServer({ requestTimeout: 10_000, headersTimeout: 10_000 }, receive);
  const port = await listen(server, Number(wanted.port === '' ? '80' : wanted.port));
  address.host = hostWith(wanted.hostname, port);
  return {
    redirectUri: wanted.port === '0' ? redirectUri.replace(':0', `:${port}`) : redirectUri,
    redirect: first.then((one) => ({ found: one.found, answer: (page) => respond(one.response, page) })),
    close: () => close(server),
  };
}

const NOT_OURS: Page = {
  status: 400,
  title: 'Not part of this login',
  text: 'This answer does not belong to the login that is waiting in the terminal. That login is still waiting.',
  fix: 'Open the address that the terminal shows, in this browser, and allow the access there.',
};

function checkRedirectUri(redirectUri: string): URL {
  const url = URL.canParse(redirectUri) ? new URL(redirectUri) : undefined;
  const fits =
    url?.protocol === 'http:' &&
    (url.hostname === '127.0.0.1' || url.hostname === 'localhost') &&
    `${url.username}${url.password}${url.search}${url.hash}` === '';
  if (url !== undefined && fits) return url;
  throw new RunError(
    'usage',
    'a redirect URI for a login on this machine must look like http://127.0.0.1:PORT/path',
    {
      fix: 'Correct the redirect URI, or use --paste, which takes any that is registered with the client.',
    },
  );
}

function problemOf(
  request: IncomingMessage,
  address: { readonly host: string; readonly path: string },
): Page | undefined {
  // A page of some other site may have had its name resolve to 127.0.0.1; the browser then sends that name.
  if (request.headers.host?.toLowerCase() !== address.host) {
    return { status: 421, title: 'Wrong host', text: 'Nothing is served under this name.' };
  }
  const path = (request.url ?? '').split('?', 1)[0];
  if (path !== address.path) return { status: 404, title: 'Not found', text: 'There is nothing here.' };
  if (request.method === 'GET') return undefined;
  return { status: 405, title: 'Not allowed', text: 'Only GET is allowed.' };
}

function queryOf(request: IncomingMessage): URLSearchParams {
  const url = request.url ?? '';
  return new URLSearchParams(url.includes('?') ? url.slice(url.indexOf('?') + 1) : '');
}

function hostWith(hostname: string, port: number): string {
  return port === 80 ? hostname : `${hostname}:${port}`;
}

function respond(response: ServerResponse, page: Page): Promise<void> {
  return new Promise((resolve) => {
    // Comes also when the browser has gone away.
    response.once('close', resolve);
    if (response.destroyed || response.closed) resolve();
    const headers = page.status === 405 ? { ...PAGE_HEADERS, allow: 'GET' } : PAGE_HEADERS;
    response.writeHead(page.status, headers).end(htmlOf(page));
  });
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'is taken by another program' : 'cannot be used';
      reject(
        new RunError('usage', `port ${port} for the answer of the browser ${why}`, {
          fix: 'Choose another with --port (the redirect URI with that port must be registered with the client), or use --paste.',
        }),
      );
    });
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    // Browsers open connections in advance and keep them.
    server.closeAllConnections();
  });
}
