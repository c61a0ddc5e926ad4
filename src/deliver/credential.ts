import { RunError } from '../errors.js';
import type { ApiAnswer } from './answer.js';

/** Kinds of credential, as `auth_method` calls them. The API words its refusals differently for each. */
export type CredentialKind = 'api_token' | 'oauth';

// As worded by the API for a wrong event source under an API token.
const UNAUTHORIZED = /unauthorized resources/i;
// As worded by the API for a wrong event source under OAuth, and for a token that is not accepted.
const ASSET = /\basset id\b/i;
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
  return complaintIn(api) !== undefined;
}

/** What the API says about the credential or the event source, which may stand among findings about events; not cleaned. */
export function complaintIn(api: ApiAnswer): string | undefined {
  const said = [api.reason, ...api.messages, ...(api.logs ?? []).flatMap((entry) => entry.messages)];
  return said.find((text) => UNAUTHORIZED.test(text) || ASSET_OR_TOKEN.test(text));
}

/** Whether an answer that blames the credential means the access token, so that a fresh one may do. */
export function refusesToken({ status, body }: { readonly status: number; readonly body: string }): boolean {
  return status === 401 || (!UNAUTHORIZED.test(body) && /\btoken\b/i.test(body));
}

function blamesSource(body: string): boolean {
  return UNAUTHORIZED.test(body) || (ASSET.test(body) && !/\btoken\b/i.test(body));
}

/** The error for a credential that is not accepted, or not for this event source. `said` is cleaned API text. */
export function unauthorized(
  answer: { readonly status: number; readonly body: string },
  said: string,
  credential: CredentialKind | undefined,
): RunError {
  const heard = `(HTTP ${answer.status}: ${said})`;
  if (credential === undefined) {
    return new RunError(
      'unauthorized',
      `the API refused the credential or the event source ${heard}. ` +
        'The likely culprit is event_source_id. With an API token, a wrong one is answered with "Unauthorized resources"; ' +
        'with OAuth, the answer complains about an "asset id" and means the same. ' +
        'When unsure which of the two is wrong, use auth_method api_token: its answer is the clearer one.',
    );
  }
  const name = NAMES[credential];
  // A wrong event source may come with any status, 401 included.
  if (refusesToken(answer) && !blamesSource(answer.body)) {
    return new RunError('unauthorized', `the API does not accept the ${name} ${heard}`, {
      fix: TOKEN_FIXES[credential],
    });
  }
  const meaning = ASSET.test(said) ? ', and by "asset id" it means event_source_id' : '';
  return new RunError(
    'unauthorized',
    `the API does not let this ${name} send to this event source ${heard}${meaning}`,
    { fix: credential === 'oauth' ? `${CHECK_SOURCE} ${WHEN_UNSURE}` : CHECK_SOURCE },
  );
}

const NAMES: Readonly<Record<CredentialKind, string>> = { api_token: 'API token', oauth: 'OAuth credential' };

const TOKEN_FIXES: Readonly<Record<CredentialKind, string>> = {
  api_token: 'Check that the token is whole and still valid, or make a new one in the Ads Manager.',
  oauth: 'Log in again with this oauth_credentials_id, or use auth_method api_token.',
};

const CHECK_SOURCE =
  'Check event_source_id: it must be the Pixel ID for WEB and OFFLINE, the Snap App ID for MOBILE_APP, whole and without ' +
  'blanks, and the credential must have been made for the account that owns it.';

const WHEN_UNSURE =
  'When unsure which of the two is wrong, try auth_method api_token: its answers are clearer.';
