import type { Answer } from './answers.js';
import { INVALID_TOKEN, refusedToken, wrongAsset } from './answers.js';
import type { Authority } from './oauth/authority.js';
import type { Settings } from './options.js';
import type { ApiRoute } from './routes.js';

/** What decides about a credential. */
type Gate = { readonly settings: Settings; readonly oauth: Authority | undefined };

/** The answer to a request whose credential is not good, else undefined. */
export function checkCredential(route: ApiRoute, { settings, oauth }: Gate): Answer | undefined {
  const refusal =
    oauth !== undefined && settings.credentialKind === 'oauth'
      ? checkAccessToken(route.token, oauth)
      : checkApiToken(route.token, settings);
  if (refusal !== undefined) return refusal;
  if (settings.assetId === undefined || settings.assetId === route.asset) return undefined;
  return wrongAsset(settings.credentialKind, settings.wrongAssetStatus);
}

/** Counts a request to an event route against the life of its access token, if it has one. */
export function countUse(route: ApiRoute, { oauth }: Gate): void {
  oauth?.tokens.use(route.token);
}

function checkApiToken(text: string, { token }: Settings): Answer | undefined {
  const isAccepted = typeof token === 'function' ? token(text) : token === undefined || token === text;
  return text === '' || !isAccepted ? INVALID_TOKEN : undefined;
}

function checkAccessToken(text: string, oauth: Authority): Answer | undefined {
  const state = oauth.tokens.stateOf(text, oauth.clock());
  if (state === 'good') return undefined;
  if (state === 'dead') oauth.counters.count('expiredTokenAnswers');
  return refusedToken(oauth.settings.expiredStatus);
}
