import type { FaultScript, OAuthOptions, Rotation, Simulator } from '../../simulator/index.js';

export type SimulatorOAuthFlags = {
  readonly oauth?: true;
  readonly oauthClientId?: string;
  readonly oauthClientSecret?: string;
  readonly oauthRefreshToken?: string;
  readonly oauthExpiresIn?: number;
  readonly oauthExpireAfter?: number;
  readonly oauthRotation?: Rotation;
  readonly oauthRevokeOnReuse?: true;
  readonly oauthExpiredStatus?: string;
  readonly oauthFault?: string;
};

/** The settings of the OAuth endpoints, or undefined when no flag asks for them. `parse` reads a fault script. */
export function oauthOptions(
  flags: SimulatorOAuthFlags,
  parse: (script: string) => FaultScript,
): OAuthOptions | undefined {
  const given = {
    clientId: flags.oauthClientId,
    clientSecret: flags.oauthClientSecret,
    refreshToken: flags.oauthRefreshToken,
    expiresInS: flags.oauthExpiresIn,
    expireAfterRequests: flags.oauthExpireAfter,
    rotation: flags.oauthRotation,
    revokeOnReuse: flags.oauthRevokeOnReuse,
    expiredStatus: flags.oauthExpiredStatus === undefined ? undefined : Number(flags.oauthExpiredStatus),
    tokenFaults: flags.oauthFault === undefined ? undefined : parse(flags.oauthFault),
  };
  const known = Object.entries(given).filter(([, value]) => value !== undefined);
  return flags.oauth === undefined && known.length === 0 ? undefined : Object.fromEntries(known);
}

/** What a person needs to log in to a simulator: lines for standard error, empty without OAuth endpoints. */
export function describeOAuth({ oauth, url }: Simulator): string {
  if (oauth === undefined) return '';
  return (
    `OAuth client: id ${oauth.clientId}, secret ${oauth.clientSecret}\n` +
    `to log in: SNAPCAPI_OAUTH_BASE_URL=${url} snapcapi auth login --id try-out\n` +
    `authorize at ${oauth.authorizeUrl}, tokens at ${oauth.tokenUrl}\n` +
    `revoke all tokens: POST ${url}/_revoke (?what=access leaves the refresh tokens)\n`
  );
}
