import { RunError } from '../errors.js';

/** Kinds of credential, as `auth_method` calls them. The API words its refusals differently for each. */
export type CredentialKind = 'api_token' | 'oauth';

/** Whether the body of the request contains a text. */
export type WasSent = (text: RegExp) => boolean;

/** `sent` also finds the words with an encoded blank between them; a name such as `asset_id` is not the words. */
type Wording = { readonly said: RegExp; readonly sent: RegExp };

// As worded by the API for a wrong event source under an API token.
const UNAUTHORIZED: Wording = {
  said: /unauthorized resources/i,
  sent: /unauthorized[^a-z_]{1,16}resources/i,
};
// As worded by the API for a wrong event source under OAuth.
const ASSET: Wording = { said: /\basset id\b/i, sent: /asset[^a-z_]{1,16}id/i };
const TOKEN: Wording = { said: /\baccess token\b/i, sent: /access[^a-z_]{1,16}token/i };

/**
 * The reason when it blames the credential or the event source instead of an event. Words that the request contains may
 * be a quotation of a row, so they count for nothing.
 */
export function complaintIn(reason: string, wasSent: WasSent): string | undefined {
  const blames = [UNAUTHORIZED, ASSET, TOKEN].some(({ said, sent }) => said.test(reason) && !wasSent(sent));
  return blames ? reason : undefined;
}

/** Whether the API means the event source by what it says about an event, as it does under OAuth. `reason` is cleaned. */
export function meansSource(reason: string): boolean {
  return ASSET.said.test(reason);
}

/** A refusal of the credential. */
type Refusal = { readonly status: number; readonly complaint: string };

/** Whether an answer that blames the credential means the access token, so that a fresh one may do. */
export function refusesToken({ status, complaint }: Refusal): boolean {
  return status === 401 || (!UNAUTHORIZED.said.test(complaint) && /\btoken\b/i.test(complaint));
}

function blamesSource(complaint: string): boolean {
  return UNAUTHORIZED.said.test(complaint) || (ASSET.said.test(complaint) && !/\btoken\b/i.test(complaint));
}

/** The error for a credential that is not accepted, or not for this event source. `said` is cleaned API text. */
export function unauthorized(
  refusal: Refusal,
  said: string,
  credential: CredentialKind | undefined,
): RunError {
  const heard = `(HTTP ${refusal.status}: ${said})`;
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
  if (refusesToken(refusal) && !blamesSource(refusal.complaint)) {
    return new RunError('unauthorized', `the API does not accept the ${name} ${heard}`, {
      fix: TOKEN_FIXES[credential],
    });
  }
  const meaning = meansSource(said) ? ', and by "asset id" it means event_source_id' : '';
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
