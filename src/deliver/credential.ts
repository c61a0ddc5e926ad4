import { RunError } from '../errors.js';
import type { ApiAnswer } from './answer.js';

// As worded by the API for a wrong event source under an API token.
const UNAUTHORIZED = /unauthorized resources/i;
// As worded by the API for a wrong event source under OAuth, and for a token that is not accepted.
const ASSET_OR_TOKEN = /\b(asset id|access token)\b/i;

/**
 * Whether an answer that is no success blames the credential or the event source instead of an event.
 * Such an answer may come with any status, and may be dressed up as a finding about the first event.
 */
export function speaksOfCredential(
  answer: { readonly status: number; readonly body: string },
  api: ApiAnswer | undefined,
): boolean {
  if (UNAUTHORIZED.test(answer.body)) return true;
  if (answer.status >= 500) return false;
  if (api === undefined) return ASSET_OR_TOKEN.test(answer.body);
  const said = [api.reason, ...api.messages, ...(api.logs ?? []).flatMap((entry) => entry.messages)];
  return said.some((text) => ASSET_OR_TOKEN.test(text));
}

/** Whether an answer that blames the credential means the access token, so that a fresh one may do. */
export function refusesToken({ status, body }: { readonly status: number; readonly body: string }): boolean {
  return status === 401 || (!UNAUTHORIZED.test(body) && /\btoken\b/i.test(body));
}

/** The error for a credential that is not accepted, or not for this event source. `said` is cleaned API text. */
export function unauthorized(status: number, said: string): RunError {
  return new RunError(
    'unauthorized',
    `the API refused the credential or the event source (HTTP ${status}: ${said}). ` +
      'The likely culprit is event_source_id. With an API token, a wrong one is answered with "Unauthorized resources"; ' +
      'with OAuth, the answer complains about an "asset id" and means the same. ' +
      'When unsure which of the two is wrong, use auth_method api_token: its answer is the clearer one.',
  );
}
