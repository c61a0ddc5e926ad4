import type { TokenEndpointResponse } from 'oauth4webapi';

import type { TokenSet } from './types.js';

const TOKEN = /^[\x21-\x7e]{1,8192}$/;
const SCOPE = /^[\x20-\x7e]{1,1024}$/;
const LONGEST_S = 10 * 366 * 86_400;

/**
 * The tokens of an answer that oauth4webapi has read; `undefined` when they cannot be used: another kind of token, characters that
 * do not belong into a request, or a lifetime that is none. `askedAtMs` is the time of the request in epoch ms.
 */
export function toTokenSet(answer: TokenEndpointResponse, askedAtMs: number): TokenSet | undefined {
  const { access_token, token_type, expires_in, refresh_token, scope } = answer;
  if (token_type !== 'bearer' || !TOKEN.test(access_token)) return undefined;
  if (refresh_token !== undefined && !TOKEN.test(refresh_token)) return undefined;
  if (expires_in !== undefined && !(expires_in > 0 && expires_in <= LONGEST_S)) return undefined;
  return {
    accessToken: access_token,
    ...(expires_in !== undefined && { expiresAtMs: Math.floor(askedAtMs + expires_in * 1000) }),
    ...(refresh_token !== undefined && { refreshToken: refresh_token }),
    ...(scope !== undefined && SCOPE.test(scope) && { scope }),
  };
}
