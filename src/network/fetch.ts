import { Agent, fetch } from 'undici';

import { checkConnection } from './check.js';
import { createConnector } from './connect.js';
import { checkEndpoint, type EndpointRules } from './endpoint.js';
import type { Environment } from './environment.js';
import { failureCode } from './failure.js';

const MAX_ANSWER_BYTES = 1024 * 1024;
const MAX_CONNECT_MS = 10_000;
const DEFAULT_TIMEOUT_MS = 30_000;

/** The part of a request that `Fetch` knows. */
export type FetchOptions = {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | null;
  readonly redirect?: 'manual';
  readonly signal?: AbortSignal;
};

/** Asks a URL and gives the whole answer. */
export type Fetch = (url: string, options?: FetchOptions) => Promise<Response>;

export type CreateFetchOptions = EndpointRules & {
  /** Where proxy settings are read from; `process.env` by default. */
  readonly env?: Environment;
  /** From the start of a request to the last byte of its answer; 30,000 by default. */
  readonly timeoutMs?: number;
};

/**
 * A `fetch` under the connection rules of this program: only to endpoints that are allowed, through the proxy of the
 * environment, with certificates verified, no redirect followed, at most 1 MiB read. Rejects with RunError
 * `endpoint_not_allowed`, `proxy_invalid` or `tls_verification_off` before anything is sent, and otherwise with an error
 * that holds nothing but a `code` for `permanentFailure` and `hintFor`.
 */
export function createFetch(options: CreateFetchOptions = {}): Fetch {
  const { env = process.env, timeoutMs = DEFAULT_TIMEOUT_MS } = options;

  return async function fetchOnce(url, { signal, headers, body, method = 'GET' } = {}) {
    checkConnection(checkEndpoint(url, options), env);
    const deadline = AbortSignal.timeout(timeoutMs);
    // For a few requests an hour, a connection each is simpler than a pool that somebody has to close.
    const dispatcher = new Agent({
      connect: createConnector(env, Math.min(timeoutMs, MAX_CONNECT_MS)),
      maxResponseSize: MAX_ANSWER_BYTES,
    });
    try {
      const answer = await fetch(url, {
        method,
        body: body ?? null,
        headers: { 'accept-encoding': 'identity', ...headers },
        redirect: 'manual',
        signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
        dispatcher,
      });
      return await wholeResponse(answer);
    } catch (problem) {
      const code = codeOf(problem);
      throw Object.assign(new Error(`no answer (${code})`), { code });
    } finally {
      await dispatcher.destroy().catch(() => undefined);
    }
  };
}

/** The answer as an object of the platform, which code that checks for `Response` accepts. */
async function wholeResponse(answer: Awaited<ReturnType<typeof fetch>>): Promise<Response> {
  const body = await answer.text();
  const headers = [...answer.headers].map(([name, value]): [string, string] => [name, value]);
  return new Response(body === '' ? null : body, { status: answer.status, headers });
}

// undici wraps what went wrong on the network, once, or twice while a body is read.
function codeOf(problem: unknown): string {
  const code = failureCode(problem);
  if (code !== 'UNKNOWN' || !(problem instanceof Error) || problem.cause === undefined) return code;
  return codeOf(problem.cause);
}
