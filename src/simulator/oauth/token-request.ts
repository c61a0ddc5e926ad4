import type { Answer } from '../answers.js';
import { jsonAnswer } from '../answers.js';
import type { Authority } from './authority.js';
import type { Parameters } from './parameters.js';
import type { TokenSet } from './tokens.js';

/** Error codes of the token endpoint (RFC 6749, 5.2). */
type TokenError = 'invalid_request' | 'invalid_client' | 'invalid_grant' | 'unsupported_grant_type';

const NO_STORE = { 'Cache-Control': 'no-store', Pragma: 'no-cache' };

/** A refusal by the token endpoint; the description must quote nothing of the request. */
export function tokenError(error: TokenError, description: string, status = 400): Answer {
  return { ...jsonAnswer(status, { error, error_description: description }), headers: NO_STORE };
}

/** Carries a request to the token endpoint out. */
export function answerTokenRequest(form: Parameters, authority: Authority): Answer {
  const { settings } = authority;
  if (form.isRepeated) return tokenError('invalid_request', 'A parameter is repeated.');
  if (form.get('client_id') !== settings.clientId || form.get('client_secret') !== settings.clientSecret) {
    return tokenError('invalid_client', 'client_id and client_secret in the body are not good.', 401);
  }
  switch (form.get('grant_type')) {
    case 'authorization_code':
      return exchangeCode(form, authority);
    case 'refresh_token':
      return refresh(form, authority);
    case undefined:
      return tokenError('invalid_request', 'grant_type is missing.');
    default:
      return tokenError(
        'unsupported_grant_type',
        'grant_type is neither authorization_code nor refresh_token.',
      );
  }
}

function exchangeCode(form: Parameters, authority: Authority): Answer {
  const code = form.get('code');
  const redirectUri = form.get('redirect_uri');
  if (code === undefined || redirectUri === undefined) {
    return tokenError('invalid_request', 'code or redirect_uri is missing.');
  }
  const nowMs = authority.clock();
  // The code is spent even when the address is wrong: whoever has the wrong address may not try another.
  const grant = authority.codes.take(code, nowMs);
  if (grant === undefined) return tokenError('invalid_grant', 'The code is unknown, used or expired.');
  if (grant.redirectUri !== redirectUri) {
    return tokenError('invalid_grant', 'redirect_uri is not the one the code was asked for with.');
  }
  authority.counters.count('codeExchanges');
  return tokenAnswer(authority.tokens.issue(grant.scope, nowMs), authority);
}

function refresh(form: Parameters, authority: Authority): Answer {
  const refreshToken = form.get('refresh_token');
  if (refreshToken === undefined) return tokenError('invalid_request', 'refresh_token is missing.');
  const outcome = authority.tokens.refresh(refreshToken, authority.clock());
  if (outcome.ok) {
    authority.counters.count('refreshes');
    return tokenAnswer(outcome.tokens, authority);
  }
  if (outcome.reason === 'reused') authority.counters.count('reusedRefreshTokens');
  return tokenError('invalid_grant', 'The refresh token is unknown, used or revoked.');
}

function tokenAnswer(tokens: TokenSet, authority: Authority): Answer {
  const body = {
    access_token: tokens.accessToken,
    token_type: 'Bearer',
    expires_in: authority.settings.expiresInS,
    refresh_token: tokens.refreshToken,
    scope: tokens.scope,
  };
  return { ...jsonAnswer(200, body), headers: NO_STORE };
}
