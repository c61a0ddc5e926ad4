import type { OAuthSettings } from './options.js';

/** All tokens that come from one login; they can be revoked together. */
type Family = { readonly scope: string; isRevoked: boolean };
type AccessToken = { readonly family: Family; readonly endMs: number; uses: number; isRevoked: boolean };
type RefreshToken = { readonly family: Family; isRotatedOut: boolean };

/** What a successful token request hands out. */
export type TokenSet = {
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
  readonly scope: string;
};

/** New tokens, or why there are none. */
export type RefreshOutcome =
  | { readonly ok: true; readonly tokens: TokenSet }
  | { readonly ok: false; readonly reason: 'unknown' | 'revoked' | 'reused' };

/** What is known of an access token; `dead` ones were issued but are expired, used up or revoked. */
export type AccessState = 'good' | 'dead' | 'unknown';

/** What `revoke` takes away: the access tokens only, so that a refresh repairs it, or all tokens. */
export type Revocation = 'access' | 'all';

/** The tokens that were issued. */
export type Tokens = {
  readonly issue: (scope: string, nowMs: number) => TokenSet;
  readonly refresh: (refreshToken: string, nowMs: number) => RefreshOutcome;
  readonly stateOf: (accessToken: string, nowMs: number) => AccessState;
  /** Counts a request to an event route. */
  readonly use: (accessToken: string) => void;
  readonly revoke: (what: Revocation) => void;
};

/** Makes the tokens of a simulator; `makeText` gives the text of the next one, `seedScope` is that of a token given in the settings. */
export function createTokens(settings: OAuthSettings, makeText: () => string, seedScope: string): Tokens {
  const accessTokens = new Map<string, AccessToken>();
  const refreshTokens = new Map<string, RefreshToken>();
  const newFamily = (scope: string): Family => ({ scope, isRevoked: false });
  if (settings.refreshToken !== undefined) {
    refreshTokens.set(settings.refreshToken, { family: newFamily(seedScope), isRotatedOut: false });
  }

  function issueAccess(family: Family, nowMs: number): string {
    const text = makeText();
    const endMs = nowMs + settings.expiresInS * 1000;
    accessTokens.set(text, { family, endMs, uses: 0, isRevoked: false });
    return text;
  }

  function issueRefresh(family: Family): string {
    const text = makeText();
    refreshTokens.set(text, { family, isRotatedOut: false });
    return text;
  }

  function nextRefresh(text: string, token: RefreshToken): string | undefined {
    if (settings.rotation === 'none') return undefined;
    if (settings.rotation === 'keep') return text;
    token.isRotatedOut = true;
    return issueRefresh(token.family);
  }

  return {
    issue(scope, nowMs) {
      const family = newFamily(scope);
      return { accessToken: issueAccess(family, nowMs), refreshToken: issueRefresh(family), scope };
    },
    refresh(text, nowMs) {
      const token = refreshTokens.get(text);
      if (token === undefined) return { ok: false, reason: 'unknown' };
      const { family } = token;
      if (token.isRotatedOut) {
        if (settings.revokeOnReuse) family.isRevoked = true;
        return { ok: false, reason: 'reused' };
      }
      if (family.isRevoked) return { ok: false, reason: 'revoked' };
      const accessToken = issueAccess(family, nowMs);
      return {
        ok: true,
        tokens: { accessToken, refreshToken: nextRefresh(text, token), scope: family.scope },
      };
    },
    stateOf(text, nowMs) {
      const token = accessTokens.get(text);
      if (token === undefined) return 'unknown';
      const isUsedUp = token.uses >= (settings.expireAfterRequests ?? Infinity);
      return isUsedUp || token.isRevoked || token.family.isRevoked || nowMs >= token.endMs ? 'dead' : 'good';
    },
    use(text) {
      const token = accessTokens.get(text);
      if (token !== undefined) token.uses++;
    },
    revoke(what) {
      for (const token of accessTokens.values()) token.isRevoked = true;
      if (what === 'access') return;
      for (const token of refreshTokens.values()) token.family.isRevoked = true;
    },
  };
}
