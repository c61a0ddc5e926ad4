import { RunError } from '../errors.js';
import type { OAuthClient } from './types.js';

/** Where credentials come from unless SNAPCAPI_OAUTH_BASE_URL says otherwise. */
const ACCOUNTS_URL = 'https://accounts.snapchat.com';

/** A whole credential without a store, as CI has it. All but `accountsUrl` are secrets. */
export type EnvironmentCredential = OAuthClient & { readonly refreshToken: string };

type Environment = Readonly<Record<string, string | undefined>>;

const NAMES = {
  clientId: 'SNAPCAPI_OAUTH_CLIENT_ID',
  clientSecret: 'SNAPCAPI_OAUTH_CLIENT_SECRET',
  refreshToken: 'SNAPCAPI_OAUTH_REFRESH_TOKEN',
} as const;

/** The authorization server to use: SNAPCAPI_OAUTH_BASE_URL, else Snapchat's. Not checked. */
export function accountsUrlOf(env: Environment): string {
  const url = env['SNAPCAPI_OAUTH_BASE_URL']?.trim() ?? '';
  return url === '' ? ACCOUNTS_URL : url;
}

/** The ID and the secret of the client as far as the environment names them. */
export function environmentClient(env: Environment): {
  readonly clientId?: string;
  readonly clientSecret?: string;
} {
  const [clientId, clientSecret] = [textOf(env, 'clientId'), textOf(env, 'clientSecret')];
  return { ...(clientId !== '' && { clientId }), ...(clientSecret !== '' && { clientSecret }) };
}

/** The credential in the environment; `undefined` when there is nothing of one. Throws RunError credential_incomplete. */
export function environmentCredential(env: Environment): EnvironmentCredential | undefined {
  const keys = Object.keys(NAMES) as (keyof typeof NAMES)[];
  const missing = keys.filter((key) => textOf(env, key) === '').map((key) => NAMES[key]);
  if (missing.length === keys.length) return undefined;
  if (missing.length > 0) {
    const others = Object.values(NAMES).filter((name) => !missing.includes(name));
    throw new RunError(
      'credential_incomplete',
      `${others.join(' and ')} ${others.length === 1 ? 'is' : 'are'} set in the environment, but not ${missing.join(' and ')}`,
    );
  }
  return {
    clientId: textOf(env, 'clientId'),
    clientSecret: textOf(env, 'clientSecret'),
    refreshToken: textOf(env, 'refreshToken'),
    accountsUrl: accountsUrlOf(env),
  };
}

function textOf(env: Environment, key: keyof typeof NAMES): string {
  return env[NAMES[key]]?.trim() ?? '';
}
