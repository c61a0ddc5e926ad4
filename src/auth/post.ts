import { parseHttpDate, parseRetryAfter } from '../deliver/retry.js';
import type { Clock } from '../deliver/types.js';
import { RunError } from '../errors.js';
import { failed, judgeRejection, type TokenFailure } from './failure.js';
import type { Fetch, FetchAnswer } from './fetch.js';

const MAX_ANSWER_BYTES = 64 * 1024;

export type PostLimits = {
  /** Epoch ms; for a `Retry-After` date in an answer that has no date itself. */
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
};

/** A form on its way to the token endpoint. Its body holds secrets. */
export type Form = { readonly url: string; readonly headers: object; readonly body: string };

/**
 * Sends a form and gives the answer read whole, at most 64 KiB of it, or what went wrong: also 429, 5xx and redirects,
 * which are never followed because the client secret would travel. Never rejects.
 */
export async function post(fetch: Fetch, form: Form, limits: PostLimits): Promise<Response | TokenFailure> {
  const cut = new AbortController();
  const end = () => {
    cut.abort();
  };
  const timer = setTimeout(end, limits.timeoutMs);
  limits.signal?.addEventListener('abort', end);
  if (limits.signal?.aborted === true) end();
  try {
    const answer = await fetch(form.url, {
      method: 'POST',
      headers: { ...form.headers, 'accept-encoding': 'identity' },
      body: form.body,
      redirect: 'manual',
      signal: cut.signal,
    });
    return judgeStatus(answer, limits.clock) ?? (await whole(answer));
  } catch (problem) {
    return cut.signal.aborted ? failed('no answer in time', true) : judgeRejection(problem);
  } finally {
    // Lets go of what was not read.
    end();
    clearTimeout(timer);
    limits.signal?.removeEventListener('abort', end);
  }
}

function judgeStatus({ status, headers }: FetchAnswer, clock: Clock): TokenFailure | undefined {
  if (status < 300 || (status >= 400 && status < 500 && status !== 429)) return undefined;
  if (status < 400) return { ...failed('redirect', false), lasting: redirected(status) };
  const nowMs = parseHttpDate(headers.get('date') ?? undefined) ?? clock();
  const retryAfterMs = parseRetryAfter(headers.get('retry-after') ?? undefined, nowMs);
  // A gateway also gives up on requests that arrive nevertheless.
  const failure = failed(`HTTP ${status}`, status >= 500);
  return retryAfterMs === undefined ? failure : { ...failure, retryAfterMs };
}

function redirected(status: number): RunError {
  return new RunError(
    'redirect_refused',
    `the authorization server answered with a redirect (HTTP ${status}), which is not followed because the client secret would travel`,
    { fix: 'Check the address of the authorization server and any proxy.' },
  );
}

async function whole(answer: FetchAnswer): Promise<Response | TokenFailure> {
  const { status } = answer;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body ?? []) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES)
      return failed(`HTTP ${status} with an answer that is too large`, status < 300);
    chunks.push(chunk);
  }
  // Of the headers only this one: a challenge in another would hide the error code in the body.
  const headers = { 'content-type': answer.headers.get('content-type') ?? '' };
  return new Response(size === 0 ? null : Buffer.concat(chunks), { status, headers });
}
