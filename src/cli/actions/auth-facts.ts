import type { Credential } from '../../auth/types.js';
import { formatDuration } from '../../report/format.js';

/** What may be told of a credential: everything but its secrets. */
export type CredentialRecord = {
  readonly id: string;
  /** Whether a delivery could use it, as far as one can tell without asking the authorization server. */
  readonly works: boolean;
  readonly can_refresh: boolean;
  /** `unknown`: there is one, but nothing says how long it lasts. */
  readonly access_token: 'valid' | 'expired' | 'unknown' | 'none';
  readonly expires_at: string | null;
  readonly scope: string | null;
  readonly updated_at: string;
  readonly age_seconds: number;
  readonly client_id: string;
  readonly authorization_server: string;
};

/** What may be told of a credential at a time (epoch ms). */
export function credentialRecord(id: string, credential: Credential, nowMs: number): CredentialRecord {
  const { expiresAtMs, refreshToken, scope, updatedAtMs } = credential;
  const accessToken = accessTokenState(credential, nowMs);
  const canRefresh = refreshToken !== undefined;
  return {
    id,
    works: canRefresh || accessToken === 'valid' || accessToken === 'unknown',
    can_refresh: canRefresh,
    access_token: accessToken,
    expires_at: expiresAtMs === undefined ? null : isoOf(expiresAtMs),
    scope: scope ?? null,
    updated_at: isoOf(updatedAtMs),
    age_seconds: Math.max(0, Math.floor((nowMs - updatedAtMs) / 1000)),
    client_id: credential.clientId,
    authorization_server: credential.accountsUrl,
  };
}

/** `valid for 29 min 10 s`, `expired`, ... */
export function accessTokenText(record: CredentialRecord, nowMs: number): string {
  if (record.access_token === 'unknown') return 'valid for an unknown time';
  if (record.access_token !== 'valid') return record.access_token;
  return `valid for ${formatDuration(Date.parse(record.expires_at ?? '') - nowMs)}`;
}

/** `2 h 03 min ago`, `just now` */
export function ageText(record: CredentialRecord): string {
  const days = Math.floor(record.age_seconds / 86_400);
  if (days >= 2) return `${days} days ago`;
  if (record.age_seconds < 10) return 'just now';
  return `${formatDuration(record.age_seconds * 1000)} ago`;
}

function accessTokenState(
  { accessToken, expiresAtMs }: Credential,
  nowMs: number,
): CredentialRecord['access_token'] {
  if (accessToken === undefined) return 'none';
  if (expiresAtMs === undefined) return 'unknown';
  return expiresAtMs > nowMs ? 'valid' : 'expired';
}

// A time that no calendar has must not end a listing.
function isoOf(ms: number): string {
  return new Date(Math.min(ms, 8.64e15)).toISOString();
}
