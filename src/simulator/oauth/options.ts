import { randomBytes } from 'node:crypto';

import { RunError } from '../../errors.js';
import type { FaultScript } from '../faults.js';

/**
 * What a refresh does to the refresh token.
 * - `rotate`: a new one comes back, the old one is void at once.
 * - `keep`: the same one comes back and stays good.
 * - `none`: none comes back, the old one stays good.
 */
export type Rotation = 'rotate' | 'keep' | 'none';

/** All values of `rotation`, the default first. */
export const ROTATIONS: readonly Rotation[] = ['rotate', 'keep', 'none'];

/** All values of `expiredStatus`, the default first. */
export const EXPIRED_STATUSES = [401, 400, 403] as const;

/** Settings of the OAuth endpoints. Everything is optional. */
export type OAuthOptions = {
  /** The one client that is known. Default `simulator-client`. */
  readonly clientId?: string;
  /** Default `simulator-secret`. */
  readonly clientSecret?: string;
  /** A refresh token that is good from the start, for use without a browser. Default: none. */
  readonly refreshToken?: string;
  /** Lifetime of an access token in seconds. Default 3600. */
  readonly expiresInS?: number;
  /** An access token is dead after so many requests to the event routes. Default: no limit. */
  readonly expireAfterRequests?: number;
  /** Default `rotate`. */
  readonly rotation?: Rotation;
  /** Whether a refresh token that was rotated out, when it is used again, takes all tokens of its login with it. Default false. */
  readonly revokeOnReuse?: boolean;
  /** From `parseFaults`, for the token endpoint; its requests are counted by themselves. Default: no faults. */
  readonly tokenFaults?: FaultScript;
  /** HTTP status of the answer to an event request without a good access token. Default 401. */
  readonly expiredStatus?: (typeof EXPIRED_STATUSES)[number];
  /** Source of the randomness of codes and tokens. Default: that of the system. */
  readonly random?: (bytes: number) => Uint8Array;
};

/** Options with defaults filled in. */
export type OAuthSettings = Required<Omit<OAuthOptions, 'refreshToken' | 'expireAfterRequests'>> &
  OAuthOptions;

/** Fills the defaults in. Throws RunError `usage` that names the option that is out of range, never its value. */
export function oauthSettings(options: OAuthOptions): OAuthSettings {
  const settings: OAuthSettings = {
    clientId: 'simulator-client',
    clientSecret: 'simulator-secret',
    expiresInS: 3600,
    rotation: 'rotate',
    revokeOnReuse: false,
    tokenFaults: [],
    expiredStatus: 401,
    random: randomBytes,
    ...options,
  };
  for (const name of ['clientId', 'clientSecret', 'refreshToken'] as const) {
    const text = settings[name];
    demand(name, text === undefined || /^[\x21-\x7e]{1,512}$/.test(text));
  }
  demand('expiresInS', isCount(settings.expiresInS));
  demand(
    'expireAfterRequests',
    settings.expireAfterRequests === undefined || isCount(settings.expireAfterRequests),
  );
  demand('rotation', ROTATIONS.includes(settings.rotation));
  demand('expiredStatus', EXPIRED_STATUSES.includes(settings.expiredStatus));
  return settings;
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 1;
}

function demand(name: keyof OAuthOptions, inRange: boolean): void {
  if (!inRange) throw new RunError('usage', `The simulator option oauth.${name} is out of range.`);
}
